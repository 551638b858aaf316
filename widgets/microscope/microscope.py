"""The microscope beside an explorer: opens a session, follows the definition and the brushes, turns pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from explorer.crossfilter.selections.selection import Values
from explorer.engine.engine import Engine
from explorer.engine.microscope.session_place import Found, again, holding, look, of_one_actor, same_events
from explorer.errors import ExplorerError, SpecError
from explorer.spec.analysis import Analysis
from explorer.state import Explorer
from widgets.microscope import patterns, texts
from widgets.microscope.answers import EVENTS, LANES, Look, Selected, looked, stretch
from widgets.microscope.head import Plain
from widgets.microscope.panel import MicroscopePanel
from widgets.notebook.inline import Inline
from widgets.notebook.told import Told
from widgets.notebook.view import Presence
from widgets.parts.component import style
from widgets.parts.latest_task import Latest
from widgets.parts.notice import Message, Notice
from widgets.sessions.sessions_table import SessionsTable

GONE = "The session that was looked at is gone: its first event is in no session of '{}'."
OTHERS = "The session that was looked at is gone: other events are explored now."
# One of each kind of answer is under way at a time.
KINDS = ("strip", "events", "lanes", "detail", "walk", "matches", "marked")
SIZES = (25, 50, 100)


class Microscope(Inline, param.Parameterized):
    """Shows one session at a time in its card, `place`; `open(session_id)` is all that others need."""

    value = param.String(doc="The id of the session that is looked at; empty when none is.")

    def __init__(
        self, state: Explorer, table: SessionsTable, notice: Notice, say: Callable[[ExplorerError | None], None]
    ) -> None:
        """`table` says in which order the selected sessions are walked; `notice` tells that a session is gone."""
        super().__init__()
        self.state, self._table, self._notice, self._say = state, table, notice, say
        self.panel: MicroscopePanel | None = None
        self.found: Found | None = None
        self._engine: Engine | None = None
        self.place = pn.Column(
            stylesheets=[style("parts/card.css")], visible=False, margin=0, sizing_mode="stretch_width"
        )
        self._size, self._left_out, self._matching = EVENTS, False, ""
        self._looks = Latest[tuple[Look | None, str]](self._show, self._fail, lambda: self._wait(True))
        self._answers = {kind: Latest[tuple[Found, Plain]](self._put(kind), self._fail) for kind in KINDS}
        self.state.param.watch(lambda *_: self._follow(), "drawn")
        self.state.param.watch(lambda *_: self._tell_walk(), "selection")
        self.state.param.watch(lambda event: self._link(event.old, event.new), "analysis")
        table.param.watch(lambda *_: self._tell_walk(), "sort")
        self._opening = False

    def inline(self, presence: Presence) -> pn.viewable.Viewable:
        """The card below a cell."""
        del presence
        return self.place

    def still_words(self) -> Told:
        """The session that is looked at."""
        return (
            self.panel.still_words() if self.panel and self.value else Told("Microscope", ["No session is looked at."])
        )

    def open(self, session_id: str) -> None:
        """Look at a session of the definition on the page, by its id as in `engine.sessions`."""
        drawn, engine = self.state.drawn, self.state.engine
        if drawn is not None and session_id != self.value:
            self._look(lambda: look(engine, drawn.definition, session_id), opened=True)

    def open_selected(self) -> None:
        """Look at the first of the selected sessions, in the order of the table."""
        if self.state.drawn is None:
            return
        selected = self._selected()

        def first() -> Found:
            found = selected.nth(0)
            if found is None:
                raise SpecError("The brushes hold no session to look into.")
            return found

        self._look(first, opened=True)

    def close(self) -> None:
        """Put the microscope away."""
        self._looks.run(lambda: (None, ""))  # what is on its way opens nothing any more
        self.found = None
        self.place.visible = False
        self.value = ""

    def hear(self, message: dict[str, Any]) -> None:
        """Take a wish from the browser."""
        found = self.found
        if found is None:
            return
        (wish, value), *_ = message.items()
        if wish == "close":
            self.close()
        elif wish == "open":
            self._look(lambda: found.numbered(int(value)))
        elif wish == "at":
            self._look(lambda: holding(found, int(value)))
        elif wish == "walk" and self._in_step(found):
            selected = self._selected()
            self._look(lambda: selected.beside(found, int(value)))
        elif wish == "window":
            low, high = (round(edge) for edge in value)
            self._ask("strip", found, lambda: stretch(found, low, high, self._left_out))
        elif wish == "left_out":
            self._left_out = bool(value)
        elif wish == "lanes":
            self._ask("lanes", found, lambda: texts.lanes(found, max(int(value), 0), LANES))
        elif wish == "match":
            self._match(found, str(value))
        elif wish == "mark":
            self._mark(found, value)
        elif wish == "take" and self.panel is not None:
            self._take(found, *value)
        elif wish == "point":
            self._ask("detail", found, lambda: texts.event(found, int(value)))
        else:
            self._turn(found, wish, int(value))

    # ---- work

    def _look(self, find: Callable[[], Found | None], opened: bool = False) -> None:
        selected, size, more = self._selected(), self._size, self._left_out
        self._opening = opened

        def work() -> tuple[Look | None, str]:
            found = find()
            return (None if found is None else looked(found, selected, size, more)), ""

        self._looks.run(work)

    def _turn(self, found: Found, wish: str, value: int) -> None:
        """Another page of events: by its number, by an event that it holds, or the first of another size."""
        if wish == "size" and value in SIZES:
            self._size = value
        size = self._size
        page = {"page": value, "row": (value - found.events.start) // size}.get(wish, 0)
        page = min(max(page, 0), (len(found.events) - 1) // size)
        self._ask("events", found, lambda: texts.events(found, page, size))

    def _match(self, found: Found, name: str) -> None:
        """Mark the matches of another metric's pattern."""
        self._matching = name
        self._ask("matches", found, lambda: patterns.matches(found, name))

    def _mark(self, found: Found, value: Any) -> None:
        """Propose the patterns of a stretch of events; none lets go of it."""
        engine = self.state.engine
        match value:
            case [int(first), int(last)]:
                self._ask("marked", found, lambda: patterns.marked(engine, found, first, last))
            case _:
                self._ask("marked", found, dict)

    def _take(self, found: Found, at: int, brush: bool) -> None:
        """Make a proposed pattern a metric, and brush the sessions that match it where that is asked."""
        ways = self.panel.marked.get("ways", []) if self.panel is not None else []
        if not self._in_step(found) or not 0 <= at < len(ways):
            return
        definition, columns = self.state.definition, self.state.engine.schema
        metric = patterns.metric_of(definition, ways[at]["pattern"], columns)
        self._matching = metric.name
        try:
            with param.parameterized.batch_call_watchers(self.state):
                self.state.define(metrics=(*definition.metrics, metric))
                if brush:
                    self.state.show_chart(metric.name, named=True)
                    self.state.selection = self.state.selection.with_(metric.name, Values(frozenset({"true"})))
        except SpecError as error:
            self._say(error)
            return
        self._notice.value = Message(
            "info", f"{metric.name} is a metric now: whether a session matches {metric.pattern}."
        )

    def _ask(self, kind: str, found: Found, make: Callable[[], Plain]) -> None:
        self._answers[kind].run(lambda: (found, make()))

    def _selected(self) -> Selected:
        state = self.state
        known = state.analysis
        return Selected(state.engine, state.on_page, state.selection, self._table.sort, known.links, known.annotations)

    def _in_step(self, found: Found) -> bool:
        """Whether the picture on the page is of the definition that is looked at."""
        return self.state.drawn is not None and self.state.drawn.definition == found.definition

    # ---- following

    def _follow(self) -> None:
        found, engine, drawn = self.found, self.state.engine, self.state.drawn
        if found is None or drawn is None:
            return
        definition = drawn.definition
        if definition == found.definition and engine is self._engine:
            self._tell_walk()
            return
        selected, size, more = self._selected(), self._size, self._left_out
        self._opening = False

        def work() -> tuple[Look | None, str]:
            try:
                sessions = of_one_actor(engine, definition, found.id)
            except SpecError:
                return None, OTHERS
            there = again(found, sessions)
            if there is None:
                return None, GONE.format(definition.name) if same_events(found, sessions.events) else OTHERS
            return looked(there, selected, size, more), ""

        self._looks.run(work)

    def _link(self, before: Analysis | None, now: Analysis | None) -> None:
        """Other links to other tools, or other notes on moments of time."""
        found = self.found
        if found is None or before is None or now is None:
            return
        if (before.links, before.annotations) != (now.links, now.annotations):
            self._look(lambda: found)

    def _tell_walk(self) -> None:
        found = self.found
        if found is not None and self._in_step(found):
            selected = self._selected()
            self._ask("walk", found, lambda: selected.said(found))

    # ---- what was found

    def _show(self, outcome: tuple[Look | None, str]) -> None:
        self._wait(False)
        looked_at, gone = outcome
        if looked_at is None:
            if gone:
                self.close()
                self._notice.value = Message("info", gone)
            return
        self.found, self._engine = looked_at.found, looked_at.engine
        if self.panel is None:
            self.panel = MicroscopePanel(sizing_mode="stretch_width", margin=0)
            self.panel.on_msg(lambda event: self.hear(event.data))
            self.place.append(self.panel)
        self.place.visible = True
        self.panel.param.update(turn=self.panel.turn + self._opening, marked={}, **looked_at.shown)
        self._match(looked_at.found, self._matching)
        self.value = looked_at.shown["head"]["id"]

    def _put(self, kind: str) -> Callable[[tuple[Found, Plain]], None]:
        def put(answer: tuple[Found, Plain]) -> None:
            found, shown = answer
            if found is self.found and self.panel is not None:
                self.panel.param.update(**{kind: shown})

        return put

    def _fail(self, error: ExplorerError) -> None:
        self._wait(False)
        self._say(error)

    def _wait(self, waiting: bool) -> None:
        if self.panel is not None:
            self.panel.busy = waiting
