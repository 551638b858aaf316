"""A switch with its label."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from widgets.parts.component import Component, script, style


class SwitchButton(Component):
    """What the browser shows."""

    checked = param.Boolean(default=False)
    label = param.String()
    help = param.String()

    _esm = script("parts/switch.js")
    _stylesheets = [style("parts/switch.css")]


class Switch(pn.viewable.Viewer):
    """`value` says whether it is on."""

    value = param.Boolean(default=False)
    label = param.String()
    help = param.String(doc="What it does, in a sentence.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._button = SwitchButton(
            checked=self.param.value, label=self.param.label, help=self.param.help, margin=(4, 8, 0, 0)
        )
        self._button.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser."""
        self.value = bool(message["on"])

    def __panel__(self) -> SwitchButton:
        return self._button
