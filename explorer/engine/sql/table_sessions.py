"""The sessions of a table: cut and measured there, and kept here, one row per session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import polars as pl
from sqlglot import exp

from explorer.engine import keys
from explorer.engine.answers.inactivity import GapCurve
from explorer.engine.local.cut import frames
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.events_view import View
from explorer.engine.local.cut.held_events import HeldEvents
from explorer.engine.local.cut.sequences.event_codes import check_label, of_events
from explorer.engine.local.cut.sequences.reach import NEVER, Reach
from explorer.engine.local.cut.sequences.walked import Walked
from explorer.engine.local.cut.sequences.words import Words
from explorer.engine.local.session_table import SessionTable
from explorer.engine.sql.frames import as_told, counted_lengths
from explorer.engine.sql.table_events import TableEvents
from explorer.errors import located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.in_sql.questions.held import Held
from explorer.plan.in_sql.sequences.funnel import reached
from explorer.plan.in_sql.sequences.paths import path_steps
from explorer.plan.in_sql.sequences.words import words
from explorer.plan.meaning import inside, outer_name
from explorer.plan.pattern_elements import conditions
from explorer.spec.charts.sequences.route import Route
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import Metric
from explorer.spec.pattern import Pattern
from explorer.spec.session import SessionDefinition

AT = "@session"


@dataclass(frozen=True)
class TableSessions(SessionTable):
    """The sessions of a definition over events that stay in a database; PLACE is a session's place in `cut`."""

    @property
    def its(self) -> TableEvents:
        """The events that are cut."""
        return cast(TableEvents, self.events)

    @property
    def like(self) -> SessionTable:
        """The same of a single event here: what is wrong with the definition, and the types of its columns."""
        return self.its.like.session_table(self.definition)

    @property
    def queries(self) -> Held:
        """The events that the sessions hold, as queries."""
        return self.its.held(self.definition)

    def of(self, definition: SessionDefinition) -> TableSessions:
        """The sessions of another definition over the same events."""
        return TableSessions(self.events, definition)

    def ask(self, asked: exp.Select) -> pl.DataFrame:
        """The rows of a question to the events that the sessions hold."""
        return self.its.rows(self.queries, asked)

    # ---- the sessions

    @property
    def cut(self) -> pl.DataFrame:
        """All sessions before `keep`, by actor and number."""
        return self._cut_and_split[0]

    @property
    def placed(self) -> pl.DataFrame:
        """The same: what is told of sessions is told at once."""
        return self.cut

    @property
    def _cut_and_split(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        made: tuple[pl.DataFrame, pl.DataFrame] = self.stages.get("cut", keys.cut_key(self.definition), self._made)
        return made

    def _made(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        like = self.of(self.definition.replace(keep=None, metrics=(), actor_metrics=())).like.frame().drop("session_id")
        found = as_told(self.ask(self.queries.sessions()), like)
        actor, split = list(self.events.columns.actor), list(self.definition.split_by)
        names = [outer_name(name) for name in actor]
        known = self.its.data.frame.select(pl.col(own).alias(name) for own, name in zip(actor, names, strict=True))
        known = known.with_columns(self.its.data.keys[ACTOR])
        codes = found.select(names).join(known, on=names, how="left", maintain_order="left")[ACTOR]
        divided = pl.DataFrame(
            [
                column.cast(pl.Categorical) if column.dtype == pl.String else column
                for column in (found[outer_name(name)].alias(name) for name in split)
            ]
        )
        table = found.drop(*names, *map(outer_name, split))
        schema = self.like.cut.schema
        place = pl.int_range(found.height, dtype=pl.UInt32, eager=True).alias(PLACE)
        table = table.with_columns(codes.cast(schema[ACTOR]), place)
        return table.select(pl.col(name).cast(dtype) for name, dtype in schema.items()), divided

    @property
    def held(self) -> View:
        """Their events stay where they are: raises EngineError."""
        raise self.its.stays("all events of sessions")

    @property
    def inside(self) -> TableHeld:
        """What can be asked of the events of the sessions."""
        return TableHeld(self)

    @property
    def outside(self) -> int:
        """How many of the events that exist for the definition no session holds."""
        if not keys.leaves_out(self.definition):
            return 0
        return self.events.count(self.definition.where) - int(self.cut["event_count"].cast(pl.Int64).sum())

    @property
    def gap_curve(self) -> GapCurve:
        """The number of sessions at any inactivity, before `keep`."""
        definition = self.definition
        exact = not keys.looks_back(definition)

        def make() -> GapCurve:
            gaps, always = counted_lengths(self.its.ask(self.queries.gap_queries.gaps(), self.queries.kept))
            return GapCurve(gaps, always, definition.boundary, exact)

        return self.stages.get("gaps", (*keys.view_key(definition), definition.boundary, exact), make)

    @property
    def longest_gaps(self) -> pl.Series:
        """The longest gap inside each session, in microseconds; null where it has one event that is not passive."""
        return self._spread(self.ask(self.queries.longest_gaps()), pl.Int64())

    def coded(self, name: str) -> pl.Series:
        """A column of the actor or the split."""
        return self._at(name, self.cut[PLACE])

    def _at(self, name: str, places: pl.Series) -> pl.Series:
        if name in self.definition.split_by:
            return self._cut_and_split[1][name].gather(places)
        if name in self.events.cohorts:
            return self.its.data.frame[name].gather(self.cut[ACTOR].gather(places))
        return frames.actors_of(self.events.data, self.cut[ACTOR].gather(places))[outer_name(name)]

    # ---- what their events come to

    def _spread(self, found: pl.DataFrame, dtype: pl.DataType) -> pl.Series:
        """One value per session, null where there is none, from places and values."""
        values = as_told(found, pl.DataFrame(schema={AT: pl.UInt32(), "value": dtype}))
        order = pl.DataFrame({AT: self.cut[PLACE]}).join(values, on=AT, how="left", maintain_order="left")
        return order["value"]

    def measured(self, metric: Metric) -> pl.Series:
        """A metric in every session, whatever its scope."""
        if metric.pattern is not None:
            return super().measured(metric)
        alone = metric.replace(scope=None)
        like = self.of(self.definition.replace(keep=None, metrics=(alone,), actor_metrics=()))
        dtype = like.like.metric(metric.name).dtype
        dtype = pl.String() if isinstance(dtype, pl.Categorical | pl.Enum) else dtype
        return self._spread(self.ask(self.queries.value(alone)), dtype)

    def happened(self, where: Clause) -> pl.Series:
        """The sessions with an event where a condition holds."""
        self.inside.check(where)
        places = self.ask(self.queries.happened(where)).to_series().cast(pl.UInt32)
        return pl.repeat(False, self.cut.height, eager=True).scatter(places, True)

    def edge(self, place: str, column: str) -> pl.Series:
        """The first or last value that is not null of a column of events in each session."""
        key = (*keys.cut_key(self.definition), place, column)
        return self.stages.get("edge", key, lambda: self.measured(Metric("@edge", place, column)))

    def any_of(self, column: str) -> pl.DataFrame:
        """The different values of a column of events in each session, nulls left out: `session` and `value`."""
        key = (*keys.cut_key(self.definition), column)
        return self.stages.get("any of", key, lambda: self._values(column))

    def _values(self, column: str) -> pl.DataFrame:
        dtype = self.like.inside.column(column).dtype
        told = pl.String() if isinstance(dtype, pl.Categorical | pl.Enum) else dtype
        like = pl.DataFrame(schema={"session": pl.UInt32(), "value": told})
        found = as_told(self.ask(self.queries.values(column)), like)
        return found.with_columns(pl.col("value").cast(pl.Categorical)) if told == pl.String else found

    def words(self, pattern: Pattern, where: Clause | None, timed: bool = True) -> Words:
        """The sessions as words of a pattern's elements, of the events that `where` holds; raises SpecError."""
        elements = conditions(pattern, self.events.columns.event, self.inside.schema)

        def make() -> Words:
            found = self.ask(words(self.queries, elements, where, timed))
            places, none = (
                found.to_series(0).cast(pl.UInt32),
                pl.repeat(None, self.cut.height, dtype=pl.UInt32, eager=True),
            )
            rows = none.scatter(places, pl.int_range(found.height, dtype=pl.UInt32, eager=True))
            order = rows.gather(self.cut[PLACE])
            its = found.to_series(1).cast(pl.String).gather(order).fill_null("")
            offsets = np.append(0, its.str.len_bytes().cast(pl.Int64).cum_sum().to_numpy())
            times = pl.Series([], dtype=pl.Int64)
            if timed:
                listed = found.to_series(2).gather(order).drop_nulls()
                times = listed.str.split(",").list.explode(keep_nulls=False, empty_as_null=False).cast(pl.Int64)
            return Words(its, offsets, times.to_numpy())

        return self.stages.get("words", (*keys.cut_key(self.definition), tuple(elements), where, timed), make)

    def labels(self, column: str, values: pl.Series | None = None) -> pl.Series:
        """Values of a column of events as they are written; raises SpecError at `column` for times and what has
        parts."""
        like = self.like.inside.column(column).dtype
        kind = check_label(column, like)
        return _labels(kind, like, pl.Series([], dtype=like) if values is None else values)

    def _walk(self, route: Route) -> Walked:
        with of_events():
            column = self.told_apart_by(route)
            self.labels(column)
        if route.at is not None:
            with located("at"):
                self.inside.check(route.at)
        if route.where is not None:
            with located("where"):
                self.inside.check(route.where)
        found = self.ask(path_steps(self.queries, column, route, route.length + 1))
        places, numbers = (found.to_series(at).cast(pl.Int64).to_numpy() for at in (0, 1))
        values = self.labels(column, found.to_series(2)).cast(pl.Categorical(pl.Categories.random()))
        names = values.dtype.categories.to_series()  # type: ignore[attr-defined]
        codes = values.to_physical().cast(pl.UInt32).fill_null(len(names)).to_numpy()
        row = np.full(self.cut.height, -1, np.int64)
        row[self.table[PLACE].to_numpy()] = np.arange(self.table.height)
        rows, shown = row[places], row[places] >= 0
        steps = np.full((route.length + 1, self.table.height), len(names) + 1, np.uint32)
        steps[numbers[shown] - 1, rows[shown]] = codes[shown]
        ended = steps == len(names) + 1
        steps[:, ended[0]] = len(names) + 2
        return Walked.of(names, steps[:-1], ended[-1] & ~ended[0], route.top)

    def reach(self, steps: Steps) -> Reach:
        """How far each session of `table` gets through some steps; raises SpecError at `steps[0]` ..."""
        self.check_steps(steps)
        if steps.has_patterns:
            return self.reach_of_patterns(steps)
        places = self.table[PLACE]
        start = self.cut["start"].gather(places).dt.timestamp("us").to_numpy()
        if steps.across:
            among = self.across
            with self.its.kept.rows(pl.DataFrame({"0": places, "1": among.actors})) as name:
                found = self.ask(reached(self.queries, steps, name))
            times = _happened(found, len(among.starts))
            return Reach.of(start[among.starts], [time.to_numpy() for time in times])
        times = _happened(self.ask(reached(self.queries, steps)), self.cut.height)
        return Reach.of(start, [time.gather(places).to_numpy() for time in times])


def _labels(kind: str, like: pl.DataType, values: pl.Series) -> pl.Series:
    if kind == "truth value":
        return values.replace_strict({True: "yes", False: "no"}, default=None, return_dtype=pl.String)
    return values.cast(like).cast(pl.String) if kind == "number" else values.cast(pl.String)


def _happened(found: pl.DataFrame, n: int) -> list[pl.Series]:
    """When each step happens at each of so many places; NEVER at those that were not found."""
    found = found.cast(pl.Int64)
    never = pl.repeat(NEVER, n, dtype=pl.Int64, eager=True)
    return [never.clone().scatter(found.to_series(0), time.fill_null(NEVER)) for time in found.get_columns()[1:]]


@dataclass(frozen=True)
class TableHeld(HeldEvents):
    """The events of sessions of a table: what can be asked of them is known here, what they hold is not."""

    @property
    def _coded(self) -> Mapping[str, pl.DataType]:
        return inside(self.events.schema)

    def column(self, text: str) -> pl.Series:
        """No column comes home: raises EngineError."""
        return self.events.column(text)

    def mask(self, clause: Clause) -> pl.Series:
        """No condition on all events comes home: raises EngineError."""
        return self.events.mask(clause)
