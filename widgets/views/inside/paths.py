"""One chart of paths on the page: what is asked of it, and what a click on it brushes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from explorer.crossfilter.cards import named_paths
from explorer.engine.answers.sequences.inside import LABELS
from explorer.errors import ExplorerError, SpecError
from explorer.exports.chart_numbers import csv_text
from explorer.plan.column_text import type_of
from explorer.plan.in_polars.predicate import predicate
from explorer.plan.literal import type_word
from explorer.plan.meaning import inside
from explorer.spec.charts.chart import Chart
from explorer.spec.expression.clause import Clause, Compare, parse
from explorer.state import Explorer
from widgets.parts.latest_task import Latest
from widgets.parts.theme import card
from widgets.views.inside.answers import Walks, without_path
from widgets.views.inside.flow import (
    Brushes,
    link_brushes,
    node_brushes,
    paths_shown,
    whole_brushes,
    with_brushes,
)
from widgets.views.inside.panels import PathsPanel

WHICH = "Which ways do sessions take, from an event on or up to it?"
MOST_IN_FILE = 100_000
PARTS = ("steps", "whole")


class PathsCard:
    """Shows the paths of a name and what is asked of them; `more` is called for another chart below."""

    def __init__(
        self, state: Explorer, name: str, say: Callable[[ExplorerError | None], None], more: Callable[[], None]
    ):
        self.state, self.name, self.say, self.more = state, name, say, more
        self.column, self._kinds = "", set[str]()
        self._walks: Walks | None = None
        self.panel = PathsPanel()
        title = "Paths" if name == "path" else f"Paths {name.rpartition(' ')[2]}"
        self.place = card(title, self.panel, subtitle=WHICH, guide="charts#Paths", help="Paths")

    @property
    def standing(self) -> Chart | None:
        """The chart of this name in the document."""
        return named_paths(self.state.beside).get(self.name)

    def chart(self, column: str) -> Chart:
        """The chart that is shown: that of the document, or the first steps; `column` tells events apart where it does
        not say by what."""
        found = self.standing or Chart("paths", self.state.definition.name)
        return found if found.of else found.replace(of=column or None)

    def show(
        self, walks: Walks | None, problem: str, column: str, columns: list[str], offered: list[Any], last: bool
    ) -> None:
        """Put what was found on the page; `offered` are values of the event column, each with its condition."""
        self._walks, self.column = walks, column
        self._kinds = {condition for _, condition, _ in offered}
        self.panel.param.update(
            shown=paths_shown(walks, self.name, self.state.selection),
            asked=self._asked(column),
            columns=columns,
            values=[text for text, _, _ in offered],
            problem=problem,
            last=last,
            removable=self.standing is not None,
        )

    def _asked(self, column: str) -> dict[str, Any]:
        chart = self.chart(column)
        route = chart.route
        return {
            "backward": route.backward,
            "at": self._at_text(route.at),
            "where": self._at_text(route.where),
            "occurrence": route.occurrence,
            "of": chart.of if chart.of != column else "",
            "column": column,
            "length": route.length,
            "top": route.top,
            "once": not route.repeats,
        }

    def _at_text(self, at: Clause | None) -> str:
        """A condition as it is typed: a value of the event column alone."""
        if at is None:
            return ""
        event = self.state.engine.columns.event
        plain = isinstance(at, Compare) and at.op == "=" and at.column == event and isinstance(at.value, str)
        return str(at.value) if plain and str(at) in self._kinds else str(at)  # type: ignore[attr-defined]

    # ---- events up

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser: its word and what it is about."""
        ((word, said),) = message.items()
        match word, said:
            case "field", [str(name), value]:
                self._ask(name, value)
            case "node", [int(at), int(place), bool(adds)]:
                self._click(lambda paths: node_brushes(paths, at, place), adds)
            case "link", [int(at), int(a), int(b)]:
                self._click(lambda paths: link_brushes(paths, at, a, b))
            case "path", int(at):
                self._click(lambda paths: whole_brushes(paths, paths.whole[at]))
            case "csv", str(part) if part in PARTS:
                self._hand_numbers(part)
            case "more", _:
                self.more()
            case "remove", _:
                self._change(None)

    def _click(self, brushes: Callable[[Any], Brushes], adds: bool = False) -> None:
        """Brush what was clicked, with what is brushed already where it `adds`; the same again lets go."""
        if self._walks is None:
            return
        try:
            held = brushes(self._walks.now)
        except IndexError:  # of numbers that are there no more
            return
        before = self.state.selection
        others = before if adds else without_path(before, self.name)
        after = with_brushes(others, self.name, held)
        with param.parameterized.batch_call_watchers(self.state):
            if self.standing is None:
                self.state.set_paths(self.name, self._walks.chart)
            self.state.selection = without_path(before, self.name) if after == before else after

    def _ask(self, name: str, value: Any) -> None:
        """Another value of what is asked."""
        changes: dict[str, Any]
        try:
            match name, value:
                case "at", str(text):
                    at = self._condition(text.strip())
                    changes = {"at": at} if at is not None else {"at": None, "occurrence": None}
                case "where", str(text):
                    changes = {"where": self._condition(text.strip())}
                case "of", str(text):
                    changes = {"of": self._column(text.strip())}
                case "backward" | "once", bool(on):
                    changes = {"backward": on} if name == "backward" else {"repeats": not on}
                case "occurrence" | "length" | "top", str() | int():
                    changes = {name: value}
                case _:
                    return
            chart = self.chart(self.column).replace(**changes)
        except SpecError as error:
            self.panel.errors = {name: str(error).removeprefix(f"{name}: ")}
            return
        self._change(chart)

    def _change(self, chart: Chart | None) -> None:
        """Another chart in the place of this one: what was brushed are steps that may be others now."""
        names = list(named_paths(self.state.beside))
        # A chart that goes leaves its name to the next.
        moved = names[names.index(self.name) :] if chart is None and self.name in names else [self.name]
        self.panel.errors = {}
        with param.parameterized.batch_call_watchers(self.state):
            self.state.set_paths(self.name, chart)
            selection = self.state.selection
            for name in moved:
                selection = without_path(selection, name)
            self.state.selection = selection

    def _condition(self, text: str) -> Clause | None:
        """A value of the event column, or a condition on events."""
        if not text:
            return None
        event, schema = self.state.engine.columns.event, self.state.engine.schema
        if event:
            plain = Compare(event, "=", text)
            if str(plain) in self._kinds:
                return plain
        clause = parse(text)
        predicate(clause, inside(schema))
        return clause

    def _column(self, text: str) -> str | None:
        """What tells events apart: a column, or an expression of columns."""
        if not text:
            return None
        kind = type_word(type_of(text, inside(self.state.engine.schema)))
        if kind not in LABELS:
            raise SpecError(f"This is a {kind}. Events are told apart by texts, numbers or truth values.")
        return text

    def _hand_numbers(self, part: str) -> None:
        """Give the ways, or the whole paths, away as CSV, under the brushes that they are counted under."""
        walks, coded, selection, name = self._walks, self.state.drawn, self.state.selection, self.name
        if walks is None or coded is None:
            return

        def work() -> str:
            found = coded.paths(walks.chart.route, without_path(coded.holding(selection), name), MOST_IN_FILE)
            return csv_text(found.frame() if part == "steps" else found.whole_frame(), spreadsheet=True)

        Latest[str](self._handed, self.say).run(work)

    def _handed(self, text: str) -> None:
        self.panel.handed = {"text": text, "name": self.name, "turn": self.panel.handed.get("turn", 0) + 1}
