"""The distribution chart: grey bars for all, blue ones in front for the selected; counts in, element out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import holoviews as hv
import holoviews.plotting.bokeh
import numpy as np
import numpy.typing as npt
from bokeh.models import BasicTicker, BoxSelectTool, FixedTicker, HoverTool, NumeralTickFormatter, Quad

from explorer.charts import theme
from explorer.charts.figure.ticks import put_ticks, shortened, with_room
from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import Categories

# hv.extension() would load scripts from outside and blank nbconvert's output; WebGL paints 60 bars slower.
hv.Store.set_current_backend("bokeh")
hv.renderer("bokeh").webgl = False

INSET = 0.22
Hook = Callable[[Any, Any], None]
Columns = dict[str, npt.NDArray[Any]]
Heights = npt.NDArray[np.float64]


def distribution(
    bins: Bins | Categories | None,
    totals: npt.ArrayLike = (),
    counts: npt.ArrayLike = (),
    *,
    title: str = "",
    hooks: Sequence[Hook] = (),
) -> hv.Overlay:
    """Two histograms, `totals` behind and `counts` in front, one value per bin; without bins only axes.

    >>> from explorer.crossfilter.bins.counts import count_bins
    >>> from explorer.crossfilter.bins.extent import extent
    >>> distribution(count_bins("pages", extent([1, 2])), [5, 3], [1, 0])
    :Overlay
       .Total.I    :Histogram   [bin]   (total)
       .Selected.I :Histogram   [bin]   (selected)
    """
    n = len(bins) if bins else 1
    name = bins.name if bins else ""
    behind, front = _heights(totals, n), _heights(counts, n)
    edges = np.arange(n + 1.0)
    plain: dict[str, Any] = {"line_color": None, "tools": [], "default_tools": []}
    ghost = hv.Histogram((edges, behind), kdims=["bin"], vdims=["total"], group="Total")
    selected = hv.Histogram((edges, front), kdims=["bin"], vdims=["selected"], group="Selected")
    overlay = ghost.opts(color=theme.GHOST, alpha=theme.GHOST_ALPHA, **plain) * selected.opts(
        color=theme.SELECTED, **plain
    )

    def finish(plot: Any, _: Any) -> None:
        dress(plot.state, title or name)
        fit(plot.state, bins, behind)
        for layer, heights in zip(plot.subplots.values(), (behind, front), strict=True):
            layer.handles["source"].data.update(bars(bins, heights))

    return overlay.opts(
        responsive=True,
        height=theme.CHART_HEIGHT,
        shared_axes=False,
        show_legend=False,
        show_frame=False,
        xlabel="",
        ylabel="",
        toolbar=None,
        hooks=[finish, *hooks],
    )


def bars(bins: Bins | Categories | None, heights: Heights, *, narrow: bool = False) -> Columns:
    """The columns of bars in bin space: left, right and top, one row per bin and none without bins.

    Narrow ones hide none behind them, which may be lower.
    """
    n, gap = len(bins) if bins else 0, theme.BAR_GAP / 2 + (INSET if narrow else 0.0)
    left = np.arange(n)
    return {"left": left + gap, "right": left + 1 - gap, "top": heights[:n]}


def is_lying(bins: Bins | Categories | None) -> bool:
    """Whether the bars of these bins lie: names are read beside them. Hours and weekdays stand, in their order."""
    return isinstance(bins, Categories) and not bins.called


def lay(figure: Any, bins: Bins | Categories | None) -> bool:
    """Let the bars of a figure lie or stand, as its bins ask for, with the grid across them; whether they lie.

    The columns stay as they are: `left` and `right` are where a bar begins and ends among the bins, `top` is its value.
    """
    lying = is_lying(bins)
    for renderer in figure.renderers:
        if isinstance(renderer.glyph, Quad):
            among, value = ("bottom", "top"), ("left", "right")
            if not lying:
                among, value = value, ("bottom", "top")
            for glyph in (renderer.glyph, renderer.muted_glyph, renderer.hover_glyph):
                if glyph is not None:
                    glyph.update(**{among[0]: "left", among[1]: "right", value[0]: 0, value[1]: "top"})
    for tool in figure.tools:
        if isinstance(tool, HoverTool) and tool.mode != "mouse":
            tool.mode = "hline" if lying else "vline"
        elif isinstance(tool, BoxSelectTool):
            tool.dimensions = "height" if lying else "width"
    x, y = figure.xaxis[0], figure.yaxis[0]
    values, names = (x, y) if lying else (y, x)
    figure.xgrid.visible, figure.ygrid.visible = lying, not lying
    names.axis_line_color, values.axis_line_color = theme.GHOST, None
    names.major_tick_line_color = None if lying else theme.GHOST
    values.major_tick_line_color = None
    if isinstance(values.ticker, FixedTicker):
        values.ticker = BasicTicker(desired_num_ticks=4, min_interval=1)
        values.major_label_overrides = {}
    return lying


def dress(figure: Any, title: str) -> None:
    """What every such figure looks like, whatever it shows."""
    figure.output_backend = "canvas"
    figure.toolbar_location = None
    figure.outline_line_color = None
    figure.background_fill_color = figure.border_fill_color = None
    figure.background_fill_alpha = figure.border_fill_alpha = 0.0
    figure.min_border_left, figure.min_border_right = 44, 28
    figure.min_border_top, figure.min_border_bottom = 8, 30
    figure.html_attributes = {"role": "figure", "aria-label": title}
    figure.xgrid.visible = False
    for grid in (figure.xgrid, figure.ygrid):
        grid.grid_line_color, grid.grid_line_alpha = theme.GHOST, theme.GRID_ALPHA
    x, y = figure.xaxis[0], figure.yaxis[0]
    for axis in (x, y):
        axis.axis_label = None
        axis.minor_tick_line_color = None
        axis.major_label_text_font_size = theme.FONT_SIZE
    # Bokeh's dark themes hide these lines by their alpha.
    x.axis_line_color = x.major_tick_line_color = theme.GHOST
    x.axis_line_alpha = x.major_tick_line_alpha = 1.0
    x.major_tick_in, x.major_tick_out = 0, 4
    y.axis_line_color = y.major_tick_line_color = None
    x.formatter, y.formatter = (NumeralTickFormatter(format=theme.COUNT_FORMAT) for _ in "xy")
    y.ticker.desired_num_ticks, y.ticker.min_interval = 4, 1


def fit(figure: Any, bins: Bins | Categories | None, totals: Heights) -> None:
    """Axes for these bins and these grey bars: the axis of values does not move while the blue ones do."""
    n, ticks = (len(bins), bins.ticks) if bins else (1, ())
    lying = lay(figure, bins)
    if lying:  # read from top to bottom
        figure.x_range.update(start=0, end=ceiling(totals))
        figure.y_range.update(start=n, end=0)
    else:
        figure.x_range.update(start=0, end=n)
        figure.y_range.update(start=0, end=ceiling(totals))
    axis = figure.yaxis[0] if lying else figure.xaxis[0]
    put_ticks(axis, ((place, shortened(label)) for place, label in with_room(ticks, figure.height if lying else None)))


def ceiling(totals: Heights) -> float:
    """Where the y axis ends: a little above the highest bar, and 1 where there is none.

    >>> ceiling(np.array([0.0, 50.0]))
    53.0
    """
    highest = float(totals.max()) if len(totals) else 0.0
    return highest * 1.06 if highest else 1.0


def _heights(counts: npt.ArrayLike, n: int) -> Heights:
    heights = np.asarray(counts, dtype=np.float64)
    return heights if len(heights) else np.zeros(n)
