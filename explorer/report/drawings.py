"""Shapes for the charts that are not brushed: bars, lines, columns and heat as places between 0 and 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

import polars as pl

from explorer.charts import theme
from explorer.crossfilter.formats import clock_text, day_text

MOST_X_TICKS = 5
SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400)

Tick = tuple[float, str]
Numbers = Sequence[float | None]


@dataclass(frozen=True)
class Line:
    """One line: its name, its colour, and its parts between gaps as SVG points in a square of 1000."""

    name: str
    color: str
    parts: list[str]


@dataclass(frozen=True)
class Plane:
    """What is drawn between two axes: lines, or columns as (left, width, bottom, height) of 1000."""

    x: list[Tick]
    y: list[Tick]
    lines: list[Line]
    columns: list[tuple[float, float, float, float]]


def lines_over(times: pl.Series, series: list[tuple[str, Numbers]], text: Callable[[float], str], long: bool) -> Plane:
    """Lines over distinct times in order, of one value each; `long` says that values are durations."""
    places = times.dt.cast_time_unit("us").to_physical().to_list()
    first, span = (places[0], (places[-1] - places[0]) or 1) if places else (0, 1)
    ticks, low, high = axis([value for _, values in series for value in values], text, long)
    drawn = []
    for (name, values), color in zip(series, theme.PALETTE, strict=False):
        parts: list[list[str]] = [[]]
        for place, value in zip(places, values, strict=True):
            if value is None:
                parts.append([])
            else:
                parts[-1].append(f"{1000 * (place - first) / span:.1f},{1000 * (high - value) / (high - low):.1f}")
        # A line of one point is painted only where it is there twice.
        drawn.append(Line(name, color, [" ".join(part if len(part) > 1 else part * 2) for part in parts if part]))
    return Plane(time_ticks(times, first, span), ticks, drawn, [])


def columns_of(labels: Sequence[str], values: Numbers, text: Callable[[float], str], long: bool) -> Plane:
    """A column for each value, side by side; a label says where its column begins."""
    ticks, low, high = axis(values, text, long)
    n = max(1, len(values))
    base = max(low, 0.0)
    columns = []
    for at, value in enumerate(values):
        top, bottom = max(value or 0.0, base), min(value or 0.0, base)
        shape = (at + 0.04, 0.92, (bottom - low) * n / (high - low), (top - bottom) * n / (high - low))
        left, width, bottom, height = (round(1000 * part / n, 1) for part in shape)
        columns.append((left, width, bottom, height))
    step = -(-len(labels) // MOST_X_TICKS) or 1
    return Plane([(at / n, labels[at]) for at in range(0, len(labels), step)], ticks, [], columns)


def axis(values: Numbers, text: Callable[[float], str], long: bool) -> tuple[list[Tick], float, float]:
    """About four round numbers with their places from the bottom, and the ends of the axis.

    >>> axis([3.0, 70.0], "{:.0f}".format, False)
    ([(0.0, '0'), (0.25, '20'), (0.5, '40'), (0.75, '60'), (1.0, '80')], 0.0, 80.0)
    """
    known = [value for value in values if value is not None]
    least, most = min([0.0, *known]), max([0.0, *known])
    step = _step((most - least) / 4, long) if most > least else 1.0
    first, last = floor(least / step), ceil(most / step) or (0 if least < 0 else 1)
    marks = [at * step for at in range(first, last + 1)]
    low, high = marks[0], marks[-1]
    return [((mark - low) / (high - low), text(mark)) for mark in marks], low, high


def time_ticks(times: pl.Series, first: float, span: float) -> list[Tick]:
    """Some of the times, as days or, inside a day, as clocks."""
    step = -(-len(times) // MOST_X_TICKS) or 1
    short = span < 2 * 86_400_000_000
    found = []
    for moment in times.dt.replace_time_zone(None).gather_every(step):
        text = clock_text(moment) if short and moment.hour else day_text(moment, year=span > 300 * 86_400_000_000)
        found.append(text)
    places = times.gather_every(step).dt.cast_time_unit("us").to_physical()
    return [((place - first) / span, text) for place, text in zip(places, found, strict=True)]


def _step(least: float, long: bool) -> float:
    """The next round number."""
    if long:
        found = next((unit * 1e6 for unit in SECONDS if unit * 1e6 >= least), None)
        if found is not None and least > 0.5e6:
            return found
        if found is None:
            return 86_400e6 * _step(least / 86_400e6, False)
    power = 10.0 ** _floor_log(least)
    return next(power * unit for unit in (1, 2, 2.5, 5, 10) if power * unit >= least * 0.999_999)


def _floor_log(value: float) -> int:
    return int(f"{value:e}".partition("e")[2])
