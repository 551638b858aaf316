"""What the browser shows of one session."""

from __future__ import annotations

import param

from explorer.charts.theme import GHOST, PALETTE
from explorer.engine.microscope.names import EMPTY, OTHER
from explorer.spec.rules import tags
from widgets.notebook.inline import Inline
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style

PARTS = (
    "document/shortcuts.js",
    "parts/links.js",
    "parts/table.js",
    *(
        f"microscope/{name}.js"
        for name in ("clock", "strip", "moves", "tip", "lanes", "patterns", "events", "microscope")
    ),
)
SHEETS = (
    "parts/table.css",
    "parts/links.css",
    "parts/moments.css",
    "sessions/sessions_table.css",
    "microscope/microscope.css",
    "microscope/lanes.css",
    "microscope/patterns.css",
)
HUES = {**dict(enumerate(PALETTE)), OTHER: GHOST, EMPTY: GHOST}
COLORS = f":host {{ {' '.join(f'--c{code}: {color};' for code, color in HUES.items())} }}"


class MicroscopePanel(Inline, Component):
    """Draws what it is handed; every wish is a message."""

    reasons = param.Dict(default=tags(), doc="The short word and the colour of each reason.")
    head = param.Dict(default={}, doc="See head.head.")
    strip = param.Dict(default={}, doc="See texts.strip.")
    lanes = param.Dict(default={}, doc="See texts.lanes.")
    events = param.Dict(default={}, doc="See texts.events.")
    detail = param.Dict(default={}, doc="See texts.event.")
    matches = param.Dict(default={}, doc="See patterns.matches.")
    marked = param.Dict(default={}, doc="See patterns.marked.")
    walk = param.Dict(default={}, doc="Where the session is among the selected: text, and whether there are others.")
    busy = param.Boolean(default=False, doc="Something newer is on its way.")
    turn = param.Integer(default=0, doc="Rises when a session is opened: it is brought into view.")

    def still_words(self) -> Told:
        """The session in its sentence, and the events that are shown."""
        head, events = self.head, self.events
        columns = events.get("columns", [])
        gaps = zip(events.get("gaps", []), events.get("rows", []), strict=True)
        rows = [[gap, *map(str, row)] for gap, row in gaps]
        sentences = [head.get("sentence", ""), *head.get("notes", [])]
        return Told(head.get("title", "Microscope"), sentences, ["after", *columns], rows)

    _esm = script(*PARTS)
    _stylesheets = [style(*SHEETS), COLORS]
