"""The charts of an explorer once more, in another place: brushes and changes go both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import param

from explorer.charts.brushing.linked import LinkedCharts
from explorer.charts.theme import definition_colors
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import ExplorerError
from widgets.charts.chart_grid import ChartGrid
from widgets.charts.chart_menu import ChartChoice
from widgets.charts.controller import Charting
from widgets.notebook.hold_events import telling
from widgets.notebook.inline import NOTE, Presence
from widgets.notebook.still_picture import still_picture

if TYPE_CHECKING:
    from widgets.session_explorer import SessionExplorer


class Elsewhere:
    """Shows a grid, or one of its cards, wherever it is asked for; each place has charts of its own."""

    def __init__(self, app: SessionExplorer) -> None:
        self._app = app

    def place(self, presence: Presence, key: str = "") -> Any:
        """All charts, or the one with this key, for as long as the presence."""
        copy = Copy(self._app)
        presence.on_leave = copy.let_go
        return (copy.grid.cards[key] if key else copy.grid).__panel__()

    def still(self, key: str = "") -> str:
        """A picture of the same."""
        return still_picture(self._app.state, keys=[key] if key else None, charts_only=True, note=NOTE)


class Copy:
    """What `Charting` connects with the state, a second time."""

    def __init__(self, app: SessionExplorer) -> None:
        self.state = app.state
        self.say: Callable[[ExplorerError | None], None] = app.say
        self.grid, self.chart_choice = ChartGrid(), ChartChoice()
        self.charts = LinkedCharts(
            {},
            on_selection=self._hear,
            on_peek=lambda selection: self.charting.peek(selection),
            telling=telling,
        )
        with _watching(self.state) as self._watchers:
            self.charting = Charting(self)  # type: ignore[arg-type]
            self.state.param.watch(lambda *_: self.charting.show_picture(), "drawn")
            self.state.param.watch(lambda *_: self.charting.show_selection(), "selection")
            self.state.param.watch(lambda *_: self._paint(), ["analysis", "session"])
        self._paint()
        if self.state.drawn is not None:
            self.charting.show_picture()

    def let_go(self) -> None:
        """Follow the state no more."""
        for watcher in self._watchers:
            self.state.param.unwatch(watcher)
        self._watchers.clear()

    def _hear(self, selection: Selection) -> None:
        self.state.selection = selection

    def _paint(self) -> None:
        self.charts.paint(definition_colors(self.state.analysis)[self.state.definition.name])


@contextmanager
def _watching(state: param.Parameterized) -> Iterator[list[Any]]:
    """The watchers that are added meanwhile."""
    before = {id(one) for one in _watchers(state)}
    found: list[Any] = []
    yield found
    found.extend({id(one): one for one in _watchers(state) if id(one) not in before}.values())


def _watchers(state: param.Parameterized) -> Iterable[Any]:
    return [one for kinds in state.param.watchers.values() for watchers in kinds.values() for one in watchers]
