"""The charts of an explorer once more, in another place: brushes and changes go both ways."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from explorer.charts.brushing.linked import LinkedCharts
from explorer.charts.theme import definition_colors
from explorer.errors import ExplorerError
from explorer.state import Explorer
from widgets.charts.chart_grid import ChartGrid
from widgets.charts.chart_menu import ChartChoice
from widgets.charts.controller import Charting
from widgets.notebook.inline import NOTE
from widgets.notebook.still_picture import still_picture
from widgets.notebook.told_at_once import telling
from widgets.notebook.view import Presence
from widgets.parts.latest_task import newest

Say = Callable[[ExplorerError | None], None]


class Mirrors:
    """Shows a grid, or one of its cards, wherever it is asked for; each place has charts of its own."""

    def __init__(self, state: Explorer, say: Say) -> None:
        self._state, self._say = state, say

    def place(self, presence: Presence, key: str = "") -> Any:
        """All charts, or the one with this key, for as long as the presence."""
        mirror = Mirror(self._state, self._say)
        presence.on_leave = mirror.let_go
        return (mirror.grid.cards[key] if key else mirror.grid).__panel__()

    def still(self, key: str = "") -> str:
        """A picture of the same."""
        return still_picture(self._state, keys=[key] if key else None, charts_only=True, note=NOTE)


class Mirror:
    """A grid of charts of its own over the same state, until it is let go."""

    def __init__(self, state: Explorer, say: Say) -> None:
        self.state, self.grid = state, ChartGrid()
        self.charts = LinkedCharts(
            {},
            on_selection=lambda selection: state.param.update(selection=selection),
            on_peek=lambda selection: self.charting.peek(selection),
            telling=telling,
            later=partial(newest, say),
        )
        self.charting = Charting(state, self.grid, ChartChoice(), self.charts, say)
        self._watchers = [
            state.param.watch(lambda *_: self.charting.show_picture(), "drawn"),
            state.param.watch(lambda *_: self.charting.show_selection(), "selection"),
            state.param.watch(lambda *_: self._paint(), ["analysis", "session"]),
        ]
        self._paint()
        if state.drawn is not None:
            self.charting.show_picture()

    def let_go(self) -> None:
        """Follow the state no more."""
        self.charting.let_go()
        for watcher in self._watchers:
            self.state.param.unwatch(watcher)
        self._watchers = []

    def _paint(self) -> None:
        self.charts.paint(definition_colors(self.state.analysis)[self.state.definition.name])
