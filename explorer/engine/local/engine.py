"""LocalEngine: Polars over events that are sorted once, every stage remembered."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from explorer.engine.local.compare.diff import Diff, compare
from explorer.engine.local.cut import cutting, frames, gaps, keys, masks, views
from explorer.engine.local.cut.cutting import PLACE, View
from explorer.engine.local.cut.metrics import repeated
from explorer.engine.local.cut.stages import Stages
from explorer.engine.local.inactivity.evidence import Evidence, gathered
from explorer.engine.local.nested import nested
from explorer.engine.local.query.query import answer
from explorer.engine.local.session_columns import SessionColumns
from explorer.errors import SpecError, did_you_mean, located
from explorer.events.calendar_days import days
from explorer.events.events import Events, quality_report
from explorer.events.load import check_columns, load
from explorer.events.quality import Quality
from explorer.plan.in_polars.boundary import ACTOR, GAP, NEVER, TIME
from explorer.spec.charts.chart import Chart
from explorer.spec.columns import Columns
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.session import SessionDefinition


class LocalEngine:
    """Sessions of one set of events, on this machine."""

    def __init__(self, events: Events, source: Any = None) -> None:
        self._events = events
        self.source = source
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
        """The same source with its columns read otherwise, and sorted again where that matters; raises SourceError."""
        if columns == self.columns:
            return self
        if self._sorting(columns) == self._sorting(self.columns):
            check_columns(self.schema, columns)
            events = self._events
        else:
            events = load(self.source, **vars(columns))
        return LocalEngine(replace(events, columns=columns), self.source)

    def _sorting(self, columns: Columns) -> Columns:
        """What of the roles the sorted events depend on."""
        kind = self.schema.get(columns.event or "", pl.String())
        plain = columns.replace(event=columns.event if kind.is_numeric() else None)  # it may be read as text
        return plain if self.quality.no_offset else plain.replace(time_zone=None)

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
        return frames.session_frame(self._events, table, SessionColumns(self, definition).split(table))

    def actors(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per actor that has a session: the actor, session_count, time_in_session, first_start, last_end."""
        return frames.actor_frame(self._events, self.table(definition))

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
        chosen = pl.DataFrame({"row": view.rows, "session": session}).filter(kept)
        if definition.split_by:
            chosen = chosen.sort("row")
        if page is not None:
            chosen = chosen[page]
        number = table["session_number"].gather(chosen["session"])
        return frames.event_frame(self._events, chosen["row"], number)

    def gap_curve(self, definition: SessionDefinition) -> gaps.GapCurve:
        """The number of sessions at any inactivity, before `keep`."""

        def make() -> gaps.GapCurve:
            view = self._view(definition)
            forced = view.keys[GAP] == NEVER
            if view.forced is not None:
                forced = forced | (view.forced > 0)
            return gaps.gap_curve(view.keys[GAP], forced, definition.boundary, exact)

        exact = definition.max_duration is None
        return self.stages.get("gaps", (*keys.view_key(definition), definition.boundary, exact), make)

    def query(self, chart: Chart, definition: SessionDefinition, rows: pl.Series | None = None) -> pl.DataFrame:
        """A chart's numbers: its dimensions, `value` and `sessions`, one row per group; raises SpecError.

        With `rows`, those of some places of the table only.
        """
        return answer(self, chart, definition, rows)

    def evidence(self, definition: SessionDefinition) -> Evidence:
        """What the gaps between events say about the choice of inactivity."""
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
        return self.stages.get("table", keys.table_key(definition), lambda: self._kept(definition))

    # ---- stages, each remembered by the parts of the definition that it reads

    def _kept(self, definition: SessionDefinition) -> pl.DataFrame:
        table = self._cut(definition)
        asked = SessionColumns(self, definition)
        table = table.with_columns(asked.metric(metric.name) for metric in definition.metrics)
        shown = self._shown(definition)
        table = table if shown is None else table.filter(shown)
        return table.sort(ACTOR, "session_number") if definition.split_by else table

    def _shown(self, definition: SessionDefinition) -> pl.Series | None:
        """Which sessions `keep` shows; None when all are."""
        if definition.keep is None:
            return None
        with located("keep"):
            return SessionColumns(self, definition).mask(definition.keep)

    def _cut(self, definition: SessionDefinition) -> pl.DataFrame:
        def make() -> pl.DataFrame:
            times = self._events.keys[TIME]
            first, last = self.stages.get("span", (), lambda: (times.min(), times.max()))
            time = self.schema[self.columns.time]
            return cutting.table(self._view(definition), self._starts(definition), definition, first, last, time)

        return self.stages.get("cut", keys.cut_key(definition), make)

    def _starts(self, definition: SessionDefinition) -> pl.Series:
        def make() -> pl.Series:
            view, least = self._view(definition), cutting.floor(definition.inactivity)
            key = (*keys.view_key(definition), least)
            near = self.stages.get("candidates", key, lambda: cutting.candidates(view, least))
            return cutting.starts(view, near, definition)

        return self.stages.get("starts", keys.cut_key(definition), make)

    def _view(self, definition: SessionDefinition) -> View:
        split = definition.split_by

        def whole() -> View:
            return self.stages.get("whole", split, lambda: views.whole_view(self._events, split))

        def where() -> View:
            with located("where"):
                kept = self._mask(definition.where)  # type: ignore[arg-type]
            return views.where_view(whole(), kept)

        def forced() -> View:
            some = definition.where is not None
            view = self.stages.get("where", (definition.where, split), where) if some else whole()
            return views.forced_view(view, self._forcing(definition))

        return self.stages.get("view", keys.view_key(definition), forced)

    def _forcing(self, definition: SessionDefinition) -> dict[str, pl.Series]:
        def day(zone: str) -> pl.Series:
            return self.stages.get("day", zone, lambda: days(self._events.keys[TIME], zone, self._events.aware))

        return views.forcing(definition, self._mask, day)

    def _mask(self, clause: Clause) -> pl.Series:
        def make() -> pl.Series:
            return masks.mask(clause, self._events.frame, self.columns.time_zone, self._mask)

        return self.stages.get("mask", clause, make)

    def column(self, name: str) -> pl.Series:
        """A column of all events, by actor and time; raises SpecError."""
        if name not in self.schema:
            with located("column"):
                raise SpecError(f"the events have no column '{name}'. {did_you_mean(name, self.schema)}")
        return self._events.frame[name]
