"""Columns as HoloViews takes them: NumPy arrays, with a dimension that says what they are and in which unit."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import holoviews.plotting.bokeh
import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.charts.figure.cells import key_texts
from explorer.charts.titles import asked_measure, chart_title
from explorer.crossfilter.bins.bins import Bins
from explorer.plan.in_sql.source import free
from explorer.spec.charts.chart import Measure

SECONDS = "s"
COUNT = Measure("count")
# Durations and times are whole numbers of these.
PER_SECOND = 1e6


def named(name: str, label: str, unit: str | None = None, taken: tuple[Any, ...] = ()) -> hv.Dimension:
    """A dimension; one whose name is taken gets underscores behind it.

    >>> named("duration", "Session duration", "s")
    Dimension('duration', label='Session duration', unit='s')
    """
    return hv.Dimension((free(name, [getattr(each, "name", each) for each in taken]), label), unit=unit)


def of_column(values: pl.Series, zone: str | None, label: str = "") -> tuple[npt.NDArray[Any], hv.Dimension]:
    """Durations become seconds, times those of the clocks in the zone, and names texts; None is NaN, NaT or "none"."""
    dtype, label = values.dtype, label or chart_title(values.name)
    if dtype == pl.Duration:
        seconds = values.dt.cast_time_unit("us").to_physical().cast(pl.Float64) / PER_SECOND
        return seconds.fill_null(np.nan).to_numpy(), named(values.name, label, SECONDS)
    if isinstance(dtype, pl.Datetime):
        wall = values.dt.cast_time_unit("us").dt.replace_time_zone(None)
        return wall.to_numpy(), named(values.name, label, dtype.time_zone or zone)
    if dtype.is_numeric():
        whole = dtype.is_integer() and not values.null_count()
        numbers = values if whole else values.cast(pl.Float64).fill_null(np.nan)
        return numbers.to_numpy(), named(values.name, label)
    texts = key_texts(pl.DataFrame([values]), values.name)
    return np.array(texts, dtype=object), named(values.name, label)


def value_dimension(measure: Measure, dtype: pl.DataType, *, actors: bool = False, taken: tuple[Any, ...] = ()) -> Any:
    """What is measured: `sessions`, or the measure as it is written; durations in seconds, shares from 0 to 1.

    >>> value_dimension(Measure("median", "duration"), pl.Duration("us")).unit
    's'
    """
    if measure == COUNT:
        return named(*(("actors", "Actors") if actors else ("sessions", "Sessions")), taken=taken)
    return named(str(measure), asked_measure(measure), SECONDS if dtype == pl.Duration else None, taken)


def in_seconds(values: npt.ArrayLike, dtype: pl.DataType) -> npt.NDArray[np.float64]:
    """Values of a chart: microseconds of durations as seconds, all else as it is."""
    numbers = np.asarray(values, dtype=np.float64)
    return np.asarray(numbers / PER_SECOND if dtype == pl.Duration else numbers, dtype=np.float64)


def bins_dimension(bins: Bins, title: str = "") -> hv.Dimension:
    """What lies along an axis of bins."""
    unit = {"duration": SECONDS, "time": bins.zone}.get(bins.kind, bins.unit or None)
    return named(bins.name, title or chart_title(bins.name), unit)


def bin_edges(bins: Bins) -> npt.NDArray[Any]:
    """The edges of the bins of values, in order. An end that is open is as far away as its neighbour is wide.

    >>> bin_edges(Bins("pages", "count", lows=(1, 2, 4), end=None)).tolist()
    [1.0, 2.0, 4.0, 6.0]
    """
    lows = np.asarray(bins.lows, dtype=np.float64)
    if len(lows) > 1 and not np.isfinite(lows[0]):
        lows[0] = lows[1] - (lows[2] - lows[1] if len(lows) > 2 else 1.0)
    width = lows[-1] - lows[-2] if len(lows) > 1 else 1.0
    edges = np.append(lows, lows[-1] + width if bins.end is None else bins.end)
    if bins.kind == "duration":
        return edges / PER_SECOND
    if bins.kind == "time":
        times = pl.Series(edges.round().astype(np.int64)).cast(pl.Datetime("us"))
        if bins.zone is not None:
            times = times.dt.replace_time_zone("UTC").dt.convert_time_zone(bins.zone).dt.replace_time_zone(None)
        return times.to_numpy()
    return edges


def dressed(element: Any, **options: Any) -> Any:
    """The element with options of Bokeh, and what every one has that can be hovered over."""
    tools = {} if "logx" in options or isinstance(element, hv.Curve) else {"tools": ["hover"]}
    return element.opts(**options, **tools, backend="bokeh")


def titled(element: Any, title: str) -> Any:
    """The element with a title, in which HoloViews fills nothing in."""
    return element.opts(title=title.replace("{", "{{").replace("}", "}}"), backend="bokeh")
