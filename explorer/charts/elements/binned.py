"""Sessions in bins: histograms, bars, and cells of two dimensions."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import numpy.typing as npt

from explorer.charts import theme
from explorer.charts.elements.asked import Asked
from explorer.charts.elements.columns import bin_edges, bins_dimension, dressed, in_seconds, named, value_dimension
from explorer.charts.figure.shown_bins import shown_axes
from explorer.charts.titles import chart_title
from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.durations import TICKS
from explorer.crossfilter.counting import Axis
from explorer.crossfilter.measured import Cells, Floats
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import SpecError
from explorer.spec.duration import Duration

NO_SELECTION = Selection()
# Edges that grow by more than this are read on a logarithmic axis.
GROWING = 100


def cells_of(asked: Asked) -> Cells:
    """The numbers in bins; raises SpecError where there are none."""
    followed = asked.followed
    if not isinstance(followed, Cells):
        raise SpecError(f"These groups are no bins, as a {asked.chart.kind} needs them. Ask for a table instead.")
    return followed


def histogram(asked: Asked) -> Any:
    """A histogram over the values themselves; bars where these are names, or have a bar for none."""
    cells = cells_of(asked)
    (axis,) = cells.axes
    (shown,) = shown_axes(cells, NO_SELECTION)
    if not isinstance(shown, Bins) or shown.none:
        return bars(asked)
    edges, across = bin_edges(shown), bins_dimension(shown)
    n, what = len(shown), _what(cells, axis, (across,))
    labels = named("bin", "Bin", taken=(across, what))
    heights = _heights(cells)[:n]
    element = hv.Histogram((edges, heights, np.array(shown.labels, dtype=object)), kdims=[across], vdims=[what, labels])
    element = dressed(element, color=theme.SELECTED, line_color=None)
    return _on_a_scale(element, shown, edges)


def bars(asked: Asked) -> Any:
    """A bar for each bin, by its label."""
    cells = cells_of(asked)
    (axis,), (shown,) = cells.axes, shown_axes(cells, NO_SELECTION)
    across = named(shown.name, chart_title(shown.name))
    what = _what(cells, axis, (across,))
    columns = (np.array(shown.labels, dtype=object), _heights(cells)[: len(shown)])
    element = hv.Bars(columns, kdims=[across], vdims=[what])
    return dressed(element, color=theme.SELECTED, line_color=None, xrotation=45)


def heat(asked: Asked) -> Any:
    """A cell for each pair of bins that has a session: a mesh over two axes of values, else by labels."""
    cells = cells_of(asked)
    if len(cells.axes) != 2:
        raise SpecError("by: a heat map has two dimensions, such as by: [hour of start, weekday of start].")
    one, other = shown_axes(cells, NO_SELECTION)
    what = _what(cells, cells.axes[0], ())
    values = np.where(cells.held, _heights(cells), np.nan)[: len(one), : len(other)]
    if isinstance(one, Bins) and isinstance(other, Bins) and not (one.none or other.none):
        across = bins_dimension(one)
        up = named(other.name, chart_title(other.name), bins_dimension(other).unit, (across,))
        element = hv.QuadMesh((bin_edges(one), bin_edges(other), values.T), kdims=[across, up], vdims=[what])
    else:
        across = named(one.name, chart_title(one.name))
        up = named(other.name, chart_title(other.name), taken=(across,))
        x, y = (places.ravel() for places in np.indices(values.shape))
        labels = (np.array(bins.labels, dtype=object)[at] for bins, at in ((one, x), (other, y)))
        element = hv.HeatMap((*labels, values.ravel()), kdims=[across, up], vdims=[what])
    return dressed(element, cmap="Blues", colorbar=True, xrotation=45)


def _what(cells: Cells, axis: Axis, taken: tuple[Any, ...]) -> Any:
    actors = axis.per_actor and len(cells.axes) == 1
    return value_dimension(cells.chart.measure, cells.dtype, actors=actors, taken=taken)


def _heights(cells: Cells) -> Floats:
    values = cells.all if cells.selected is None else cells.selected
    return in_seconds(np.nancumsum(values) if cells.chart.cumulative else values, cells.dtype)


def _on_a_scale(element: Any, bins: Bins, edges: npt.NDArray[Any]) -> Any:
    """Durations whose bins grow stand on a logarithmic axis with round lengths of time below it."""
    inner = edges[1:]
    if (
        bins.kind != "duration"
        or len(inner) < 3
        or edges[0] < 0
        or inner[0] <= 0
        or inner[-1] - inner[-2] < GROWING * (inner[1] - inner[0])
    ):
        return element
    first = edges[0] if edges[0] > 0 else float(inner[0]) ** 2 / float(inner[1])
    ticks = [(Duration.parse(text).us / 1e6, text) for text in TICKS[:6]]
    ticks += [(Duration.parse(text).us / 1e6, text) for text in ("10s", "10m", "6h", "100ms", "10ms", "1ms")]
    inside = sorted((at, text) for at, text in ticks if inner[0] <= at <= inner[-1])
    zero = [((first * float(inner[0])) ** 0.5, "0s")] if bins.zero_alone else []

    def reach(plot: Any, _: Any) -> None:
        # 0 has no place on such an axis: its bar begins where the axis does.
        source = plot.handles["source"]
        source.data = {**source.data, "left": np.maximum(source.data["left"], first)}

    return dressed(element, logx=True, xlim=(first, float(inner[-1])), xticks=[*zero, *inside], hooks=[reach])
