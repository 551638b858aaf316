"""A funnel for each value of a dimension, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from explorer.crossfilter.formats import count_text
from explorer.crossfilter.selections.brushes import Brush, Kind, Range, Values
from explorer.crossfilter.selections.range_text import brush_text, value_label
from explorer.engine import keys
from explorer.engine.answers.sequences.inside import FunnelGroup, FunnelGroups
from explorer.engine.local.inside.funnel import Funnel, funnel, funnel_frame
from explorer.engine.local.query.groups import AT, Group, group
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError, located
from explorer.plan.literal import type_word
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.dimension import Dimension
from explorer.spec.charts.funnel import FEW_SIDES
from explorer.spec.charts.sequences.returns import OF_FIRST

BINS = 12
ORDER = (
    "start",
    "reached",
    "step",
    "value",
    "sessions",
    "actors",
    "from_previous",
    "from_first",
    "median_wait",
    "wait_p25",
    "wait_p75",
)


@dataclass(frozen=True, eq=False)
class Sides:
    """The values of a dimension over the shown sessions, whose places in the table are `places`; `folded` of the names
    are in the last, which is other."""

    group: Group
    places: pl.Series
    folded: int

    @property
    def name(self) -> str:
        """The column of the values in a frame."""
        return f"by {self.group.name}" if self.group.name in ORDER else self.group.name

    @cached_property
    def values(self) -> list[Any]:
        """The keys of the groups in order, that of null last."""
        keys_of = self.group.keys if self.group.pairs is None else self.group.pairs[self.group.name]
        return keys_of.unique().sort(nulls_last=True).to_list()

    def members(self) -> Iterator[pl.Series]:
        """For each of the values the places of its sessions in the table."""
        pairs = self.group.pairs
        held = self.group.keys if pairs is None else pairs[self.group.name]
        at = None if pairs is None else pairs[AT]
        for value in self.values:
            its = (held.is_null() if value is None else (held == value).fill_null(False)).arg_true()
            yield self.places.gather(its if at is None else at.gather(its))

    @property
    def is_truth(self) -> bool:
        """Whether the values are true and false."""
        return self.group.names is not None and self.group.names.dtype == pl.Boolean

    # ---- what they are called, and what holds them

    def told(self) -> Iterator[tuple[str, Brush | None]]:
        """For each of the values its label and its brush; None where no brush holds these sessions."""
        names, several = self.group.names, self.group.pairs is not None
        for at, value in enumerate(self.values):
            if value is None:
                yield "none", None if several and (names is None or self.is_truth) else Values(none=True)
            elif names is None:
                brush = self._range(value, at)
                is_hour = isinstance(value, int) and isinstance(brush, Values)
                yield f"{value:02}:00" if is_hour else brush_text(brush), None if several else brush
            elif self.folded and value == len(names) - 1:
                top = frozenset(map(_text, names[:-1]))
                other = "value" if self.folded == 1 else "values"
                yield (
                    f"other ({count_text(self.folded)} {other})",
                    None if several else Values(top, none=True, negated=True),
                )
            else:
                said = _text(names[value])
                yield value_label(said), None if several and self.is_truth else Values(frozenset({said}))

    def _range(self, value: Any, at: int) -> Brush:
        """The values of a bin; the first and the last take all that lies beyond, as there is nothing."""
        every = self.group.every
        if every is None:
            return Values(frozenset({str(value)}))
        lows = every.to_series(0)
        kind: Kind = "duration" if lows.dtype == pl.Duration else "count" if lows.dtype.is_integer() else "number"
        low, high = (_number(each) for each in (value, every.filter(lows == value).to_series(1)[0]))
        return Range(low, None if value == lows[-1] else high, kind)

    def frame(self) -> pl.DataFrame:
        """The columns of the values, one row per value; with bins their upper edges as the last column."""
        names, found = self.group.names, pl.Series(self.name, self.values)
        if names is not None:
            return names.gather(found.cast(pl.UInt32)).alias(self.name).to_frame()
        held = self.group.keys if self.group.pairs is None else self.group.pairs[self.group.name]
        frame = pl.DataFrame([pl.Series(self.name, self.values, dtype=held.dtype)])
        every = self.group.every
        if every is None:
            return frame
        ends = every.select(
            pl.col(every.columns[0]).alias(self.name), pl.col(every.columns[1]).alias(f"{self.name}_to")
        )
        return frame.join(ends, on=self.name, how="left", maintain_order="left")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: timedelta | float) -> float:
    return value // timedelta(microseconds=1) if isinstance(value, timedelta) else value


def shown_places(sessions: SessionTable, chart: Chart) -> tuple[pl.Series, pl.Series]:
    """The sessions that a funnel is of, by their places in the table and in the cut; across sessions the first of each
    actor stands for it. Raises SpecError at `where` or `steps[0]`."""
    kept, places = sessions.kept, pl.int_range(sessions.table.height, dtype=pl.UInt32, eager=True)
    if chart.where is not None:
        with located("where"):
            places = sessions.mask(chart.where).gather(kept).arg_true()
    places = funnel(sessions, chart.funnel).standing(places)
    return places, kept.gather(places)


def sides(sessions: SessionTable, chart: Chart) -> Sides:
    """The values of a funnel's dimension; raises SpecError at `by[0]` or `where`."""

    def make() -> Sides:
        places, kept = shown_places(sessions, chart)
        with located("by[0]"):
            return _sides(sessions, chart.dimensions[0], kept, places, chart.top or FEW_SIDES)

    key = (
        chart.by,
        chart.top,
        chart.where,
        chart.across,
        sessions.definition.name,
        *keys.values_key(sessions.definition),
    )
    found: Sides = sessions.stages.get("funnel sides", key, make)
    return found


