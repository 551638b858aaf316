"""The stops of the Tab key: a link to the charts comes first, and every group of controls is one stop."""

from __future__ import annotations

from typing import Any

import param

from widgets.parts.component import WIDGETS, Component, script

# The class of what is one stop for the Tab key. All that has a second class is one group, wherever it stands.
ROVING = ["roving"]
TOOLS = ["roving", "roving-tools"]
RULES = ["roving", "roving-rules"]


class TabStops(Component):
    """Shows nothing but a link while it has the focus; one for a page."""

    look = param.String(default="", doc="The style sheet of the link, which stands before everything else.")

    _esm = script("parts/tab_stops.js")

    def __init__(self, **params: Any) -> None:
        look = (WIDGETS / "parts" / "tab_stops.css").read_text(encoding="utf-8")
        super().__init__(**{"look": look, "width": 0, "height": 0, "margin": 0, **params})
