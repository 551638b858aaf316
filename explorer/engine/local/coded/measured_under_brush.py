"""The numbers of a chart that follows the brushes: those of all sessions, and those of the selected ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.binning import AUTOMATIC, Binning
from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import TOP
from explorer.crossfilter.cards import axes
from explorer.crossfilter.cube import Dimension
from explorer.crossfilter.measured import MOST_POINTS, Cells, Floats, Followed, Points, Rows
from explorer.crossfilter.typed import values_of
from explorer.engine import keys
from explorer.engine.local.coded.coded_keys import dimension_key
from explorer.engine.local.coded.dimensions import dimension
from explorer.engine.local.coded.held_rows import Held
from explorer.engine.local.coded.multivalued import is_of_several, several
from explorer.engine.local.query.formulas import formula_type, formula_values
from explorer.engine.local.query.groups import AT
from explorer.engine.local.query.measured import VALUE, is_actors, measured, of_nothing, values
from explorer.engine.local.query.over_time import period_of
from explorer.engine.local.query.query import answer, over_time
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError, located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.in_sql.source import free
from explorer.plan.literal import type_word
from explorer.spec.charts.chart import Chart, Measure
from explorer.spec.charts.kinds import kind_of
from explorer.spec.expression.clause import All, IsNull, Not

COUNT = Measure("count")
X, Y = "@x", "@y"


def follow(
    sessions: SessionTable, chart: Chart, actor: str, rows: pl.Series | None, held: Held | None = None
) -> Followed:
    """The numbers of a chart over all sessions and over `rows` of the engine's table; raises SpecError.

    A chart over windows or beside a period before asks `held`, what the brushes hold at other times. A brush of when
    sessions start says of which points a chart over windows is, and what it holds lies a period earlier for the period
    before.
    """
    if chart.over is not None or chart.previous is not None:
        return _over_time(sessions, chart, rows, held)
    names = axes(chart, actor)
    if kind_of(chart).each_session and len(names) == 2:
        found = _points(sessions, chart, names, rows)
        if found is not None:
            return found.points
    if len(names) == 1 and is_of_several(sessions, names[0]):
        return _of_several(sessions, chart, names[0], rows)
    if names and not chart.every:
        return _cells(sessions, chart, names, rows)
    return _rows(sessions, chart, rows)


def _rows(sessions: SessionTable, chart: Chart, rows: pl.Series | None) -> Rows:
    frame = answer(sessions, chart)
    names = frame.columns[: frame.columns.index("value")]
    valued = None if names else _valued(sessions, chart, rows)
    if rows is None:
        return Rows(chart, frame, None, valued)
    some = answer(sessions, chart, rows)
    if not names:
        return Rows(chart, frame, some["value"], valued)
    both = frame.select(names).join(
        some.select(*names, "value"), on=names, how="left", nulls_equal=True, maintain_order="left"
    )
    nothing = of_nothing(chart.measure, frame.schema["value"])
    selected = both["value"]
    if nothing is not None:
        selected = selected.fill_null(pl.select(pl.lit(nothing).cast(selected.dtype)).item())
    return Rows(chart, frame, selected)


def selected_frame(sessions: SessionTable, chart: Chart, rows: pl.Series | None, held: Held) -> pl.DataFrame:
    """The numbers of a chart over `rows` of the engine's table, all where they are None; raises SpecError."""
    if rows is None:
        return answer(sessions, chart)
    if chart.over is None and chart.previous is None:
        return answer(sessions, chart, rows)
    found = _over_time(sessions, chart, rows, held)
    if found.selected is None or found.selected_sessions is None:
        return found.frame
    before = [] if found.selected_previous is None else [found.selected_previous.alias("previous")]
    return found.frame.with_columns(
        found.selected.alias("value"), found.selected_sessions.fill_null(0).alias("sessions"), *before
    )


def _over_time(sessions: SessionTable, chart: Chart, rows: pl.Series | None, held: Held | None) -> Rows:
    frame = answer(sessions, chart)
    if rows is None or frame.is_empty():
        return Rows(chart, frame, None)
    time = over_time(sessions, chart)
    steps, brush = time.steps, held.start if held is not None else None
    shown, period = steps.whole, None
    if held is None or brush is None:
        some = answer(sessions, chart, rows)
    else:
        touched = steps.touched(brush)
        if chart.previous == "span":
            period = period_of(chart, steps.step, int(touched.sum()))
        if chart.over is not None:
            shown = shown & touched
            some = answer(sessions, chart, held.under(None), period=period)
        else:
            before = held.under(steps.moved(brush, period or time.period)) if chart.previous else None
            some = answer(sessions, chart, rows, before, period)
    names = frame.columns[: frame.columns.index("value")]
    columns = ["value", "sessions", *(["previous"] if chart.previous else [])]
    both = frame.select(names).join(
        some.select(*names, *columns), on=names, how="left", nulls_equal=True, maintain_order="left"
    )
    nothing = pl.lit(of_nothing(chart.measure, frame.schema["value"])).cast(frame.schema["value"])
    is_shown = both[names[0]].is_in(steps.at.filter(pl.Series(shown)).implode())
    values = both.with_columns(pl.when(is_shown).then(pl.col("value").fill_null(nothing)))
    if not chart.previous:
        return Rows(chart, frame, values["value"], selected_sessions=both["sessions"])
    reached = frame["previous"].is_not_null()
    previous = pl.when(reached).then(pl.col("previous").fill_null(nothing)).otherwise("previous")
    values = values.with_columns(pl.when(is_shown).then(previous))
    return Rows(chart, frame, values["value"], selected_previous=values["previous"], selected_sessions=both["sessions"])


