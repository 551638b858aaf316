"""The table of differences in the browser: shares side by side, and intervals around no difference."""

from __future__ import annotations

from typing import Any

import param

from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain

PAGE_SIZE = 20


class Contrasts(TellsAgain, Component):
    """Shows the rows it is handed; another page, order or search is a change of `page`, `sort` or `query`, a click on a
    row one of `picked`: its key, and whether it is one more."""

    rows = param.List(default=[], item_type=dict, doc="what, value, here, there ..., and the key of the row.")
    apart = param.List(default=[], item_type=dict, doc="What the selection is made of: rows of the same form.")
    means = param.List(default=[], item_type=dict, doc="Means of numbers: rows of the same form, none of them picked.")
    said = param.Dict(
        default={}, doc="The texts: sentences, compared, counted, hint, others, apart; `nothing` instead."
    )
    starts = param.List(default=[], item_type=list, doc="[key, text] of selections to begin with.")
    against = param.String(doc="The other group in words; empty where it is all others.")
    keeps = param.Boolean(default=False, doc="Whether the selection can become the other group.")
    total = param.Integer(default=0, bounds=(0, None))
    page = param.Integer(default=0, bounds=(0, None))
    page_size = param.Integer(default=PAGE_SIZE)
    sort = param.Tuple(default=("rank", False), length=2, doc="The column's name and whether descending.")
    query = param.String()
    picked = param.Parameter(default=None, doc="(key, one more); differs at every click.")
    asked = param.String(doc="What was asked for: `csv`, `against`, `others`, or `start` and a key.")
    handed = param.Dict(default={}, doc="The CSV that was asked for; `turn` differs every time.")

    _esm = script("parts/download.js", "parts/table.js", "views/different/contrasts.js")
    _stylesheets = [style("parts/table.css", "views/different/contrasts.css")]

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self.hear(data)

    def hear(self, message: dict[str, Any]) -> None:
        """Take what was asked for in the browser, as one change."""
        if "pick" in message:
            self.tell_again(picked=(str(message["pick"]), bool(message.get("add"))))
            return
        if "ask" in message:
            self.tell_again(asked=str(message["ask"]))
            return
        wish: dict[str, Any] = {name: message[name] for name in ("page", "query") if name in message}
        if "sort" in message:
            wish["sort"] = tuple(message["sort"])
        self.param.update(**wish)
