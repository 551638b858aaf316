"""What is brushed now, as chips that can be changed and taken away, and exact ranges that are typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import panel as pn
import param

from widgets.notebook.inline import Shown
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain


@dataclass(frozen=True)
class Chip:
    """A brush: its dimension, what it says, and the ends of its range where it has any; `negated` turns it around."""

    name: str
    text: str
    ends: tuple[str, str] | None = None
    negated: bool = False


class ChipRow(Component):
    """What the browser shows."""

    chips = param.List(default=[])
    ranges = param.List(default=[])
    hint = param.String()
    choices = param.List(default=[])
    others = param.List(default=[])
    touched = param.String()
    actors = param.Boolean(default=False)
    error = param.String()

    _esm = script("sessions/brush_chips.js")
    _stylesheets = [style("sessions/brush_chips.css")]


class Chips(TellsAgain, Shown):
    """Says what is brushed; its buttons only ask, whoever shows it changes the brushes."""

    value = param.ClassSelector(class_=tuple, default=(), doc="The chips.")
    ranges = param.List(default=[], doc="What can be brushed by typing: (name, title, example) each.")
    choices = param.List(
        default=[], doc="What can be brushed by its values: (name, title, labels, which are held) each."
    )
    others = param.List(
        default=[], doc="What can be brushed once it is in bins, which is asked for: (name, title) each."
    )
    touched = param.String(default="", doc="What was brushed last: the dialog begins with it.")
    asked = param.Dict(default={}, doc="What was clicked: remove, range (from, to), values (bins), clear, keep ...")
    error = param.String(default="", doc="Why the range that was typed last is none.")
    actors = param.Boolean(default=False, doc="Whether only values of actors are brushed.")
    hint = param.String(default="Drag across a chart to select sessions", doc="Said when nothing is brushed.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._row = ChipRow(
            chips=pn.bind(lambda chips: [vars(chip) for chip in chips], self.param.value),
            ranges=self.param.ranges,
            choices=self.param.choices,
            others=self.param.others,
            touched=self.param.touched,
            hint=self.param.hint,
            actors=self.param.actors,
            error=self.param.error,
            sizing_mode="stretch_width",
            margin=0,
            # What is selected is said below it where there is no room beside.
            min_width=330,
        )
        self._row.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser; a second one on the same is heard too."""
        self.tell_again(asked=message)

    def still_words(self) -> Told:
        """What is brushed."""
        return Told("Brushed", [each.text for each in self.value] or ["Nothing: all sessions are selected."])

    def __panel__(self) -> ChipRow:
        return self._row
