"""The sessions of one definition: the events that they are cut from, the cut, what is shown, and every column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine import keys
from explorer.engine.local.actor_values import actor_values, between
from explorer.engine.local.cut import frames, masks
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.held_events import HeldEvents
from explorer.engine.local.cut.measuring import edge_values
from explorer.engine.local.cut.measuring.metrics import Measuring, in_scope, ratio, repeated
from explorer.engine.local.cut.measuring.parts import Parts
from explorer.engine.local.cut.measuring.unique import Unique
from explorer.engine.local.cut.sequences.across import Across
from explorer.engine.local.cut.sequences.event_codes import coded, of_events, spans
from explorer.engine.local.cut.sequences.patterns_in_a_row import reach_of_patterns
from explorer.engine.local.cut.sequences.reach import Reach, reach
from explorer.engine.local.cut.sequences.walked import Walked, walk
from explorer.engine.local.cut.sequences.words import Words
from explorer.engine.local.cut.session_cut import SessionCut
from explorer.engine.local.gap_margin import gap_margin, longest_gaps
from explorer.errors import SpecError, did_you_mean, located
from explorer.events.events import decoded
from explorer.plan.check import check_metric_names
from explorer.plan.in_polars.boundary import ACTOR, TIME
from explorer.plan.pattern_elements import conditions
from explorer.spec.charts.sequences.route import Route
from explorer.spec.charts.sequences.steps import PatternStep, Steps
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import Metric
from explorer.spec.pattern import Pattern
from explorer.spec.session import ACTOR_VALUES, BESIDES, BUILT_IN, SessionDefinition

Above = tuple[str, ...]
ACTOR_METRICS = ("time_in_session", "session_count")


@dataclass(frozen=True)
class SessionTable(SessionCut):
    """The sessions of a cut as columns and conditions; `events` and `definition` are those that are cut.

    Columns and masks have one value per session in the order of `cut`, before `keep`. Where a parameter is called
    `above`, it names the metrics that are being computed: one that needs itself is an error.
    """

    def of(self, definition: SessionDefinition) -> SessionTable:
        """The sessions of another definition over the same events."""
        return SessionTable(self.events, definition)

    # ---- what is shown

    @property
    def shown(self) -> pl.Series | None:
        """Which sessions `keep` shows; None when all are. Raises SpecError."""
        if self.definition.keep is None:
            return None
        with located("keep"):
            return self.mask(self.definition.keep)

    @property
    def table(self) -> pl.DataFrame:
        """The sessions that are shown, by actor and start, with their metrics; PLACE as in `cut`. Raises SpecError."""

        def make() -> pl.DataFrame:
            check_metric_names(self.definition, self.events.columns, self.events.schema)
            table = self.cut
            table = table.with_columns(self.metric(metric.name) for metric in self.definition.metrics)
            shown = self.shown
            table = table if shown is None else table.filter(shown)
            return table.sort(ACTOR, "session_number") if self.definition.split_by else table

        return self.stages.get("table", keys.table_key(self.definition), make)

    @property
    def kept(self) -> pl.Series:
        """The places in `cut` of the sessions of `table`, in its order."""
        if self.table.height == self.cut.height and not self.definition.split_by:
            return pl.int_range(self.table.height, dtype=pl.UInt32, eager=True)
        return self.cut[PLACE].search_sorted(self.table[PLACE])

    def frame(self, rows: pl.Series | None = None) -> pl.DataFrame:
        """The shown sessions, or those at these places of `table`, with session_id, the actor, split columns ...

        The columns are those of `LocalEngine.sessions`.
        """
        return self.framed(self.table if rows is None else self.table[rows])

    def framed(self, some: pl.DataFrame) -> pl.DataFrame:
        """The same for some rows of `cut` or `table`."""
        # Where actors are fewer than sessions, what their ids begin with is written once for each.
        prefixes = self.events.actor_ids if some.height > len(self.events.data.firsts) else None
        return frames.session_frame(self.events.data, some, self.split(some), prefixes)

    @property
    def inside(self) -> HeldEvents:
        """The events that the sessions hold, which know their place in them."""
        return HeldEvents(self)

    # ---- columns

    def plain_name(self, name: str) -> str:
        """`visit.duration` and `user.time_in_session.visit` without the names around them."""
        session, actor = self.definition.name, self.events.columns.actor_name
        for metric in (*ACTOR_VALUES, *(one.name for one in self.definition.actor_metrics)):
            if name == f"{actor}.{metric}.{session}":
                return metric
        return name.removeprefix(f"{session}.")

    def is_actors(self, name: str) -> bool:
        """Whether it is one value per actor."""
        known = name in ACTOR_VALUES or self.definition.actor_metric(name) is not None
        return known and self.definition.metric(name) is None

    @property
    def names(self) -> list[str]:
        """The names that `column` knows."""
        metrics = [metric.name for metric in self.definition.metrics]
        actor = [*ACTOR_VALUES, *(metric.name for metric in self.definition.actor_metrics)]
        others = [*self.events.columns.actor, *self.definition.split_by, *self.events.cohorts]
        return [*metrics, *BUILT_IN, *BESIDES, *actor, *others]

    def has(self, name: str) -> bool:
        """Whether sessions have a column of this name."""
        return name in self.names

    def column(self, name: str) -> pl.Series:
        """A column of the sessions, also one of their actors over all shown sessions; raises SpecError."""
        if self.is_actors(name):
            return self._of_actor(name, shown=True)
        if name in self.events.columns.actor and name not in BUILT_IN and not self.definition.metric(name):
            return frames.actors_of(self.events.data, self.cut[ACTOR])[name]
        if not self.has(name):
            raise SpecError(f"sessions have no column '{name}'. {did_you_mean(name, self.names)}")
        return self.own(name)

    def own(self, name: str, above: Above = ()) -> pl.Series:
        """A column that conditions can ask, with or without the definition's name before it; raises SpecError."""
        definition, events = self.definition, self.events
        name = self.plain_name(name)
        if definition.metric(name):
            return self.metric(name, above)
        if name == "session_id":
            return self.framed(self.cut)[name]
        if name in BUILT_IN:
            return self.cut[name]
        if name == "gap_margin":
            return self.gap_margin
        if name in BESIDES:
            return between(self.cut, name)
        if self.is_actors(name) and name not in (*events.columns.actor, *definition.split_by):
            return self._of_actor(name, shown=False, above=above)
        if name in events.columns.actor:
            return frames.actors_of(events.data, self.cut[ACTOR])[name]
        if name in (*definition.split_by, *events.cohorts):
            return decoded(self.coded(name).to_frame(), events.schema)[name]
        raise SpecError(f"sessions have no column '{name}'. {did_you_mean(name, self.names)}")

    def _of_actor(self, name: str, shown: bool, above: Above = ()) -> pl.Series:
        """A value of each session's actor; with `shown` over the sessions that `keep` shows, as conditions see none."""
        values = actor_values(self, name, shown, above)
        return self.cut.select(ACTOR).join(values, on=ACTOR, how="left", maintain_order="left")[name]

    @property
    def longest_gaps(self) -> pl.Series:
        """The longest gap inside each session, in microseconds; null where it has one event that is not passive."""
        return longest_gaps(self.view, self.spans)

    @property
    def gap_margin(self) -> pl.Series:
        """The distance of each session's nearest gap to the inactivity."""

        def make() -> pl.Series:
            return gap_margin(self.cut, self.split(self.cut), self.longest_gaps, self.definition)

        found: pl.Series = self.stages.get("gap margin", keys.cut_key(self.definition), make)
        return found

    def coded(self, name: str) -> pl.Series:
        """A column of the actor or the split, texts as categories."""
        return self._at(name, self.cut[PLACE])

    def split(self, some: pl.DataFrame) -> pl.DataFrame:
        """The split columns of some rows of `cut` or `table`."""
        return pl.DataFrame([self._at(name, some[PLACE]) for name in self.definition.split_by])

    def _at(self, name: str, places: pl.Series) -> pl.Series:
        return self.held.take(self.events.frame[name]).gather(places)

    # ---- conditions and metrics

    def mask(self, clause: Clause, above: Above = ()) -> pl.Series:
        """The sessions that match; raises SpecError."""

        def make() -> pl.Series:
            columns = {name: self.own(name, above) for name in clauses.columns(clause)}
            found = self.cut.select(pl.col("session_number").alias("@size")).with_columns(**columns)
            zone = self.events.columns.time_zone
            return masks.mask(self.events.settled(clause), found, zone, lambda part: self.mask(part, above))

        return self.stages.get("session mask", keys.clause_key(self.definition, clause), make)

    def metric(self, name: str, above: Above = ()) -> pl.Series:
        """A metric of the definition; raises SpecError at `metrics[0]` ..."""
        if name in above:
            raise SpecError(f"The metrics need each other in a circle: {' needs '.join((*above, name))}.")
        at, metric = next((at, m) for at, m in enumerate(self.definition.metrics) if m.name == name)

        def make() -> pl.Series:
            with located(f"metrics[{at}]"):
                return self._measured(metric, (*above, name))

        found: pl.Series = self.stages.get("metric", keys.metric_key(self.definition, metric), make)
        return found.alias(name)

    def _measured(self, metric: Metric, above: Above) -> pl.Series:
        if metric.aggregate == "ratio":
            values = ratio(*(self.own(part, above) for part in metric.parts))
        else:
            values = self.measured(metric)
        if metric.scope is None:
            return values
        where, contains = metric.scope.where, metric.scope.contains
        with located("scope"):
            inside = None if where is None else self.mask(where, above)
            if contains is not None:
                happened = self.happened(contains)
                inside = happened if inside is None else inside & happened
        chosen = in_scope(self.cut, metric.scope.nth, inside)
        return pl.DataFrame({"value": values}).select(pl.when(chosen).then(pl.col("value"))).to_series()

    # ---- what their events come to

    @property
    def measuring(self) -> Measuring:
        """What makes metrics of the events themselves."""
        placed = self.placed

        def sessions() -> pl.Series:
            key = keys.cut_key(self.definition)
            return self.stages.get("session", key, lambda: repeated(placed["event_count"]))

        return Measuring(self.held, placed, self.inside.mask, self.inside.column, sessions)

    def measured(self, metric: Metric) -> pl.Series:
        """A metric in every session, whatever its scope; `ratio` is not asked here. Raises SpecError."""
        if metric.pattern is not None:
            found = self.words(metric.pattern, metric.where, timed=metric.aggregate == "time_of")
            with located("pattern"):
                return found.value(metric.aggregate, metric.pattern)
        for shorter in (Parts(self.inside), Unique(self.inside)):
            if (values := shorter.value(metric)) is not None:
                return values
        return self.measuring.value(metric)

    def words(self, pattern: Pattern, where: Clause | None, timed: bool = True) -> Words:
        """The sessions as words of a pattern's elements, of the events that `where` holds; raises SpecError."""
        del timed
        asked = conditions(pattern, self.events.columns.event, self.inside.schema)

        def make() -> Words:
            masks = [self.inside.mask(clause) for clause in asked]
            of = None if where is None else self.inside.mask(where)
            return Words.of(masks, self.cut[PLACE].to_numpy(), of, self.held.keys[TIME].to_numpy())

        return self.stages.get("words", (*keys.cut_key(self.definition), tuple(asked), where), make)

    def happened(self, where: Clause) -> pl.Series:
        """The sessions with an event where a condition holds; raises SpecError."""
        return self.measured(Metric("@happened", "any", where=where))

    def edge(self, place: str, column: str) -> pl.Series:
        """The first or last value that is not null of a column of events in each session; raises SpecError."""
        begin = self.cut[PLACE]
        end = begin.shift(-1, fill_value=self.held.keys.height)
        return edge_values.at(self.inside.column(column), begin, end, place)

    def any_of(self, column: str) -> pl.DataFrame:
        """The different values of a column of events in each session, nulls left out: `session`, a place in `cut`, and
        `value`. Raises SpecError."""
        return edge_values.every(self.inside.column(column), self.cut)

    def reach(self, steps: Steps) -> Reach:
        """How far each session of `table`, or across them each of its actors, gets through some steps; raises SpecError
        at `steps[0]` ..."""
        self.check_steps(steps)  # all are read before anything takes long
        if steps.has_patterns:
            return self.reach_of_patterns(steps)
        begin = self.table[PLACE].to_numpy().astype(np.int64)
        count = self.table["event_count"].to_numpy().astype(np.int64)
        among, end, times = None, begin + count, self.held.keys[TIME].to_numpy()
        if steps.across:
            rows = self.held.rows.to_numpy() if self.definition.split_by else None
            among, begin, end = self.across.events(begin, count, len(times), rows)
            times = times if among is None else times[among]
        places = [self._places(step, among) for step in steps.clauses]
        without = None if steps.without is None else self._places(steps.without, among)
        return reach(times, begin, end, places, steps, without)

    def reach_of_patterns(self, steps: Steps) -> Reach:
        """The same where a step is a pattern."""
        words = [self.words(pattern, None) for pattern in steps.patterns]
        with located("steps"):
            found = reach_of_patterns(words, steps.patterns)
        kept = self.kept.to_numpy()
        return Reach(found.reached[kept], tuple(wait[kept] for wait in found.waits))

    @property
    def across(self) -> Across:
        """The sessions of `table` by their actors."""
        return Across.of(self.table[ACTOR].to_numpy())

    def _places(self, clause: Clause, among: npt.NDArray[np.integer[Any]] | None) -> npt.NDArray[np.integer[Any]]:
        mask = self.inside.mask(clause)
        return mask.arg_true().to_numpy() if among is None else np.flatnonzero(mask.to_numpy()[among])

    def walked(self, route: Route) -> Walked:
        """What each session of `table` goes through on a route, remembered; raises SpecError at `of`, `at` and
        `where`."""
        return self.stages.get("walked", (*keys.shown_key(self.definition), route), lambda: self._walk(route))

    def _walk(self, route: Route) -> Walked:
        with of_events():
            found = coded(self, self.told_apart_by(route))
        mask = kept = None
        if route.at is not None:
            with located("at"):
                mask = self.inside.mask(route.at)
        if route.where is not None:
            with located("where"):
                kept = self.inside.mask(route.where)
        return walk(route, found, self.cut[PLACE].to_numpy(), *spans(self.table, None), mask, kept)

    def told_apart_by(self, route: Route) -> str:
        """The column whose values are the steps of paths; raises SpecError where none is named and none is known."""
        column = route.column or self.events.columns.event
        if not column:
            raise SpecError("No column says what happened in an event. Name the one whose values are the steps.")
        return column

    def check_steps(self, steps: Steps) -> None:
        """Raises SpecError at `steps[0]` ... or `without` for a condition that the events cannot be asked."""
        for at, step in enumerate(steps):
            with located(f"steps[{at}]"):
                if isinstance(step, PatternStep):
                    conditions(step.pattern, self.events.columns.event, self.inside.schema)
                else:
                    self.inside.check(step)
        if steps.without is not None:
            with located("without"):
                self.inside.check(steps.without)
