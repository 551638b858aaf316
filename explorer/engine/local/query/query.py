"""A chart's numbers: one measure over groups of sessions, as a small frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from explorer.engine import keys
from explorer.engine.local.inside.funnel import funnel, funnel_frame
from explorer.engine.local.inside.paths import paths
from explorer.engine.local.query import calendar_steps
from explorer.engine.local.query.formulas import formula_frame
from explorer.engine.local.query.funnel_groups import grouped_frame
from explorer.engine.local.query.funnel_trend import trend_frame
from explorer.engine.local.query.groups import AT, Group, group, local, named_at, stepped
from explorer.engine.local.query.measured import SESSIONS, VALUE, is_actors, measured, of_nothing, values
from explorer.engine.local.query.over_time import (
    Steps,
    asks_start,
    check_windows,
    mask_before,
    period_of,
    step_of,
    with_previous,
)
from explorer.engine.local.query.windowed import windowed
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError, located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.dimension import Dimension
from explorer.spec.charts.kinds import kind_of
from explorer.spec.expression.clause import Clause

BINS, FINE_BINS, MOST_ROWS = 20, 60, 200_000


@dataclass(frozen=True, eq=False)
class Asked:
    """A chart before it is measured: for each session that it shows the groups that it is in, and its value.

    `shown` are the places of these sessions in the cut; AT in the frame is a place in `shown`. `time` is how a chart
    over windows, or beside a period before, goes over time.
    """

    frame: pl.DataFrame
    shown: pl.Series
    groups: list[Group]
    of_actors: bool
    counts_actors: bool
    time: OverTime | None = None


@dataclass(frozen=True, eq=False)
class OverTime:
    """The steps that are shown, and those of the period before, which lies `period` back. `now` and `then` are which of
    the sessions count in them; None where all do."""

    steps: Steps
    before: Steps
    period: str
    now: pl.Series | None = None
    then: pl.Series | None = None


def answer(
    sessions: SessionTable,
    chart: Chart,
    rows: pl.Series | None = None,
    before: pl.Series | None = None,
    period: str | None = None,
) -> pl.DataFrame:
    """One row per group of the sessions that `keep` and the chart's `where` show; of these `rows` of the table only.

    Columns: the dimensions by their texts, `value`, `sessions` (in the group), then `<dimension>_to`, the upper edge
    of each bin, itself outside the bin. A session is in one group, with `any` in one for each value; null is a group.
    A distribution of an actor metric counts actors. With `rows` the bins, the steps and the top values stay those of
    all sessions. A funnel has a row per step: `step` (its text), `value`, `sessions`, `from_previous`, `from_first`
    (shares), `median_wait` since the step before, and `wait_p25` and `wait_p75`, between which half of the waits are;
    by a dimension these rows for each of its values, which stand before them. With `every` it has a row for each step
    of time: `value` is the share of the sessions that begin it which reach its last step, `sessions` how many begin it,
    and `reached` how many get there. Paths have a row for each way from one step to the next; see `Paths.frame`.

    Beside a period before there is a column `previous` behind `sessions`, of the sessions `before` where they are
    others than `rows`, and as far back as `period` says where that is not for the chart to say. The windows of a chart
    are of whole length or have no value. Raises SpecError at `by[0]`, `of`, `measure`, `where`, `every`, `over`,
    `steps[0]`.
    """
    chart = plain_chart(chart)
    if chart.steps:
        return _funnel(sessions, chart, rows)
    if chart.kind == "paths":
        return paths(sessions, chart.route, rows).frame()
    if chart.measure.formula is not None:
        parts = [answer(sessions, chart.replace(measure=part), rows, before, period) for part in chart.measure.parts]
        return formula_frame(chart.measure, parts)
    if rows is None:
        key = _key(sessions, chart, period)
        return sessions.stages.get("query", key, lambda: _beside(asked(sessions, chart, period), chart, sessions, None))
    return _beside(asked(sessions, chart, period), chart, sessions, rows, rows if before is None else before)


def _key(sessions: SessionTable, chart: Chart, period: str | None) -> keys.Key:
    return (chart, period, sessions.definition.name, *keys.values_key(sessions.definition))


def asked(sessions: SessionTable, chart: Chart, period: str | None = None) -> Asked:
    """A chart of one measure before it is measured, remembered."""
    found: Asked = sessions.stages.get("groups", _key(sessions, chart, period), lambda: _asked(sessions, chart, period))
    return found


def over_time(sessions: SessionTable, chart: Chart) -> OverTime:
    """The steps of a chart over windows or beside a period before; raises SpecError."""
    part = next(iter(chart.measure.parts), chart.measure)
    found = asked(sessions, plain_chart(chart).replace(measure=part)).time
    assert found is not None
    return found


def plain_chart(chart: Chart) -> Chart:
    """The chart without what only says how it looks."""
    return chart.replace(title=None, size=None, cumulative=False, blanks=False)


def _beside(
    asked: Asked, chart: Chart, sessions: SessionTable, rows: pl.Series | None, before: pl.Series | None = None
) -> pl.DataFrame:
    """What is shown, with the period before beside it where the chart has one."""
    time = asked.time
    if time is None:
        return _answered(_of(asked, sessions, rows), chart)
    found = _answered(_of(asked, sessions, rows, time.now), chart, time.steps)
    if rows is None:
        check_windows(time.steps, chart.over)
    if chart.previous is None:
        return found
    same = time.then is None and before is rows
    earlier = found if same else _answered(_of(asked, sessions, before, time.then), chart, time.before)
    nothing = of_nothing(chart.measure, asked.frame.schema[VALUE])
    return with_previous(found, earlier, time.steps, time.before, time.period, nothing)


def _funnel(sessions: SessionTable, chart: Chart, rows: pl.Series | None) -> pl.DataFrame:
    if chart.where is not None:
        with located("where"):
            held = sessions.mask(chart.where).gather(sessions.kept)
        rows = held.arg_true() if rows is None else rows.filter(held.gather(rows))
    if chart.every:
        return trend_frame(sessions, chart, rows)
    if chart.by:
        return grouped_frame(sessions, chart, rows)
    return funnel_frame(chart.funnel, funnel(sessions, chart.funnel).counts(rows))


def _asked(sessions: SessionTable, chart: Chart, period: str | None) -> Asked:
    shown, time = _shown(sessions, chart.where), None
    if chart.over is not None or chart.previous is not None:
        shown, time = _over_time(sessions, chart, shown, period)
    groups = _groups(sessions, chart, shown, chart.every if time is None else time.steps.step)
    actors = sessions.placed[ACTOR]
    frame = (actors if len(shown) == len(actors) else actors.gather(shown)).to_frame().with_row_index(AT)
    with located("measure"):
        frame = frame.with_columns(values(sessions, chart.measure, shown).alias(VALUE))
    for its in groups:
        if its.pairs is None:
            frame = frame.with_columns(its.keys.gather(frame[AT]).alias(its.name))
        else:
            frame = frame.join(its.pairs, on=AT, how="left", maintain_order="left")
    along_of = kind_of(chart).along == "of"
    counts_actors = along_of and _is_of_actors(sessions, chart) and chart.measure.aggregate == "count"
    return Asked(frame, shown, groups, is_actors(sessions, chart.measure), counts_actors, time)


def _over_time(sessions: SessionTable, chart: Chart, now: pl.Series, period: str | None) -> tuple[pl.Series, OverTime]:
    """The sessions of a chart over time and of the period before it, and its steps."""
    times = local(sessions.column("start").gather(now), sessions)
    step = step_of(times, chart)
    begins = calendar_steps.floor(times, step)
    at = calendar_steps.between(begins, step)
    period = period or period_of(chart, step, len(at))
    steps = Steps.of(at, step, chart.over)
    if chart.previous is None or chart.where is None or not asks_start(sessions, chart.where) or at.is_empty():
        return now, OverTime(steps, steps, period)
    with located("where"):
        earlier = mask_before(sessions, chart.where, period, getattr(times.dtype, "time_zone", None))
    shown = _shown(sessions, None)
    then = shown.filter(earlier.gather(shown))
    both = pl.concat([now, then]).unique().sort()
    first = local(sessions.column("start").gather(shown), sessions).min()
    begin = calendar_steps.moved(at[:1], f"-{period}")
    since = calendar_steps.floor(pl.concat([pl.Series([first], dtype=at.dtype), begin]), step).max()
    starts = local(sessions.column("start").gather(then), sessions)
    every = pl.concat([at, calendar_steps.floor(starts, step), pl.Series([since], dtype=at.dtype)])
    before = Steps.of(calendar_steps.between(every, step), step, chart.over)
    return both, OverTime(steps, before, period, both.is_in(now.implode()), both.is_in(then.implode()))


def _of(asked: Asked, sessions: SessionTable, rows: pl.Series | None, part: pl.Series | None = None) -> Asked:
    """The same groups with some of the sessions."""
    held = part
    if rows is not None:
        chosen = pl.repeat(False, sessions.cut.height, eager=True).scatter(sessions.kept.gather(rows), True)
        inside = chosen.gather(asked.shown)
        held = inside if held is None else held & inside
    return asked if held is None else replace(asked, frame=asked.frame.filter(held.gather(asked.frame[AT])))


def _answered(asked: Asked, chart: Chart, steps: Steps | None = None) -> pl.DataFrame:
    names = [its.name for its in asked.groups]
    groups = asked.groups
    if steps is not None:
        groups = [replace(groups[0], every=steps.at.alias(names[0]).to_frame()), *groups[1:]]
    if steps is not None and chart.over is not None:
        found = windowed(asked.frame, names, steps, chart.measure, asked.of_actors)
    else:
        found = measured(asked.frame, names, chart.measure, asked.of_actors, asked.counts_actors)
    found = _filled(found, groups, of_nothing(chart.measure, asked.frame.schema[VALUE]))
    if steps is not None and not steps.whole.all():
        whole = steps.at.filter(pl.Series(steps.whole))
        found = found.with_columns(pl.when(pl.col(names[0]).is_in(whole.implode())).then(VALUE).alias(VALUE))
    return _arranged(found, groups)


def _shown(sessions: SessionTable, where: Clause | None) -> pl.Series:
    """The places of the sessions that are shown."""
    mask = None
    for role, clause in (("keep", sessions.definition.keep), ("where", where)):
        if clause is not None:
            with located(role):
                mask = sessions.mask(clause) if mask is None else mask & sessions.mask(clause)
    height = sessions.placed.height
    return pl.int_range(height, dtype=pl.UInt32, eager=True) if mask is None else mask.arg_true()


def _groups(sessions: SessionTable, chart: Chart, shown: pl.Series, every: str | None) -> list[Group]:
    found: list[Group] = []
    if kind_of(chart).along == "of":
        with located("of"):
            found.append(group(sessions, shown, Dimension.parse(chart.of), FINE_BINS, chart.top, fill=True))
    if every is not None or kind_of(chart).over_time:
        found.append(stepped(sessions.column("start").gather(shown), every, sessions, fill=True))
    for at, dimension in enumerate(chart.dimensions):
        named_at(f"by[{at}]", sessions.plain_name(str(dimension)), [its.name for its in found])
        with located(f"by[{at}]"):
            found.append(group(sessions, shown, dimension, BINS, chart.top))
    return found


def _is_of_actors(sessions: SessionTable, chart: Chart) -> bool:
    return sessions.is_actors(sessions.plain_name(chart.of or ""))


# ---- empty groups and order


def _filled(found: pl.DataFrame, groups: list[Group], nothing: int | None) -> pl.DataFrame:
    """Empty bins and steps are groups of no session."""
    filled = [its for its in groups if its.fill and its.every is not None]
    if not filled:
        return found
    keys = [its.name for its in groups]
    others = [name for name in keys if name not in [its.name for its in filled]]
    full = found.select(others).unique() if others else None
    for its in filled:
        every = its.every.select(its.name)  # type: ignore[union-attr]
        full = every if full is None else full.join(every, how="cross")
        if full.height > MOST_ROWS:
            with located("by"):
                raise SpecError(f"These are {full.height:,} groups. Say top: 10, or choose longer steps.")
    if full is None or not full.height:
        return found
    found = found.join(full, on=keys, how="full", coalesce=True, nulls_equal=True)
    value = pl.when(pl.col(SESSIONS).is_null()).then(pl.lit(nothing).cast(found.schema[VALUE])).otherwise(VALUE)
    return found.with_columns(value.alias(VALUE), pl.col(SESSIONS).fill_null(0))


def _arranged(found: pl.DataFrame, groups: list[Group]) -> pl.DataFrame:
    """Numbers and times in order, names by sessions, "other" and then null last; columns as promised."""
    if groups:
        found = found.sort([its.name for its in groups], nulls_last=True)
    found = found.with_columns(
        its.names.gather(found[its.name]).alias(its.name) for its in groups if its.names is not None
    )
    binned = [its.every for its in groups if its.every is not None and its.every.width == 2]
    for every in binned:
        found = found.join(every, on=every.columns[0], how="left", maintain_order="left")
    return found.select(*(its.name for its in groups), VALUE, SESSIONS, *(every.columns[1] for every in binned))
