"""The heat map: one cell for each pair of bins, the stronger its colour the higher its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import holoviews as hv
import numpy as np
import polars as pl
from bokeh.models import CustomJS

from explorer.charts import theme
from explorer.charts.figure.cells import writer
from explorer.charts.figure.moments import Moment
from explorer.charts.figure.plane import Floats, Picked, add_tools, brush_of, fit_bins, plain_figure, written
from explorer.charts.figure.shown_bins import shown_axes, touched_bins
from explorer.crossfilter.measured import Cells
from explorer.crossfilter.selections.brushes import Brush
from explorer.crossfilter.selections.selection import Selection
from explorer.spec.charts.chart import Measure

SHARE = Measure("share")
TOOLTIP = "@across · @up: @said@of"
GAP = 0.04
FAINTEST = 0.07
STEPS = 5  # of the legend, with the one for nothing


class HeatChart:
    """Cells of two dimensions, brushed together."""

    zoomed = False
    moments: tuple[Moment, ...] = ()

    def element(self) -> hv.Overlay:
        """Grey cells behind coloured ones, one of each still."""
        cell = [(0.0, 0.0, 1.0, 1.0)]
        plain: dict[str, Any] = {"line_color": None, "tools": [], "default_tools": []}
        ghost = hv.Rectangles(cell, group="Total").opts(color=theme.GHOST, alpha=0.1, **plain)
        front = hv.Rectangles(cell, group="Selected").opts(color=theme.SELECTED, **plain)

        return plain_figure(ghost * front)

    def attach(self, plot: Any, callback: CustomJS) -> None:
        """Take the models of the figure that was made of the element."""
        self._figure = plot.state
        self._figure.ygrid.visible = False
        self._figure.min_border_left = 84
        self._ghost, self._front = (layer.handles["glyph_renderer"] for layer in plot.subplots.values())
        for renderer in (self._ghost, self._front):
            renderer.nonselection_glyph = renderer.selection_glyph = None
        self._front.glyph.fill_alpha = {"field": "alpha"}
        add_tools(self._figure, callback, self._front, TOOLTIP)

    def draw(self, cells: Cells, selection: Selection, color: str) -> None:
        """Patch the figure."""
        across, up = (each.bins for each in cells.axes)
        shown = shown_axes(cells, selection)
        fit_bins(self._figure, shown[0])
        fit_bins(self._figure, shown[1], vertical=True)
        there = cells.held.copy()
        there[len(shown[0]) :] = False
        there[:, len(shown[1]) :] = False
        write = writer(cells.dtype, cells.chart.measure)
        some = cells.all if cells.selected is None else cells.selected
        at = np.flatnonzero(there.ravel())
        x, y = np.unravel_index(at, cells.held.shape)
        fine = len(across) * len(up) > 1000
        gap = 0.0 if fine else GAP
        place = {"left": x + gap, "right": x + 1 - gap, "bottom": y + gap, "top": y + 1 - gap}
        values, every = some.ravel()[at], cells.all.ravel()[at]
        held = np.ones(cells.held.shape, dtype=bool)
        for axis, bins in enumerate((across, up)):
            its = touched_bins(bins, selection)
            if its is not None:
                held &= its[:, None] if axis == 0 else its[None, :]
        scale = values if self.zoomed else np.concatenate([every, values]) if cells.chart.measure == SHARE else every
        self._front.glyph.fill_color = color
        self._ghost.data_source.data = dict(place)
        self._front.data_source.data = {
            **place,
            # Shares of some may be larger than those of all.
            "alpha": _strength(values, scale) * np.where(held.ravel()[at], 1.0, theme.FADED_ALPHA),
            "across": [across.labels[i] for i in x],
            "up": [up.labels[i] for i in y],
            "said": written(values, write),
            "of": [""] * len(at) if cells.selected is None else [f", of all {text}" for text in written(every, write)],
        }

    def legend(self, cells: Cells, color: str) -> tuple[tuple[str, str], ...]:
        """Colours (`#rrggbbaa`) from the weakest to the strongest, each with the value that it stands for."""
        finite = cells.all[np.isfinite(cells.all)]
        if not len(finite) or not cells.held.any():
            return ()
        low, high = min(0.0, float(finite.min())), float(finite.max())
        write = writer(cells.dtype, cells.chart.measure)
        whole = cells.dtype.is_integer() or cells.dtype == pl.Duration
        steps = [low + part / (STEPS - 1) * (high - low) for part in range(1, STEPS)]
        values = sorted({round(value) if whole else value for value in steps if value})
        strengths = _strength(np.array(values, dtype=np.float64), cells.all.ravel())
        return tuple(
            (f"{color}{round(255 * strength):02x}", write(value))
            for value, strength in zip(values, strengths.tolist(), strict=True)
        )

    def picked(self, cells: Cells, picked: Picked, selection: Selection) -> Mapping[str, Brush | None]:
        """A click brushes a cell by both of its dimensions, or takes both away; a drag brushes a rectangle."""
        along = zip((each.bins for each in cells.axes), shown_axes(cells, selection), (picked.x, picked.y), strict=True)
        found = {
            bins.name: brush_of(bins, len(shown), ends, selection.get(bins.name), picked.adding)
            for bins, shown, ends in along
        }
        if not picked.exact and all(selection.get(name) == brush for name, brush in found.items()):
            return dict.fromkeys(found)
        return found


def _strength(values: Floats, every: Floats) -> Floats:
    """How strong each cell's colour is: by the values of all sessions, so that a brush does not change the scale."""
    finite = every[np.isfinite(every)]
    low, high = (min(0.0, float(finite.min())), float(finite.max())) if len(finite) else (0.0, 1.0)
    if not high > low:
        return np.where(np.isnan(values), 0.0, 1.0)
    scaled = np.clip((values - low) / (high - low), 0.0, 1.0)
    shown = FAINTEST + (1 - FAINTEST) * np.sqrt(scaled) if len(finite) > 200 else FAINTEST + (1 - FAINTEST) * scaled
    return np.nan_to_num(np.where(values == 0, 0.0, shown))
