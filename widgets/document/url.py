"""The address bar: it says the document and the brushes, and is read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import fields
from urllib.parse import parse_qsl

import panel as pn
import param

from explorer.crossfilter.selections.selection import Selection
from explorer.errors import ExplorerError, SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.document import query_text
from explorer.state import Explorer
from widgets.document.browser_history import History
from widgets.document.controller import refuse_what_does_not_fit
from widgets.document.saved_state import Kept

BRUSH, SHOW, KEPT, DATA, VIEW, HEIGHTS = "brush", "show", "kept", "data", "view", "heights"
AGAINST = "against"
SHARES, ZOOMED = "shares", "zoomed"
UPLOAD = "upload:"  # begins what an address calls a file that its page has uploaded
# The query of an address stands twice in the request for a websocket, of which Tornado reads 64 KB.
LONGEST = 16_000
OF_DOCUMENT = tuple(field.name for field in fields(Analysis))
OURS = (BRUSH, AGAINST, SHOW, KEPT, DATA, VIEW, HEIGHTS, *OF_DOCUMENT)


class Link:
    """The address bar says the document and the brushes, and the browser's back and forward go through them.

    What is as it was served is left out. In the place of what is too long for an address stands a mark, for what
    the browser keeps.
    """

    def __init__(
        self, state: Explorer, say: Callable[[ExplorerError], None], data: str = "", views: Collection[str] = ()
    ) -> None:
        """`data` is what the address calls the source, where it is another than the page was made for; `views` are the
        names that it may ask for."""
        self.state, self.served, self.data, self._views = state, state.analysis, data, views
        self._say = say
        self._long: dict[str, Kept] = {}
        self.addressed = bool(self._query()[0])
        self.wanted = ""
        self.history = History(data=data, width=0, height=0, margin=0)
        self.history.on_msg(lambda event: self.go(event.data))
        state.param.watch(
            lambda *_: self.write(), ["analysis", "session", "selection", "against", "view", "shares", "zoomed"]
        )

    def begin(self, served: Analysis, data: str) -> None:
        """Another source is opened, with this analysis; `write` when it is there."""
        self.served, self.data, self._long = served, data, {}
        self.history.data = data

    def read(self) -> None:
        """Take over what the address says; raises SpecError and changes nothing where it cannot be read."""
        ours, _ = self._query()
        if ours.pop(DATA, "") != self.data:
            raise SpecError("It is of other data. Reload the page to see it.")
        self.wanted = ours.pop(KEPT, "")
        if self.wanted in self._long:
            self._long[self.wanted].restore(self.state)
            return
        selection = Selection.from_text(ours.pop(BRUSH, ""))
        against = Selection.from_text(ours.pop(AGAINST, ""))
        session = ours.pop(SHOW, "")
        view = ours.pop(VIEW, "")
        heights = ours.pop(HEIGHTS, "")
        analysis = Analysis.from_query(query_text(ours), self.served) if ours else self.served
        analysis = analysis.replace(source=self.served.source)
        refuse_what_does_not_fit(analysis, self.state.engine)
        session = analysis.session(session).name if session else analysis.sessions[0].name
        self.state.param.update(
            analysis=analysis,
            session=session,
            selection=selection,
            against=against or None,
            view=view if view in self._views else "",
            shares=heights == SHARES,
            zoomed=heights == ZOOMED,
        )

    def go(self, search: str) -> None:
        """Follow the browser, which went back or forward."""
        with param.discard_events(pn.state.location):  # the address is there already
            pn.state.location.search = search
        try:
            self.read()
        except ExplorerError as error:
            self._say(link_error(error))

    def write(self) -> None:
        """Say what there is now."""
        if pn.state.location is None:
            return
        state, (_, parts) = self.state, self._query()
        if state.session and state.session != state.analysis.sessions[0].name:
            parts[SHOW] = state.session
        if state.selection:
            parts[BRUSH] = state.selection.to_text()
        if state.against:
            parts[AGAINST] = state.against.to_text()
        if state.view:
            parts[VIEW] = state.view
        if state.shares or state.zoomed:
            parts[HEIGHTS] = SHARES if state.shares else ZOOMED
        if self.data:
            parts[DATA] = self.data
        document = state.analysis.to_query(self.served) if state.analysis != self.served else ""
        search = "&".join(part for part in (document, query_text(parts)) if part)
        if len(search) > LONGEST:
            kept = Kept.of(state)
            self._long[kept.mark] = kept
            data = {DATA: self.data} if self.data else {}
            search = query_text(self._query()[1] | data | {KEPT: kept.mark})
        search = f"?{search}" if search else ""
        if search != pn.state.location.search:
            pn.state.location.search = search

    def _query(self) -> tuple[dict[str, str], dict[str, str]]:
        """What the address says, ours and what is somebody else's."""
        search = (pn.state.location.search or "") if pn.state.location else ""
        said = dict(parse_qsl(search.removeprefix("?"), keep_blank_values=True))
        ours = {name: value for name, value in said.items() if name.split(".")[0] in OURS}
        return ours, {name: value for name, value in said.items() if name not in ours}


def link_error(error: ExplorerError) -> SpecError:
    """An error in the address, said as such."""
    return SpecError(f"The link could not be opened as it is; this is the analysis as served. {error}")
