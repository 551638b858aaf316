"""One funnel on the page: its bars, the editor of its steps, and what a click on them does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explorer.charts.figure.moments import moments_of
from explorer.charts.figure.time_axis import moments
from explorer.crossfilter.cards import FUNNEL, named_funnels, time_brushed
from explorer.crossfilter.selections.selection import Range
from explorer.engine.answers.columns import Menu
from explorer.engine.answers.trial import Counted
from explorer.errors import ExplorerError, SpecError
from explorer.exports.chart_numbers import csv_text, funnel_numbers
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import is_pattern
from explorer.spec.expression.clause import Clause, optional
from explorer.state import Explorer
from widgets.charts.chart_menu import choices
from widgets.filter_builder import FilterBuilder
from widgets.parts.latest_task import Latest
from widgets.parts.theme import card
from widgets.views.inside.answers import Passed, without_own
from widgets.views.inside.funnel_asks import asked_changes, funnel_asks
from widgets.views.inside.funnel_texts import funnel_shown
from widgets.views.inside.panels import FunnelPanel
from widgets.views.inside.steps_editing import WITHOUT, Draft, limit_errors, step_errors

PARTS: dict[str, Callable[[Chart], dict[str, Any]]] = {
    "steps": lambda chart: {"by": (), "top": None, "every": None},
    "sides": lambda chart: {"every": None},
    "trend": lambda chart: {},
}
HOW_FAR = "How many get through these steps?"


class FunnelCard:
    """Shows the funnel of a name and edits it; `more` is called for another one below."""

    def __init__(
        self, state: Explorer, name: str, say: Callable[[ExplorerError | None], None], more: Callable[[], None]
    ):
        self.state, self.name, self.say, self.more = state, name, say, more
        self.builder = FilterBuilder(noun="events", label="Condition of the step")
        self.builder.param.watch(lambda event: self._built(event.new), "value")
        self.builder.param.watch(lambda *_: self._count(), "asked")
        self._building: int | None = None
        self._passed: Passed | None = None
        self._menus = Latest[tuple[Menu, Counted]](self._show_menu, lambda _: None)
        self.panel = FunnelPanel(builder=self.builder)
        self.place = card(name.capitalize(), self.panel, subtitle=HOW_FAR, guide="charts#Funnels", help="Funnels")

    def show(self, passed: Passed | None, problem: str, offered: list[Any], last: bool) -> None:
        """Put what was found on the page; the `last` funnel offers one more."""
        self._passed = passed
        chart = named_funnels(self.state.funnels).get(self.name)
        self.panel.param.update(
            shown=funnel_shown(passed, moments_of(self.state.analysis.annotations, self.state.engine.zone)),
            steps=[str(step) for step in chart.steps] if chart else [],
            limits=Draft.of(chart).limits,
            asked=funnel_asks(chart, choices(self.state)),
            offered=offered,
            problem=problem,
            last=last,
        )

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser: its word and what it is about."""
        ((word, said),) = message.items()
        match word, said:
            case "reached", [int(first), int(last)]:
                self._brush(first, last)
            case "draft", dict(told):
                draft = Draft.read(told)
                self.panel.param.update(errors=self._step_errors(draft), wrong=self._limit_errors(draft))
            case "build", None:
                self._building = None
            case "build", [int(step), str(text)]:
                self._build(step, text)
            case "built", [int(step), dict(told)]:
                self._apply(Draft.read(told).with_condition(step, self._said()))
            case "apply", dict(told):
                self._apply(Draft.read(told))
            case "side", [int(side), int(first), int(last)]:
                self._brush_side(side, first, last)
            case "trend", [int(low), int(high)]:
                self._brush_time(low, high)
            case "field", [str(name), str(value)]:
                self._ask(name, value)
            case "csv", str(part) if part in PARTS:
                self._hand_numbers(part)
            case "more", _:
                self.more()

    def _step_errors(self, draft: Draft) -> list[str]:
        return step_errors(draft.steps, self.state.engine.schema, self.state.engine.columns.event)

    def _limit_errors(self, draft: Draft) -> dict[str, str]:
        return limit_errors(draft, self.state.engine.schema)

    def _brush(self, first: int, last: int) -> None:
        """Hold the sessions that reach so many steps; the same once more holds all again."""
        passed = self._passed
        if passed is None or not passed.can_brush or not 0 <= first <= last:
            return
        most = len(passed.steps)
        brush = None if (first, last) == (0, most) else Range(first, None if last >= most else last + 1)
        standing = self.state.selection.get(self.name)
        self.state.selection = self.state.selection.with_(self.name, None if brush == standing else brush)

    def _hand_numbers(self, part: str) -> None:
        """Give a part of the funnel away as CSV, under the brushes that it is counted under."""
        passed, coded, selection, name = self._passed, self.state.drawn, self.state.selection, self.name
        if passed is None or coded is None:
            return
        chart = passed.chart.replace(**PARTS[part](passed.chart))
        dimension = passed.sides.now.dimension if passed.sides else ""

        def work() -> str:
            others = without_own(selection, name, dimension, part, time_brushed(chart))
            return csv_text(funnel_numbers(coded, chart, others), spreadsheet=True)

        Latest[str](self._handed, self.say).run(work)

    def _handed(self, text: str) -> None:
        self.panel.handed = {"text": text, "name": self.name, "turn": self.panel.handed.get("turn", 0) + 1}

    def _brush_side(self, side: int, first: int, last: int) -> None:
        """Hold the sessions of a value that reach so many steps, `first` 0 all of them; the same again lets go."""
        passed = self._passed
        if passed is None or passed.sides is None or not 0 <= side < len(passed.sides.now.groups):
            return
        name, its = passed.sides.now.dimension, passed.sides.now.groups[side].brush
        if its is None or not passed.sides.can_brush or not 0 <= first <= last:
            return
        most, before = len(passed.steps), self.state.selection
        steps = Range(first, None if last >= most else last + 1) if first else None
        after = before.with_(self.name, steps).with_(name, its)
        self.state.selection = before.with_(self.name, None).with_(name, None) if after == before else after

    def _brush_time(self, low: int, high: int) -> None:
        """Hold the sessions that start in these steps of time, the last included; none where the last is before."""
        passed = self._passed
        trend = passed.trend if passed else None
        if passed is None or trend is None or not trend.can_brush:
            return
        brush = None
        if 0 <= low <= high < len(trend.now.times):
            brush = Range(moments(trend.now.times)[low], int(trend.now.ends[high]), "time")
        self.state.selection = self.state.selection.with_(time_brushed(passed.chart), brush)

    def _ask(self, name: str, value: str) -> None:
        """Another value of what is asked of the funnel besides its steps."""
        chart = named_funnels(self.state.funnels).get(self.name)
        changes = asked_changes(name, value)
        if chart is None or changes is None:
            return
        try:
            self.state.set_funnel(self.name, chart.steps, **changes)
        except SpecError as error:
            self.say(error)

    def _apply(self, draft: Draft) -> None:
        draft = draft.trimmed
        errors, wrong = self._step_errors(draft), self._limit_errors(draft) if draft.steps else {}
        if any(errors) or any(wrong.values()):
            self.panel.param.update(errors=errors, wrong=wrong)
            return
        names = list(named_funnels(self.state.funnels))
        try:
            self.state.set_funnel(self.name, draft.steps, **draft.fields)
        except SpecError as error:
            self.say(error)
            return
        # What was brushed are steps that may be others now; a funnel that goes leaves its name to the next.
        moved = names[names.index(self.name) :] if not draft.steps and self.name in names else [self.name]
        selection = self.state.selection
        for name in moved:
            selection = selection.with_(name, None)
        self.state.selection = selection
        self.panel.param.update(errors=[], wrong={}, turn=self.panel.turn + 1)

    # ---- a condition that is built

    def _build(self, step: int, text: str) -> None:
        """Show a condition in the builder; one that cannot be read says why and stays a text."""
        self._building = None
        try:
            if is_pattern(text):
                raise SpecError("A pattern is typed: search -> view, with -> next and .. later.")
            clause = optional(text.strip())
        except SpecError as error:
            if step == WITHOUT:
                self.panel.wrong = {"without": str(error)}
            else:
                self.panel.errors = [""] * step + [str(error)]
            self.panel.built = {"step": step, "refused": True}
            return
        self.builder.value = clause
        self._building = step
        self._count()

    def _built(self, clause: Clause | None) -> None:
        if self._building is not None:
            self.panel.built = {"step": self._building, "text": "" if clause is None else str(clause)}

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


def funnel_name(at: int) -> str:
    """The name of the dimension of a funnel, by its place.

    >>> funnel_name(0), funnel_name(1)
    ('funnel', 'funnel 2')
    """
    return f"{FUNNEL} {at + 1}" if at else FUNNEL
