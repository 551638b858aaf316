"""Shapes for the charts that are not brushed: bars, lines, columns and heat as places between 0 and 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from explorer.charts import theme
from explorer.charts.figure.moments import Line as MomentLine
from explorer.charts.figure.moments import Moment, in_steps, lines, outside_text
from explorer.charts.figure.tick_axis import Numbers, Tick, axis
from explorer.charts.kinds.area import area_colors, known_parts
from explorer.crossfilter.formats import calendar_labels

MOST_X_TICKS = 5


@dataclass(frozen=True)
class Line:
    """One line: its name, its colour, and its parts between gaps as SVG points in a square of 1000; one of a period
    before is `dashed`."""

    name: str
    color: str
    parts: list[str]
    dashed: bool = False


@dataclass(frozen=True)
class Plane:
    """What is drawn between two axes: lines, areas (their parts are rings), or columns as (left, width, bottom, height)
    of 1000. Over time it has the `times` of its steps in microseconds, and `notes` on moments."""

    x: list[Tick]
    y: list[Tick]
    lines: list[Line]
    columns: list[tuple[float, float, float, float]]
    areas: list[Line] = field(default_factory=list)
    times: tuple[int, ...] = ()
    notes: tuple[MomentLine, ...] = ()


def areas_over(times: pl.Series, series: list[tuple[str, Numbers]], text: Callable[[float], str], long: bool) -> Plane:
    """Areas on top of each other over distinct times in order; where a group has no value it adds nothing."""
    places = times.dt.cast_time_unit("us").to_physical().to_list()
    first, span = (places[0], (places[-1] - places[0]) or 1) if places else (0, 1)
    values = np.array([values for _, values in series], dtype=float).reshape(len(series), len(places))
    heights = np.nan_to_num(values)
    edges = np.vstack([np.zeros(len(places)), np.cumsum(heights, axis=0)])
    ticks, low, high = axis([0.0, *edges[-1].tolist()], text, long)
    across = [f"{1000 * (place - first) / span:.1f}" for place in places]
    upright = [[f"{1000 * (high - value) / (high - low):.1f}" for value in edge] for edge in edges]
    drawn = []
    for at, ((name, _), color) in enumerate(zip(series, area_colors(series), strict=True)):
        rings = []
        for part in known_parts(values):
            upper, lower = ([(across[i], edge[i]) for i in part] for edge in (upright[at + 1], upright[at]))
            rings.append(" ".join(",".join(point) for point in [*upper, *reversed(lower)]))
        drawn.append(Line(name, color, rings))
    return Plane(time_ticks(times, first, span), ticks, [], [], drawn, tuple(places))


def lines_over(
    times: pl.Series,
    series: list[tuple[str, Numbers]],
    text: Callable[[float], str],
    long: bool,
    before: list[tuple[str, Numbers]] | None = None,
) -> Plane:
    """Lines over distinct times in order, of one value each; `long` says that values are durations. Those of the period
    `before` are in the same order."""
    earlier = before or []
    places = times.dt.cast_time_unit("us").to_physical().to_list()
    first, span = (places[0], (places[-1] - places[0]) or 1) if places else (0, 1)
    ticks, low, high = axis([value for _, values in (*series, *earlier) for value in values], text, long)
    drawn = []
    named = [(*each, color, False) for each, color in zip(series, theme.PALETTE, strict=False)]
    named += [(*each, color, True) for each, color in zip(earlier, theme.PALETTE, strict=False)]
    for name, values, color, is_before in named:
        parts: list[list[str]] = [[]]
        for place, value in zip(places, values, strict=True):
            if value is None:
                parts.append([])
            else:
                parts[-1].append(f"{1000 * (place - first) / span:.1f},{1000 * (high - value) / (high - low):.1f}")
        # A line of one point is painted only where it is there twice.
        drawn.append(
            Line(name, color, [" ".join(part if len(part) > 1 else part * 2) for part in parts if part], is_before)
        )
    return Plane(time_ticks(times, first, span), ticks, drawn, [], times=tuple(places))


def annotated(plane: Plane, moments: Sequence[Moment]) -> tuple[Plane, str]:
    """The same with notes on moments of time, and how many of these lie outside; steps stand where they begin."""
    times = plane.times
    if not times or not moments:
        return plane, ""
    shown = in_steps(moments, times)
    first, span = times[0], (times[-1] - times[0]) or 1
    notes = lines([(min(1.0, (moment.us - first) / span), moment) for _, moment in shown])
    return replace(plane, notes=notes), outside_text(moments, shown)


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


def time_ticks(times: pl.Series, first: float, span: float) -> list[Tick]:
    """Some of the times, as days or, inside a day, as clocks."""
    step = -(-len(times) // MOST_X_TICKS) or 1
    found = calendar_labels(times.dt.replace_time_zone(None).gather_every(step).to_list())
    places = times.gather_every(step).dt.cast_time_unit("us").to_physical()
    return [((place - first) / span, text) for place, text in zip(places, found, strict=True)]
