"""A chart's numbers: one measure over groups of sessions, as a small frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from explorer.engine.local.cut import keys
from explorer.engine.local.inside.funnel import funnel, funnel_frame
from explorer.engine.local.query.formulas import formula_frame
from explorer.engine.local.query.groups import AT, Group, group, named_at, stepped
from explorer.engine.local.query.measured import SESSIONS, VALUE, is_actors, measured, of_nothing, values
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

    `shown` are the places of these sessions in the cut; AT in the frame is a place in `shown`.
    """

    frame: pl.DataFrame
    shown: pl.Series
    groups: list[Group]
    of_actors: bool
    counts_actors: bool


def answer(sessions: SessionTable, chart: Chart, rows: pl.Series | None = None) -> pl.DataFrame:
    """One row per group of the sessions that `keep` and the chart's `where` show; of these `rows` of the table only.

    Columns: the dimensions by their texts, `value`, `sessions` (in the group), then `<dimension>_to`, the upper edge
    of each bin, itself outside the bin. A session is in one group, with `any` in one for each value; null is a group.
    A distribution of an actor metric counts actors. With `rows` the bins, the steps and the top values stay those of
    all sessions. A funnel has a row per step: `step` (its text), `value`, `sessions`, `from_previous`, `from_first`
    (shares) and `median_wait` since the step before. Raises SpecError at `by[0]`, `of`, `measure`, `where`, `every`,
    `steps[0]`.
    """
    chart = chart.replace(title=None, size=None, cumulative=False)
    if chart.steps:
        return _funnel(sessions, chart, rows)
    if chart.measure.formula is not None:
        return formula_frame(
            chart.measure, [answer(sessions, chart.replace(measure=part), rows) for part in chart.measure.parts]
        )
    key = (chart, sessions.definition.name, *keys.values_key(sessions.definition))

    def asked() -> Asked:
        found: Asked = sessions.stages.get("groups", key, lambda: _asked(sessions, chart))
        return found

    if rows is None:
        return sessions.stages.get("query", key, lambda: _answered(asked(), chart))
    return _answered(_of(asked(), sessions, rows), chart)


def _funnel(sessions: SessionTable, chart: Chart, rows: pl.Series | None) -> pl.DataFrame:
    if chart.where is not None:
        with located("where"):
            held = sessions.mask(chart.where).gather(sessions.kept)
        rows = held.arg_true() if rows is None else rows.filter(held.gather(rows))
    return funnel_frame(chart.steps, funnel(sessions, chart.steps).counts(rows))


def _asked(sessions: SessionTable, chart: Chart) -> Asked:
    shown = _shown(sessions, chart.where)
    groups = _groups(sessions, chart, shown)
    frame = sessions.cut.select(ACTOR)[shown].with_row_index(AT)
    with located("measure"):
        frame = frame.with_columns(values(sessions, chart.measure, shown).alias(VALUE))
    for its in groups:
        if its.pairs is None:
            frame = frame.with_columns(its.keys.gather(frame[AT]).alias(its.name))
        else:
            frame = frame.join(its.pairs, on=AT, how="left", maintain_order="left")
    along_of = kind_of(chart).along == "of"
    counts_actors = along_of and _is_of_actors(sessions, chart) and chart.measure.aggregate == "count"
    return Asked(frame, shown, groups, is_actors(sessions, chart.measure), counts_actors)


def _of(asked: Asked, sessions: SessionTable, rows: pl.Series) -> Asked:
    """The same groups with some of the sessions."""
    held = pl.repeat(False, sessions.cut.height, eager=True).scatter(sessions.kept.gather(rows), True)
    return replace(asked, frame=asked.frame.filter(held.gather(asked.shown).gather(asked.frame[AT])))


def _answered(asked: Asked, chart: Chart) -> pl.DataFrame:
    names = [its.name for its in asked.groups]
    found = measured(asked.frame, names, chart.measure, asked.of_actors, asked.counts_actors)
    found = _filled(found, asked.groups, of_nothing(chart.measure, asked.frame.schema[VALUE]))
    return _arranged(found, asked.groups)


def _shown(sessions: SessionTable, where: Clause | None) -> pl.Series:
    """The places of the sessions that are shown."""
    mask = pl.repeat(True, sessions.cut.height, eager=True)
    for role, clause in (("keep", sessions.definition.keep), ("where", where)):
        if clause is not None:
            with located(role):
                mask = mask & sessions.mask(clause)
    return mask.arg_true()


def _groups(sessions: SessionTable, chart: Chart, shown: pl.Series) -> list[Group]:
    found: list[Group] = []
    if kind_of(chart).along == "of":
        with located("of"):
            found.append(group(sessions, shown, Dimension.parse(chart.of), FINE_BINS, chart.top, fill=True))
    if chart.every is not None or kind_of(chart).over_time:
        found.append(stepped(sessions.column("start").gather(shown), chart.every, sessions, fill=True))
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
