"""Everything that happens while sessions are explored: charts, brushes, key numbers and the table follow each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import panel_material_ui as pmui
import polars as pl

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.range_ends import typed_range
from explorer.crossfilter.formats import count_text, many
from explorer.crossfilter.numbers import Numbers, TablePage
from explorer.crossfilter.selections.into_definition import Kept
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.errors import ExplorerError
from explorer.plan.links import row_links
from explorer.spec.cohort import Cohort
from explorer.spec.context.link import Link
from explorer.spec.prose import why_empty
from explorer.state import Explorer
from widgets.parts.latest_task import Latest
from widgets.parts.notice import Message, Notice
from widgets.parts.theme import show_waiting
from widgets.sessions.brush_chips import Chips
from widgets.sessions.formats import (
    BESIDE,
    chips,
    key_numbers,
    metric_tile,
    others,
    ranges,
    table_columns,
    table_rows,
    value_choices,
)
from widgets.sessions.key_numbers import KeyNumbers
from widgets.sessions.metric_tiles import MOST, MetricTiles, Tile
from widgets.sessions.sessions_table import Column, SessionsTable

# The key numbers of all sessions, of the selected, and those of all over time.
Told = tuple[Numbers, Numbers | None, Mapping[str, Sequence[float | None]]]


class Follower(Protocol):
    """What shows the picture and the selection too: the charts."""

    def show_picture(self) -> None: ...
    def show_selection(self) -> None: ...


class Opener(Protocol):
    """What looks into one session: the microscope. `value` is the id of the one that it shows."""

    value: str
    param: Any

    def open(self, session_id: str) -> None: ...
    def open_selected(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Parts:
    """What tells the selection on the page."""

    key_numbers: KeyNumbers
    metrics: MetricTiles
    chips: Chips
    heights: pmui.RadioButtonGroup
    table: SessionsTable
    without_cut_off: pmui.Switch
    notice: Notice


class Exploring:
    """Keeps charts, chips, key numbers and table in step with the selection."""

    def __init__(
        self,
        state: Explorer,
        parts: Parts,
        charting: Follower,
        microscope: Opener,
        say: Callable[[ExplorerError | None], None],
    ) -> None:
        self.state, self.parts, self.charting, self.microscope, self.say = state, parts, charting, microscope, say
        self.heard: list[Callable[[pl.DataFrame], Any]] = []
        self._numbers = Latest[Told](self._put_numbers, self._without_numbers, lambda: self._wait_for_numbers(True))
        self._metrics = Latest[list[Tile]](lambda tiles: parts.metrics.param.update(value=tiles), say)
        self._pages = Latest[TablePage](self._put_page, self._without_page, lambda: show_waiting(parts.table, True))
        self._keeping = Latest[Kept](lambda kept: self._try(partial(state.keep, kept)), say)
        self._naming = Latest[Cohort](lambda cohort: self._try(partial(self._save, cohort)), say)
        self._siding = Latest[tuple[Kept, Kept]](lambda sides: self._try(partial(self._side, *sides)), say)
        self.compares_in = ""  # the view that two definitions are compared in
        self.compared: Callable[..., Any] = lambda *names: None  # told the names of definitions to compare
        self.saved: Callable[[str], Any] = lambda name: None  # told the name of a cohort that was saved
        self._hearing = Latest[pl.DataFrame](self._tell, say)
        for part in (parts.key_numbers, parts.metrics, parts.table):
            part.settle = self.settle  # type: ignore[method-assign]
        state.param.watch(lambda *_: self._show_picture(), "drawn")
        state.param.watch(lambda event: self._touch(event.old, event.new), "selection")
        state.param.watch(lambda *_: self._show_selection(), "selection")
        parts.chips.param.watch(lambda event: self._ask(event.new), "asked")
        parts.without_cut_off.param.watch(lambda event: self._try(partial(state.leave_out_cut_off, event.new)), "value")
        state.param.watch(lambda *_: self._show_switch(), ["analysis", "session"])
        self._links: tuple[Link, ...] = ()
        state.param.watch(lambda *_: self._show_links(), "analysis")
        parts.heights.param.watch(lambda event: self._draw_as(event.new), "value")
        state.param.watch(lambda *_: self._show_heights(), ["shares", "zoomed"])
        parts.table.param.watch(lambda *_: self._show_table(), ["page", "page_size", "sort"])
        parts.table.param.watch(lambda event: self._unhide(event.old, event.new), "hidden")
        parts.table.param.watch(lambda event: self._look(event.new), "selected")
        parts.table.param.watch(lambda *_: microscope.close(), "let_go")
        microscope.param.watch(lambda *_: self._mark(), "value")
        self._ids: list[str] = []

    def settle(self) -> None:
        """Let numbers and rows that are under way arrive now."""
        for latest in (self._numbers, self._metrics, self._pages):
            latest.finish()

    # ---- events up

    def _save(self, cohort: Cohort) -> None:
        self.state.add_cohort(cohort)
        self.saved(cohort.name)

    def _side(self, selected: Kept, rest: Kept) -> None:
        names = self.state.add_sides(selected, rest, self.compares_in)
        if names:
            self.compared(*names)

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except ExplorerError as error:
            self.say(error)

    def _ask(self, message: dict[str, Any]) -> None:
        state, name = self.state, message.get("name", "")
        match message.get("act"):
            case "remove":
                state.selection = state.selection.with_(name, None)
            case "invert" if name in state.selection:
                state.selection = state.selection.inverted(name)
            case "clear":
                state.selection = Selection()
            case "keep":
                self._keeping.run(state.asks_kept())
            case "exclude":
                self._keeping.run(state.asks_kept(without=True))
            case "sides":
                self._siding.run(state.asks_sides())
            case "cohort":
                self._naming.run(state.asks_cohort())
            case "look":
                self.microscope.open_selected()
            case "need" if name in dict(self.parts.chips.others):
                state.need(name)
            case "range" if state.drawn is not None:
                self._type(name, message["from"], message["to"])

            case "values" if state.drawn is not None and name in state.on_page.dimensions:
                bins = state.on_page.dimensions[name].bins
                picked = [int(at) for at in message["bins"] if 0 <= int(at) < len(bins)]
                state.selection = state.selection.with_(name, bins.brush(picked))

    def _touch(self, old: Selection, new: Selection) -> None:
        """Remember which brush changed last."""
        changed = [name for name in (*new, *old) if old.get(name) != new.get(name)]
        if changed and new:
            self.parts.chips.touched = changed[0]

    def _type(self, name: str, low: str, high: str) -> None:
        """Brush a range that was typed; what is none says why beside its fields."""
        chips = self.parts.chips
        bins = self.state.on_page.dimensions[name].bins
        assert isinstance(bins, Bins)
        try:
            chips.error = ""
            self.state.selection = self.state.selection.with_(name, typed_range(bins, low, high))
        except ExplorerError as error:
            chips.error = str(error)

    def _look(self, place: int | None) -> None:
        if place is not None and place < len(self._ids):
            self.microscope.open(self._ids[place])

    def _draw_as(self, heights: str) -> None:
        self.state.param.update(shares=heights == "shares", zoomed=heights == "zoomed")

    # ---- values down

    def _show_heights(self) -> None:
        state = self.state
        self.parts.heights.value = "shares" if state.shares else "zoomed" if state.zoomed else "counts"

    def _show_picture(self) -> None:
        drawn, parts = self.state.on_page, self.parts
        parts.table.columns = self._columns()
        self.charting.show_picture()
        self._show_switch()
        if not drawn.total:
            parts.notice.value = Message("info", why_empty(drawn.definition))
        self._show_numbers()

    def _columns(self) -> list[Column]:
        state = self.state
        return table_columns(state.engine.columns.actor, state.on_page.definition.metrics, bool(state.analysis.links))

    def _show_links(self) -> None:
        """Links that are new, or others: the sessions stay as they are."""
        links = self.state.analysis.links
        if links != self._links:
            self._links = links
            if self.state.drawn is not None:
                self.parts.table.columns = self._columns()
                self._show_table()

    def _show_switch(self) -> None:
        """How many sessions the source may not hold all of, and whether they are left out."""
        state, switch = self.state, self.parts.without_cut_off
        switch.value = state.cut_off_left_out
        if state.drawn is None or switch.value:
            switch.label = "Exclude truncated sessions"
            return
        cut = state.drawn.truncated
        switch.label = f"Exclude {count_text(cut)} truncated session{'' if cut == 1 else 's'}"

    def _show_selection(self) -> None:
        self.charting.show_selection()
        if self.state.drawn is not None:
            self._show_numbers()
        if self.heard:
            self._hearing.run(self.state.asks_selected())

    def _tell(self, selected: pl.DataFrame) -> None:
        for heard in self.heard:
            heard(selected)

    def _show_numbers(self) -> None:
        state, parts = self.state, self.parts
        drawn, selection = state.on_page, state.selection
        self._numbers.run(lambda: _told(drawn, selection))
        parts.chips.param.update(
            value=chips(state.selection, drawn),
            ranges=ranges(drawn),
            choices=value_choices(state.selection, drawn),
            others=others(drawn),
            actors=state.selects_actors,
            error="",
        )
        self._show_metrics(drawn)
        parts.table.page = 0
        self._show_table()

    def _show_metrics(self, drawn: Coded) -> None:
        """What the metrics come to, of all sessions and of the selected."""
        metrics, selection = drawn.definition.metrics, self.state.selection
        more = len(metrics) - MOST
        self.parts.metrics.more = f"and {many(more, 'more metric')} in the list" if more > 0 else ""

        def work() -> list[Tile]:
            found = []
            for metric in metrics[:MOST]:
                of = [drawn.metric(metric.name, each) for each in (Selection(), selection)]
                found.append(metric_tile(metric, of[0], of[1] if selection else None))
            return found

        self._metrics.run(work)

    def _wait_for_numbers(self, waiting: bool) -> None:
        self.parts.key_numbers.loading = waiting

    def _without_numbers(self, error: ExplorerError) -> None:
        self._wait_for_numbers(False)
        self.say(error)

    def _without_page(self, error: ExplorerError) -> None:
        show_waiting(self.parts.table, False)
        self.say(error)

    def _put_numbers(self, found: Told) -> None:
        self.parts.key_numbers.param.update(value=key_numbers(*found), loading=False)

    def _show_table(self) -> None:
        table = self.parts.table
        sort, descending = table.sort
        if self.state.drawn is not None:
            beside = [name for name in BESIDE if name not in table.hidden]
            self._pages.run(self.state.asks_page(sort, descending, table.page, table.page_size, beside))

    def _unhide(self, before: Sequence[str], hidden: Sequence[str]) -> None:
        """What is looked up only where it is shown is to be shown."""
        if any(name in BESIDE and name not in hidden for name in before):
            self._show_table()

    def _put_page(self, found: TablePage) -> None:
        table, zone = self.parts.table, self.state.engine.columns.time_zone
        show_waiting(table, False)
        self._ids = found.frame["session_id"].to_list()
        links = row_links(self.state.analysis.links, found.frame, self.state.engine.columns)
        table.param.update(rows=table_rows(found.frame, table.columns, zone, links), total=found.total)
        self._mark()

    def _mark(self) -> None:
        """The row of the session that the microscope shows is the selected one."""
        shown = self.microscope.value
        self.parts.table.selected = self._ids.index(shown) if shown in self._ids else None


def _told(drawn: Coded, selection: Selection) -> Told:
    return drawn.numbers(Selection()), drawn.numbers(selection) if selection else None, drawn.through_time()
