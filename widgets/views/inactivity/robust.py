"""The table of what the choice of inactivity changes, in the browser."""

from __future__ import annotations

from typing import Any

import param

from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain

SHARES = {"0.01": "1 %", "0.05": "5 %", "0.1": "10 %"}


class RobustRows(TellsAgain, Component):
    """Shows the rows it is handed, over `lengths`; `share` is within how much a number holds."""

    rows = param.List(default=[], item_type=dict, doc="what, now, heights, texts, from, to, holds, kind: one per row.")
    lengths = param.List(default=[], doc="The inactivities that were tried, as [microseconds, text].")
    now = param.Integer(default=0, doc="The place of the definition's own among them.")
    said = param.List(default=[], item_type=str, doc="Sentences of the result.")
    notes = param.List(default=[], item_type=str)
    progress = param.Tuple(default=(0, 0), length=2, doc="How much was tried, of how much.")
    offered = param.String(doc="What to click to begin with, where it is not done by itself.")
    asked = param.String(doc="What was asked for: `begin` or `csv`.")
    handed = param.Dict(default={}, doc="The CSV that was asked for; `turn` differs every time.")

    _esm = script("parts/svg.js", "parts/download.js", "parts/table.js", "views/inactivity/robust.js")
    _stylesheets = [style("parts/table.css", "views/inactivity/robust.css")]

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self.hear(data)

    def hear(self, message: dict[str, Any]) -> None:
        """Take what was asked for in the browser."""
        if message.get("ask") in ("begin", "csv"):
            self.tell_again(asked=message["ask"])
