"""The view of what happens inside sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import panel as pn

from explorer.crossfilter.cards import FUNNEL
from explorer.crossfilter.selections.selection import Range
from explorer.engine.answers.columns import Menu
from explorer.engine.answers.inside import FEW_FOLLOWING, FEWEST_STEPS, MOST_FOLLOWING, MOST_STEPS
from explorer.engine.answers.trial import Counted
from explorer.errors import SpecError
from explorer.spec.charts.steps import Steps
from explorer.spec.expression.clause import Clause, optional
from explorer.state import EXTRA, OPENED
from widgets.filter_builder import FilterBuilder
from widgets.parts.latest_task import Latest
from widgets.parts.theme import card, grid
from widgets.views.inside.answers import Found, Options, find, label_columns
from widgets.views.inside.flow import steps_shown
from widgets.views.inside.panels import AfterPanel, BarList, ColumnChoice, FunnelPanel, StepsPanel
from widgets.views.inside.steps_editing import offered, step_errors
from widgets.views.inside.texts import after_shown, ends_shown, funnel_shown
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
        self.builder = FilterBuilder(noun="events", label="Condition of the step")
        self.builder.param.watch(lambda event: self._built(event.new), "value")
        self.builder.param.watch(lambda *_: self._count(), "asked")
        self._building: int | None = None
        self._menus = Latest[tuple[Menu, Counted]](self._show_menu, lambda _: None)
        self.steps, self.funnel, self.after = StepsPanel(), FunnelPanel(builder=self.builder), AfterPanel()
        for panel in (self.choice, self.begin, self.end, self.steps, self.funnel, self.after):
            panel.on_msg(partial(lambda panel, event: self.hear(panel, event.data), panel))
        ends = grid(
            card("How sessions begin", self.begin, subtitle="Sessions by their first event"),
            card("How they end", self.end, subtitle="Sessions by their last event"),
        )
        ways = card("First steps", self.steps, subtitle="Which ways do sessions take from their first event on?")
        after = card("Next event", self.after, subtitle="After an event, which one follows in the session?")
        passed = card("Funnel", self.funnel, subtitle="How many sessions get through these steps, in this order?")
        self._of_events = (ends, ways, after)
        return pn.Column(self.choice, ends, ways, passed, after, **_STACK)

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
        options, steps = replace(self.options, column=self.column), state.funnel.funnel if state.funnel else Steps()
        ask = partial(find, state.on_page, state.selection, options, steps)
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
        passed, steps = found.funnel, self.state.funnel
        self.funnel.param.update(
            shown=funnel_shown(passed),
            steps=[str(step) for step in steps.steps] if steps else [],
            offered=offered(column, found.kinds),
            problem=found.problem,
        )

    def _opened(self, place: str) -> bool | None:
        """Whether the other values of first or last events are told apart; None where a chart says how many are."""
        name = f"{place} {self.column}"
        return name in self.state.opened if self.state.dimensions.get(name) in (EXTRA, OPENED) else None

    def wait(self, waiting: bool) -> None:
        """Fade what is not the newest."""
        super().wait(waiting)
        for panel in (self.begin, self.end, self.steps, self.funnel, self.after):
            panel.busy = waiting

    # ---- events up

    def hear(self, panel: Any, message: dict[str, Any]) -> None:
        """Take a click in the browser: its word and what it is about."""
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
            case "reached", [int(first), int(last)]:
                self._brush_steps(first, last)
            case "draft", list(texts):
                self.funnel.errors = step_errors(texts, self.state.engine.schema)
            case "build", None:
                self._building = None
            case "build", [int(step), str(text)]:
                self._build(step, text)
            case "built", [int(step), list(texts)] if 0 <= step < len(texts):
                self._apply([*texts[:step], self._said(), *texts[step + 1 :]])
            case "apply", list(texts):
                self._apply(texts)

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

    def _brush_steps(self, first: int, last: int) -> None:
        """Hold the sessions that reach so many steps; the same once more holds all again."""
        steps = self.state.funnel.steps if self.state.funnel else ()
        passed = self._shown.funnel if self._shown else None
        if passed is None or not passed.can_brush or not 0 <= first <= last:
            return
        brush = None if (first, last) == (0, len(steps)) else Range(first, None if last >= len(steps) else last + 1)
        standing = self.state.selection.get(FUNNEL)
        self.state.selection = self.state.selection.with_(FUNNEL, None if brush == standing else brush)

    # ---- a step that is built

    def _build(self, step: int, text: str) -> None:
        """Show the condition of a step in the builder; one that cannot be read says why and stays a text."""
        self._building = None
        try:
            clause = optional(text.strip())
        except SpecError:
            self.funnel.errors = step_errors([""] * step + [text], self.state.engine.schema)
            self.funnel.built = {"step": step, "refused": True}
            return
        self.builder.value = clause
        self._building = step
        self._count()

    def _built(self, clause: Clause | None) -> None:
        if self._building is not None:
            self.funnel.built = {"step": self._building, "text": "" if clause is None else str(clause)}

    def _said(self) -> str:
        return "" if self.builder.value is None else str(self.builder.value)

    def _count(self) -> None:
        """What there is to choose from, and how many events each condition holds."""
        if self._building is None or self.state.drawn is None:
            return
        cut, asked = self.state.engine.cut(self.state.definition), self.builder.asked

        def work() -> tuple[Menu, Counted]:
            return cut.event_menu(), cut.event_counts(asked)

        self._menus.run(work)

    def _show_menu(self, found: tuple[Menu, Counted]) -> None:
        menu, counted = found
        self.builder.param.update(columns=menu, total=counted.total, counts=counted.counts)

    def _apply(self, texts: list[Any]) -> None:
        steps = [str(text).strip() for text in texts if str(text).strip()]
        errors = step_errors(steps, self.state.engine.schema)
        if any(errors):
            self.funnel.errors = errors
            return
        try:
            self.state.set_funnel(steps)
        except SpecError as error:
            self.say(error)
        else:
            # What was brushed are steps that may be others now.
            self.state.selection = self.state.selection.with_(FUNNEL, None)
            self.funnel.param.update(errors=[], turn=self.funnel.turn + 1)


_STACK: dict[str, Any] = {
    "sizing_mode": "stretch_width",
    "margin": 0,
    "styles": {"gap": "14px", "max-height": "none"},
}
