"""What the figures of charts that follow have in common: their axes, their tools, their texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import holoviews as hv
import numpy as np
import numpy.typing as npt
from bokeh.models import BoxSelectTool, CustomJS, HoverTool

from explorer.charts import theme
from explorer.charts.figure.tick_axis import axis
from explorer.charts.figure.ticks import put_ticks, shortened, with_room
from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.selections.brushes import Brush, Range, Values
from explorer.spec.charts.dimension import Dimension

SHORT_NAME = 6
Floats = npt.NDArray[np.float64]
Write = Callable[[float], str]


@dataclass(frozen=True)
class Picked:
    """A click or a drag: from where to where in the figure's own coordinates; `adding` with Shift, Ctrl or Cmd.

    What is picked once more goes away; not what is picked `exact`ly, by keys.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    adding: bool = False
    is_drag: bool = False
    exact: bool = False

    def steps(self, times: list[int]) -> Range | None:
        """The brush of the steps that a drag takes, on an axis where the step that begins at times[i] stands at i."""
        if not self.is_drag or not times:
            return None
        low, high = sorted(self.x)
        first = int(np.clip(np.floor(low + 0.5), 0, len(times) - 1))
        after = int(np.clip(np.ceil(high + 0.5), first + 1, len(times)))
        return Range(times[first], times[after] if after < len(times) else None, "time")


def plain_figure(layers: hv.Overlay) -> hv.Overlay:
    """The layers as a figure that is as wide as there is room, without a toolbar, a legend or names of axes."""
    return layers.opts(
        responsive=True, height=theme.CHART_HEIGHT, shared_axes=False, show_legend=False, show_frame=False,
        xlabel="", ylabel="", toolbar=None,
    )  # fmt: skip


def add_tools(figure: Any, callback: CustomJS, renderer: Any, tooltip: str, *, dimensions: str = "both") -> None:
    """A drag selects, a click picks, hovering tells; nothing zooms."""
    box = BoxSelectTool(dimensions=dimensions, continuous=False, persistent=False, renderers=[])
    box.overlay.update(
        fill_color=theme.SELECTED,
        fill_alpha=theme.BRUSH_FILL_ALPHA,
        line_color=theme.SELECTED,
        line_alpha=theme.BRUSH_LINE_ALPHA,
    )
    hover = HoverTool(
        renderers=[renderer], tooltips=theme.tooltip(tooltip),
        point_policy="follow_mouse", attachment="horizontal", show_arrow=False,
    )  # fmt: skip
    figure.add_tools(box, hover)
    figure.toolbar.active_drag = box
    for event in ("selectiongeometry", "tap", "doubletap"):
        figure.js_on_event(event, callback)
    # As with figures that are brushed, the only sign that it is on the page.
    figure.js_on_change("inner_width", callback)


def fit_values(figure: Any, values: list[float | None], write: Write, *, long: bool, across: bool = False) -> None:
    """An axis of round numbers around these values, vertical or `across`; `long` says that they are durations."""
    ticks, low, high = axis(values, write, long)
    span = high - low
    (figure.x_range if across else figure.y_range).update(start=low, end=high + 0.06 * span)
    axis_of = figure.xaxis[0] if across else figure.yaxis[0]
    put_ticks(axis_of, ((low + place * span, text) for place, text in ticks))


def fit_bins(figure: Any, bins: Bins | Categories, *, vertical: bool = False) -> None:
    """An axis of bins, bin i at [i, i + 1]; names are read from top to bottom, and are short enough below an axis."""
    scale = figure.y_range if vertical else figure.x_range
    named = isinstance(bins, Categories)
    scale.update(start=len(bins) if vertical and named else 0, end=0 if vertical and named else len(bins))
    ticks = bins.ticks
    most = theme.LONGEST_LABEL
    if vertical:
        ticks = with_room(ticks, figure.height)
    elif named:
        # Short names all stand; of others so many that they do not touch.
        wide = max((len(label) for _, label in ticks), default=0)
        room = max(1, theme.ROW_OF_LABELS // (min(wide, SHORT_NAME) + 2))
        ticks = ticks[:: -(-len(ticks) // room)] if ticks else ()
        most = max(SHORT_NAME, theme.ROW_OF_LABELS // max(1, len(ticks)) - 2)
    put_ticks(figure.yaxis[0] if vertical else figure.xaxis[0], ((at, shortened(label, most)) for at, label in ticks))


def known(values: Floats) -> list[float | None]:
    """Numbers, None where there is none."""
    return [None if np.isnan(value) else float(value) for value in values.ravel()]


def brush_of(
    bins: Bins | Categories, shown: int, ends: tuple[float, float], old: Brush | None, adding: bool
) -> Brush | None:
    """The brush of the bins between two places on an axis that has the first `shown`, with those of `old` where it
    adds."""
    low, high = sorted(ends)
    first = min(max(int(np.floor(low)), 0), shown - 1)
    last = min(max(int(np.ceil(high)), first + 1), shown)
    picked = set(range(first, last))
    if adding and old is not None and bins.fits(old):
        picked |= set(np.flatnonzero(bins.touched(old)).tolist())
    if isinstance(bins, Categories) and Dimension.parse(bins.name).place == "any":
        # A session with another value may have these too: "other" cannot be said by what it is not.
        picked -= {len(bins.values)} if bins.others else set()
        values = frozenset(bins.values[at] for at in picked if at < len(bins.values))
        none = bins.none and len(bins) - 1 in picked
        return Values(values, none=none) if values or none else None
    return bins.brush(sorted(picked))


def written(values: Floats, write: Write) -> list[str]:
    """A text for each value."""
    return [theme.NOTHING if np.isnan(value) else write(float(value)) for value in values.ravel()]
