"""The view of what happens inside sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import panel as pn

from explorer.crossfilter.cards import named_funnels
from explorer.engine.answers.inside import FEW_FOLLOWING, FEWEST_STEPS, MOST_FOLLOWING, MOST_STEPS
from explorer.state import EXTRA, OPENED
from widgets.parts.theme import card, grid
from widgets.views.inside.answers import Found, Options, Passed, find, label_columns
from widgets.views.inside.flow import steps_shown
from widgets.views.inside.funnel import FunnelCard, funnel_name
from widgets.views.inside.panels import AfterPanel, BarList, ColumnChoice, FunnelPanel, StepsPanel
from widgets.views.inside.steps_editing import offered
from widgets.views.inside.texts import after_shown, ends_shown
from widgets.views.view import View

NO_EVENT = "No column says what happened in an event. Choose the column whose values are to be told apart."
NO_TEXT = "These events have no column of texts, numbers or truth values, so there is nothing to tell them apart by."


class InsideView(View[Found]):
    """How sessions begin and end, their first steps, a funnel, and what comes after what."""

    def build(self) -> pn.Column:
        """All cards, empty still."""
        self.options, self._chosen = Options(), ""
        self._shown: Found | None = None
        self.choice = ColumnChoice(sizing_mode="stretch_width", margin=0)
        self.begin, self.end = BarList(label="How sessions begin"), BarList(label="How sessions end")
        self.steps, self.after = StepsPanel(), AfterPanel()
        self.funnels: list[FunnelCard] = []
        self._passed, self._adds = pn.Column(**_STACK), False
        for panel in (self.choice, self.begin, self.end, self.steps, self.after):
            panel.on_msg(partial(lambda panel, event: self.hear(panel, event.data), panel))
        ends = grid(
            card("How sessions begin", self.begin, subtitle="Sessions by their first event"),
            card("How they end", self.end, subtitle="Sessions by their last event"),
        )
        ways = card("First steps", self.steps, subtitle="Which ways do sessions take from their first event on?")
        after = card("Next event", self.after, subtitle="After an event, which one follows in the session?")
        self._of_events = (ends, ways, after)
        self._arrange(1)
        return pn.Column(self.choice, ends, ways, self._passed, after, **_STACK)

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
        ask = partial(find, state.on_page, state.selection, options, asked)
        engine, column = state.engine, options.column

        def work() -> Found:
            kinds = engine.menu().get(column, {}).get("values", ())
            return replace(ask(), kinds=tuple(kinds))

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
        flow = steps_shown(found.paths, found.of, found.first)
        self.steps.param.update(shown=flow, steps=found.options.steps, once=found.options.once)
        self.after.shown = after_shown(found.after, found.of, self._chosen)
        self._show_funnels()

    # ---- funnels

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
        self._passed.objects = [each.place for each in self.funnels]

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
        for panel in (self.begin, self.end, self.steps, self.after, *(each.panel for each in self.funnels)):
            panel.busy = waiting

    # ---- events up

    def hear(self, panel: Any, message: dict[str, Any]) -> None:
        """Take a click in the browser: its word and what it is about."""
        its = next((each for each in self.funnels if each.panel is panel), None)
        if its is not None:
            its.hear(message)
            return
        ((word, said),) = message.items()
        match word, said:
            case "column", str(name) if name in label_columns(self.state.engine):
                self._ask(column=name)
            case "steps", int(steps) if FEWEST_STEPS <= steps <= MOST_STEPS:
                self._ask(steps=steps)
            case "once", bool(once):
                self._ask(once=once)
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
