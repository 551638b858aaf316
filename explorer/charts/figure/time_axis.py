"""The steps of a line over time, and where they are labelled."""

from __future__ import annotations

import polars as pl

from explorer.charts.figure.tick_axis import Tick
from explorer.crossfilter.formats import clock_text, day_text

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
    [(0.0, '1 Mar'), (1.0, '2 Mar')]
    """
    wall = steps.dt.replace_time_zone(None)
    apart = -(-len(wall) // MOST_TICKS) or 1
    found = []
    years = len(wall) > 1 and (wall[-1] - wall[0]).days > 300
    for at in range(0, len(wall), apart):
        moment = wall[at]
        found.append((float(at), clock_text(moment) if moment.hour or moment.minute else day_text(moment, year=years)))
    return found
