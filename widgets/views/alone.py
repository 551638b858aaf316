"""The ways of looking at sessions, each alone below a cell of a notebook: `app.views["compare"]`."""

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


class ViewAlone(Inline):
    """One way of looking at the sessions of an explorer. Each place shows a view of its own, over the same brushes."""

    def __init__(self, key: str, title: str, kind: type[View[Any]], state: Explorer) -> None:
        self.key, self.title = key, title
        self._kind, self._state = kind, state

    def inline(self, presence: Presence) -> pn.viewable.Viewable:
        """The view below a cell; it lets go of the state when it is gone from there."""
        notice = Notice()

        def say(error: ExplorerError | None) -> None:
            notice.value = error_message(error) if error else None

        view = self._kind(self._state, say)
        presence.on_leave = view.forget
        view.look(True)
        return pn.Column(notice, view.place, sizing_mode="stretch_width", margin=0)

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
