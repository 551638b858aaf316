"""Tabs: one of a few names is chosen."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

_LOOK = {
    "minHeight": "38px",
    "borderBottom": "1px solid",
    "borderColor": "divider",
    ".MuiTab-root.MuiTab-root": {
        "minWidth": "0",
        "minHeight": "38px",
        "marginRight": "2px",
        "padding": "0 10px",
        "borderRadius": "8px 8px 0 0",
        "color": "text.secondary",
        "fontSize": "14px",
        "fontWeight": "500",
        "lineHeight": "1.4",
        "&:hover": {"color": "text.primary"},
        "&.Mui-selected": {"color": "text.primary", "fontWeight": "600"},
    },
    ".MuiTabs-indicator": {"borderRadius": "2px 2px 0 0"},
    # Tabs that do not fit are scrolled, on a phone too: an arrow stands where there are more.
    ".MuiTabs-scrollButtons.MuiTabs-scrollButtons": {
        "display": "inline-flex",
        "width": "24px",
        "color": "text.secondary",
        "&.Mui-disabled": {"width": "0", "opacity": "0"},
    },
}


class Tabs(pn.viewable.Viewer):
    """A row of names, of which `value` is the chosen one."""

    value = param.String(doc="The key of the chosen tab.")
    titles = param.Dict(default={}, doc="Key -> what the tab says, in order.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._menu = pmui.TabMenu(
            items=pn.bind(lambda titles: [{"label": title} for title in titles.values()], self.param.titles),
            variant="scrollable",
            sx=_LOOK,
            sizing_mode="stretch_width",
            margin=0,
            # Beside others that leave less room the tabs take a line of their own.
            min_width=330,
        )
        self.param.watch(lambda *_: self._show(), ["value", "titles"])
        self._menu.param.watch(lambda event: self.choose(event.new), "active")
        self._show()

    def choose(self, place: int | None) -> None:
        """Take the tab at a place; nothing where there is none."""
        keys = list(self.titles)
        if place is not None and 0 <= place < len(keys):
            self.value = keys[place]

    def _show(self) -> None:
        keys = list(self.titles)
        self._menu.active = keys.index(self.value) if self.value in keys else None

    def __panel__(self) -> pmui.TabMenu:
        return self._menu
