"""The Compare tab: several ways to cut the same events side by side, and what became of each session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import panel as pn

from explorer.charts.brushing.patched import OverlaidChart
from explorer.charts.overlay import Drawn, Line
from explorer.charts.titles import chart_title
from explorer.crossfilter.key_numbers import KEY_NUMBERS
from explorer.engine.answers.compare import COMPARED, id_columns
from explorer.spec.editing.edits import added
from explorer.spec.session import SessionDefinition
from widgets.notebook.told_at_once import telling
from widgets.parts.component import style
from widgets.parts.segments import segments
from widgets.parts.theme import card
from widgets.views.compare.compare_sides import Found, find, measured_by, rows, ways
from widgets.views.compare.compare_table import Choice, CompareTable
from widgets.views.compare.diff_card import DiffCard
from widgets.views.compare.diff_kinds import KindsShown
from widgets.views.view import View

ALONE = "Add a second definition at the left, or choose a column with session ids."
UNTICKED = "Tick a second definition above, or choose a column with session ids."
QUESTIONS = {
    "duration": "How long does a session last, from its first to its last event? All sessions are counted.",
    "event_count": "How many events does a session have? All sessions are counted.",
    "time_in_session": "How much time did an actor spend in all sessions together? Actors are counted.",
}


class CompareView(View[Found]):
    """Follows the definitions, not the brush; what is compared is a choice of this view, not of the document."""

    follows = ("drawn", "analysis")

    def build(self) -> pn.Column:
        """The cards, empty still."""
        self._last: Found | None = None
        self._asked: tuple[Any, ...] = ()
        self.table = CompareTable([(row.label, row.help) for row in KEY_NUMBERS])
        self.measure = segments("Heights are", {"counts": "Counts", "shares": "Shares"}, value="counts")
        self.charts = {
            name: OverlaidChart(f"compared {name}", f"{chart_title(name)}, compared", telling) for name in COMPARED
        }
        self._sides: frozenset[str] = frozenset()
        self.diff = DiffCard(self.say, self._add)
        self.table.param.watch(lambda *_: self.refresh(), "value")
        self.measure.param.watch(lambda *_: self._draw(), "value")
        self.diff.kinds.param.watch(lambda event: self._hold_against(event.new), "wanted")
        self.diff.kinds.param.watch(lambda event: self._judge(event.new), "shown")
        numbers = card(
            "Compare definitions",
            self.table,
            subtitle="What do the sessions of each definition come to, and how far is that from the base? "
            "All sessions count here; the selection is ignored.",
        )
        cards = (
            card(
                chart_title(name),
                pn.pane.HoloViews(chart.element, sizing_mode="stretch_width"),
                subtitle=QUESTIONS[name],
            )
            for name, chart in self.charts.items()
        )
        charts = pn.Column(
            *cards, stylesheets=[style("views/compare/compare_charts.css")], margin=0, sizing_mode="stretch_width"
        )
        switch = pn.Row(pn.layout.HSpacer(), self.measure, sizing_mode="stretch_width", margin=0)
        return _stacked(numbers, switch, charts, self.diff.place)

    def compare(self, one: str, other: str) -> None:
        """Of all definitions only these two, in shares: how far the one is from the other."""
        keys = {f"definition {session.name}" for session in self.state.analysis.sessions}
        shown = {f"definition {name}" for name in (one, other)}
        self.measure.value, self._sides = "shares", frozenset(shown)
        self.table.value = Choice(
            frozenset(shown), frozenset(keys - shown), base=f"definition {other}", other=f"definition {one}"
        )

    def compare_column(self, name: str, column: str) -> None:
        """Of all definitions only this one, and the session ids of a column, which it is measured by."""
        keys = {f"definition {session.name}" for session in self.state.analysis.sessions}
        shown = frozenset({f"definition {name}"})
        self.table.columns = id_columns(self.state.engine.schema, self.state.engine.columns)
        self.table.value = Choice(
            shown, frozenset(keys - shown), column=column, base=f"column {column}", other=f"definition {name}"
        )

    def _add(self, definition: SessionDefinition, column: str) -> None:
        """One more definition, held against the ids that it was found in."""
        self.state.analysis = added(self.state.analysis, definition)
        self.compare_column(self.state.analysis.sessions[-1].name, column)

    def refresh(self) -> None:
        """Only what this view reads counts: no chart, and no analysis whose columns the engine does not have yet."""
        state = self.state
        if self._sides and not self._sides & {f"definition {session.name}" for session in state.analysis.sessions}:
            self.measure.value, self._sides = "counts", frozenset()  # what shares were for is gone
        self.diff.pages.link(state.analysis.links)
        if state.engine.is_under(state.analysis):
            asked = (state.engine, state.analysis.sessions, self.table.value)
            if asked != self._asked:
                super().refresh()

    def work(self) -> Callable[[], Found]:
        engine, analysis, choice = self.state.engine, self.state.analysis, self.table.value
        self._asked = (engine, analysis.sessions, choice)
        self.table.columns = id_columns(engine.schema, engine.columns)
        if choice.column not in self.table.columns:
            choice = replace(choice, column="")
        asked = ways(analysis, choice)
        return lambda: find(engine, asked)

    def wait(self, waiting: bool) -> None:
        super().wait(waiting)
        self.table.busy = waiting

    def show(self, found: Found) -> None:
        self._last = found
        engine = self.state.engine
        self.diff.rules.know(self.state.analysis.sessions)
        base, other = measured_by(found, self.table.value)
        self.table.rows = rows(found, base, engine.columns.actor_name)
        self._draw()
        pair = (base, other) if base and other else None
        others = [way for way in found.good if way is not base]
        self.diff.ask(engine, pair, others, ALONE if len(found.ways) < 2 else UNTICKED)

    def _draw(self) -> None:
        if self._last is None:
            return
        last, shares = self._last, self.measure.value == "shares"
        for name, chart in self.charts.items():
            common = last.distributions.get(name)
            if common is None:
                chart.show(Drawn())
                continue
            lines = [
                Line(way.name, way.color, counts, dashed=way.is_column)
                for way, counts in zip(last.good, common.counts, strict=True)
            ]
            chart.show(Drawn(common.bins, lines, shares))

    def _judge(self, shown: KindsShown) -> None:
        """Say what came out beside the numbers: the kinds stand below the charts."""
        self.table.verdict = shown.sentence if shown.rows else ""

    def _hold_against(self, key: str) -> None:
        if key:
            self.table.value = replace(self.table.value, other=key)


def _stacked(*parts: Any) -> pn.Column:
    return pn.Column(*parts, sizing_mode="stretch_width", margin=0, styles={"gap": "14px", "max-height": "none"})
