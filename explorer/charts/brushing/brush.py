"""The brush of one figure: Bokeh's tools and models, and the events that crossfilter.js hears."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from bokeh.core.properties import Any as Anything
from bokeh.core.properties import Dict, String
from bokeh.model import DataModel, Model
from bokeh.models import BoxAnnotation, BoxSelectTool, CustomJS, CustomJSHover, HoverTool

from explorer.charts import theme
from explorer.charts.figure.moments import SCALE, Moment, MomentLines, in_bins
from explorer.charts.figure.shown_bins import shown_bins
from explorer.charts.kinds.distribution import Heights, bars, ceiling, fit, is_lying
from explorer.charts.shares import COUNT_FORMAT, SHARE_FORMAT, share_ceiling, zoom_ceiling
from explorer.crossfilter.bins.bins import Bins, Mask
from explorer.crossfilter.bins.categories import Categories

FOLDER = Path(__file__).parent
CROSSFILTER = FOLDER.parent.parent / "crossfilter"
SCRIPTS = (CROSSFILTER / "crossfilter.js", CROSSFILTER / "keyboard.js", FOLDER / "channel.js")
TOOLTIP = theme.tooltip("@label: @total{0,0} @counted@top{custom}")
SHARE_TOOLTIP = theme.tooltip("@label: @at{custom}")
# New bars arrive column by column, and may be hovered over meanwhile. Faded bars are under the other brushes, but
# outside the chart's own.
SELECTED_HERE = """
const {alpha, count, total} = bars.data, i = special_vars.index;
if (alpha.every((each) => each === 1) && count.every((each, j) => each === total[j])) return '';
return `, ${alpha[i] < 1 ? '0' : (count[i] ?? 0).toLocaleString('en-US')} selected`;
"""
# In a chart with a brush of its own the bars in front are shares of what the other brushes hold.
SHARES_HERE = """
const {data} = bars, i = value;
if (!(i < data.count.length && i < data.total.length)) return '';
const said = (share, count) => `${(100 * share).toFixed(1)} % of ${count}`;
const number = (count) => count.toLocaleString('en-US');
const all = `${said(behind.data.top[i], `all ${data.counted[i]}`)} (${number(data.total[i])})`;
if (data.count.every((count, j) => count === data.total[j])) return all;
const whole = data.alpha.some((alpha) => alpha < 1) ? 'those that the other brushes hold' : 'the selected';
return `${all}, ${said(data.top[i], whole)} (${number(data.count[i])})`;
"""


class Channel(DataModel):
    """What Python and the browser tell each other about the brushes; arrays travel as binary buffers."""

    charts = Dict(String, Anything, default={})
    state = Dict(String, Anything, default={})
    request = Dict(String, Anything, default={})
    reply = Dict(String, Anything, default={})


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a chart shows: its bins (None: only axes), its bars, where its brush stands, what it counts.

    `held` are the bins that its brush holds a part of; a brush of several bars stands nowhere. Sessions without a value
    have a bar with `blanks`. Heights are shares where `wholes` says of how many: of all, and of what is counted. An
    axis of counts that is `zoomed` ends above the bars in front that are held. Over time there are notes on `moments`.
    """

    bins: Bins | Categories | None = None
    totals: Heights = field(default_factory=lambda: np.zeros(0))
    counts: Heights = field(default_factory=lambda: np.zeros(0))
    span: tuple[float, float] | None = None
    counted: str = ""
    held: Mask | None = None
    blanks: bool = False
    wholes: tuple[float, float] | None = None
    zoomed: bool = False
    moments: tuple[Moment, ...] = ()

    @property
    def heights(self) -> tuple[Heights, Heights]:
        """Of the bars behind and of those in front."""
        if self.wholes is None:
            return self.totals, self.counts
        behind, front = self.wholes
        return self.totals / (behind or 1.0), self.counts / (front or 1.0)

    def end(self, shown: int) -> float:
        """Where the y axis ends above the first `shown` bars: in counts it does not move with those in front."""
        behind, front = (heights[:shown] for heights in self.heights)
        if self.wholes is None and self.zoomed:
            return zoom_ceiling(float(front.max(initial=0.0, where=True if self.held is None else self.held[:shown])))
        if self.wholes is None:
            return ceiling(behind)
        return share_ceiling(float(max(behind.max(initial=0.0), front.max(initial=0.0))))

    @property
    def shown(self) -> Bins | Categories | None:
        """The bins that are drawn."""
        return self.bins and shown_bins(self.bins, self.totals, self.blanks, self.held)


