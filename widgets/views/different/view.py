"""What is different: what the selected sessions have more or less often than all others, or than another group."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from explorer.charts.contrast_texts import METHOD, selection_words
from explorer.crossfilter.selections.selection import Brush, Range, Selection, Values
from explorer.engine.answers.different import Different
from explorer.exports.chart_numbers import csv_text
from widgets.parts.theme import card
from widgets.views.different.contrast_rows import apart, matching, rows_of, said, toggled
from widgets.views.different.contrasts import Contrasts
from widgets.views.view import View

WEEKEND = "weekday of start:Saturday|Sunday"
FIRST = "session_number:1..2"
TRUE, ONE = Values(frozenset({"true"})), Range(1, None)
# The brush of sessions in which something happened, by the aggregate of its metric.
HAPPENED: dict[str, Brush] = {"any": TRUE, "count": ONE, "n_unique": ONE, "matches": ONE}
# How many selections are offered to begin with.
MOST_STARTS = 6


class DifferentView(View[tuple[Different, Selection]]):
    """Follows the brushes; each row brushes what it says. A selection can be kept as the group to compare with."""

    follows = (*View.follows, "against")

    def build(self) -> pn.viewable.Viewable:
        self.table = Contrasts(sizing_mode="stretch_width", margin=0)
        self._shown: tuple[Different, Selection] | None = None
        self.table.param.watch(lambda *_: self._paint(), ["page", "sort", "query"])
        self.table.param.watch(lambda event: self._pick(event.new), "picked")
        self.table.param.watch(lambda event: self._hear(event.new), "asked")
        what = "What do the selected sessions have more or less often than the others?"
        place = card("What is different", self.table, subtitle=what, help=METHOD, guide="differences")
        return pn.Column(place, sizing_mode="stretch_width", margin=0, styles={"max-height": "none"})

    # ---- values down

    @property
    def _words(self) -> str:
        """The other group in words; empty where it is all others."""
        against = self.state.against
        if against is None or self.state.drawn is None:
            return ""
        return selection_words(against, self.state.drawn.dimensions)

    def work(self) -> Callable[[], tuple[Different, Selection]]:
        drawn = self.state.on_page
        against = self.state.against
        if against is not None and drawn.holding(against) != against:
            against = None  # it is on its way: it would hold all sessions
        selection = drawn.holding(self.state.selection)
        return lambda: (drawn.different(selection, against), selection)

    def show(self, found: tuple[Different, Selection]) -> None:
        if self._shown is None or self._shown[1] != found[1]:
            self.table.page = 0
        self._shown = found
        self._paint()

    def _paint(self) -> None:
        """A page of the rows that were found, in the order that is asked for."""
        if self._shown is None:
            return
        table, (found, selection) = self.table, self._shown
        few, against = bool(found.caution), self._words
        texts = said(found, selection, against)
        nothing = "nothing" in texts
        rows = [] if nothing else matching(found.rows, table.query, table.sort)
        last = max(0, len(rows) - 1) // table.page_size
        page = min(table.page, last)
        some = rows[page * table.page_size : (page + 1) * table.page_size]
        if table.query.strip() and not rows and not nothing:
            texts["none"] = f"No difference has '{table.query.strip()}' in its name."
        table.param.update(
            rows=rows_of(some, selection, few),
            apart=[] if nothing else rows_of(apart(found, selection), selection, few=True),
            means=[] if nothing else rows_of(found.means, selection, few),
            said=texts,
            starts=[] if selection or against else self._starts(),
            against=against,
            keeps=bool(selection) and not found.problem and not against,
            total=len(rows),
            **({} if page == table.page else {"page": page}),
        )

    def _starts(self) -> list[list[str]]:
        """Selections that are worth a look in any data: times, first sessions, what happened, cohorts."""
        definition, state = self.state.definition, self.state
        known = [[WEEKEND, "Weekends against weekdays"], [FIRST, "First sessions against later ones"]]
        for metric in definition.metrics:
            brush = HAPPENED.get(metric.aggregate)
            if brush is not None:
                known.append([Selection().with_(metric.name, brush).to_text(), f"Sessions with {metric.name}"])
        for cohort in state.analysis.cohorts if state.analysis else ():
            known.append([Selection().with_(cohort.name, TRUE).to_text(), f"The cohort {cohort.name}"])
        return known[:MOST_STARTS]

    # ---- events up

    def _pick(self, picked: tuple[str, bool] | None) -> None:
        if picked is None:
            return
        for name, brush in Selection.from_text(picked[0]).items():
            self._select(toggled(self.state.selection, name, brush, picked[1]))

    def _hear(self, asked: str) -> None:
        word, _, text = asked.partition(" ")
        match word:
            case "csv" if self._shown is not None:
                csv = csv_text(self._shown[0].frame(), spreadsheet=True)
                name = f"{self.state.definition.name} differences.csv"
                self.table.handed = {"text": csv, "name": name, "turn": self.table.handed.get("turn", 0) + 1}
            case "against" if self._shown is not None and self._shown[1]:
                self.state.param.update(against=self._shown[1], selection=Selection())
            case "others":
                self.state.against = None
            case "start" if text in dict(map(tuple, self.table.starts)):
                self._select(Selection.from_text(text))

    def _select(self, selection: Selection) -> None:
        """Brush these, having drawn what they are of."""
        self.state.need(*(name for name in selection if name not in self.state.dimensions))
        self.state.selection = selection
