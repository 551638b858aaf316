"""How other tools count, to choose one."""

from __future__ import annotations

from typing import Any

import param

from explorer.spec.presets import PRESETS, preset
from widgets.definition.rule_editors import RuleEditor
from widgets.parts.component import Component, script, style


class PresetChoice(Component):
    """What the browser shows."""

    items = param.List(default=[], item_type=dict)
    chosen = param.String()

    _esm = script("definition/presets.js")
    _stylesheets = [style("definition/presets.css")]


class PresetRule(RuleEditor):
    """The definition as it was, counting like the tool that is chosen."""

    fields = tuple(dict.fromkeys(("inactivity", *PRESETS[0].changes())))

    chosen = param.String(doc="The tool's name; empty before one is chosen.")

    def __init__(self, zone: str = "UTC", **params: Any) -> None:
        super().__init__(**params)
        self._before, self._zone = self.value, zone
        items = [
            {"name": one.name, "sentence": one.sentence, "note": one.not_here, "source": one.source} for one in PRESETS
        ]
        self._choice = PresetChoice(items=items, chosen=self.param.chosen, sizing_mode="stretch_width", margin=0)
        self._choice.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, str]) -> None:
        """Take a click in the browser."""
        self.chosen = message["chosen"]
        self.value = preset(self.chosen).applied(self._before, self._zone, self.columns)

    def __panel__(self) -> PresetChoice:
        return self._choice
