"""The charts as cards in a grid, each by its key."""

from __future__ import annotations

from typing import Any, Protocol

import panel as pn
import param

from widgets.charts.chart_card import ChartCard, Face
from widgets.notebook.inline import Shown
from widgets.notebook.view import Presence
from widgets.parts.tells_again import TellsAgain
from widgets.parts.theme import grid, show_waiting


class Elsewhere(Protocol):
    """Who shows the charts, or the one with a key, in another place."""

    def place(self, presence: Presence, key: str = "") -> Any: ...
    def still(self, key: str = "") -> str: ...


class ChartGrid(TellsAgain, Shown):
    """Cards side by side; a card that stays is the same one, with its picture."""

    value = param.Dict(default={}, doc="Key -> the Face of the card, in order.")
    asked = param.Tuple(default=("", {}), length=2, doc="The key of a card, and what was clicked in it.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.cards: dict[str, ChartCard] = {}
        self.elsewhere: Elsewhere | None = None
        self._grid = grid()
        self.param.watch(lambda *_: self._show(), "value")
        self._show()

    def _show(self) -> None:
        self.cards = {key: self.cards.get(key) or self._card(key, face) for key, face in self.value.items()}
        for key, face in self.value.items():
            self.cards[key].value = face
        panels = [card.__panel__() for card in self.cards.values()]
        if self._grid.objects != panels:
            self._grid.objects = panels

    def _card(self, key: str, face: Face) -> ChartCard:
        card = ChartCard(value=face)
        card.elsewhere = lambda: (self.elsewhere, key)
        card.param.watch(lambda event: self._ask(key, event.new), "asked")
        return card

    def _ask(self, key: str, message: dict[str, Any]) -> None:
        self.tell_again(asked=(key, message))

    def wait(self, waiting: bool) -> None:
        """Show that newer pictures are on their way, or no more."""
        show_waiting(self._grid, waiting)

    def __panel__(self) -> pn.Column:
        return self._grid

    def inline(self, presence: Presence) -> Any:
        """The charts below a cell, where they follow those of the page and are followed."""
        return self.elsewhere.place(presence) if self.elsewhere else self.__panel__()

    def still(self) -> str:
        """A picture of the charts."""
        return self.elsewhere.still() if self.elsewhere else ""
