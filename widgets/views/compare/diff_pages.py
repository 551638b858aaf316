"""The sessions of one kind of difference, page by page, and the events of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import panel as pn

from explorer.engine.answers.compare import SIDES, Diff, Of
from explorer.errors import ExplorerError
from explorer.spec.columns import Columns
from explorer.spec.context.link import Link
from widgets.parts.latest_task import Latest
from widgets.parts.segments import options_of, segments
from widgets.parts.theme import grid, heading, heading_html
from widgets.sessions.sessions_table import SessionsTable
from widgets.views.compare.boundaries import Boundaries
from widgets.views.compare.boundary_rows import MOST, STEP, boundary_rows
from widgets.views.compare.compare_sides import Way
from widgets.views.compare.diff_texts import (
    KINDS,
    event_columns,
    events_title,
    first_side,
    session_columns,
    session_links,
    session_rows,
    unknown_links,
)

Held = tuple[Diff, tuple[Way, Way]]


class Page(NamedTuple):
    """Some sessions as rows from the place `first` on, their ids, and how many there are."""

    first: int
    rows: list[list[Any]]
    ids: list[str]
    total: int


class DiffPages:
    """Connects the table of sessions with a diff, and the events with the table."""

    def __init__(self, say: Callable[[ExplorerError], None]) -> None:
        self._held: Held | None = None
        self._columns: Columns | None = None
        self._links: tuple[Link, ...] = ()
        self._kind = ""
        self._page = Page(0, [], [], 0)
        self._opened: dict[int, int] = {}
        self._most = MOST
        self._pages = Latest[Page](self._show_page, say)
        self._events = Latest[dict[str, Any]](self._show_events, say)
        self.segments = segments("Sessions of")
        self.table = SessionsTable(
            page_size=25, empty="There is no such session.", sizing_mode="stretch_width", margin=0
        )
        self.boundaries = Boundaries()
        self.heading = heading()
        self.segments.param.watch(lambda *_: self._turn(), "value")
        self.table.param.watch(lambda *_: self._load(), ["page", "page_size"])
        self.table.param.watch(lambda event: self._look(event.new), "selected")
        self.boundaries.param.watch(lambda event: self._more(event.new), "wanted")
        head = pn.Row(self.heading, self.segments, sizing_mode="stretch_width", margin=0)
        both = grid(self.table, self.boundaries)
        self.place = pn.Column(
            head, both, sizing_mode="stretch_width", margin=(14, 0, 0, 0), styles={"max-height": "none"}, visible=False
        )

    def link(self, links: tuple[Link, ...]) -> None:
        """Lead from the sessions to these tools."""
        if links != self._links:
            self._links = links
            self.choose(self._kind)

    def hold(self, held: Held | None, columns: Columns | None = None) -> None:
        """Another diff: what was shown of the one before is not true any more."""
        self._held, self._columns = held, columns
        self.choose(self._kind)

    def choose(self, kind: str) -> None:
        """Show the sessions of a kind, from the first; none: nothing."""
        self._kind = kind
        self.place.visible = bool(kind) and self._held is not None
        if not kind or self._held is None:
            return
        diff, (one, other) = self._held
        some = [of for of in SIDES if diff.total(kind, of)]
        first = first_side(kind)
        self.segments.param.update(
            options=options_of(
                {of: f"Of {way.name}" for of, way in zip(SIDES, (one, other), strict=True) if of in some}
            ),
            visible=len(some) > 1,
            value=first if first in some else some[0] if some else None,
        )
        title, meaning = (text.format(one=one.name, other=other.name) for text in KINDS[kind])
        unknown = unknown_links(self._links, self._columns) if self._columns is not None else ""
        about = " ".join(filter(None, (meaning, "Choose a session to see its events.", unknown)))
        self.heading.object = heading_html(title, about)
        self.boundaries.param.update(names=(one.name, other.name), colors=(one.color, other.color), shown={})
        self._turn()

    @property
    def _of(self) -> Of:
        return "other" if self.segments.value == "other" else "one"

    def _turn(self) -> None:
        """The sessions of the other side are asked for, or of another kind."""
        if self._held is None or not self._kind:
            return
        self.table.columns = session_columns(self._held[1][self._of == "one"].name, bool(self._links))
        if self.table.page:
            self.table.page = 0
        else:
            self._load()

    def _load(self) -> None:
        if self._held is None or self._columns is None or not self._kind:
            return
        (diff, _), kind, of, columns, links = self._held, self._kind, self._of, self._columns, self._links
        begin, size = self.table.page * self.table.page_size, self.table.page_size

        def work() -> Page:
            frame = diff.page(kind, of, slice(begin, begin + size))
            rows = session_rows(frame, columns.time_zone)
            if links:
                rows = [[*row, its] for row, its in zip(rows, session_links(links, frame, columns), strict=True)]
            return Page(begin, rows, frame["session_id"].to_list(), diff.total(kind, of))

        self._pages.run(work)

    def _show_page(self, found: Page) -> None:
        self._page = found
        self.table.param.update(rows=found.rows, total=found.total, noun="sessions of this kind", selected=None)
        self.boundaries.shown = {}

    def _look(self, row: int | None) -> None:
        self._opened, self._most = {}, MOST
        if row is None or row >= len(self._page.ids):
            self.boundaries.shown = {}
        else:
            self._read(row)

    def _more(self, wanted: tuple[str, int] | None) -> None:
        if wanted is None or self.table.selected is None:
            return
        what, at = wanted
        if what == "open":
            self._opened = self._opened | {at: self._opened.get(at, 0) + STEP}
            self._most += STEP
        else:
            self._most += MOST
        self._read(self.table.selected)

    def _read(self, row: int) -> None:
        if self._held is None or self._columns is None:
            return
        (diff, ways), of, columns = self._held, self._of, self._columns
        session_id, at = self._page.ids[row], self._page.first + row
        kind, opened, most = self._kind, dict(self._opened), self._most
        links = self._page.rows[row][-1] if self._links else []
        names = ways[0].name, ways[1].name

        def work() -> dict[str, Any]:
            frame = diff.page_events(kind, of, at)
            time, zone = columns.time, columns.time_zone
            shown = boundary_rows(frame, time, event_columns(ways, columns), names, zone, opened, most)
            return shown | {"title": events_title(session_id, frame, names), "links": links}

        self._events.run(work)

    def _show_events(self, shown: dict[str, Any]) -> None:
        self.boundaries.shown = shown
