"""The gaps between events on a logarithmic axis, with a line at the inactivity that is dragged or typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import panel as pn
import param

from explorer.errors import SpecError
from explorer.spec.duration import Duration
from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style


@dataclass(frozen=True)
class Canvas:
    """What does not move with the line, for the browser; lengths in microseconds.

    `bars` are [low, high, count, height from 0 to 1]; `table` has lengths, sessions and near, `steps` lengths, texts,
    share and median, list by list; `compared` are [length, word, who]; `notes` are sentences.
    """

    axis: dict[str, Any] = field(default_factory=dict)
    bars: tuple[tuple[float, ...], ...] = ()
    table: dict[str, list[float]] = field(default_factory=dict)
    steps: dict[str, list[Any]] = field(default_factory=dict)
    compared: tuple[tuple[float, str, str], ...] = ()
    gaps: int = 0
    always: int = 0
    of: str = ""
    exact: bool = True
    suggestion: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()


class StudioControl(Component):
    """What the browser shows."""

    canvas = param.Dict(default={})
    shown = param.Dict(default={}, doc="text, before, error; `turn` differs at every answer.")
    answer = param.Dict(default={}, doc="What the length that was asked for comes to, exactly.")

    _esm = script("parts/svg.js", "views/inactivity/studio_drawing.js", "views/inactivity/studio.js")
    _stylesheets = [style("views/inactivity/studio.css")]


class Studio(Shown):
    """One inactivity over what every other one would come to."""

    value = param.String(default="30m", doc="The inactivity as canonical text; fires on release and on Enter.")
    asked = param.String(doc="The inactivity that the line rests at while it is dragged.")
    before = param.String(doc="The inactivity before this one; empty where there was none.")
    canvas = param.ClassSelector(class_=Canvas, default=Canvas())
    answer = param.Dict(default={}, doc="`text`, sessions, near, share and median of one inactivity.")
    error = param.String(doc="What is wrong with what was typed.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._turn = 0
        self._control = StudioControl(
            canvas=pn.bind(vars, self.param.canvas), answer=self.param.answer, sizing_mode="stretch_width", margin=0
        )
        self._control.on_msg(lambda event: self.hear(event.data))
        self.param.watch(lambda *_: self._show(), ["value", "before", "error"])
        self._show()

    def hear(self, message: dict[str, Any]) -> None:
        """Take what the browser says: `take` a length that was typed or dragged to, or `ask` what it comes to."""
        try:
            length = Duration.parse(message.get("take", message.get("ask")))
        except SpecError as error:
            self.error = str(error)
        else:
            if "ask" in message:
                self.asked = str(length)
                return
            self.param.update(value=str(length), error="")
        self._show()

    def _show(self) -> None:
        self._turn += 1
        length = Duration.parse(self.value)
        self._control.shown = {
            "text": self.value,
            "us": length.us,
            "before": self.before,
            "error": self.error,
            "turn": self._turn,
        }

    def __panel__(self) -> StudioControl:
        return self._control