@dataclass(frozen=True, eq=False)
class BrushedFigure:
    """The models of one chart that change: its figure, the sources of its grey and blue bars, its brush."""

    figure: Any
    ghost: Any
    selected: Any
    glyph: Any
    tool: BoxSelectTool
    hover: HoverTool
    lines: dict[str, MomentLines] = field(default_factory=dict)

    @property
    def box(self) -> BoxAnnotation:
        """The brush as it is drawn."""
        return self.tool.overlay

    def draw(self, drawn: Drawn, *, axes: bool) -> None:
        """Patch the models in place; the axes and the grey bars only where they may have changed."""
        bins, totals, shown = drawn.bins, drawn.totals, drawn.shown
        behind, front = drawn.heights
        told = {
            "label": list(bins.labels) if bins else [],
            "total": totals,
            "counted": [drawn.counted] * len(totals),
        }
        end = drawn.end(len(shown) if shown else 0)
        along = self.figure.y_range.start if is_lying(shown) else self.figure.x_range.end
        if axes or (shown and along != len(shown)):
            fit(self.figure, shown, behind[: len(shown)] if shown else behind)
            self._measure(drawn.wholes is not None, is_lying(shown))
            self.ghost.data.update(bars(bins, behind) | told | {"at": np.arange(len(totals))})
            # Bars are picked: the box of a drag over them does not stay.
            self.tool.persistent = not isinstance(bins, Categories)
        (self.figure.x_range if is_lying(shown) else self.figure.y_range).end = end
        held = np.ones(len(totals), dtype=bool) if drawn.held is None else drawn.held
        # Changed in place, columns are sent even where they equal what Python knew: the browser has drawn
        # since.
        self.selected.data.update(
            {
                **bars(bins, front, narrow=drawn.wholes is not None),
                "count": drawn.counts,
                "alpha": np.where(held, 1.0, theme.FADED_ALPHA),
                **told,
            }
        )
        if bins is not None and not isinstance(bins, Categories) and bins.kind == "time":
            self._annotate(in_bins(drawn.moments, bins))
        if drawn.span is not None:
            lo, hi = drawn.span
            self.box.update(left=lo, right=hi, bottom=0, top=end, visible=True)
        else:
            self.box.visible = False

    def _annotate(self, shown: list[tuple[float, Moment]]) -> None:
        """Notes on moments of time; a figure without any has no models for them."""
        if shown and SCALE not in self.lines:
            self.lines[SCALE] = MomentLines(self.figure)
        if SCALE in self.lines:
            self.lines[SCALE].draw(shown)

    def _measure(self, shares: bool, lying: bool) -> None:
        """Axis and hover text for counts, or for shares."""
        axis = self.figure.xaxis[0] if lying else self.figure.yaxis[0]
        axis.formatter.format = SHARE_FORMAT if shares else COUNT_FORMAT
        axis.ticker.min_interval = 0 if shares else 1
        self.hover.tooltips = SHARE_TOOLTIP if shares else TOOLTIP

    def paint(self, color: str) -> None:
        """Give the selected bars and the brush another colour."""
        self.glyph.fill_color = color
        self.box.update(fill_color=color, line_color=color, hover_fill_color=color, hover_line_color=color)

    def models(self) -> dict[str, Any]:
        """The same by name, for the browser."""
        return {"figure": self.figure, "ghost": self.ghost, "selected": self.selected, "box": self.box}


def script(channel: Channel, readout: Model) -> CustomJS:
    """The browser half, as one callback for all events of all figures."""
    parts = [file.read_text(encoding="utf-8") for file in SCRIPTS]
    code = "\n".join([*parts, "brushingOver(channel, readout).hear(cb_obj);"])
    return CustomJS(args={"channel": channel, "readout": readout}, code=code)


def attach(plot: Any, name: str, callback: CustomJS) -> BrushedFigure:
    """Give the figure of a HoloViews overlay (grey bars, blue bars) its brush and its hover text."""
    figure = plot.state
    figure.name = name
    ghost, selected = (layer.handles["glyph_renderer"] for layer in plot.subplots.values())
    ghost.name, selected.name = "ghost", "selected"
    for renderer in (ghost, selected):
        renderer.nonselection_glyph = renderer.selection_glyph = None
    selected.glyph.fill_alpha = {"field": "alpha"}
    found = next((tool for tool in figure.tools if isinstance(tool, BoxSelectTool)), None)
    if found is None:
        found = _add_tools(figure, name, (ghost, selected), callback)
    hover = next(tool for tool in figure.tools if isinstance(tool, HoverTool) and tool.name != SCALE)
    return BrushedFigure(figure, ghost.data_source, selected.data_source, selected.glyph, found, hover)


def _add_tools(figure: Any, name: str, layers: tuple[Any, Any], callback: CustomJS) -> BoxSelectTool:
    box = _box(name)
    sources = {"behind": layers[0].data_source, "bars": layers[1].data_source}
    brush = BoxSelectTool(dimensions="width", continuous=True, persistent=True, overlay=box, renderers=[])
    hover = HoverTool(
        # The bars in front may be narrow.
        renderers=[layers[0]],
        mode="vline",
        tooltips=TOOLTIP,
        formatters={
            "@top": CustomJSHover(args=sources, code=SELECTED_HERE),
            "@at": CustomJSHover(args=sources, code=SHARES_HERE),
        },
        point_policy="follow_mouse",
        attachment="horizontal",
        show_arrow=False,
    )
    figure.add_tools(brush, hover)
    figure.toolbar.active_drag = brush
    figure.js_on_event("mouseenter", callback)
    figure.js_on_event("mouseleave", callback)
    figure.js_on_event("selectiongeometry", callback)
    figure.js_on_event("tap", callback)
    figure.js_on_event("doubletap", callback)
    # The browser sets inner_width when it first lays the figure out: there is no other sign of life.
    figure.js_on_change("inner_width", callback)
    box.js_on_change("visible", callback)
    return brush


def _box(name: str) -> BoxAnnotation:
    return BoxAnnotation(
        name=name,
        syncable=False,
        visible=False,
        editable=True,
        left=0,
        right=1,
        bottom=0,
        top=1,
        fill_color=theme.SELECTED,
        fill_alpha=theme.BRUSH_FILL_ALPHA,
        line_color=theme.SELECTED,
        line_alpha=theme.BRUSH_LINE_ALPHA,
        line_width=1.5,
        hover_fill_color=theme.SELECTED,
        hover_fill_alpha=theme.BRUSH_FILL_ALPHA,
        hover_line_color=theme.SELECTED,
        hover_line_alpha=1.0,
        hover_line_width=1.5,
    )
