"""A chart of outlines that stays the same figure while what it shows changes, without Panel."""

from __future__ import annotations

from functools import partial
from typing import Any
from weakref import WeakMethod

import holoviews as hv

from explorer.charts.figure.documents import Telling, batch, weakly
from explorer.charts.overlay import Drawn, OverlaidFigure, attach, draw, overlaid


class OverlaidChart:
    """`element` is to be placed once per page; `show` draws other lines into its figure.

    `telling` is how changes reach the browser.

    >>> OverlaidChart("compared duration", "Session duration").element
    :Overlay
       .Bin.I  :Histogram   [bin]   (highest)
       .Line.I :Path   [bin,height]
    """

    def __init__(self, name: str, title: str, telling: Telling = batch) -> None:
        self.drawn = Drawn()
        self._telling = telling
        self._figure: OverlaidFigure | None = None
        # HoloViews keeps the options of every element for as long as the process lives, and hooks are options.
        hook = partial(weakly, WeakMethod(self._rendered))
        self.element: hv.Overlay = overlaid(self.drawn, title=title, name=name, hooks=[hook])

    def show(self, drawn: Drawn) -> None:
        """Draw other distributions: now, or on the next tick of a server, when it holds the document's lock."""
        self.drawn = drawn
        document = None if self._figure is None else self._figure.figure.document
        if document is None or document.session_context is None:
            self._patch()
        else:
            document.add_next_tick_callback(self._patch)

    def _patch(self) -> None:
        if self._figure is not None:
            with self._telling(self._figure.figure.document):
                draw(self._figure, self.drawn)

    def _rendered(self, plot: Any, _: Any) -> None:
        """HoloViews' hook: the figure is new, or HoloViews has reset its sources."""
        self._figure = attach(plot)
        draw(self._figure, self.drawn)
