"""The linked charts as cards, one for each dimension that is shown."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from explorer.charts.linked import LinkedCharts
from widgets.theme import card, grid


class ChartGrid(pn.viewable.Viewer):
    """Cards side by side; a card that stays is the same one, with its figure and its brush."""

    value = param.Dict(default={}, doc="Dimension -> the title and the subtitle of its card, in order.")

    def __init__(self, charts: LinkedCharts, **params: Any) -> None:
        super().__init__(**params)
        self._charts = charts
        self._cards: dict[str, tuple[tuple[str, str], pn.Column]] = {}
        self._grid = grid()
        self.param.watch(lambda *_: self._show(), "value")
        self._show()

    def _show(self) -> None:
        for name in [name for name in self._cards if name not in self.value]:
            del self._cards[name]
            self._charts.remove(name)
        for name, (title, subtitle) in self.value.items():
            known = self._cards.get(name)
            if known is None or known[0] != (title, subtitle):
                self._cards[name] = (title, subtitle), self._card(name, title, subtitle)
        self._grid.objects = [self._cards[name][1] for name in self.value]

    def _card(self, name: str, title: str, subtitle: str) -> pn.Column:
        element = self._charts.elements.get(name)
        if element is None:
            element = self._charts.add(name, title)
        return card(title, pn.pane.HoloViews(element, sizing_mode="stretch_width"), subtitle=subtitle)

    def __panel__(self) -> pn.Column:
        return self._grid
