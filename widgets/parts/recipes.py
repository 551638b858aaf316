"""Ready-made things to begin with, as a row of buttons."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain


class RecipeButtons(Component):
    """What the browser shows."""

    titles = param.List(default=[], item_type=str)

    _esm = script("parts/recipes.js")
    _stylesheets = [style("parts/recipes.css")]


class RecipeRow(TellsAgain, pn.viewable.Viewer):
    """Says which button was clicked."""

    value = param.List(default=[], item_type=str, doc="The titles, from left to right.")
    chosen = param.Integer(default=-1, doc="The place of the button that was clicked; -1 before.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._buttons = RecipeButtons(titles=self.param.value, sizing_mode="stretch_width", margin=0)
        self._buttons.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, int]) -> None:
        """Take a click in the browser; a second click on the same button is heard too."""
        self.tell_again(chosen=message["chosen"])

    def __panel__(self) -> RecipeButtons:
        return self._buttons
