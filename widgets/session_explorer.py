"""The whole explorer: shows itself in a notebook, and is what app.py serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import panel as pn
import param
import polars as pl

from explorer.charts.brushing.linked import LinkedCharts
from explorer.charts.theme import definition_colors
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.engine.connect import connect, is_engine
from explorer.engine.databases import is_named
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError
from explorer.events.files.folders import Folders
from explorer.events.files.source_name import name_or
from explorer.events.machine.workplace import is_upload
from explorer.report import report
from explorer.spec.analysis import Analysis, first_analysis
from explorer.state import Explorer
from widgets import layout
from widgets.charts.chart_card import ChartCard
from widgets.charts.chart_grid import ChartGrid
from widgets.charts.chart_menu import ChartChoice
from widgets.charts.controller import Charting
from widgets.charts.mirror import Mirrors
from widgets.data.columns_editor import ColumnsEditor
from widgets.data.controller import Opening
from widgets.data.data_toggle import DataToggle
from widgets.data.open_source import folders_of, opened_somehow
from widgets.definition.definitions import DefinitionList
from widgets.definition.editor_controller import Building
from widgets.definition.inactivity_editor import InactivityEditor
from widgets.definition.list_controller import Outline
from widgets.definition.rule_labels import NEW_COHORT
from widgets.definition.rules import RuleList
from widgets.definition.workbench import Workbench
from widgets.document.context_dialog import Context
from widgets.document.controller import Habits, refuse_what_does_not_fit
from widgets.document.finder import Finder
from widgets.document.url import UPLOAD, Link, link_error
from widgets.export.controller import Leaving
from widgets.export.report_controller import Reporting
from widgets.guide.guide import Guide
from widgets.microscope import Microscope
from widgets.notebook.inline import NOTE, Shown
from widgets.notebook.still_picture import still_picture
from widgets.notebook.told_at_once import telling
from widgets.notebook.view import Presence
from widgets.parts.latest_task import newest
from widgets.parts.notice import Message, Notice, error_message
from widgets.parts.segments import segments
from widgets.parts.source_words import own_columns
from widgets.parts.switch import switch
from widgets.parts.tab_stops import TabStops
from widgets.parts.tab_title import tab_title
from widgets.parts.theme import show_waiting
from widgets.parts.unexpected import shown_by
from widgets.sessions.brush_chips import Chips
from widgets.sessions.formats import BESIDE, CUT_OFF, table_columns
from widgets.sessions.key_numbers import KeyNumbers
from widgets.sessions.metric_tiles import MetricTiles
from widgets.sessions.noticed import Noticing
from widgets.sessions.redraw import Redraw
from widgets.sessions.selection_controller import Exploring, Parts
from widgets.sessions.sessions_table import SessionsTable
from widgets.views.view_tabs import COMPARE, VIEWS, Viewing

GUESSED = "Guessed from the data. Choose others if they are wrong."


class SessionExplorer(Shown):
    """Build sessions and explore them in linked charts.

    `source` is an engine from `explorer.connect`, or what `connect` takes (a path, a frame), with its roles.
    """

    busy = param.Boolean(default=False, doc="Sessions are being cut.")

    def __init__(
        self,
        source: Any,
        analysis: Analysis | None = None,
        *,
        linked_to_url: bool = False,
        guessed: bool | None = None,
        folders: Folders | None = None,
        data: str = "",
        refused: ExplorerError | None = None,
        doubt: ExplorerError | None = None,
        name: str = "",
        **roles: Any,
    ) -> None:
        super().__init__(name=name)
        engine: Engine = source if is_engine(source) else connect(source, **roles)
        analysis = analysis or first_analysis(engine.columns)
        refuse_what_does_not_fit(analysis, engine)
        self._presence: Presence | None = None
        self._guessed = not (roles or is_engine(source)) if guessed is None else guessed
        self.state = Explorer(engine=engine, analysis=analysis, session=analysis.sessions[0].name)
        self._build()
        shown_by(self.say)
        self._redraw = Redraw(self.state, self.inactivity, self._is_busy, self.say, self._served, self._tell)
        self._wire()
        self.charting = Charting(self.state, self.grid, self.chart_choice, self.linked, self.say)
        self.microscope = Microscope(self.state, self.table, self.notice, self.say)
        parts = Parts(
            self.key_numbers, self.metric_tiles, self.chips, self.heights, self.table, self.without_cut_off, self.notice
        )
        self._exploring = Exploring(self.state, parts, self.charting, self.microscope, self.say)
        self._outline = Outline(self.state, self.definitions, self.rules)
        self._building = Building(self.state, self.bench, self.rules)
        self._exploring.saved = lambda name: self.rules.hear({"open": f"{NEW_COHORT}{name}"})
        self.viewing = Viewing(self.state, layout.charts(self.grid, self.table), self.say)
        self.views = self.viewing.alone  # each of which shows alone: app.views["compare"]
        self._exploring.compared, self._exploring.compares_in = self.viewing.compare, COMPARE
        self.metric_tiles.param.watch(lambda event: self._chart_metric(event.new) if event.new else None, "asked")
        self.noticing = Noticing(self.state, self.viewing.compare_ids)
        self.folders = folders or folders_of(engine)
        self.opening = Opening(self.state, self.data_toggle, self.folders, opened_somehow, self._begin, self.say)
        habits = Habits(self.state, self._take_analysis, self.say, page=linked_to_url, address=lambda: self.link)
        self.toolbar, self.keeper, self.hints = habits.toolbar, habits.keeper, habits.hints
        self.leaving = Leaving(self.state, self.toolbar, self.charting, self.say)
        self.guide = Guide()
        self.toolbar.param.watch(lambda *_: self.guide.open(), "guide")
        self.toolbar.param.watch(lambda event: self.guide.open_at(event.new) if event.new else None, "place")
        self.finder = Finder(
            self.state,
            self.toolbar,
            self.charting,
            self.rules,
            self.definitions,
            self.guide,
            self.viewing.tabs.titles,
            self.say,
        )
        self.context = Context(self.state)
        self.finder.context = self.charting.context = self.context.open
        self.table.param.watch(lambda *_: self.context.open("links"), "linked")
        reports = Reporting(self.state, self.toolbar).dialog
        self.dialogs = (*self.leaving.dialogs, reports, self.context.dialog, self.guide)
        self.link = Link(self.state, self.say, data, VIEWS) if linked_to_url else None
        problem = refused or doubt
        if self.link and refused:
            pn.state.onload(self.link.write)  # a browser that connects says the address that it has
        elif self.link:
            try:
                self.link.read()
            except ExplorerError as error:
                problem = link_error(error)
        self._redraw.first(problem)

    # ---- what a notebook asks for

    @property
    def analysis(self) -> Analysis:
        """The document as it is now."""
        return self.state.analysis

    @analysis.setter
    def analysis(self, analysis: Analysis) -> None:
        self._take_analysis(analysis)

    @property
    def sessions(self) -> pl.DataFrame:
        """All sessions of the definition that is shown, one row each."""
        return self.state.sessions()

    @property
    def selected(self) -> pl.DataFrame:
        """The sessions that the brushes hold; all when there is none."""
        return self.state.selected()

    def on_selection(self, heard: Callable[[pl.DataFrame], Any]) -> None:
        """Call a function with the selected sessions whenever a brush comes to rest or goes."""
        self._exploring.heard.append(heard)

    def report(self, path: str | Path, *, brushed: bool = False, **words: Any) -> Path:
        """Write the analysis as one HTML file that brushes without a server.

        `words` are `title`, `notes` (Markdown), `inactivities`: how much the inactivity matters, and `ids`: the column
        of session ids to hold it against. With `brushed` the brushes of the page stand in it when it is opened.
        """
        more = {"selection": self.state.selection, "against": self.state.against} if brushed else {}
        return report(self.state.engine, self.analysis, path, session=self.state.definition.name, **words, **more)

    def export(
        self, path: str | Path, what: str = "sessions", *, selected: bool = False, spreadsheet: bool = False
    ) -> Path:
        """Write sessions, actors or events with session ids to a .parquet, .csv or .arrow file, all or the selected.

        With `spreadsheet`, texts of a CSV that a spreadsheet would run as formulas have an apostrophe before them.
        """
        return self.leaving.export(path, what, selected, spreadsheet)

    def code(self, tongue: str = "python", *, dialect: str = "duckdb") -> str:
        """The analysis and what is selected in python, polars, sql (of a dialect), shell or yaml."""
        return self.leaving.code(tongue, dialect)

    # ---- parts

    @property
    def charts(self) -> Mapping[str, ChartCard]:
        """The charts by what they are of, each of which shows alone: `app.charts["duration"]`."""
        return self.grid.cards

    def _build(self) -> None:
        state = self.state
        self.notice = Notice()
        self.data_toggle = DataToggle()
        self.columns = ColumnsEditor(
            value=state.analysis.columns, names=own_columns(state.engine), hint=GUESSED if self._guessed else ""
        )
        self.definitions = DefinitionList()
        self.inactivity = InactivityEditor(value=state.definition)
        self.rules = RuleList()
        self.bench = Workbench()
        self.key_numbers = KeyNumbers(loading=True)
        self.metric_tiles = MetricTiles()
        self.chips = Chips()
        self.without_cut_off = switch(help=CUT_OFF)
        heights = {"counts": "Counts", "zoomed": "Zoom", "shares": "Shares"}
        self.heights = segments("Heights are", heights, value="counts")
        self.linked = LinkedCharts(
            {},
            on_selection=self._hear_brush,
            on_peek=lambda selection: self.charting.peek(selection),
            telling=telling,
            later=partial(newest, self.say),
        )
        self.grid = ChartGrid()
        self.grid.elsewhere = Mirrors(state, self.say)
        self.chart_choice = ChartChoice()
        self.table = SessionsTable(
            columns=table_columns(state.engine.columns.actor, ()),
            hidden=list(BESIDE),
            action="View the events of this session",
            linkable=True,
            sizing_mode="stretch_width",
            margin=0,
        )

    def say(self, error: ExplorerError | None) -> None:
        """Show why the last change could not be made; None takes it away."""
        where = error.where if error else ""
        beside = where.startswith("inactivity")
        self.inactivity.error = str(error).removeprefix(f"{where}: ") if error and beside else ""
        there = self.opening.say_columns(error)
        self.notice.value = error_message(error) if error and not beside and not there else None

    # ---- values down, events up

    def _wire(self) -> None:
        state = self.state
        self.param.watch(lambda event: self._show_busy(event.new), "busy")
        state.param.watch(lambda *_: self._show_document(), ["analysis", "session", "engine"])
        self.columns.param.watch(lambda event: self._take_columns(event.new), "value")
        self.inactivity.param.watch(lambda event: self._take_definition(event.new), "value")
        state.param.watch(lambda event: self.tell_widget(selection=event.new.to_text()), "selection")

    def _take_analysis(self, analysis: Analysis) -> None:
        names = [session.name for session in analysis.sessions]
        session = self.state.session if self.state.session in names else names[0]
        self.state.param.update(analysis=analysis, session=session)

    def _begin(self, engine: Engine, analysis: Analysis, drawn: Coded) -> None:
        """Explore another source in the place of this one."""
        if self.link is not None:
            self.link.begin(analysis, self._in_address(engine.source))
        self.say(None)
        self.bench.close()
        self.table.sort = ("", False)
        self.state.begin(engine, analysis, drawn)
        if self.link is not None:
            self.link.write()  # of other data, but the same analysis, nothing else tells
            self.link.history.title = tab_title(name_or(engine.source, ""))
        self.viewing.renew()

    def _in_address(self, source: Any) -> str:
        """What an address calls the data that was opened."""
        if is_named(source):
            return str(source)
        path = Path(str(source))
        return f"{UPLOAD}{path.name}" if is_upload(path) else self.folders.short(path)

    def _take_columns(self, columns: Any) -> None:
        if columns != self.state.analysis.columns:
            self.state.analysis = self.state.analysis.replace(columns=columns)

    def _take_definition(self, definition: Any) -> None:
        if definition != self.state.definition:
            self.state.analysis = self.state.analysis.with_session(definition)

    def _chart_metric(self, name: str) -> None:
        """Show the chart of a metric, which is made where there is none."""
        self.state.view = ""
        self.charting.show(name)

    def _served(self) -> Analysis | None:
        return self.link.served if self.link else None

    def _tell(self, words: str) -> None:
        self.notice.value = Message("info", words)

    def _is_busy(self, busy: bool) -> None:
        self.busy = busy

    def _show_busy(self, busy: bool) -> None:
        self.key_numbers.loading = busy
        show_waiting(self.table, busy)
        self.grid.wait(busy)

    def _hear_brush(self, selection: Selection) -> None:
        self.state.selection = selection

    def _show_document(self) -> None:
        state = self.state
        self.columns.param.update(value=state.analysis.columns, names=own_columns(state.engine))
        self.inactivity.value = state.definition
        self.linked.paint(definition_colors(state.analysis)[state.definition.name])

    # ---- places

    @property
    def sidebar(self) -> list[Any]:
        """The editors, from top to bottom."""
        state = self.state
        parts = layout.Editors(self.columns, self.data_toggle, self.definitions, self.inactivity, self.rules)
        return [layout.sidebar(state, parts)]

    @property
    def header(self) -> list[Any]:
        """What stands in the app bar: filled once the page is drawn, which it would hold up."""
        return [layout.header(TabStops(), self.hints, self.noticing.board, self.toolbar, self.keeper, *self.dialogs)]

    @property
    def main(self) -> pn.viewable.Viewable:
        """Key numbers, charts and table."""
        shown = pn.bind(lambda view: not view, self.state.param.view)
        choice = pn.Column(self.chart_choice, margin=(0, 0, 0, 8), visible=shown)
        # With shares and without a brush there must be a way back.
        parts = (getattr(self.state.param, name) for name in ("selection", "shares", "zoomed", "view"))
        asked = pn.bind(
            lambda selection, shares, zoomed, view: bool(not view and (selection or shares or zoomed)), *parts
        )
        heights = pn.Column(self.heights, margin=(0, 0, 0, 8), visible=asked)
        return layout.main(
            (
                self.notice,
                self.opening.place,
                self.bench,
                self.key_numbers,
                self.metric_tiles,
            ),
            (self.viewing.tabs, heights, self.without_cut_off, choice),
            (self.chips, layout.readout(self.linked)),
            (self.microscope.place, self.viewing.place, *([self.link.history] if self.link else [])),
        )

    def __panel__(self) -> pn.viewable.Viewable:
        sidebar = pn.Column(
            pn.Row(self.toolbar, *self.dialogs, margin=(4, 8)),
            self.noticing.board,
            *self.sidebar,
            width=300,
            margin=0,
        )
        return pn.Row(sidebar, self.main, sizing_mode="stretch_width", margin=0)

    def inline(self, presence: Presence) -> Any:
        """The whole explorer below a cell; where it was shown before, a picture stays."""
        if self._presence is not None:
            self._presence.leave()
        self._presence = presence
        return super().inline(presence)

    def still(self) -> str:
        """A picture of the explorer, as HTML that needs no Python and no network."""
        return still_picture(self.state, note=NOTE)