def _valued(sessions: SessionTable, chart: Chart, rows: pl.Series | None) -> int | None:
    """In how many sessions what is measured has a value; None where every session counts."""
    if chart.measure.of is None or chart.measure.where is not None:
        return None
    there = Not(IsNull(chart.measure.of))
    where = there if chart.where is None else All((chart.where, there))
    counted = answer(sessions, chart.replace(measure=COUNT, where=where, title=None), rows)
    return int(counted["value"][0]) if counted.height else 0


# ---- cells


def axis_dimensions(sessions: SessionTable, chart: Chart, names: tuple[str, ...]) -> tuple[Dimension, ...]:
    """The dimensions along the axes, with the bins that the chart asks for; raises SpecError."""
    binning = Binning.of(chart) if len(names) == 1 else Binning(top=chart.top)
    found = []
    for at, name in enumerate(names):
        if kind_of(chart).each_session:
            binning = AUTOMATIC if _is_time(sessions, name) else Binning(scale="log")
        place = "of" if kind_of(chart).along == "of" else f"by[{at}]"
        with nullcontext() if binning.is_chosen else located(place):
            key = dimension_key(sessions.definition, name, binning)
            found.append(sessions.stages.get("dimension", key, partial(dimension, sessions, name, binning)))
    return tuple(found)


def _is_time(sessions: SessionTable, name: str) -> bool:
    dtype = sessions.table.schema.get(name)
    return dtype is not None and type_word(dtype) == "time"


def _cells(sessions: SessionTable, chart: Chart, names: tuple[str, ...], rows: pl.Series | None) -> Cells:
    if chart.measure.formula is not None:
        return _joined(
            chart, [_cells(sessions, chart.replace(measure=part), names, rows) for part in chart.measure.parts]
        )
    along = axis_dimensions(sessions, chart, names)
    measure = chart.measure
    counts_actors = measure == COUNT and len(along) == 1 and along[0].per_actor
    key = (
        chart.replace(title=None, size=None, cumulative=False, blanks=False),
        sessions.definition.name,
        *keys.values_key(sessions.definition),
    )

    def coded() -> pl.DataFrame:
        kept = sessions.kept
        with located("measure"):
            value = values(sessions, measure, kept)
        columns = [pl.Series(name, each.codes) for name, each in zip((X, Y), along, strict=False)]
        frame = pl.DataFrame([sessions.cut[ACTOR].gather(kept), value.alias(VALUE), *columns]).with_row_index(AT)
        if chart.where is not None:
            with located("where"):
                frame = frame.filter(sessions.mask(chart.where).gather(kept))
        return frame

    frame: pl.DataFrame = sessions.stages.get("cells", key, coded)
    of_actors = is_actors(sessions, measure)
    shape = tuple(len(each.bins) for each in along)

    def counted(some: pl.DataFrame) -> tuple[Floats, npt.NDArray[np.bool_], pl.DataType]:
        by = [X, Y][: len(along)]
        found = measured(some, by, measure, of_actors, counts_actors)
        nothing = of_nothing(measure, some.schema[VALUE])
        grid = np.full(shape, np.nan if nothing is None else float(nothing))
        held = np.zeros(shape, dtype=bool)
        at = tuple(found[name].to_numpy() for name in by)
        grid[at] = found[VALUE].to_physical().cast(pl.Float64).to_numpy()
        held[at] = True
        return grid, held, found.schema[VALUE]

    everything, held, dtype = sessions.stages.get("counted", key, lambda: counted(frame))
    selected = None
    if rows is not None:
        inside = pl.repeat(False, sessions.table.height, eager=True).scatter(rows, True)
        selected = counted(frame.filter(inside.gather(frame[AT])))[0]
    blank = [pl.col(name) == len(each.bins) - 1 for name, each in zip((X, Y), along, strict=False) if each.bins.none]
    without = frame.filter(pl.any_horizontal(blank)).height if blank else 0
    return Cells(chart, along, dtype, everything, selected, held, without)


def _joined(chart: Chart, parts: list[Cells]) -> Cells:
    """The cells of a formula, from those of the measures that it joins."""
    first, shape = parts[0], parts[0].all.shape

    def grid(values: list[Floats]) -> Floats:
        found = formula_values(chart.measure, [pl.Series(each.ravel()).fill_nan(None) for each in values])
        return found.fill_null(np.nan).to_numpy().reshape(shape)

    selected = [part.selected for part in parts if part.selected is not None]
    held = np.logical_or.reduce([part.held for part in parts])
    dtype = formula_type(chart.measure, [part.dtype for part in parts])
    some = grid(selected) if len(selected) == len(parts) else None
    return Cells(chart, first.axes, dtype, grid([part.all for part in parts]), some, held, first.without)


