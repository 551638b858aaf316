"""Everything that happens while sessions are explored: charts, brushes, key numbers and the table follow each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl

from explorer.crossfilter.selection import Selection
from explorer.errors import ExplorerError
from explorer.spec.prose import why_empty
from widgets.notice import Message
from widgets.texts import chips, key_numbers, table_columns, table_rows

if TYPE_CHECKING:
    from widgets.session_explorer import SessionExplorer


class Exploring:
    """Connects the charts, the chips, the key numbers and the table with the state."""

    def __init__(self, app: SessionExplorer) -> None:
        self.app, self.state = app, app.state
        self.heard: list[Callable[[pl.DataFrame], Any]] = []
        state = self.state
        state.param.watch(lambda *_: self._show_picture(), "drawn")
        state.param.watch(lambda *_: self._show_selection(), "selection")
        app.chips.param.watch(lambda event: self._unbrush(event.new), "removed")
        app.chips.param.watch(lambda *_: state.param.update(selection=Selection()), "cleared")
        app.chips.param.watch(lambda *_: self._try(state.keep_only), "kept")
        app.chips.param.watch(lambda *_: self._try(state.exclude), "excluded")
        app.table.param.watch(lambda *_: self._show_table(), ["page", "page_size", "sort"])

    # ---- events up

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except ExplorerError as error:
            self.app.say(error)

    def _unbrush(self, name: str) -> None:
        if name:
            self.state.selection = self.state.selection.with_(name, None)

    # ---- values down

    def _show_picture(self) -> None:
        drawn, app = self.state.drawn, self.app
        app.table.columns = table_columns(self.state.engine.columns.actor, drawn.definition.metrics)
        app.charting.show_picture()
        if drawn.table.is_empty():
            app.notice.value = Message("info", why_empty(drawn.definition))
        self._show_numbers()

    def _show_selection(self) -> None:
        self.app.charting.show_selection()
        if self.state.drawn is not None:
            self._show_numbers()
        for heard in self.heard:
            heard(self.app.selected)

    def _show_numbers(self) -> None:
        state, app = self.state, self.app
        selected = state.numbers() if state.selection else None
        app.key_numbers.param.update(value=key_numbers(state.numbers(Selection()), selected), loading=False)
        app.chips.value = chips(state.selection, state.drawn.crossfilter)
        app.table.page = 0
        self._show_table()

    def _show_table(self) -> None:
        if self.state.drawn is None:
            return
        table = self.app.table
        sort, descending = table.sort
        found = self.state.page(sort, descending, table.page, table.page_size)
        zone = self.state.engine.columns.time_zone
        table.param.update(rows=table_rows(found.frame, table.columns, zone), total=found.total)
