"""Return: which share of actors comes back, who is new or stays away, and how long it takes between sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import panel as pn

from explorer.charts.figure.moments import moments_of
from explorer.charts.retention_texts import METHOD
from explorer.crossfilter.counting import Axis
from explorer.crossfilter.selections.selection import Selection, Values
from explorer.engine.answers.retention import STATES, Retention
from explorer.engine.coded import Coded
from explorer.errors import SpecError
from explorer.exports.chart_numbers import csv_text
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.returns import ACTIVITY, OF_FIRST, RETURN
from widgets.charts.chart_menu import choices
from widgets.parts.theme import card
from widgets.views.actors.actor_charts import SpansChart
from widgets.views.returning.parts import ActivityChart, ReturnGrid
from widgets.views.returning.texts import (
    activity_shown,
    asks,
    between_frame,
    between_shown,
    changes,
    grid_shown,
    toggled,
)
from widgets.views.view import View

SINCE, FIRST_START = "since_previous", "first_start"
WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
BETWEEN = (
    "From the end of a session to the start of the actor's next. The interval is that of a median by its ranks, 95 %, "
    "by actor; actors with a single session have no such time."
)


@dataclass(frozen=True, eq=False)
class Found:
    """What is shown: of each card under the brushes of all others, and of everybody; `problem` says why there is none.
    `others` say which cards have other brushes."""

    chart: Chart
    problem: str = ""
    grid: Retention | None = None
    activity: Retention | None = None
    between: Retention | None = None
    all: Retention | None = None
    others: tuple[bool, bool, bool] = (False, False, False)
    since: Axis | None = None
    totals: npt.NDArray[np.int64] | None = None
    counts: npt.NDArray[np.int64] | None = None


class ReturnView(View[Found]):
    """Follows the brushes, each card those of all others, and brushes actors by how they come back."""

    follows = ("drawn", "selection", "analysis")

    def build(self) -> pn.viewable.Viewable:
        self.grid, self.activity, self.between = ReturnGrid(**WIDE), ActivityChart(**WIDE), SpansChart(**WIDE)
        self._last: Found | None = None
        self.grid.on_msg(lambda event: self.hear(event.data))
        self.activity.on_msg(lambda event: self.hear_activity(event.data))
        self.between.on_msg(lambda event: self.hear_between(event.data))
        back = "Which share of actors has a session again, so long after their first?"
        states = "Who is there for the first time, again, after a pause, or no more?"
        return pn.Column(
            card("Who comes back", self.grid, subtitle=back, help=METHOD, guide="return"),
            card(
                "New, returning, resurrected, dormant",
                self.activity,
                subtitle=states,
                help="Each actor counts once in each step of time; a click selects all sessions of these actors.",
                guide="return#New, returning, resurrected, dormant",
            ),
            card(
                "Time between sessions",
                self.between,
                subtitle="How long does it take until an actor's next session?",
                help=BETWEEN,
                guide="return#Time between sessions",
            ),
            styles={"gap": "14px", "max-height": "none"},
            **WIDE,
        )

    # ---- values down

    def refresh(self) -> None:
        """Ask for what is brushed here to be drawn too."""
        if self._looked_at and self.state.drawn is not None:
            chart = self.state.retention
            by = chart.by[0] + OF_FIRST if chart.by else FIRST_START
            self.state.need(RETURN, ACTIVITY, SINCE, by)
        super().refresh()

    def work(self) -> Callable[[], Found]:
        drawn, chart = self.state.on_page, self.state.retention
        selection = drawn.holding(self.state.selection)

        def work() -> Found:
            try:
                return _found(drawn, chart, selection)
            except SpecError as error:
                return Found(chart, str(error))

        return work

    def show(self, found: Found) -> None:
        self._last, state = found, self.state
        selection, grid = state.selection, found.grid
        if grid is None or found.all is None or found.activity is None or found.between is None:
            self.grid.shown = {"nothing": found.problem}
            self.activity.shown = self.between.shown = {"none": found.problem, "nothing": found.problem}
            self.grid.asks = asks(found.chart, found.chart.every or "1w", choices(state), state.definition)
            return
        kept = any(chart == found.chart for chart in state.analysis.charts) if state.analysis else False
        self.grid.param.update(
            shown=grid_shown(grid, found.all, selection, found.others[0]),
            asks=asks(found.chart, grid.every, choices(state), state.definition),
            keeps=not kept,
        )
        notes = moments_of(state.analysis.annotations, state.engine.zone) if state.analysis else ()
        self.activity.shown = activity_shown(found.activity.activity, grid.step, selection, found.others[1], notes)
        self.between.shown = between_shown(
            found.between.between, found.since, found.totals, found.counts, selection.get(SINCE), found.others[2]
        )

    # ---- events up

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click on the grid, or another choice."""
        ((word, said),) = message.items()
        grid = self._last.grid if self._last else None
        match word, said:
            case "cell", [int(row), int(at)] if grid is not None and row < len(grid.rows) and at < len(grid.names):
                if row >= 0 or at >= 0:
                    self.state.selection = toggled(self.state.selection, grid, row, at)
            case "field", [str(name), str(value)]:
                self._ask(name, value)
            case "ask", "keep":
                self._try(lambda: self.state.set_retention())
            case "ask", "csv" if grid is not None:
                self._hand(self.grid, csv_text(grid.frame(), spreadsheet=True), "return")

    def hear_activity(self, message: dict[str, Any]) -> None:
        """Take a click on a part of a column."""
        ((word, said),) = message.items()
        found = self._last.activity if self._last else None
        if found is None:
            return
        its = found.activity
        match word, said:
            case "part", [int(at), int(state), bool(more)] if 0 <= at < len(its.names) and 0 <= state < len(STATES):
                value = frozenset({f"{its.names[at]} {STATES[state]}"})
                brush = self.state.selection.get(ACTIVITY)
                held = brush.values if isinstance(brush, Values) and not brush.negated else frozenset()
                values = held ^ value if more else frozenset() if held == value else value
                self.state.selection = self.state.selection.with_(ACTIVITY, Values(values) if values else None)
            case "ask", "csv":
                self._hand(self.activity, csv_text(its.frame(), spreadsheet=True), "actors over time")

    def hear_between(self, message: dict[str, Any]) -> None:
        """Take a drag across bars; one that stands already is taken away."""
        last = self._last
        since = last.since if last else None
        if last is None or since is None:
            return
        if message.get("ask") == "csv":
            self._hand(self.between, csv_text(between_frame(since, last.totals, last.counts), spreadsheet=True), SINCE)
            return
        most = len(since.bins.without_none())
        first, end = max(0, int(message["from"])), min(most, int(message["to"]))
        brush = since.bins.range(first, end) if first < end else None
        standing = self.state.selection.get(SINCE)
        self.state.selection = self.state.selection.with_(SINCE, None if brush == standing else brush)

    def _ask(self, name: str, value: str) -> None:
        """Another choice is another document; what was brushed by the one before goes, for it means something else."""
        fields = changes(name, value)
        if fields is None:
            return
        gone = [RETURN, ACTIVITY] if name != "by" else [RETURN]
        if self._last is not None and self._last.grid is not None and name in ("by", "every"):
            gone.append(self._last.grid.dimension)
        selection = self.state.selection
        for each in gone:
            selection = selection.with_(each, None)
        if self._try(lambda: self.state.set_retention(**fields)):
            self.state.selection = selection

    def _try(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except SpecError as error:
            self.say(error)
            return False
        return True

    def _hand(self, part: ReturnGrid | ActivityChart | SpansChart, text: str, what: str) -> None:
        name = f"{self.state.definition.name} {what}.csv"
        part.handed = {"text": text, "name": name, "turn": part.handed.get("turn", 0) + 1}


def _found(drawn: Coded, chart: Chart, selection: Selection) -> Found:
    """The answers, each asked once; raises SpecError."""
    asked: dict[Selection, Retention] = {}

    def of(*without: str) -> tuple[Retention, bool]:
        others = selection
        for name in without:
            others = others.with_(name, None)
        if others not in asked:
            asked[others] = drawn.retention(chart, others)
        return asked[others], bool(others)

    everybody = asked.setdefault(Selection(), drawn.retention(chart, Selection()))
    grid, of_grid = of(RETURN, everybody.dimension)
    activity, of_activity = of(ACTIVITY)
    between, of_between = of(SINCE)
    since = drawn.dimensions.get(SINCE)
    return Found(
        chart,
        "",
        grid,
        activity,
        between,
        everybody,
        (of_grid, of_activity, of_between),
        since,
        None if since is None else drawn.totals()[SINCE],
        None if since is None else drawn.counts(selection, [SINCE])[SINCE],
    )