def _sides(sessions: SessionTable, asked: Dimension, kept: pl.Series, places: pl.Series, top: int) -> Sides:
    found = group(sessions, kept, asked, BINS, top)
    held = found.keys if found.pairs is None else found.pairs[found.name]
    if type_word(held.dtype) == "time" and asked.part is None:
        raise SpecError(f"'{asked}' is a time. Write hour of {asked.column}, or weekday of {asked.column}.")
    folded = 0
    if found.names is not None and len(found.names) == top + 1:
        every = group(sessions, kept, asked, BINS).names
        folded = 0 if every is None else len(every) - top
    return Sides(found, places, folded)


def funnel_groups(sessions: SessionTable, chart: Chart, rows: pl.Series | None = None) -> FunnelGroups:
    """The funnel of each value of the chart's dimension, of all sessions, or of those at these places of the table."""
    found, whole = sides(sessions, chart), funnel(sessions, chart.funnel)
    groups = [
        FunnelGroup(label, brush, whole.counts(its))
        for (label, brush), its in zip(found.told(), some_of(found.members(), whole, rows), strict=True)
    ]
    name = sessions.plain_name(str(chart.dimensions[0])) + (OF_FIRST if chart.across else "")
    return FunnelGroups(name, tuple(groups), found.group.pairs is not None)


def grouped_frame(sessions: SessionTable, chart: Chart, rows: pl.Series | None = None) -> pl.DataFrame:
    """The rows of the funnel of each value, below each other, behind a column of the values."""
    found, whole = sides(sessions, chart), funnel(sessions, chart.funnel)
    frames = [funnel_frame(chart.funnel, whole.counts(its)) for its in some_of(found.members(), whole, rows)]
    values = found.frame()
    first, *ends = values.columns
    steps = pl.concat([*frames, funnel_frame(chart.funnel, whole.counts(pl.Series([], dtype=pl.UInt32))).clear()])
    held = values[np.repeat(np.arange(len(frames)), len(chart.steps)).tolist()]
    return pl.concat([held.select(first), steps, held.select(ends)], how="horizontal")


def some_of(members: Iterable[pl.Series], whole: Funnel, rows: pl.Series | None) -> Iterator[pl.Series]:
    """Those of the sessions of each value that are among those at these places."""
    if rows is None:
        yield from members
        return
    chosen = whole.held(rows)
    for its in members:
        yield its.filter(chosen.gather(its))
