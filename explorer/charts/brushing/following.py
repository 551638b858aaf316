"""Charts that follow the brushes: measured bars, heat maps, lines and points; drawn once, then patched."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol
from weakref import WeakMethod

import holoviews as hv
from bokeh.models import CustomJS

from explorer.charts import theme
from explorer.charts.figure.documents import weakly
from explorer.charts.figure.moments import Moment
from explorer.charts.figure.plane import Picked
from explorer.charts.kinds.distribution import dress
from explorer.charts.shares import shared
from explorer.crossfilter.measured import Followed
from explorer.crossfilter.selections.brushes import Brush
from explorer.crossfilter.selections.selection import Selection


class FollowingChart(Protocol):
    """One chart: `element` is placed once, `draw` patches it, `picked` says what a click or a drag brushes. Where it is
    `zoomed`, its scale is that of the selected and not of all. Over time it draws notes on `moments`."""

    zoomed: bool
    moments: tuple[Moment, ...]

    def element(self) -> Any: ...
    def attach(self, plot: Any, callback: CustomJS) -> Any: ...
    def draw(self, followed: Any, selection: Selection, color: str) -> None: ...
    def picked(self, followed: Any, picked: Picked, selection: Selection) -> Mapping[str, Brush | None]: ...


class Follower:
    """A following chart on the page: its element, the models behind it, and the last numbers it was given."""

    def __init__(self, name: str, kind: type[Any], title: str, callback: CustomJS, height: int) -> None:
        self.name, self.kind, self.title = name, kind, title
        self.chart: FollowingChart = kind()
        self.figure: Any = None
        self._callback, self._height = callback, height
        self._last: tuple[Followed, Selection] | None = None
        self._color = theme.SELECTED
        self.shares = self.zoomed = False
        self.moments: tuple[Moment, ...] = ()
        hook = partial(weakly, WeakMethod(self._rendered))
        self.element: hv.Overlay = self.chart.element().opts(hooks=[hook], clone=False)

    def resize(self, height: int) -> None:
        """Another height in pixels."""
        self._height = height
        if self.figure is not None and self.figure.height != height:
            self.figure.height = height

    def show(self, followed: Followed, selection: Selection, color: str) -> None:
        """Draw other numbers."""
        self._last, self._color = (followed, selection), color
        self._draw()

    def picked(self, picked: Picked, selection: Selection) -> Mapping[str, Brush | None]:
        """What a click or a drag brushes."""
        return self.chart.picked(self._last[0], picked, selection) if self._last is not None else {}

    def paint(self, color: str) -> None:
        """Draw the same in another colour."""
        self._color = color
        self._draw()

    def annotate(self, moments: tuple[Moment, ...]) -> None:
        """Draw the same with other notes on moments of time."""
        self.moments = moments
        self._draw()

    def share(self, shares: bool, zoomed: bool = False) -> None:
        """Draw the same as shares, or as it is, `zoomed` to the selected."""
        self.shares, self.zoomed = shares, zoomed
        self._draw()

    def _draw(self) -> None:
        if self.figure is not None and self._last is not None:
            followed, selection = self._last
            self.chart.zoomed = self.zoomed and not self.shares
            self.chart.moments = self.moments
            self.chart.draw(shared(followed) if self.shares else followed, selection, self._color)

    def _rendered(self, plot: Any, _: Any) -> None:
        self.figure = plot.state
        self.figure.name = self.name
        dress(self.figure, self.title)
        self.figure.height = self._height
        self.chart.attach(plot, self._callback)
        self._draw()
