"""The numbers of a chart that follows the brushes: those of all sessions, and those of the selected ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.counting import Axis
from explorer.spec.charts.chart import Chart

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rows:
    """A chart as a small frame: `frame` is what the engine answers, `selected` the value of each of its rows under
    the brushes (None where nothing is brushed). Of one number, `valued` is in how many sessions it has a value.
    `selected_previous` is the value of the period before under the brushes, where the chart has one. Over windows and
    beside a period before, `selected_sessions` are the selected sessions of each row."""

    chart: Chart
    frame: pl.DataFrame
    selected: pl.Series | None
    valued: int | None = None
    selected_previous: pl.Series | None = None
    selected_sessions: pl.Series | None = None

    @property
    def previous(self) -> pl.Series | None:
        """The value of each row in the period before, of all sessions; None where the chart has no such period."""
        return self.frame["previous"] if self.chart.previous else None

    @property
    def names(self) -> list[str]:
        """The columns of the groups."""
        return self.frame.columns[: self.frame.columns.index("value")]


@dataclass(frozen=True, eq=False)
class Cells:
    """A chart as values in the bins of one or two dimensions; NaN is no value, durations are microseconds.

    `all` and `selected` have the shape of the axes; `held` says which cells have a session at all; `without` counts the
    sessions that have no value in one of the axes.
    """

    chart: Chart
    axes: tuple[Axis, ...]
    dtype: pl.DataType
    all: Floats
    selected: Floats | None
    held: npt.NDArray[np.bool_]
    without: int = 0


@dataclass(frozen=True, eq=False)
class Points:
    """Each session as a point in the bins of two dimensions; `selected` says which of them the brushes hold.

    What has no value in one of them is no point: `without` counts it.
    """

    chart: Chart
    axes: tuple[Axis, Axis]
    x: Floats
    y: Floats
    selected: npt.NDArray[np.bool_] | None
    without: int


Followed = Rows | Cells | Points
# Beyond these, points hide each other: sessions are counted in cells instead.
MOST_POINTS = 50_000
