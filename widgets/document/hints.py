"""Small tips at the first visits: each goes when it is dismissed or its thing is done, and does not come back."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style

Hint = tuple[str, str]


class HintBar(Component):
    """What the browser shows, and remembers as seen."""

    hints = param.List(default=[])
    done = param.List(default=[])

    _esm = script("document/hints.js")
    _stylesheets = [style("document/hints.css")]


class Hints(Shown):
    """One tip at a time, of `value`: (key, sentence) each. Browsers remember the keys, so each keeps its meaning."""

    value = param.ClassSelector(class_=tuple, default=())
    done = param.ClassSelector(class_=tuple, default=(), doc="The keys of what the analyst has done already.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._bar = HintBar(hints=pn.bind(list, self.param.value), done=pn.bind(list, self.param.done), margin=0)

    def did(self, key: str) -> None:
        """Whoever has done it needs no tip about it."""
        if key not in self.done:
            self.done = (*self.done, key)

    def __panel__(self) -> HintBar:
        return self._bar
