"""Actors by one of their properties, as bars with numbers; the property is chosen from a list."""

from __future__ import annotations

from typing import Any

import param

from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain


class Properties(TellsAgain, Component):
    """Shows one row for each value of the `chosen` property."""

    options = param.List(default=[], item_type=list, doc="[name, what the list says], the most useful first.")
    chosen = param.String(doc="The name of the column; empty until one is known.")
    shown = param.Dict(
        default={}, doc="rows with value, quiet, all, selected and cells; the sentences said and note; none."
    )
    busy = param.Boolean(default=False)
    picks = param.Boolean(default=False, doc="Whether rows can be picked.")
    hint = param.String(doc="How to pick rows, or why not.")
    held = param.List(default=[], item_type=int, doc="The places of the rows that are brushed.")
    picked = param.Parameter(default=None, doc="(place, one more); differs at every click.")

    _esm = script("parts/table.js", "views/actors/properties.js")
    _stylesheets = [style("parts/table.css", "views/actors/properties.css")]

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self.hear(data)

    def hear(self, message: dict[str, Any]) -> None:
        """Take the choice that was made in the browser, or a click on a row."""
        if "pick" in message:
            self.tell_again(picked=(int(message["pick"]), bool(message.get("add"))))
            return
        if message.get("column") in [name for name, _ in self.options]:
            self.chosen = message["column"]
