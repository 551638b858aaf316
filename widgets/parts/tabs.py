"""Tabs: one of a few names is chosen."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from widgets.parts.component import Component, script, style


class TabList(Component):
    """What the browser shows."""

    titles = param.List(default=[])
    chosen = param.String()
    label = param.String()

    _esm = script("parts/tabs.js")
    _stylesheets = [style("parts/tabs.css")]


class Tabs(pn.viewable.Viewer):
    """A row of names, of which `value` is the chosen one."""

    value = param.String(doc="The key of the chosen tab.")
    titles = param.Dict(default={}, doc="Key -> what the tab says, in order.")

    def __init__(self, label: str = "Ways of looking at the sessions", **params: Any) -> None:
        super().__init__(**params)
        self._list = TabList(
            titles=pn.bind(lambda titles: [list(each) for each in titles.items()], self.param.titles),
            chosen=self.param.value,
            label=label,
            sizing_mode="stretch_width",
            margin=0,
            # Beside others that leave less room the tabs take a line of their own.
            min_width=330,
        )
        self._list.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, str]) -> None:
        """Take a click in the browser."""
        if message.get("chosen") in self.titles:
            self.value = message["chosen"]

    def __panel__(self) -> TabList:
        return self._list
