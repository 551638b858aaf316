"""The ways of looking at sessions and parts of them, each alone below a cell: `app.views["compare"]`, `["funnel"]`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from explorer.errors import ExplorerError
from explorer.state import Explorer
from widgets.notebook.inline import Inline
from widgets.notebook.told import Told
from widgets.notebook.view import Presence
from widgets.parts.notice import Notice, error_message
from widgets.views.told import TOLD
from widgets.views.view import View

# Parts of views that show alone too: key -> title, the key of the view, and the part of it.
PARTS: dict[str, tuple[str, str, Callable[[Any], pn.viewable.Viewable]]] = {
    "paths": ("Paths", "inside", lambda view: view.walked),
    "funnel": ("Funnel", "inside", lambda view: view.passed),
    "robustness": ("How much does it matter?", "inactivity", lambda view: view.robustness.place),
}


class ViewAlone(Inline):
    """One way of looking at the sessions of an explorer. Each place shows a view of its own, over the same brushes."""

    def __init__(self, key: str, title: str, kind: type[View[Any]], state: Explorer) -> None:
        self.key, self.title = key, title
        self._kind, self._state = kind, state
        self._part = PARTS[key][2] if key in PARTS else lambda view: view.place

    def inline(self, presence: Presence) -> pn.viewable.Viewable:
        """The view below a cell; it lets go of the state when it is gone from there."""
        notice = Notice()

        def say(error: ExplorerError | None) -> None:
            notice.value = error_message(error) if error else None

        view = self._kind(self._state, say)
        presence.on_leave = view.forget
        view.look(True)
        return pn.Column(notice, self._part(view), sizing_mode="stretch_width", margin=0)

    def still_words(self) -> Told:
        """What it comes to, in sentences and numbers."""
        say: Callable[[Explorer], Told] = TOLD[self.key]
        try:
            found = say(self._state)
        except ExplorerError as error:
            return Told(self.title, [str(error)])
        return Told(self.title, found.sentences, found.headings, found.rows)

    def __repr__(self) -> str:
        return f"<{self.title}>"
