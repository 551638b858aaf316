"""A choice among two or three, side by side."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from widgets.parts.component import Component, script, style


class SegmentButtons(Component):
    """What the browser shows."""

    titles = param.List(default=[])
    chosen = param.String()
    label = param.String()

    _esm = script("parts/segments.js")
    _stylesheets = [style("parts/segments.css")]


class Segments(pn.viewable.Viewer):
    """A few names, of which `value` is the chosen one."""

    value = param.String(doc="The key of the chosen one.")
    titles = param.Dict(default={}, doc="Key -> what it says, in order.")

    def __init__(self, label: str, **params: Any) -> None:
        super().__init__(**params)
        self._buttons = SegmentButtons(
            titles=pn.bind(lambda titles: [list(each) for each in titles.items()], self.param.titles),
            chosen=self.param.value,
            label=label,
            margin=0,
        )
        self._buttons.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, str]) -> None:
        """Take a click in the browser."""
        if message.get("chosen") in self.titles:
            self.value = message["chosen"]

    def __panel__(self) -> SegmentButtons:
        return self._buttons
