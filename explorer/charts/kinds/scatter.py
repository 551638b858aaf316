"""The scatter: each session as a point, grey for all, coloured for the selected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import holoviews as hv
import numpy as np
from bokeh.models import CustomJS

from explorer.charts import theme
from explorer.charts.figure.plane import Picked, add_tools, brush_of, fit_bins, plain_figure
from explorer.crossfilter.measured import Points
from explorer.crossfilter.selections.brushes import Brush
from explorer.crossfilter.selections.selection import Selection

TOOLTIP = "@across · @up"


class PointChart:
    """Sessions between the axes of two dimensions."""

    zoomed = False  # points have no height

    def __init__(self) -> None:
        self._drawn: Points | None = None

    def element(self) -> hv.Overlay:
        """Two layers of points, without any still."""
        plain: dict[str, Any] = {"tools": [], "default_tools": [], "size": 4}
        ghost = hv.Points([], group="Total").opts(color=theme.GHOST, alpha=theme.GHOST_ALPHA, **plain)
        front = hv.Points([], group="Selected").opts(color=theme.SELECTED, alpha=0.6, **plain)

        return plain_figure(ghost * front)

    def attach(self, plot: Any, callback: CustomJS) -> None:
        """Take the models of the figure that was made of the element."""
        self._figure = plot.state
        self._figure.min_border_left = 60
        self._ghost, self._front = (layer.handles["glyph_renderer"] for layer in plot.subplots.values())
        for renderer in (self._ghost, self._front):
            renderer.nonselection_glyph = renderer.selection_glyph = None
        add_tools(self._figure, callback, self._front, TOOLTIP)

    def draw(self, points: Points, selection: Selection, color: str) -> None:
        """Patch the figure."""
        del selection
        across, up = (each.bins.without_none() for each in points.axes)
        if self._drawn is None or points.x is not self._drawn.x:
            fit_bins(self._figure, across)
            fit_bins(self._figure, up, vertical=True)
            self._ghost.data_source.data = {"x": points.x, "y": points.y}
        self._drawn = points
        held = np.ones(len(points.x), dtype=bool) if points.selected is None else points.selected
        x, y = points.x[held], points.y[held]
        self._front.glyph.update(fill_color=color, line_color=None, fill_alpha=_alpha(len(x)))
        self._ghost.glyph.update(line_color=None, fill_alpha=_alpha(len(points.x)) * theme.GHOST_ALPHA)
        self._front.data_source.data = {
            "x": x,
            "y": y,
            "across": [across.labels[min(int(at), len(across) - 1)] for at in x],
            "up": [up.labels[min(int(at), len(up) - 1)] for at in y],
        }

    def picked(self, points: Points, picked: Picked, selection: Selection) -> Mapping[str, Brush | None]:
        """A drag brushes both dimensions, a click takes both brushes away."""
        bins = [each.bins for each in points.axes]
        if not picked.is_drag:
            return {each.name: None for each in bins if each.name in selection}
        along = zip(bins, (picked.x, picked.y), strict=True)
        return {
            each.name: brush_of(each, len(each.without_none()), ends, selection.get(each.name), picked.adding)
            for each, ends in along
        }


def _alpha(n: int) -> float:
    """Points that lie on each other must not become one blot."""
    return float(np.clip(40 / np.sqrt(max(n, 1)), 0.12, 0.8))
