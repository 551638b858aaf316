"""The browser keeps the last document, offers to go on with it, and says when the server is gone."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style


class KeeperBar(Component):
    """What the browser keeps under `key` and shows over the page."""

    key = param.String()
    kept = param.Dict(default={})
    offer = param.String()

    _esm = script("document/autosave.js")
    _stylesheets = [style("document/autosave.css")]


class Keeper(Shown):
    """Takes no room. What is assigned to `kept` is written down in the browser, under `key`; without a key nothing is.

    What the browser had kept before is in `found` once it has been heard of. A text in `offer`, such as
    "3 definitions", asks whether to continue with that; `continued` is the answer yes.
    """

    key = param.String()
    kept = param.Dict(default={}, doc="Texts by name.")
    offer = param.String()
    found = param.Dict(default=None, allow_None=True, doc="What the browser had kept; {} when that is nothing.")
    continued = param.Event()

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._bar = KeeperBar(
            key=self.param.key, kept=self.param.kept, offer=self.param.offer, width=0, height=0, margin=0
        )
        self._bar.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take what the browser had kept, the first time that it is told, and the answer to the offer."""
        if "found" in message:
            if self.found is None:
                found = message["found"] if isinstance(message["found"], dict) else {}
                # What a page is told before its browser has loaded it can get lost; at any other time this is now.
                pn.state.onload(lambda: self.param.update(found=found))
            return
        self.offer = ""
        if "continued" in message:
            self.param.trigger("continued")

    def __panel__(self) -> KeeperBar:
        return self._bar
