"""LocalEngine: Polars over events that are sorted once, every stage remembered."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from explorer.engine import cut, frame, gaps, views
from explorer.engine.cut import PLACE, View
from explorer.engine.diff import Diff, compare
from explorer.engine.evidence import Evidence, gathered
from explorer.engine.load import Events, Quality, load
from explorer.engine.metrics import Measuring, ratio, repeated
from explorer.engine.nested import nested
from explorer.engine.quality import quality_report
from explorer.engine.query import answer
from explorer.engine.stages import Stages
from explorer.errors import SpecError, did_you_mean, located
from explorer.plan.in_polars.boundary import ACTOR, NEVER, SILENCE, TIME
from explorer.plan.in_polars.predicate import predicate
from explorer.spec import clause as clauses
from explorer.spec.chart import Chart
from explorer.spec.clause import Clause
from explorer.spec.columns import Columns
from explorer.spec.metric import Metric
from explorer.spec.session import BUILT_IN, SessionDefinition

Key = tuple[object, ...]


class LocalEngine:
    """Sessions of one set of events, on this machine."""

    def __init__(self, events: Events, source: Any = None, **reading: Any) -> None:
        """`reading` is how the source was read beside its roles: `unit`, `drop_duplicates`."""
        self._events = events
        self.source = source
        self._reading = reading
        self.stages = Stages()

    def __repr__(self) -> str:
        return f"<{len(self._events):,} events, actor {self.columns.actor_name}, time {self.columns.time}>"

    @property
    def columns(self) -> Columns:
        """The roles of the columns."""
        return self._events.columns

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns of the events and their types."""
        return self._events.schema

    @property
    def quality(self) -> Quality:
        """What was read and what was left out."""
        return self._events.quality

    def quality_report(self) -> Quality:
        """The same with what takes a while to count: exact duplicates."""
        return quality_report(self._events)

    def under(self, columns: Columns) -> "LocalEngine":
        """The same source with other roles of its columns, read and sorted again; raises SourceError."""
        if columns == self.columns:
            return self
        if columns.replace(event=None) == self.columns.replace(event=None):
            events = self._events
        else:
            roles: dict[str, Any] = {"actor": columns.actor, "order": columns.order, "time_zone": columns.time_zone}
            events = load(self.source, time=columns.time, **roles, **self._reading)
        return LocalEngine(replace(events, columns=columns), self.source, **self._reading)

    # ---- answers

    def count(self, where: str | Clause | None = None) -> int:
        """The number of events that match."""
        clause = clauses.optional(where)
        return len(self._events) if clause is None else int(self._mask(clause).sum())

    def sessions(self, definition: SessionDefinition, rows: pl.Series | None = None) -> pl.DataFrame:
        """One row per session, by actor and start; with `rows`, those places of the table only.

        Columns: session_id, the actor, split columns, session_number, start, end, duration, event_count,
        started_by, cut_off, then the metrics.
        """
        table = self.table(definition)
        if rows is not None:
            table = table[rows]
        return frame.session_frame(self._events, table, self._split(definition, table))

    def actors(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per actor that has a session: the actor, session_count, time_in_session, first_start, last_end."""
        return frame.actor_frame(self._events, self.table(definition))

    def events(
        self, definition: SessionDefinition, where: str | Clause | None = None, page: slice | None = None
    ) -> pl.DataFrame:
        """The events of the sessions, by actor and time, with session_id and session_number first."""
        table, view = self._cut(definition), self._view(definition)
        session = repeated(table["event_count"])
        if definition.keep is not None:
            places = self.table(definition)[PLACE]
            kept = table[PLACE].is_in(places.implode()).gather(session)
        else:
            kept = pl.repeat(True, len(session), eager=True)
        if (clause := clauses.optional(where)) is not None:
            kept = kept & view.take(self._mask(clause))
        rows = pl.int_range(len(session), dtype=pl.UInt32, eager=True) if view.rows is None else view.rows
        chosen = pl.DataFrame({"row": rows, "session": session}).filter(kept)
        if definition.split_by:
            chosen = chosen.sort("row")
        if page is not None:
            chosen = chosen[page]
        number = table["session_number"].gather(chosen["session"])
        return frame.event_frame(self._events, chosen["row"], number)

    def gap_curve(self, definition: SessionDefinition) -> gaps.GapCurve:
        """The number of sessions at any inactivity, before `keep`."""

        def make() -> gaps.GapCurve:
            view = self._view(definition)
            forced = view.keys[SILENCE] == NEVER
            if view.forced is not None:
                forced = forced | (view.forced > 0)
            return gaps.gap_curve(view.keys[SILENCE], forced, definition.boundary, exact)

        exact = definition.max_duration is None
        return self.stages.get("gaps", (*_view_key(definition), definition.boundary, exact), make)

    def query(self, chart: Chart, definition: SessionDefinition) -> pl.DataFrame:
        """A chart's numbers: its dimensions, `value` and `sessions`, one row per group; raises SpecError."""
        return answer(self, chart, definition)

    def evidence(self, definition: SessionDefinition) -> Evidence:
        """What the silences between events say about the choice of inactivity."""
        return gathered(self, definition)

    def diff(self, one: SessionDefinition | str, other: SessionDefinition | str) -> Diff:
        """What became of every session; a text is the name of a column that holds session ids."""
        return compare(self, one, other)

    def as_events(self, definition: SessionDefinition) -> "LocalEngine":
        """The sessions as the events of another definition: time is their start, event what they are started by."""
        return LocalEngine(*nested(self, definition))

    def table(self, definition: SessionDefinition) -> pl.DataFrame:
        """The kept sessions by actor and start, with actor codes in place of actors; PLACE is each one's first
        event among those of the definition."""
        key = (*_cut_key(definition), definition.metrics, definition.keep)
        return self.stages.get("table", key, lambda: self._kept(definition))

    # ---- stages, each remembered by the parts of the definition that it reads

    def _kept(self, definition: SessionDefinition) -> pl.DataFrame:
        table = self._cut(definition)
        table = table.with_columns(self._metric(definition, metric.name, ()) for metric in definition.metrics)
        if definition.keep is not None:
            with located("keep"):
                table = table.filter(self._session_mask(definition, definition.keep, ()))
        return table.sort(ACTOR, "session_number") if definition.split_by else table

    def _cut(self, definition: SessionDefinition) -> pl.DataFrame:
        def make() -> pl.DataFrame:
            view, times = self._view(definition), self._events.keys[TIME]
            first, last = self.stages.get("span", (), lambda: (times.min(), times.max()))
            least = cut.floor(definition.inactivity)
            near = self.stages.get("candidates", (*_view_key(definition), least), lambda: cut.candidates(view, least))
            starts = cut.starts(view, near, definition)
            time = self.schema[self.columns.time]
            return cut.table(view, starts, definition, first, last, time)

        return self.stages.get("cut", _cut_key(definition), make)

    def _view(self, definition: SessionDefinition) -> View:
        def where() -> View:
            return views.where_view(self._events, definition, self._mask)

        def forced() -> View:
            view = self.stages.get("where", (definition.where, definition.split_by), where)
            return views.forced_view(self._events, view, definition, self._mask)

        return self.stages.get("view", _view_key(definition), forced)

    def _mask(self, clause: Clause) -> pl.Series:
        def make() -> pl.Series:
            expr = predicate(clause, self._events.frame.schema, self.columns.time_zone)
            return self._events.frame.select(expr.alias("mask")).to_series()

        return self.stages.get("mask", clause, make)

    # ---- metrics

    def _metric(self, definition: SessionDefinition, name: str, above: tuple[str, ...]) -> pl.Series:
        if name in above:
            raise SpecError(f"The metrics need each other in a circle: {' needs '.join((*above, name))}.")
        at, metric = next((at, m) for at, m in enumerate(definition.metrics) if m.name == name)
        key = (*_cut_key(definition), *_needed(definition, metric, ()))

        def make() -> pl.Series:
            with located(f"metrics[{at}]"):
                return self._measured(definition, metric, (*above, name)).alias(name)

        return self.stages.get("metric", key, make)

    def _measured(self, definition: SessionDefinition, metric: Metric, above: tuple[str, ...]) -> pl.Series:
        def sessions() -> pl.Series:
            key, counts = _cut_key(definition), self._cut(definition)["event_count"]
            return self.stages.get("session", key, lambda: repeated(counts))

        measuring = Measuring(self._view(definition), self._cut(definition), self._mask, self.column, sessions)
        if metric.aggregate == "ratio":
            values = ratio(*(self._session_column(definition, part, above) for part in metric.parts))
        else:
            values = measuring.value(metric)
        if metric.scope is None:
            return values
        where = metric.scope.where
        with located("scope"):
            asked = None if where is None else self._session_mask(definition, where, above)
            inside = measuring.inside(metric.scope, asked)
        return pl.DataFrame({"value": values}).select(pl.when(inside).then(pl.col("value"))).to_series()

    def _session_mask(self, definition: SessionDefinition, clause: Clause, above: tuple[str, ...]) -> pl.Series:
        columns = {name: self._session_column(definition, name, above) for name in clauses.columns(clause)}
        found = self._cut(definition).select(pl.col("session_number").alias("@size")).with_columns(**columns)
        return found.select(predicate(clause, found.schema, self.columns.time_zone).alias("mask")).to_series()

    def _session_column(self, definition: SessionDefinition, name: str, above: tuple[str, ...]) -> pl.Series:
        name = name.removeprefix(f"{definition.name}.")
        table = self._cut(definition)
        if definition.metric(name):
            return self._metric(definition, name, above)
        if name in BUILT_IN and name != "session_id":
            return table[name]
        if name in self.columns.actor or name in definition.split_by or name == "session_id":
            return frame.session_frame(self._events, table, self._split(definition, table))[name]
        known = [
            *(metric.name for metric in definition.metrics),
            *BUILT_IN,
            *self.columns.actor,
            *definition.split_by,
        ]
        raise SpecError(f"sessions have no column '{name}'. {did_you_mean(name, known)}")

    def _split(self, definition: SessionDefinition, table: pl.DataFrame) -> pl.DataFrame:
        view = self._view(definition)
        columns = [view.take(self._events.frame[name]).gather(table[PLACE]) for name in definition.split_by]
        return pl.DataFrame(columns)

    def column(self, name: str) -> pl.Series:
        """A column of all events, by actor and time; raises SpecError."""
        if name not in self.schema:
            with located("column"):
                raise SpecError(f"the events have no column '{name}'. {did_you_mean(name, self.schema)}")
        return self._events.frame[name]


def _view_key(definition: SessionDefinition) -> Key:
    return (definition.where, definition.split_by, definition.restart, definition.end, definition.calendar)


def _cut_key(definition: SessionDefinition) -> Key:
    return (*_view_key(definition), definition.inactivity, definition.boundary, definition.max_duration)


def _needed(definition: SessionDefinition, metric: Metric, above: tuple[Metric, ...]) -> tuple[Metric, ...]:
    """A metric and all the metrics that it reads, for its key."""
    if metric in above:
        return above
    found = (*above, metric)
    names = (*metric.parts, *clauses.columns(metric.scope.where if metric.scope else None))
    for name in names if metric.aggregate == "ratio" or metric.scope else ():
        other = definition.metric(name.removeprefix(f"{definition.name}."))
        found = found if other is None else _needed(definition, other, found)
    return found
