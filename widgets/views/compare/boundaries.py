"""The events of one session on both sides: where each side begins a session."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style


class BoundaryList(Component):
    """What the browser shows."""

    shown = param.Dict(default={})
    names = param.List(default=[])
    colors = param.List(default=[])
    hint = param.String()

    _esm = script("parts/links.js", "parts/table.js", "views/compare/boundaries.js")
    _stylesheets = [style("parts/table.css", "parts/links.css", "views/compare/boundaries.css")]


class Boundaries(Shown):
    """Shows what `boundary_rows` made, with a title; asks for more by `opened` and `most`."""

    shown = param.Dict(default={}, doc="What `boundary_rows` made, a `title` and `links`; empty: only the hint.")
    names = param.Tuple(default=("", ""), length=2)
    colors = param.Tuple(default=("", ""), length=2)
    hint = param.String(default="Choose a session to see its events, and where each side begins one.")
    wanted = param.Parameter(doc="What was asked for last: ('open', place) or ('more', 0).")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._list = BoundaryList(
            shown=self.param.shown,
            names=pn.bind(list, self.param.names),
            colors=pn.bind(list, self.param.colors),
            hint=self.param.hint,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._list.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser."""
        if isinstance(message.get("open"), int):
            self.wanted = ("open", message["open"])
        elif "more" in message:
            self.wanted = ("more", 0)
        self.wanted = None

    def __panel__(self) -> BoundaryList:
        return self._list
