"""Actors: who spends how much time in session, how it is shared out, and how groups of actors differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import panel as pn

from explorer.crossfilter.counting import Axis
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.answers.actors import Concentration, Property, RankedPage, Value
from explorer.engine.answers.actors import Ranking as Ranked
from explorer.engine.stopping import go_on
from explorer.spec.session import SessionDefinition
from widgets.parts.latest_task import Latest
from widgets.parts.theme import card, grid
from widgets.views.actors.actor_charts import SharesChart, SpansChart
from widgets.views.actors.actor_picks import Picks, PropertyPicks
from widgets.views.actors.actor_texts import (
    METRIC,
    NOBODY,
    UNSELECTED,
    option,
    properties_shown,
    ranking_columns,
    ranking_rows,
    ranking_said,
    shares_shown,
    spans_shown,
)
from widgets.views.actors.properties import Properties
from widgets.views.actors.ranking import Ranking
from widgets.views.view import View

TIME = "time_in_session"
HALF = {"sizing_mode": "stretch_width", "margin": 0}


@dataclass(frozen=True, eq=False)
class Found:
    """All that is known of the actors under the brushes of now; `rows` are those of `page`, as texts."""

    all: Concentration
    selected: Concentration | None
    dimension: Axis | None
    totals: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    page: RankedPage
    rows: list[list[Any]]
    query: str
    values: Sequence[Value] | None
    property: Property | None
    brushed: bool
    definition: SessionDefinition


class ActorsView(View[Found]):
    """Follows the brushes, each picture those of all others, and brushes actors and their times itself."""

    def build(self) -> pn.viewable.Viewable:
        self.shares, self.spans = SharesChart(**HALF), SpansChart(**HALF)
        self.ranking, self.properties = Ranking(**HALF), Properties(**HALF)
        self.picks, self.property_picks = Picks(self.state), PropertyPicks(self.state)
        self._known: dict[str, Property] = {}
        self._last: Found | None = None
        self._offers = Latest[Sequence[Property]](self._offer, self.fail)
        self._offered: object = None
        self.shares.on_msg(lambda event: self.hear_shares(event.data))
        self.spans.on_msg(lambda event: self.hear_spans(event.data))
        self.ranking.param.watch(lambda *_: self.refresh(), ["page", "sort", "query"])
        self.ranking.param.watch(lambda event: self._pick(event.new), "picked")
        self.properties.param.watch(lambda *_: self.refresh(), "chosen")
        self.properties.param.watch(lambda event: self._pick_property(event.new), "picked")
        return grid_of(
            card(
                "Concentration of session time",
                self.shares,
                subtitle="How evenly do actors share time in session?",
            ),
            card("Time in session per actor", self.spans, subtitle="How much time do actors spend in sessions?"),
            card("Ranking", self.ranking, subtitle="Which actors spend most time in sessions?"),
            card("By property", self.properties, subtitle="How do groups of actors differ?"),
        )

    # ---- events up

    def hear_shares(self, message: dict[str, Any]) -> None:
        """Take a drag across the curve: the actors between two places of the ranking, by the time of all sessions."""
        if self._last is None or not self._last.all.total:
            return
        brush = None
        if "clear" not in message:
            low, high = self._last.all.between(float(message["from"]), float(message["to"]))
            brush = Range(low, high, "duration")
        self._brush(brush)

    def hear_spans(self, message: dict[str, Any]) -> None:
        """Take a drag across bars; one that stands already is taken away."""
        if self._last is None or self._last.dimension is None:
            return
        bins = self._last.dimension.bins
        first, last = max(0, int(message["from"])), min(len(bins), int(message["to"]))
        brush = bins.range(first, last) if first < last else None
        self._brush(None if brush == self.state.selection.get(TIME) else brush)

    def _brush(self, brush: Any) -> None:
        self.state.selection = self.state.selection.with_(TIME, brush)

    def _pick(self, picked: tuple[int, bool, bool] | None) -> None:
        if picked is not None and self._last is not None:
            self.picks.pick(self._last.page.names, *picked)

    def _pick_property(self, picked: tuple[int, bool] | None) -> None:
        last = self._last
        if picked is not None and last is not None and last.property is not None and last.values is not None:
            self.property_picks.pick(last.property, last.values, *picked)

    # ---- values down

    def look(self, looked_at: bool) -> None:
        if looked_at:
            self.state.need(TIME)
        super().look(looked_at)
        if looked_at:
            self._read_properties()

    def refresh(self) -> None:
        super().refresh()
        if self._looked_at:
            self._read_properties()

    def _read_properties(self) -> None:
        """Find out, once for each engine, which columns tell actors apart."""
        engine = self.state.engine
        if engine is self._offered or self.state.drawn is None:
            return
        self._offered = engine
        self.properties.param.update(options=[], chosen="", busy=True)

        self._offers.run(engine.properties)

    def _offer(self, found: Sequence[Property]) -> None:
        self._known = {each.name: each for each in found}
        self.properties.param.update(options=[option(each) for each in found], busy=False)
        if found:
            self.properties.chosen = found[0].name
        else:
            self.properties.shown = {"none": "The events have no other column than actor and time."}

    def work(self) -> Callable[[], Found]:
        engine, drawn, selection = self.state.engine, self.state.on_page, self.state.selection
        ranking, chosen = self.ranking, self.properties.chosen if self._offered is engine else ""
        asked = Ranked(
            ranking.sort[0].removeprefix(METRIC), ranking.sort[1], ranking.page, ranking.page_size, ranking.query
        )
        zone, offered = engine.zone, self._known.get(chosen)
        brushed = self.property_picks.dimension(chosen)

        def without(*names: str) -> Selection:
            """The brushes but some, as far as they say something here."""
            held = Selection(tuple((name, brush) for name, brush in selection.items() if name not in names))
            return drawn.holding(held)

        def work() -> Found:
            of_property, others = without(brushed), without(TIME)
            everything = drawn.shares(Selection())
            page = drawn.ranking(asked, without(*engine.columns.actor))
            go_on()
            dimension = drawn.dimensions.get(TIME)
            dimension = dimension if dimension is not None and dimension.per_actor else None
            none = np.zeros(0, dtype=np.int64)
            return Found(
                everything,
                drawn.shares(others) if others else None,
                dimension,
                drawn.totals()[TIME] if dimension else none,
                drawn.counts(selection, [TIME])[TIME] if dimension else none,
                page,
                ranking_rows(page, page.page * asked.size, zone),
                asked.query,
                drawn.by_property(chosen, of_property) if offered else None,
                offered,
                bool(of_property),
                drawn.definition,
            )

        return work

    def show(self, found: Found) -> None:
        self._last = found
        brush, page = self.state.selection.get(TIME), found.page
        self.shares.shown = shares_shown(found.all, found.selected, brush)
        self.spans.shown = spans_shown(found.dimension, found.totals, found.counts, brush)
        self.ranking.param.update(
            columns=ranking_columns(
                self.state.engine.columns.actor, page.selected is not None, found.definition.actor_metrics
            ),
            rows=found.rows,
            chosen=self.picks.chosen(page.names),
            total=page.matching,
            page=page.page,
            said=ranking_said(page, found.query),
            hint=self.picks.hint,
            picks=self.picks.possible,
            empty=self._empty(found),
        )
        if found.property is not None and found.values is not None:
            self.properties.param.update(
                shown=properties_shown(found.property, found.values, found.brushed),
                hint=self.property_picks.hint(found.property),
                picks=self.property_picks.possible(found.property),
                held=self.property_picks.chosen(found.property, found.values),
            )

    def _empty(self, found: Found) -> str:
        if found.page.actors:
            return f"No actor has '{found.query.strip()}' in its name."
        return NOBODY if found.page.selected is None else UNSELECTED


def grid_of(*cards: pn.viewable.Viewable) -> pn.Column:
    """Two cards side by side, the others below them."""
    pictures, others = cards[:2], cards[2:]
    return pn.Column(grid(*pictures), *others, styles={"gap": "14px", "max-height": "none"}, **HALF)
