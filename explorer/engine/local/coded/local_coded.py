"""LocalCoded: one definition's sessions as columns of small integers in memory, and what is asked of some of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.bins import Bins, Mask
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.cube import Counts, Crossfilter, Dimension
from explorer.crossfilter.measured import Followed
from explorer.crossfilter.numbers import Numbers, TablePage, numbers_of
from explorer.crossfilter.running_counts import Table
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine import keys
from explorer.engine.answers.actors import Concentration, RankedPage, Ranking, Value
from explorer.engine.answers.batches import Batches, What
from explorer.engine.answers.codes import Codes, sampled
from explorer.engine.answers.different import Different
from explorer.engine.answers.retention import Retention
from explorer.engine.answers.sequences.inside import FEW_FOLLOWING, Following, FunnelCounts, FunnelGroups, FunnelTrend
from explorer.engine.answers.sequences.paths import FEW_WHOLE, Paths
from explorer.engine.answers.trial import MetricNumbers
from explorer.engine.local.actors import properties
from explorer.engine.local.actors import ranking as actors
from explorer.engine.local.batches import batches
from explorer.engine.local.coded import measured_under_brush
from explorer.engine.local.coded.compared_by import compared_by
from explorer.engine.local.coded.first_sessions import of_first
from explorer.engine.local.coded.held_rows import Held
from explorer.engine.local.coded.numbers_through_time import through_time
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.different.different import different
from explorer.engine.local.editors.metric_trial import summary, told
from explorer.engine.local.inside import funnel, paths, transitions
from explorer.engine.local.query.funnel_groups import funnel_groups
from explorer.engine.local.query.funnel_trend import funnel_trend
from explorer.engine.local.returning.retention import retention
from explorer.engine.local.session_ids import place_of
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import SpecError
from explorer.spec.charts.chart import RETURN, Chart
from explorer.spec.charts.sequences.route import Route
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.session import BESIDES, SessionDefinition

# How many selections the sums of actors are remembered for.
PARTS = 8


@dataclass(frozen=True, eq=False)
class LocalCoded:
    """The shown sessions in the bins of some dimensions; `rows` are places in the engine's table.

    `problems` says why a dimension that was asked for is not there.
    """

    sessions: SessionTable
    table: pl.DataFrame
    crossfilter: Crossfilter
    actor_starts: npt.NDArray[np.int64]
    time_in_session: npt.NDArray[np.int64]
    problems: Mapping[str, SpecError] = field(default_factory=dict)
    _rows: dict[str, tuple[Selection, pl.Series | None]] = field(default_factory=dict, repr=False)
    _parts: dict[Selection, actors.Part] = field(default_factory=dict, repr=False)
    _metrics: dict[str, MetricNumbers] = field(default_factory=dict, repr=False)
    _through_time: dict[str, Sequence[float | None]] = field(default_factory=dict, repr=False)

    @property
    def definition(self) -> SessionDefinition:
        """What the sessions are cut by."""
        return self.sessions.definition

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns of the sessions and their types."""
        return self.table.schema

    @property
    def total(self) -> int:
        """How many sessions there are."""
        return self.table.height

    # ---- counts

    @property
    def dimensions(self) -> Mapping[str, Dimension]:
        """What is drawn in bins, by name."""
        return self.crossfilter.dimensions

    def bins(self, name: str) -> Bins | Categories | None:
        """The bins of what can be brushed by this name."""
        return self.crossfilter.bins(name)

    def holding(self, selection: Selection) -> Selection:
        """The brushes that say something here."""
        return self.crossfilter.holding(selection)

    def totals(self) -> Mapping[str, Counts]:
        """Per dimension the count in every bin when nothing is selected."""
        return self.crossfilter.totals()

    def counts(self, selection: Selection, of: Collection[str] | None = None) -> Mapping[str, Counts]:
        """Per dimension the count in every bin under the brushes of all other dimensions."""
        return self.crossfilter.counts(selection, of)

    def n_sessions(self, selection: Selection) -> int:
        """How many sessions all brushes hold."""
        return self.crossfilter.n_sessions(selection)

    def n_actors(self, selection: Selection) -> int:
        """How many actors have a session that all brushes hold."""
        return self.crossfilter.n_actors(selection)

    def running(self, active: str, selection: Selection, of: Collection[str] | None = None) -> Table:
        """Running counts over the bins of one dimension."""
        go_on()
        return self.crossfilter.running(active, selection, of)

    def cells(self, across: str, down: str) -> Counts:
        """The sessions in each pair of bins of two dimensions, a row for each bin of `down`."""
        one, other = self.dimensions[across], self.dimensions[down]
        counts = np.zeros((len(other.bins), len(one.bins)), dtype=np.int64)
        np.add.at(counts, (other.codes, one.codes), 1)
        return counts

    @property
    def valued(self) -> Mapping[str, int]:
        """In how many sessions each metric has a value."""
        return {metric.name: self.total - self.table[metric.name].null_count() for metric in self.definition.metrics}

    @property
    def truncated(self) -> int:
        """How many sessions the source may not hold all of."""
        return self.total - self.table["cut_off"].null_count()

    def numbers(self, selection: Selection) -> Numbers:
        """The key numbers of the selected sessions; time in session is over all sessions of their actors."""
        go_on()
        if not selection:
            key = keys.shown_key(self.definition)
            found: Numbers = self.sessions.stages.get("numbers", key, lambda: self._numbers(None))
            return found
        return self._numbers(self.crossfilter.mask(selection))

    def _numbers(self, mask: Mask | None) -> Numbers:
        duration = _chosen(self.table["duration"].to_physical().to_numpy(), mask)
        events = _chosen(self.table["event_count"].to_numpy(), mask)
        total = self.time_in_session
        if mask is not None and len(total):
            total = total[np.logical_or.reduceat(mask, self.actor_starts)]
        return numbers_of(duration, events, total)

    def through_time(self) -> Mapping[str, Sequence[float | None]]:
        """Fields of `Numbers` for all sessions that start in each bin of time."""
        if "start" not in self.dimensions:
            return {}
        if not self._through_time:
            go_on()
            self._through_time.update(through_time(self.table, self.dimensions["start"]))
        return self._through_time

    def metric(self, name: str, selection: Selection) -> MetricNumbers:
        """What a metric of the definition comes to in the selected sessions."""
        go_on()
        if selection:
            return self._metric(name, self.rows(selection))
        if name not in self._metrics:
            self._metrics[name] = self._metric(name, None)
        return self._metrics[name]

    def _metric(self, name: str, rows: pl.Series | None) -> MetricNumbers:
        values = self.table[name] if rows is None else self.table[name].gather(rows)
        present = (values.fill_nan(None) if values.dtype.is_float() else values).drop_nulls()
        return MetricNumbers(len(values), len(present), summary(present, *told(self.sessions, values), "sessions"))

    # ---- some sessions

    def rows(self, selection: Selection) -> pl.Series | None:
        """The places of the selected sessions in the table; None when all are."""
        latest = self._rows.get("latest")
        if latest is None or latest[0] != selection:
            mask = self.crossfilter.mask(selection)
            latest = self._rows["latest"] = (selection, None if mask is None else pl.Series(np.flatnonzero(mask)))
        return latest[1]

    def held(self, selection: Selection) -> Held:
        """The same for charts that look at other times too."""
        start = self.holding(selection).get("start")
        brush = start if isinstance(start, Range) else None
        return Held(brush, lambda other: self.rows(selection.with_("start", other)))

    def ordered(self, selection: Selection, sort: str = "", descending: bool = False) -> pl.Series:
        """The same places, also when all are, sorted by a column of the table; an unknown one sorts by actor and
        start."""
        rows = self.rows(selection)
        rows = pl.int_range(self.table.height, eager=True) if rows is None else rows
        if sort in self.table.columns or sort in BESIDES:
            keys = self.table[sort] if sort in self.table.columns else self._beside(sort)
            keys = keys if len(rows) == self.table.height else keys.gather(rows)
            return rows.gather(keys.arg_sort(descending=descending, nulls_last=True))
        return rows.reverse() if descending else rows

    def page(self, selection: Selection, order: tuple[str, bool], part: slice, beside: Sequence[str] = ()) -> TablePage:
        """Some of the selected sessions in an order, with these of what they know besides."""
        go_on()
        places = self.ordered(selection, *order)
        some = places[part]
        known = [self._beside(name).gather(some).alias(name) for name in beside]
        return TablePage(self.sessions.frame(some).with_columns(known), len(places))

    def _beside(self, name: str) -> pl.Series:
        """What every session of the table knows besides its columns."""
        return self.sessions.column(name).gather(self.sessions.kept)

    def place(self, session_id: str, selection: Selection, order: tuple[str, bool]) -> int | None:
        """Where a session is among the selected ones in an order; None where it is none of them."""
        try:
            place = place_of(self.sessions, session_id)
        except SpecError:
            return None
        among = (self.table[PLACE] == self.sessions.cut[PLACE][place]).arg_true()
        here = (self.ordered(selection, *order) == among[0]).arg_true() if len(among) else among
        return int(here[0]) if len(here) else None

    def foremost(self, n: int, selection: Selection) -> pl.DataFrame:
        """The longest sessions and those with most events, of all and of the selected, with the bins they are in."""
        table = self.table.with_row_index("@at")
        rows = self.rows(selection) if selection else None
        orders = (["duration", "event_count"], ["event_count", "duration"])
        among = [table] if rows is None else [table[rows], table]
        found = [each.top_k(n, by=order)["@at"] for each in among for order in orders]
        places = pl.concat(found).unique(maintain_order=True)
        codes = (pl.Series(f"@{name}", each.codes[places.to_numpy()]) for name, each in self.dimensions.items())
        return self.sessions.frame(places).with_columns(*codes)

    def batches(self, what: What, selection: Selection) -> Batches:
        """The selected sessions, their events or their actors, piece by piece."""
        return batches(self.sessions, what, self.rows(selection))

    def codes(self, most: int) -> Codes:
        """The bins of all sessions, of whole actors where they are more than `most`."""
        starts = self.actor_starts
        lengths = np.diff(np.append(starts, self.total))
        chosen = sampled(lengths, most)
        events, all = self.table["event_count"].to_numpy(), len(chosen) == len(starts)
        if all:
            where: npt.NDArray[np.int64] | slice = slice(None)
        else:
            sizes = lengths[chosen]
            where = np.repeat(starts[chosen] - (sizes.cumsum() - sizes), sizes) + np.arange(sizes.sum())
        found = {
            name: each.codes[starts[chosen]] if each.per_actor else each.codes[where]
            for name, each in self.dimensions.items()
        }
        return Codes(lengths[chosen], found, events[where])

    # ---- charts

    def groups(self, chart: Chart, selection: Selection) -> Followed:
        """The numbers of a chart over all sessions and over the selected ones."""
        actor = self.sessions.events.columns.actor_name
        rows, held = self.rows(selection), self.held(selection)
        return measured_under_brush.follow(self.sessions, chart, actor, rows, held)

    def query(self, chart: Chart, selection: Selection) -> pl.DataFrame:
        """The numbers of a chart over the selected sessions, as `LocalEngine.query` gives those of all."""
        if chart.kind == RETURN:
            return self.retention(chart, selection).frame()
        return measured_under_brush.selected_frame(self.sessions, chart, self.rows(selection), self.held(selection))

    def points(self, chart: Chart, selection: Selection) -> pl.DataFrame:
        """Each session that a chart shows as a point: session_id, its values, and whether it is selected."""
        actor = self.sessions.events.columns.actor_name
        return measured_under_brush.point_frame(self.sessions, chart, actor, self.rows(selection))

    def different(self, selection: Selection, against: Selection | None = None) -> Different:
        """What the selected sessions have more or less often than all others, or than those of another selection."""
        holding = partial(compared_by, self.sessions)
        return different(self.sessions, self.actor_starts, selection, against, self.crossfilter, holding)

    def retention(self, chart: Chart, selection: Selection) -> Retention:
        """Who of the actors of the selected sessions comes back."""
        return retention(self.sessions, chart, partial(of_first, self.sessions, chart.top), self.rows(selection))

    # ---- inside sessions

    def following(self, column: str, selection: Selection, top: int = FEW_FOLLOWING) -> Following:
        """Which value of a column of events comes right after which in the selected sessions."""
        return transitions.following(self.sessions, column, self.rows(selection), top)

    def paths(self, route: Route, selection: Selection, most: int = FEW_WHOLE) -> Paths:
        """The paths of the selected sessions, and so many of the most frequent whole ones."""
        return paths.paths(self.sessions, route, self.rows(selection), most)

    def funnel(self, steps: Steps, selection: Selection) -> FunnelCounts:
        """How far the selected sessions get through some steps."""
        return funnel.funnel(self.sessions, steps).counts(self.rows(selection))

    def funnel_groups(self, chart: Chart, selection: Selection) -> FunnelGroups:
        """The same for each value of the dimension of a funnel."""
        return funnel_groups(self.sessions, chart, self.rows(selection))

    def funnel_trend(self, chart: Chart, selection: Selection) -> FunnelTrend:
        """How a funnel over time goes for the selected sessions."""
        return funnel_trend(self.sessions, chart, self.rows(selection))

    # ---- actors

    def shares(self, selection: Selection) -> Concentration:
        """How the time in the selected sessions is shared out among their actors."""
        everyone = actors.everyone(self.sessions)
        if not self.holding(selection):
            return actors.shared(self.sessions.events, everyone)
        return actors.concentration(self._part(everyone, selection).time)

    def ranking(self, asked: Ranking, selection: Selection) -> RankedPage:
        """A page of the actors of the selected sessions, in an order."""
        everyone = actors.everyone(self.sessions)
        return actors.ranked_page(self.sessions, everyone, self._part(everyone, selection), asked)

    def by_property(self, name: str, selection: Selection) -> Sequence[Value]:
        """The actors of the selected sessions by a property of theirs, a column of events."""
        everyone = actors.everyone(self.sessions)
        found = properties.prop(self.sessions.events, name)
        return properties.by_property(found, everyone, self._part(everyone, selection))

    def _part(self, everyone: actors.Actors, selection: Selection) -> actors.Part:
        held = self.holding(selection)
        found = self._parts.get(held)
        if found is None:
            if len(self._parts) > PARTS:
                self._parts.clear()
            found = self._parts[held] = everyone.part(self.rows(held))
        return found


def _chosen(values: npt.NDArray[np.int64], mask: Mask | None) -> npt.NDArray[np.int64]:
    return values if mask is None else values[mask]
