"""Ready-made things to begin with, as a row of buttons."""

from __future__ import annotations

from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from widgets.parts.tells_again import TellsAgain

_LOOK = {
    "minWidth": "0",
    "minHeight": "30px",
    "padding": "4px 12px",
    "borderRadius": "15px",
    "borderColor": "divider",
    "color": "text.primary",
    "backgroundColor": "background.paper",
    "fontSize": "13px",
    "fontWeight": "400",
    "lineHeight": "1.4",
    "textAlign": "left",
    "&:hover": {"borderColor": "primary.main", "backgroundColor": "background.paper"},
}


class RecipeRow(TellsAgain, pn.viewable.Viewer):
    """Says which button was clicked."""

    value = param.List(default=[], item_type=str, doc="The titles, from left to right.")
    chosen = param.Integer(default=-1, doc="The place of the button that was clicked; -1 before.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._row = pmui.FlexBox(gap="6px", sizing_mode="stretch_width", margin=0, css_classes=["recipes"])
        self.param.watch(lambda *_: self._show(), "value")
        self._show()

    def choose(self, place: int) -> None:
        """Take a click on a button; a second click on the same one is heard too."""
        self.tell_again(chosen=place)

    def _show(self) -> None:
        self._row.objects = [
            pmui.Button(label=title, variant="outlined", margin=0, sx=_LOOK, on_click=partial(self._clicked, place))
            for place, title in enumerate(self.value)
        ]

    def _clicked(self, place: int, _: Any) -> None:
        self.choose(place)

    def __panel__(self) -> pmui.FlexBox:
        return self._row
