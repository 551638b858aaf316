"""What is brushed now, as chips that can be taken away."""

from __future__ import annotations

from typing import Any

import panel as pn
import param
from panel.custom import JSComponent

from widgets.browser import script, style


class ChipRow(JSComponent):
    """What the browser shows."""

    chips = param.List(default=[])
    hint = param.String()

    _esm = script("chips.js")
    _stylesheets = [style("chips.css")]


class Chips(pn.viewable.Viewer):
    """Says what is brushed; its crosses and its button only ask, whoever shows it removes."""

    value = param.ClassSelector(class_=tuple, default=(), doc="The chips: (name, text) each.")
    removed = param.String(default="", doc="The name whose cross was clicked.")
    cleared = param.Event(doc="'Clear all' was clicked.")
    kept = param.Event(doc="'Keep only these' was clicked.")
    excluded = param.Event(doc="'Exclude these' was clicked.")
    hint = param.String(default="Drag across a chart to select sessions", doc="Said when nothing is brushed.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._row = ChipRow(
            chips=pn.bind(list, self.param.value), hint=self.param.hint, sizing_mode="stretch_width", margin=0
        )
        self._row.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, str]) -> None:
        """Take a click in the browser."""
        if "removed" in message:
            with param.discard_events(self):
                self.removed = ""
            self.removed = message["removed"]
        else:
            self.param.trigger(next(iter(message)))

    def __panel__(self) -> ChipRow:
        return self._row
