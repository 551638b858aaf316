"""How much the choice of inactivity matters: everything that the page says, at many inactivities, as it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import panel as pn

from explorer.charts.robustness_texts import (
    METHOD,
    holds_text,
    left_out_text,
    sentences,
    title_of,
    value_text,
)
from explorer.engine.answers.robustness import Robustness, Tried, lengths_around
from explorer.engine.engine import Engine
from explorer.engine.robustness import robustness
from explorer.errors import ExplorerError
from explorer.exports.chart_numbers import csv_text
from explorer.spec.charts.chart import Chart
from explorer.spec.session import SessionDefinition
from widgets.parts.latest_task import Latest
from widgets.parts.segments import segments
from widgets.parts.theme import card
from widgets.views.inactivity.robust import SHARES, RobustRows

WHAT = "Every number of the page, and what its charts say, at other inactivities. All sessions count; brushes do not."
Asked = tuple[Engine, SessionDefinition, tuple[Chart, ...]]


class RobustnessCard:
    """Tries one inactivity after the other, the near ones first, and shows what is known so far.

    A table of a database is cut there for each of them: that is done when it is asked for.
    """

    def __init__(self, say: Callable[[ExplorerError | None], None]) -> None:
        self._say = say
        self._asked: Asked | None = None
        self._found: Robustness | None = None
        self._rest: Iterator[Robustness] = iter(())
        self._latest = Latest[Robustness | None](self._take, self._fail)
        self.table = RobustRows(sizing_mode="stretch_width", margin=0)
        self.share = segments("Numbers hold within", SHARES, value="0.05")
        self.share.param.watch(lambda *_: self._paint(), "value")
        self.table.param.watch(lambda event: self._hear(event.new), "asked")
        self.place = card(
            "How much does it matter?",
            self.table,
            actions=(pn.layout.HSpacer(), self.share),
            subtitle=WHAT,
            help=METHOD,
            guide="inactivity#How much does it matter?",
        )

    def ask(self, engine: Engine, definition: SessionDefinition, charts: tuple[Chart, ...]) -> None:
        """Find out anew, where anything that was asked is other."""
        asked = (engine, definition, tuple(chart for chart in charts if chart.session == definition.name))
        if asked == self._asked:
            return
        self._asked, self._found = asked, None
        self._latest.stop()
        offered = f"Try {len(lengths_around(definition.inactivity))} inactivities" if engine.is_table else ""
        self.table.param.update(offered=offered, rows=[], said=[], notes=[], progress=(0, 0))
        if not engine.is_table:
            self._begin()

    def stop(self) -> None:
        """What is under way is wanted no more; the next question begins anew."""
        self._latest.stop()
        if self._found is None or not self._found.is_whole:
            self._asked = None

    # ---- one step after the other

    def _begin(self) -> None:
        if self._asked is None:
            return
        engine, definition, charts = self._asked
        self.table.param.update(offered="", progress=(0, 1))
        self._rest = robustness(engine, definition, charts)
        self._go_on()

    def _go_on(self) -> None:
        rest = self._rest
        self._latest.run(lambda: next(rest, None))

    def _take(self, found: Robustness | None) -> None:
        if found is None:
            return
        self._found = found
        self._paint()
        if not found.is_whole:
            self._go_on()

    def _fail(self, error: ExplorerError) -> None:
        self.table.progress = (0, 0)
        self._say(error)

    # ---- what is shown

    def _paint(self) -> None:
        found = self._found
        if found is None or self._asked is None:
            return
        zone, share = self._asked[0].zone, float(self.share.value)
        notes = [left_out_text(found.left_out)] if found.left_out and found.is_whole else []
        self.table.param.update(
            lengths=[[length.us, str(length)] for length in found.lengths],
            now=found.lengths.index(found.now),
            rows=[_row(row, found, zone, share) for row in found.rows if found.now.us in row.values],
            said=sentences(found, zone, share) if found.is_whole else [],
            notes=notes,
            progress=(0, 0) if found.is_whole else (found.done, found.steps),
        )

    def _hear(self, asked: str) -> None:
        if asked == "begin":
            self._begin()
        elif self._found is not None and self._asked is not None:
            name = f"{self._asked[1].name} inactivities.csv"
            text = csv_text(self._found.frame, spreadsheet=True)
            self.table.handed = {"text": text, "name": name, "turn": self.table.handed.get("turn", 0) + 1}


def _row(row: Tried, found: Robustness, zone: str | None, share: float) -> dict[str, Any]:
    """One row for the browser: `heights` are numbers from 0 to 1, of a finding whether it is as it is now."""
    low, high = row.holds(found.now, share)
    whole = len(row.values) == len(found.lengths)
    numbers = row.numbers
    least, most = (min(numbers), max(numbers)) if numbers else (0.0, 0.0)
    now = row.values[found.now.us]

    def height(us: int) -> float | None:
        value = row.values.get(us)
        if us not in row.values or (value is None and row.kind != "finding"):
            return None
        if row.kind == "finding":
            return float(value == now)
        assert isinstance(value, int | float)
        return 0.5 if most == least else round((value - least) / (most - least), 4)

    return {
        "what": title_of(row),
        "kind": row.kind,
        "now": value_text(row, found.now.us, zone),
        "heights": [height(length.us) for length in found.lengths],
        "texts": [value_text(row, length.us, zone) if length.us in row.values else "" for length in found.lengths],
        "from": found.lengths.index(low),
        "to": found.lengths.index(high),
        "holds": holds_text(row, found, share) if whole else "…",
        "always": whole and any(row is each for each in found.always(share)),
    }
