"""Several distributions over the same bins as outlines, each in its colour; counts in, element out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import holoviews as hv
import numpy as np
import numpy.typing as npt
from bokeh.models import HoverTool, NumeralTickFormatter

from explorer.charts import theme
from explorer.charts.kinds.distribution import Heights, Hook, ceiling, dress, fit
from explorer.charts.shares import COUNT_FORMAT, SHARE_FORMAT
from explorer.crossfilter.bins.bins import Bins, spaced

# From so many lines on they are thinner.
MANY = 5
# Three such charts stand side by side: there is room for so many labels.
TICKS = 8.5
DASHES = {True: [5, 3], False: []}
LABEL = theme.tooltip('<div style="font-weight: 600">@label</div>@told{safe}')
ROW = (
    '<div style="display: flex; gap: 8px; align-items: baseline">'
    '<span style="color: {color}">{mark}</span>'
    '<span style="flex: 1; max-width: 150px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap">'
    '{name}</span><span style="font-variant-numeric: tabular-nums">{count} · {share}</span></div>'
)


@dataclass(frozen=True, eq=False)
class Line:
    """One distribution: its name, its colour, how many there are in each bin, and whether it is dashed."""

    name: str
    color: str
    counts: npt.NDArray[np.int64]
    dashed: bool = False

    @property
    def shares(self) -> Heights:
        """The share of each bin; of nothing all are 0.

        >>> Line("visit", "#2f7de1", np.array([3, 1])).shares
        array([0.75, 0.25])
        """
        return np.asarray(self.counts / max(1, int(self.counts.sum())), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a chart shows: its bins (None: only axes), and a line per distribution, of counts or of shares."""

    bins: Bins | None = None
    lines: Sequence[Line] = ()
    shares: bool = False

    @property
    def heights(self) -> list[Heights]:
        """The heights of every line."""
        return [line.shares if self.shares else line.counts.astype(np.float64) for line in self.lines]


def overlaid(drawn: Drawn, *, title: str = "", name: str = "", hooks: Sequence[Hook] = ()) -> hv.Overlay:
    """An outline per line; hovering tells all values of a bin. `name` is the figure's.

    >>> from explorer.crossfilter.bins.counts import count_bins
    >>> from explorer.crossfilter.bins.extent import extent
    >>> overlaid(Drawn(count_bins("pages", extent([1, 2])), [Line("visit", "#2f7de1", np.array([5, 3]))]))
    :Overlay
       .Bin.I  :Histogram   [bin]   (highest)
       .Line.I :Path   [bin,height]
    """
    bins = len(drawn.bins) if drawn.bins else 1
    plain: dict[str, Any] = {"tools": [], "default_tools": []}
    behind = hv.Histogram((np.arange(bins + 1.0), np.ones(bins)), kdims=["bin"], vdims=["highest"], group="Bin")
    corners = [np.column_stack(outline(each)) for each in drawn.heights]
    outlines = hv.Path(corners, kdims=["bin", "height"], group="Line")

    def finish(plot: Any, _: Any) -> None:
        plot.state.name = name
        dress(plot.state, title)
        draw(attach(plot), drawn)

    overlay = behind.opts(color=theme.GHOST, alpha=0.0, line_color=None, **plain) * outlines.opts(**plain)
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


@dataclass(frozen=True, eq=False)
class OverlaidFigure:
    """The models of one figure that a change of what it shows is patched into."""

    figure: Any
    bars: Any
    lines: Any


def attach(plot: Any) -> OverlaidFigure:
    """The models of the figure of `overlaid`, with its hover text."""
    figure = plot.state
    bars, lines = (layer.handles["glyph_renderer"] for layer in plot.subplots.values())
    # Of a bin only what the pointer is over is seen.
    bars.hover_glyph = bars.glyph.clone(fill_alpha=theme.GRID_ALPHA)
    bars.nonselection_glyph = lines.nonselection_glyph = None
    lines.glyph.update(line_color={"field": "color"}, line_dash={"field": "dash"}, line_join="miter")
    if not figure.select(HoverTool):
        hover = HoverTool(renderers=[bars], mode="vline", tooltips=LABEL, point_policy="follow_mouse")
        hover.update(attachment="horizontal", show_arrow=False)
        figure.add_tools(hover)
    return OverlaidFigure(figure, bars, lines)


def draw(into: OverlaidFigure, drawn: Drawn) -> None:
    """Patch the models in place."""
    heights, figure, n = drawn.heights, into.figure, len(drawn.bins) if drawn.bins else 0
    highest = np.max([np.zeros(n), *heights], axis=0)
    bins = drawn.bins and replace(drawn.bins, ticks=spaced([*drawn.bins.ticks], apart=max(1.4, n / TICKS)))
    fit(figure, bins, highest)
    figure.yaxis[0].formatter = NumeralTickFormatter(format=SHARE_FORMAT if drawn.shares else COUNT_FORMAT)
    figure.yaxis[0].ticker.min_interval = 0 if drawn.shares else 1
    left = np.arange(n, dtype=np.float64)
    into.bars.data_source.data = {
        "left": left,
        "right": left + 1,
        "top": np.full(n, ceiling(highest)),
        "highest": highest,
        "label": list(drawn.bins.labels) if drawn.bins else [],
        "told": told(drawn.lines, n),
    }
    corners = [outline(each) for each in heights]
    into.lines.glyph.line_width = 2.0 if len(drawn.lines) < MANY else 1.5
    into.lines.data_source.data = {
        "xs": [across for across, _ in corners],
        "ys": [up for _, up in corners],
        "color": [line.color for line in drawn.lines],
        "dash": [DASHES[line.dashed] for line in drawn.lines],
    }


def outline(heights: Heights) -> tuple[Heights, Heights]:
    """The corners of a line of steps that begins and ends on the axis.

    >>> outline(np.array([2.0, 1.0]))
    (array([0., 0., 1., 1., 2., 2.]), array([0., 2., 2., 1., 1., 0.]))
    """
    return np.repeat(np.arange(len(heights) + 1.0), 2), np.concatenate([[0.0], np.repeat(heights, 2), [0.0]])


def told(lines: Sequence[Line], n: int) -> list[str]:
    """What hovering tells of each bin, as HTML: of every line its count and its share.

    >>> told([Line("a & b", "#2f7de1", np.array([5]))], 1)[0].count("a &amp; b")
    1
    """
    shares = [line.shares for line in lines]
    return [
        "".join(
            ROW.format(
                color=escape(line.color),
                mark="┅" if line.dashed else "━",
                name=escape(line.name),
                count=theme.count_text(int(line.counts[at])),
                share=theme.percent_text(float(share[at])),
            )
            for line, share in zip(lines, shares, strict=True)
        )
        for at in range(n)
    ]
