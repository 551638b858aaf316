"""The view of what happens inside sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import panel as pn
import param

from explorer.crossfilter.cards import named_funnels, named_paths
from explorer.engine.answers.sequences.inside import FEW_FOLLOWING, MOST_FOLLOWING
from explorer.spec.charts.chart import Chart
from explorer.spec.context.annotation import Annotation
from explorer.state import EXTRA, OPENED
from widgets.parts.theme import card, grid
from widgets.views.inside.answers import Found, Options, Passed, Walks, find, label_columns
from widgets.views.inside.funnel import FunnelCard, funnel_name
from widgets.views.inside.panels import AfterPanel, BarList, ColumnChoice, FunnelPanel, PathsPanel
from widgets.views.inside.paths import PathsCard
from widgets.views.inside.steps_editing import offered
from widgets.views.inside.texts import after_shown, ends_shown
from widgets.views.view import View

NO_EVENT = "No column says what happened in an event. Choose the column whose values are to be told apart."
NO_TEXT = "These events have no column of texts, numbers or truth values, so there is nothing to tell them apart by."


class InsideView(View[Found]):
    """How sessions begin and end, their paths, funnels, and what comes after what."""

    def build(self) -> pn.Column:
        """All cards, empty still."""
        self.options, self._chosen = Options(), ""
        self._shown: Found | None = None
        self.choice = ColumnChoice(sizing_mode="stretch_width", margin=0)
        self.begin, self.end = BarList(label="How sessions begin"), BarList(label="How sessions end")
        self.after = AfterPanel()
        self.funnels: list[FunnelCard] = []
        self.paths: list[PathsCard] = []
        self.passed, self.walked, self._adds = pn.Column(**_STACK), pn.Column(**_STACK), False
        for panel in (self.choice, self.begin, self.end, self.after):
            panel.on_msg(partial(lambda panel, event: self.hear(panel, event.data), panel))
        ends = grid(
            card("How sessions begin", self.begin, subtitle="Sessions by their first event"),
            card("How they end", self.end, subtitle="Sessions by their last event"),
        )
        after = card("Next event", self.after, subtitle="After an event, which one follows in the session?")
        self._of_events = (ends, self.walked, after)
        self._arrange(1)
        self._arrange_paths(1)
        self._asked_paths: tuple[Chart, ...] = ()
        self._annotations: tuple[Annotation, ...] = ()
        self.watch(self._paths_changed, "analysis")
        return pn.Column(self.choice, ends, self.walked, self.passed, after, **_STACK)

    # ---- values down

    @property
    def column(self) -> str:
        """The column that events are told apart by; empty when there is none yet."""
        columns, engine = label_columns(self.state.engine), self.state.engine
        wanted = self.options.column or engine.columns.event or ""
        return wanted if wanted in columns else (engine.columns.event or "") if engine.columns.event in columns else ""

    def refresh(self) -> None:
        """Ask for what is brushed here to be drawn too."""
        if self._looked_at and self.state.drawn is not None and self.column:
            self.state.need(f"first {self.column}", f"last {self.column}")
        super().refresh()

    def work(self) -> Callable[[], Found]:
        """Everything at once, of the picture and the brushes as they are."""
        state = self.state
        options = replace(self.options, column=self.column)
        asked = named_funnels(state.funnels)
        paths = self._paths(options.column)
        ask = partial(find, state.on_page, state.selection, options, asked, paths if options.column else {})
        engine, column = state.engine, options.column

        def work() -> Found:
            menu, event = engine.menu(), engine.columns.event or ""
            kinds, events = (tuple(menu.get(name, {}).get("values", ())) for name in (column, event))
            return replace(ask(), kinds=kinds, events=events)

        return work

    def show(self, found: Found) -> None:
        """Put it on the page."""
        self._shown = found
        column, columns = found.options.column, label_columns(self.state.engine)
        missing = "" if column else NO_EVENT if columns else NO_TEXT
        self.choice.param.update(columns=columns, column=column, missing=missing)
        for each in self._of_events:
            each.visible = bool(column)
        self.begin.shown = ends_shown(found.first, self._opened("first"))
        self.end.shown = ends_shown(found.last, self._opened("last"))
        self.after.shown = after_shown(found.after, found.of, self._chosen)
        self._show_paths()
        self._show_funnels()

    # ---- paths

    @property
    def steps(self) -> PathsPanel:
        """The panel of the first paths."""
        return self.paths[0].panel

    def _paths(self, column: str) -> dict[str, Chart]:
        """The charts of paths of the document, or the first steps where it has none."""
        self._arrange_paths(max(1, len(named_paths(self.state.beside))))
        return {each.name: each.chart(column) for each in self.paths}

    def _paths_changed(self) -> None:
        """Other paths are asked for, of sessions that may be the same; or funnels over time have other notes."""
        if self.state.analysis is not None and self.state.analysis.annotations != self._annotations:
            self._annotations = self.state.analysis.annotations
            self._show_funnels()
        asked = tuple(named_paths(self.state.beside).values())
        if asked != self._asked_paths:
            self._asked_paths = asked
            self.refresh()

    def _show_paths(self) -> None:
        found = self._shown
        if found is None:
            return
        columns, choices = (
            label_columns(self.state.engine),
            offered(self.state.engine.columns.event or "", found.events),
        )
        for each in self.paths:
            walks = found.paths.get(each.name)
            problem = walks if isinstance(walks, str) else ""
            shown = walks if isinstance(walks, Walks) else None
            each.show(shown, problem, found.options.column, columns, choices, each is self.paths[-1])

    def _arrange_paths(self, count: int) -> None:
        if count == len(self.paths):
            return
        for at in range(len(self.paths), count):
            made = PathsCard(self.state, f"path {at + 1}" if at else "path", self.say, self._add_paths)
            made.panel.on_msg(partial(lambda its, event: self.hear(its.panel, event.data), made))
            self.paths.append(made)
        self.paths = self.paths[:count]
        self.walked.objects = [each.place for each in self.paths]

    def _add_paths(self) -> None:
        """One more: the ways back from the last event, beside the first steps."""
        session, column = self.state.definition.name, self.column or None
        first = Chart("paths", session, of=column)
        with param.parameterized.batch_call_watchers(self.state):
            if not named_paths(self.state.beside):
                self.state.set_paths("path", first)
            self.state.set_paths(f"path {len(named_paths(self.state.beside)) + 1}", first.replace(backward=True))

    # ---- funnels

    @property
    def _cards(self) -> list[PathsCard | FunnelCard]:
        return [*self.paths, *self.funnels]

    @property
    def funnel(self) -> FunnelPanel:
        """The panel of the first funnel."""
        return self.funnels[0].panel

    def _show_funnels(self) -> None:
        """A card for each funnel, and an empty one where there is none or one more was asked for."""
        found = self._shown
        if found is None:
            return
        self._adds = self._adds and len(found.funnels) < len(self.funnels)
        self._arrange(max(1, len(found.funnels) + self._adds))
        choices = offered(found.options.column, found.kinds)
        for each in self.funnels:
            passed = found.funnels.get(each.name)
            problem = passed if isinstance(passed, str) else ""
            each.show(passed if isinstance(passed, Passed) else None, problem, choices, each is self.funnels[-1])

    def _arrange(self, count: int) -> None:
        if count == len(self.funnels):
            return
        for at in range(len(self.funnels), count):
            made = FunnelCard(self.state, funnel_name(at), self.say, self._add_funnel)
            made.panel.on_msg(partial(lambda its, event: self.hear(its.panel, event.data), made))
            self.funnels.append(made)
        self.funnels = self.funnels[:count]
        self.passed.objects = [each.place for each in self.funnels]

    def _add_funnel(self) -> None:
        """One more, to be written."""
        self._arrange(len(self.funnels) + 1)
        self._adds = True
        self._show_funnels()

    def _opened(self, place: str) -> bool | None:
        """Whether the other values of first or last events are told apart; None where a chart says how many are."""
        name = f"{place} {self.column}"
        return name in self.state.opened if self.state.dimensions.get(name) in (EXTRA, OPENED) else None

    def wait(self, waiting: bool) -> None:
        """Fade what is not the newest."""
        super().wait(waiting)
        for panel in (self.begin, self.end, self.after, *(each.panel for each in self._cards)):
            panel.busy = waiting

    # ---- events up

    def hear(self, panel: Any, message: dict[str, Any]) -> None:
        """Take a click in the browser: its word and what it is about."""
        its = next((each for each in self._cards if each.panel is panel), None)
        if its is not None:
            its.hear(message)
            return
        ((word, said),) = message.items()
        match word, said:
            case "column", str(name) if name in label_columns(self.state.engine):
                self._ask(column=name)
            case "open", bool(opened) if panel in (self.begin, self.end):
                name = f"{'first' if panel is self.begin else 'last'} {self.column}"
                left = tuple(each for each in self.state.opened if each != name)
                self.state.opened = (*left, name) if opened else left
            case "open", bool(opened):
                self._ask(top=MOST_FOLLOWING if opened else FEW_FOLLOWING)
            case "chosen", str(name):
                self._chosen = name
                if self._shown:
                    self.after.shown = after_shown(self._shown.after, self._shown.of, name)
            case "bin", int(at):
                self._brush_value("last" if panel is self.end else "first", at)

    def _ask(self, **options: Any) -> None:
        self.options = replace(self.options, **options)
        self.refresh()

    def _brush_value(self, place: str, at: int) -> None:
        """Add one bar to the brush, or take it out."""
        name = f"{place} {self.column}"
        dimension = self.state.on_page.dimensions.get(name)
        if dimension is None or not 0 <= at < len(dimension.bins):
            return
        brush = self.state.on_page.holding(self.state.selection).get(name)
        picked = set(np.flatnonzero(dimension.bins.touched(brush)).tolist()) if brush else set()
        self.state.selection = self.state.selection.with_(name, dimension.bins.brush(picked ^ {at}))


_STACK: dict[str, Any] = {
    "sizing_mode": "stretch_width",
    "margin": 0,
    "styles": {"gap": "14px", "max-height": "none"},
}
