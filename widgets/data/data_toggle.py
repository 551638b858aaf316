"""The button that opens and closes the data panel."""

from __future__ import annotations

from typing import Any

import param

from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style


class ToggleButton(Component):
    """What the browser shows."""

    opened = param.Boolean(default=False)

    _esm = script("data/data_toggle.js")
    _stylesheets = [style("data/data_toggle.css")]


class DataToggle(Shown):
    """`value` says whether the panel is open."""

    value = param.Boolean(default=False)

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._button = ToggleButton(opened=self.param.value, sizing_mode="stretch_width", margin=0)
        self._button.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser."""
        if "toggle" in message:
            self.value = not self.value

    def __panel__(self) -> ToggleButton:
        return self._button
