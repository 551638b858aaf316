"""What is good and what is odd about the events, and what one click would mend."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import panel as pn
import param

from widgets.data.findings import Finding as Finding
from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain


class DoctorCard(Component):
    """What the browser shows."""

    findings = param.List(default=[])
    busy = param.Boolean(default=False)

    _esm = script("data/load_doctor.js")
    _stylesheets = [style("data/load_doctor.css")]


class Doctor(TellsAgain, Shown):
    """Shows findings; a click on an action only says what is `wanted`, whoever shows it mends."""

    value = param.ClassSelector(class_=tuple, default=(), doc="From top to bottom, each a Finding.")
    wanted = param.String(default="", doc="The key of the mend that was clicked.")
    busy = param.Boolean(default=False, doc="The events are being looked at, or a mend is under way.")
    tried = param.String(default="", doc="The key of the mend whose effect is to be looked at.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._card = DoctorCard(
            findings=pn.bind(lambda found: [asdict(one) for one in found], self.param.value),
            busy=self.param.busy,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._card.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, str]) -> None:
        """Take a click in the browser."""
        for name in ("wanted", "tried"):
            key = message.get(name)
            if key in [one.key for one in self.value if one.action]:
                self.tell_again(**{name: key})

    def __panel__(self) -> DoctorCard:
        return self._card
