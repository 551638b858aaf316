"""Bars of a measure: grey ones for all sessions, coloured ones in front for the selected."""

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
from explorer.charts.figure.plane import Floats, Picked, add_tools, brush_of, fit_bins, fit_values, known, written
from explorer.charts.figure.shown_bins import shown_axes, touched_bins
from explorer.charts.kinds.distribution import bars, distribution, is_lying, lay
from explorer.crossfilter.measured import Cells
from explorer.crossfilter.selections.brushes import Brush
from explorer.crossfilter.selections.selection import Selection

TOOLTIP = "@label: @said@selected_said"
ADDED = ("count", "sum")


class BarChart:
    """One bar for each bin of a dimension."""

    zoomed = False
    moments: tuple[Moment, ...] = ()

    def element(self) -> hv.Overlay:
        """Two histograms, empty still."""
        return distribution(None)

    def attach(self, plot: Any, callback: CustomJS) -> None:
        """Take the models of the figure that was made of the element."""
        self._figure = plot.state
        self._ghost, self._bars = (layer.handles["glyph_renderer"] for layer in plot.subplots.values())
        for renderer in (self._ghost, self._bars):
            renderer.nonselection_glyph = renderer.selection_glyph = None
        self._bars.glyph.fill_alpha = {"field": "alpha"}
        add_tools(self._figure, callback, self._bars, TOOLTIP, dimensions="width")

    def draw(self, cells: Cells, selection: Selection, color: str) -> None:
        """Patch the figure."""
        bins, write = cells.axes[0].bins, writer(cells.dtype, cells.chart.measure)
        everything = _heights(cells, cells.all)
        some = everything if cells.selected is None else _heights(cells, cells.selected)
        (shown,) = shown_axes(cells, selection)
        touched = touched_bins(bins, selection)
        lying = lay(self._figure, bins)
        fit_bins(self._figure, shown, vertical=lying)
        heights = np.concatenate([(some if self.zoomed else everything)[: len(shown)], some[: len(shown)]])
        fit_values(self._figure, known(heights), write, long=cells.dtype == pl.Duration, across=lying)
        held = np.ones(len(bins), dtype=bool) if touched is None else touched
        self._bars.glyph.fill_color = color
        said = written(some, write)
        of = [""] * len(bins) if cells.selected is None else [f", of all {text}" for text in written(everything, write)]
        self._ghost.data_source.data.update(bars(bins, np.nan_to_num(everything)))
        # A median of some may be larger than that of all.
        narrow = cells.selected is not None and cells.chart.measure.aggregate not in ADDED
        columns = bars(bins, np.nan_to_num(some), narrow=narrow)
        self._bars.data_source.data.update(
            {
                **columns,
                "alpha": np.where(held, 1.0, theme.FADED_ALPHA),
                "label": list(bins.labels),
                "said": said,
                "selected_said": of,
            }
        )

    def picked(self, cells: Cells, picked: Picked, selection: Selection) -> Mapping[str, Brush | None]:
        """A click takes a bar alone, or away; a drag takes neighbours."""
        bins = cells.axes[0].bins
        old = selection.get(bins.name)
        (shown,) = shown_axes(cells, selection)
        brush = brush_of(bins, len(shown), picked.y if is_lying(bins) else picked.x, old, picked.adding)
        return {bins.name: None if brush == old and not picked.exact else brush}


def _heights(cells: Cells, values: Floats) -> Floats:
    return np.nancumsum(values) if cells.chart.cumulative else values
