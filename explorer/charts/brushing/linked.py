"""Linked charts: distributions that brush each other, over one counting, without Panel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from weakref import WeakMethod

import holoviews as hv
import numpy as np
from bokeh.models import Div

from explorer.charts import theme
from explorer.charts.brushing.brush import BrushedFigure, Channel, Drawn, attach, script
from explorer.charts.brushing.brush_span import position, said_brush, standing
from explorer.charts.brushing.counted import Counted
from explorer.charts.brushing.follow_registry import Followers
from explorer.charts.figure.documents import Telling, batch, weakly
from explorer.charts.figure.moments import Moment
from explorer.charts.kinds.distribution import distribution
from explorer.charts.shares import RUNGS, ZOOMS
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.counting import Counting
from explorer.crossfilter.formats import many
from explorer.crossfilter.selections.selection import Brush, Selection

Heard = Callable[[Selection], None]
Found = Mapping[str, Any]
# Runs a question and hands on what was found, or None where it could not be answered; a newer one stops it unanswered.
Later = Callable[[Callable[[], Any], Callable[[Any], None]], None]


def here_and_now(work: Callable[[], Any], done: Callable[[Any], None]) -> None:
    """Answer a question at once."""
    found = None
    try:
        found = work()
    finally:
        done(found)


class LinkedCharts:
    """One distribution per dimension, each a brush for the others.

    `titles` names the dimensions, in order, and what to call each. `elements` are HoloViews overlays to be
    placed once per page; `readout` is a Bokeh model that says how many sessions and actors are selected and
    follows the drag. `on_selection` hears of a brush that rests or goes in the browser, never of one that
    Python sets; `on_peek` of one that is dragged still, while there are charts that follow. `telling` is how changes
    reach the browser. Questions to the counting may take a while: `later` makes what asks one kind of them. What is
    drawn stands until what comes next is counted; of selections and sessions only the newest is.

    >>> linked = LinkedCharts({"duration": "Session duration"})
    >>> list(linked.elements)
    ['duration']
    """

    def __init__(
        self,
        titles: Mapping[str, str],
        *,
        on_selection: Heard | None = None,
        on_peek: Heard | None = None,
        telling: Telling = batch,
        later: Callable[[], Later] = lambda: here_and_now,
        words: tuple[str, str] = ("sessions", "actors"),
    ) -> None:
        self.selection = Selection()
        self.channel = Channel()
        self.readout = Div(text="", render_as_text=True, html_attributes={"role": "status"})
        self._words = words
        self._on_selection = on_selection
        self._on_peek = on_peek
        self._telling = telling
        self._ask_for_table, self._ask_for_counts = later(), later()
        self._counting: Counting | None = None
        self._counted = Counted()
        self._coming: Counting | None = None  # what is to be drawn once it is counted
        self._due: bool | None = None  # whether something else is to be drawn when it is counted, and its axes too
        self._unanswered: Mapping[str, Any] | None = None  # the brush of the browser that is being counted
        self._color = theme.SELECTED
        self._shares = self._zoomed = False
        self._moments: tuple[Moment, ...] = ()
        self._generation = 0
        self._drawings = 0
        self._figures: dict[str, BrushedFigure] = {}
        self._heights: dict[str, int] = {}
        self._script = script(self.channel, self.readout)
        self.channel.on_change("request", self._on_request)
        self.followers = Followers(self._script, self._soon, self._announce)
        self.elements: dict[str, hv.Overlay] = {}
        self._cumulative: set[str] = set()
        self._blanks: set[str] = set()
        for name, title in titles.items():
            self.add(name, title)

    def add(self, name: str, title: str) -> hv.Overlay:
        """One more chart, of a dimension that has none yet; it is drawn when it is placed and rendered."""
        hooks = [partial(weakly, WeakMethod(self._rendered), name)]
        self.elements[name] = distribution(None, title=title, hooks=hooks)
        return self.elements[name]

    def remove(self, name: str) -> None:
        """Take a chart away. A brush on it stands until `select` or `show` takes it away too."""
        del self.elements[name]
        if self._figures.pop(name, None) is not None:
            self._soon(self._announce)

    def dress(self, name: str, *, height: int, cumulative: bool, blanks: bool = False) -> None:
        """How tall a chart is in pixels, whether its bars add up what is below them, and whether sessions without a
        value have one."""
        changed = (cumulative, blanks) != (name in self._cumulative, name in self._blanks)
        (self._cumulative.add if cumulative else self._cumulative.discard)(name)
        (self._blanks.add if blanks else self._blanks.discard)(name)
        brushed = self._figures.get(name)
        if brushed is not None and (changed or brushed.figure.height != height):
            self._soon(lambda: self._dress(name, height))
        self._heights[name] = height

    def _dress(self, name: str, height: int) -> None:
        if name in self._figures:
            self._figures[name].figure.height = height
            self._drawings += 1
            self.channel.state = self._state()
            self._figures[name].draw(self._drawn(name), axes=True)

    def show(self, counting: Counting, selection: Selection | None = None) -> None:
        """Draw other sessions into the same figures; dimensions that it does not have stay empty."""
        self._coming = counting
        if self._counting is None:
            self._counting, self._counted = counting, Counted.at_once(counting)
        self._draw(self.selection if selection is None else selection, axes=True)

    def select(self, selection: Selection) -> None:
        """Set all brushes from Python; does nothing when they are so already."""
        if selection != self.selection:
            self._draw(selection, axes=False)

    def share(self, shares: bool, zoomed: bool = False) -> None:
        """Draw shares, of all and of the selected, instead of counts; or counts again, with axes that end above all
        bars or, `zoomed`, above those that are selected."""
        if (shares, zoomed) != (self._shares, self._zoomed):
            self._shares, self._zoomed = shares, zoomed
            self._redraw(axes=True)
            self._soon(lambda: self.followers.share(shares, zoomed))

    def annotate(self, moments: tuple[Moment, ...]) -> None:
        """Draw other notes on moments of time, in all charts over time."""
        if moments != self._moments:
            self._moments = moments
            self._redraw(axes=False)
            self._soon(lambda: self.followers.annotate(moments))

    def paint(self, color: str) -> None:
        """Draw the selected bars and the brushes in another colour (`#rrggbb`)."""
        if color == self._color:
            return
        self._color = color
        self._soon(self._repaint)

    def _repaint(self) -> None:
        for brushed in self._figures.values():
            brushed.paint(self._color)
        self.followers.paint(self._color)

    def _draw(self, selection: Selection, *, axes: bool) -> None:
        """Draw this once it is counted."""
        self.selection = selection
        self._due = axes or bool(self._due)
        self._count()

    def _redraw(self, *, axes: bool) -> None:
        """Draw what is counted."""
        self._generation += 1
        self._soon(lambda: self._send(axes))

    def _count(self) -> None:
        """Count what is selected now; what was being counted is not wanted any more."""
        counting, selection, names = self._coming, self.selection, tuple(self.elements)
        if counting is not None:
            work = partial(Counted.of, counting, selection, names)
            self._ask_for_counts(work, lambda counted: self._count_found(counting, counted))
        else:
            self._count_found(None, Counted())

    def _count_found(self, counting: Counting | None, counted: Counted | None) -> None:
        """Draw what was counted, or tell the browser whose brush it is; with None, it could not be counted."""
        request, self._unanswered = self._unanswered, None
        if counted is not None:
            due, self._due = self._due, None
            self._counting, self._counted = counting, counted
            if request is not None and due is None and request["generation"] == self._generation:
                counts = {name: each.astype(np.float64) for name, each in counted.counts.items()}
                self._tell(request, {"counts": counts, "readout": self._readout()})
                return
            self._redraw(axes=bool(due))
        if request is not None:
            self._tell(request, None)

    def _send(self, axes: bool) -> None:
        # First the brushes: the browser must know them before it sees a box come or go.
        self.channel.state = self._state()
        for name, brushed in self._figures.items():
            brushed.draw(self._drawn(name), axes=axes)
        self.readout.text = self._readout()

    def _soon(self, change: Callable[[], Any]) -> None:
        """Change the models as one: now, or where a server has them on its next tick, when it is sure to hold the
        document's lock; whoever calls may not."""
        document = self.channel.document

        def act() -> None:
            with self._telling(document):
                change()

        if document is None or document.session_context is None:
            act()
        else:
            document.add_next_tick_callback(act)

    def _rendered(self, name: str, plot: Any, _: Any) -> None:
        """HoloViews' hook: a figure is new, or HoloViews has reset its sources."""
        self._figures[name] = attach(plot, name, self._script)
        self._figures[name].figure.height = self._heights.get(name, theme.CHART_HEIGHT)
        self._drawings += 1
        self._soon(self._announce)
        self._figures[name].paint(self._color)
        self._figures[name].draw(self._drawn(name), axes=True)
        counting = self._coming
        if counting is not None and name in counting.dimensions and name not in self._counted.counts:
            self._draw(self.selection, axes=True)

    def _announce(self) -> None:
        document = self.channel.document
        served = document is not None and document.session_context is not None
        if served and any(brushed.figure.document is None for brushed in self._figures.values()):
            # The browser gets to know a figure by its place on the page, and must not hear of it before.
            document.add_next_tick_callback(lambda: self._soon(self._announce))
            return
        self.channel.charts = {name: brushed.models() for name, brushed in self._figures.items()}
        self.channel.state = self._state()

    def _drawn(self, name: str) -> Drawn:
        counting = self._counting
        if counting is None or name not in counting.dimensions:
            return Drawn()
        bins, brush = counting.dimensions[name].bins, self._brushed(name)
        whole = np.cumsum if name in self._cumulative else np.asarray
        totals = counting.totals()[name]
        counts = self._counted.counts.get(name, np.zeros(len(totals), dtype=np.int64))
        return Drawn(
            bins,
            whole(totals).astype(np.float64),
            whole(counts).astype(np.float64),
            position(bins, brush),
            self._words[counting.dimensions[name].per_actor],
            bins.touched(brush) if brush else None,
            name in self._blanks,
            (float(totals.sum()), float(counts.sum())) if self._shares else None,
            self._zoomed,
            self._moments,
        )

    def _brushed(self, name: str) -> Brush | None:
        """The brush of a chart, where it says something about its values."""
        if self._counting is None:
            return None
        return self._counting.holding(self.selection).get(name)

    def _state(self) -> dict[str, Any]:
        dimensions = self._counting.dimensions if self._counting else {}
        return {
            "generation": self._generation,
            "drawings": self._drawings,  # a state that is equal to the one before is not sent
            "brushes": standing(self._counting, self.selection) if self._counting else {},
            "bars": [name for name, each in dimensions.items() if isinstance(each.bins, Categories)],
            "words": list(self._words),
            "faded": theme.FADED_ALPHA,
            "cumulative": sorted(self._cumulative),
            "peeking": bool(self.followers.shown),
            "shares": self._shares,
            "rungs": list(RUNGS),
            "zoomed": self._zoomed,
            "zooms": list(ZOOMS),
            # The browser lets axes follow a drag by itself, too.
            "ends": self._ends() if self._shares or self._zoomed else {},
            # The browser writes its own readout while it is dragged over: Bokeh sends no text that Python knew.
            "readout": self._readout(),
        }

    def _ends(self) -> dict[str, float]:
        drawn = ((name, self._drawn(name)) for name in self._figures)
        return {name: each.end(len(each.shown)) for name, each in drawn if each.shown}

    def _readout(self) -> str:
        if self._counted.sessions is None or self._counted.actors is None:
            return ""
        counts = self._counted.sessions, self._counted.actors
        texts = (many(n, words.removesuffix("s")) for n, words in zip(counts, self._words, strict=True))
        return f"{' · '.join(texts)}{' selected' if self._counted.selection else ''}"

    def _on_request(self, _attr: str, _old: object, request: dict[str, Any]) -> None:
        document = self.channel.document
        served = document is None or document.session_context is not None
        try:
            loop = None if served else asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if loop is None:
            self._answer(request)
        else:
            # In a notebook Panel drops what changes inside its own message handler.
            loop.call_soon(self._answer, request)

    def _answer(self, request: Mapping[str, Any]) -> None:
        before = self.selection
        # A click means what is under it, whatever brushes have changed meanwhile.
        known = request["kind"] == "pick" or request["generation"] == self._generation
        if self._counting is None or not known:
            self._tell(request, None)
        elif request["kind"] == "table":
            self._ask_table(self._counting, request)
        elif request["kind"] == "select":
            self._brush(self._counting, request)
        else:
            try:
                self._follow(self._counting, request)
            finally:
                self._tell(request, {})
        if self.selection != before and self._on_selection is not None:
            self._on_selection(self.selection)

    def _tell(self, request: Mapping[str, Any], found: Found | None) -> None:
        """Answer a request; with None, that the page has moved on meanwhile."""
        reply = {"seq": request["seq"], "kind": "stale", "generation": self._generation}
        with self._telling(self.channel.document):
            self.channel.reply = reply if found is None else {**reply, "kind": request["kind"], **found}

    def _ask_table(self, counting: Counting, request: Mapping[str, Any]) -> None:
        generation, selection, names = self._generation, self.selection, tuple(self.elements)

        def work() -> Found:
            table = counting.running(request["name"], selection, names)
            charts = {other: running.ravel() for other, running in table.charts.items()}
            return {"charts": charts, "sessions": table.sessions.ravel(), "actors": table.actors.ravel()}

        def done(found: Found | None) -> None:
            self._tell(request, found if self._generation == generation else None)

        self._ask_for_table(work, done)

    def _brush(self, counting: Counting, request: Mapping[str, Any]) -> None:
        """Brushes that rest in the browser, which has drawn all but the counts."""
        if self._unanswered is not None:
            self._tell(self._unanswered, None)
        self._unanswered = request
        self.selection = self._said(counting, request)
        self._count()

    def _follow(self, counting: Counting, request: Mapping[str, Any]) -> None:
        """What asks for no counts: a click on a chart that follows, a brush that is dragged still."""
        if request["kind"] == "pick":
            self.select(self.followers.picked(request, self.selection))
        elif self._on_peek is not None:
            self._on_peek(self._said(counting, request))

    def _said(self, counting: Counting, request: Mapping[str, Any]) -> Selection:
        selection = self.selection
        for name, span in request["spans"].items():
            selection = selection.with_(name, said_brush(counting.dimensions[name].bins, span))
        return selection