def _of_several(sessions: SessionTable, chart: Chart, name: str, rows: pl.Series | None) -> Cells:
    """Bars of `any page`: a session is in the bar of each of its values."""
    top = chart.top or TOP
    key = dimension_key(sessions.definition, name, Binning(top=top))
    with located("by[0]"):
        bins = sessions.stages.get("several", key, partial(several, sessions, name, Binning(top=top))).bins
    found = _rows(sessions, chart.replace(top=top), rows)
    place: dict[str | None, int] = {value: at for at, value in enumerate(bins.values)} | {None: len(bins) - 1}
    at = [place.get(value, len(bins.values)) for value in found.frame[found.names[0]]]
    nothing = of_nothing(chart.measure, found.frame.schema["value"])

    def grid(values: pl.Series) -> Floats:
        cells = np.full(len(bins), np.nan if nothing is None else float(nothing))
        cells[at] = values.to_physical().cast(pl.Float64).fill_null(np.nan).to_numpy()
        return cells

    held = np.zeros(len(bins), dtype=bool)
    held[at] = True
    along = Dimension(bins, np.zeros(0), np.zeros(0, dtype=np.uint8))
    everything, dtype = found.frame["value"], found.frame.schema["value"]
    selected = None if found.selected is None else grid(found.selected)
    without = int(found.frame.filter(pl.col(found.names[0]).is_null())["sessions"].sum()) if bins.none else 0
    return Cells(chart, (along,), dtype, grid(everything), selected, held, without)


# ---- points


@dataclass(frozen=True, eq=False)
class _Placed:
    """Points, their dimensions, and their places in the table."""

    points: Points
    axes: tuple[Dimension, Dimension]
    places: pl.Series


def point_frame(sessions: SessionTable, chart: Chart, actor: str, rows: pl.Series | None) -> pl.DataFrame:
    """Each point of a chart: session_id, its values, and with `rows` whether it is one of them."""
    found = _points(sessions, chart, axes(chart, actor), rows)
    if found is None:
        raise SpecError(f"More than {MOST_POINTS:,} sessions are no points. Take the cells of the chart.")
    columns = [sessions.frame(found.places)["session_id"]]
    columns += [values_of(each).gather(found.places) for each in found.axes]
    if found.points.selected is not None:
        columns.append(pl.Series("selected", found.points.selected))
    return pl.DataFrame([column.alias(f"{at}") for at, column in enumerate(columns)]).rename(dict(_free(columns)))


def _free(columns: list[pl.Series]) -> Iterator[tuple[str, str]]:
    """By the place of each column its name; a second one of the same name gets underscores behind it."""
    taken: list[str] = []
    for at, column in enumerate(columns):
        taken.append(free(column.name, taken))
        yield f"{at}", taken[-1]


def _points(sessions: SessionTable, chart: Chart, names: tuple[str, ...], rows: pl.Series | None) -> _Placed | None:
    """Each session as a point; None where there are too many."""
    table = sessions.table
    if chart.measure != COUNT:
        raise SpecError("measure: a scatter shows sessions as they are. Leave the measure out, or draw a heat map.")
    kept = np.ones(table.height, dtype=bool)
    if chart.where is not None:
        with located("where"):
            kept = sessions.mask(chart.where).gather(sessions.kept).to_numpy()
    if np.count_nonzero(kept) > MOST_POINTS:
        return None
    one, other = axis_dimensions(sessions, chart, names)
    (x, has_x), (y, has_y) = places(one), places(other)
    chosen = kept & has_x & has_y
    selected = None
    if rows is not None:
        inside = np.zeros(table.height, dtype=bool)
        inside[rows.to_numpy()] = True
        selected = inside[chosen]
    without = int(np.count_nonzero(kept & ~(has_x & has_y)))
    points = Points(chart, (one, other), x[chosen], y[chosen], selected, without)
    return _Placed(points, (one, other), pl.Series(np.flatnonzero(chosen)))


def places(each: Dimension) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Where each session lies on the axis of a dimension, and whether it has a value at all."""
    bins, codes = each.bins, each.codes
    if not isinstance(bins, Bins):
        known = codes < len(bins) - bins.none
        return codes + 0.5, known
    lows = np.asarray(bins.lows, dtype=np.float64)
    ends = np.append(lows[1:], np.nan if bins.end is None else bins.end)
    at = np.minimum(codes, len(lows) - 1)
    width = ends[at] - lows[at]
    middle = 0.5 if bins.kind == "count" else 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = (each.values - lows[at] + middle) / width
    inside = np.where(np.isfinite(inside), np.clip(inside, 0.0, 1.0), 0.5)
    if bins.zero_alone:
        inside = np.where(at == 0, 0.5, inside)
    return at + inside, codes < len(lows)
