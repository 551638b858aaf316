"""Actors: who spends how much time in session, how it is shared out, and how groups of actors differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import panel as pn
import polars as pl

from explorer.crossfilter.cube import Dimension
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.local.actors import ranking as who
from explorer.engine.local.actors.properties import Property, Value, by_property, candidates, prop
from explorer.engine.local.actors.ranking import Actors, Concentration, Part
from explorer.engine.local.coded.picture_cache import shown_zone
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
class Page:
    """One page of the ranking: who is on it, as rows of texts, its number from 0, and how many there are."""

    part: Part
    names: pl.DataFrame
    rows: list[list[Any]]
    number: int
    matching: int
    query: str


@dataclass(frozen=True, eq=False)
class Found:
    """All that is known of the actors under the brushes of now."""

    actors: Actors
    all: Concentration
    selected: Concentration | None
    dimension: Dimension | None
    counts: npt.NDArray[np.int64]
    page: Page
    values: list[Value] | None
    property: Property | None
    brushed: bool
    definition: SessionDefinition


class ActorsView(View[Found]):
    """Follows the brushes, each picture those of all others, and brushes actors and their times itself."""

    def build(self) -> pn.viewable.Viewable:
        self.shares, self.spans = SharesChart(**HALF), SpansChart(**HALF)
        self.ranking, self.properties = Ranking(**HALF), Properties(**HALF)
        self.picks, self.property_picks = Picks(self.state), PropertyPicks(self.state)
        self._parts: dict[Selection, Part] = {}
        self._of: Actors | None = None
        self._last: Found | None = None
        self._offers = Latest[list[Property]](self._offer, self.fail)
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

        def read() -> list[Property]:
            found = []
            for name in candidates(engine.event_table):
                go_on()
                found.append(prop(engine.event_table, name))
            return sorted(found, key=lambda each: each.rank)

        self._offers.run(read)

    def _offer(self, found: list[Property]) -> None:
        self.properties.param.update(options=[option(each) for each in found], busy=False)
        if found:
            self.properties.chosen = found[0].name
        else:
            self.properties.shown = {"none": "The events have no other column than actor and time."}

    def work(self) -> Callable[[], Found]:
        engine, drawn, selection = self.state.engine, self.state.drawn, self.state.selection
        ranking, chosen = self.ranking, self.properties.chosen if self._offered is engine else ""
        sort, page, size, query = ranking.sort, ranking.page, ranking.page_size, ranking.query
        zone, brushed = shown_zone(engine.event_table), self.property_picks.dimension(chosen)

        def part(actors: Actors, *without: str) -> Part:
            """The sessions under all brushes but some."""
            held = Selection(tuple((name, brush) for name, brush in selection.items() if name not in without))
            held = drawn.crossfilter.holding(held)
            if held not in self._parts:
                if len(self._parts) > 8:
                    self._parts.clear()
                self._parts[held] = actors.part(drawn.rows(held))
            return self._parts[held]

        def work() -> Found:
            actors = who.everyone(engine.session_table(drawn.definition))
            if self._of is None or self._of.table is not actors.table:
                self._of = actors
                self._parts.clear()
            others = part(actors, TIME)
            go_on()
            people = part(actors, *engine.columns.actor)
            matching = who.found_by(engine.event_table, actors, people, query)
            measured = who.measured(engine.session_table(drawn.definition), actors)
            order = who.ranked(actors, people, sort[0].removeprefix(METRIC), sort[1], matching, measured)
            at = min(page, max(0, len(order) - 1) // size)
            places = order[at * size : (at + 1) * size]
            names = who.names(engine.event_table, actors, people.who[places])
            values = measured[people.who[places]]
            rows = ranking_rows(actors, people, places, names, at * size, zone, values)
            go_on()
            dimension = drawn.crossfilter.dimensions.get(TIME)
            dimension = dimension if dimension is not None and dimension.per_actor else None
            counts = drawn.crossfilter.count(TIME, selection) if dimension else np.zeros(0, dtype=np.int64)
            found = prop(engine.event_table, chosen) if chosen else None
            of_property = part(actors, brushed)
            return Found(
                actors,
                who.shared(engine.event_table, actors),
                None if others.rows is None else who.concentration(others.time),
                dimension,
                counts,
                Page(people, names, rows, at, len(order), query),
                by_property(found, actors, of_property) if found else None,
                found,
                of_property.rows is not None,
                drawn.definition,
            )

        return work

    def show(self, found: Found) -> None:
        self._last = found
        brush, page = self.state.selection.get(TIME), found.page
        totals = self.state.drawn.crossfilter.totals().get(TIME) if found.dimension else None
        self.shares.shown = shares_shown(found.all, found.selected, brush)
        self.spans.shown = spans_shown(found.dimension, found.counts if totals is None else totals, found.counts, brush)
        self.ranking.param.update(
            columns=ranking_columns(
                self.state.engine.columns.actor, page.part.rows is not None, found.definition.actor_metrics
            ),
            rows=page.rows,
            chosen=self.picks.chosen(page.names),
            total=page.matching,
            page=page.number,
            said=ranking_said(page.part, page.matching, page.query),
            hint=self.picks.hint,
            picks=self.picks.possible,
            empty=self._empty(page),
        )
        if found.property is not None and found.values is not None:
            self.properties.param.update(
                shown=properties_shown(found.property, found.values, found.brushed),
                hint=self.property_picks.hint(found.property),
                picks=self.property_picks.possible(found.property),
                held=self.property_picks.chosen(found.property, found.values),
            )

    def _empty(self, page: Page) -> str:
        if len(page.part):
            return f"No actor has '{page.query.strip()}' in its name."
        return NOBODY if page.part.rows is None else UNSELECTED


def grid_of(*cards: pn.viewable.Viewable) -> pn.Column:
    """Two cards side by side, the others below them."""
    pictures, others = cards[:2], cards[2:]
    return pn.Column(grid(*pictures), *others, styles={"gap": "14px", "max-height": "none"}, **HALF)
