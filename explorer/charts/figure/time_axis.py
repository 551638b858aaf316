"""The steps of a line over time, and where they are labelled."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from bokeh.models import BoxAnnotation

from explorer.charts.figure.tick_axis import Tick
from explorer.charts.figure.ticks import put_ticks
from explorer.crossfilter.formats import calendar_labels
from explorer.crossfilter.selections.brushes import Brush, Range

MOST_TICKS = 6


def step_times(times: pl.Series) -> pl.Series:
    """The different steps in order."""
    return times.drop_nulls().unique().sort()


def moments(steps: pl.Series) -> list[int]:
    """When each step begins, in microseconds since 1970."""
    return steps.dt.cast_time_unit("us").to_physical().to_list()


def step_ticks(steps: pl.Series) -> list[Tick]:
    """Some of the steps with their labels: days, or clocks inside a day.

    >>> from datetime import datetime
    >>> step_ticks(pl.Series([datetime(2024, 3, 1), datetime(2024, 3, 2)]))
    [(0.0, '1 Mar 2024'), (1.0, '2 Mar')]
    """
    wall = steps.dt.replace_time_zone(None)
    apart = -(-len(wall) // MOST_TICKS) or 1
    places = range(0, len(wall), apart)
    return [(float(at), text) for at, text in zip(places, calendar_labels([wall[at] for at in places]), strict=True)]


def fit_steps(figure: Any, steps: pl.Series) -> None:
    """A horizontal axis on which step i stands at i."""
    figure.x_range.update(start=-0.5, end=max(len(steps) - 0.5, 0.5))
    put_ticks(figure.xaxis[0], step_ticks(steps))


def step_range(brush: Brush | None, times: list[int]) -> tuple[float, float] | None:
    """From which to which place on that axis a brush of start times reaches."""
    if not isinstance(brush, Range) or brush.negated or not times:
        return None
    low = float(np.searchsorted(times, brush.lo, side="left"))
    high = len(times) if brush.hi is None else float(np.searchsorted(times, brush.hi, side="left"))
    return low - 0.5, max(high, low + 0.05) - 0.5


def band(box: BoxAnnotation, ends: tuple[float, float] | None) -> None:
    """Show where a brush stands, or that there is none."""
    if ends is None:
        box.visible = False
    else:
        box.update(left=ends[0], right=ends[1], visible=True)
