"""SqlEngine: the events stay in a database, which cuts and counts; sessions, counts and pages come here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from explorer.engine.answers.actors import Property
from explorer.engine.answers.columns import DerivedRecipe, Described, FoundValues, Menu
from explorer.engine.answers.compare import Asked, Common, Compared, Diff
from explorer.engine.answers.inactivity import Evidence
from explorer.engine.answers.lookups import LookupFile, LookupMatch
from explorer.engine.answers.mend import Mend
from explorer.engine.answers.reading import Reading
from explorer.engine.answers.robustness import Robustness
from explorer.engine.answers.rules_from_ids import RulesFromIds
from explorer.engine.answers.trial import Counted
from explorer.engine.local.actors.properties import candidates
from explorer.engine.local.cohorts import belongs
from explorer.engine.local.compare.compared import common, compared
from explorer.engine.local.cut import frames
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.stages import Stages
from explorer.engine.local.editors import live_counts
from explorer.engine.local.editors.automated_actors import automated_actors
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.nested import nested
from explorer.engine.local.scripted import Scripted
from explorer.engine.robustness import robustness
from explorer.engine.sql import table_menus, table_rules
from explorer.engine.sql.database import Database, Shape
from explorer.engine.sql.frames import as_told
from explorer.engine.sql.table_automated import automated
from explorer.engine.sql.table_coded import props
from explorer.engine.sql.table_cut import TableCut
from explorer.engine.sql.table_diff import diff
from explorer.engine.sql.table_events import TableEvents
from explorer.engine.sql.table_ids import table_of
from explorer.engine.sql.table_sessions import TableSessions
from explorer.engine.stopping import go_on
from explorer.errors import SourceError, SpecError, located
from explorer.events.added.derived import with_rows
from explorer.events.files.source_name import OfConnection
from explorer.events.head import Head, read_head
from explorer.events.load import arrange, check_columns
from explorer.events.quality.quality import Quality
from explorer.events.roles import guess
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.query import sessions_query
from explorer.plan.in_sql.questions import profile
from explorer.plan.meaning import outer_name
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.cohort import Members
from explorer.spec.columns import Columns
from explorer.spec.derived import of_actor, read_derived
from explorer.spec.duration import DurationLike
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.lookup import Lookup
from explorer.spec.session import SessionDefinition

SAMPLE = 1_000


class SqlEngine(Scripted):
    """Sessions of a table in a database."""

    def __init__(
        self,
        events: TableEvents,
        cohorts: tuple[Members, ...] = (),
        source: object = None,
        columns: Columns | None = None,
    ) -> None:
        """`cohorts` are those that the events know besides; `source` is what documents call the table. `columns` are
        the roles that were said, where events of one time are told apart by more."""
        self.source = source or OfConnection(events.table, events.database.name)
        self.plain, self.members = events, cohorts
        self.columns = columns or events.columns
        self.event_table = with_cohorts(events, cohorts)

    @classmethod
    def of(
        cls,
        database: Database,
        table: str,
        actor: str | list[str] | tuple[str, ...] | None = None,
        time: str | list[str] | tuple[str, ...] | None = None,
        event: str | None = None,
        order: str | list[str] | tuple[str, ...] = (),
        source: object = None,
        **how: Any,
    ) -> SqlEngine:
        """A table by its name, and what documents call it; roles that are left out are guessed from its first rows.
        `how` are `time_zone`, `derived` and `now`. Raises SourceError."""
        unknown = sorted(set(how) - {"time_zone", "derived", "now"})
        if any(how[name] for name in unknown):
            said = ", ".join(name for name in unknown if how[name])
            raise SourceError(f"Tables of {database.name} are read as they are: leave out {said}.")
        shape = database.shape(table)
        sample = _first_rows(database, table, shape)
        with located("columns.derived"):
            said_actor = (actor,) if isinstance(actor, str) else tuple(actor or ())
            computed = of_actor(said_actor, read_derived(how.get("derived")))
        sample = with_rows(sample.lazy(), computed, how.get("time_zone")).collect()
        columns = guess(sample, actor, time, event).replace(order=order, time_zone=how.get("time_zone"))
        columns = columns.replace(derived=computed, now=how.get("now"))
        return cls(in_order(TableEvents(database, table, columns, shape)), source=source)

    def __repr__(self) -> str:
        return f"<table {self.event_table.table}, actor {self.columns.actor_name}, time {self.columns.time}>"

    def close(self) -> None:
        """Let go of everything that the database keeps for this engine."""
        self.event_table.kept.close()

    # ---- the source

    @property
    def is_table(self) -> bool:
        """It is one."""
        return True

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns of the events and their types."""
        return self.event_table.schema

    @property
    def zone(self) -> str | None:
        """The zone that times are shown in; None where they know none."""
        return (self.columns.time_zone or "UTC") if self.event_table.aware else None

    @property
    def now(self) -> int:
        """What now is, in microseconds since 1970: what the analysis says, else the last event."""
        return self.event_table.now

    @property
    def quality(self) -> Quality:
        """What was read and what was left out."""
        return self.event_table.quality

    def quality_report(self) -> Quality:
        """The same with what takes a while to count: exact duplicates."""
        return self.event_table.quality_report()

    @property
    def cohorts(self) -> tuple[str, ...]:
        """The columns that say of each event whether its actor belongs to a cohort."""
        return self.event_table.cohorts

    def under(self, asked: Columns | Analysis) -> SqlEngine:
        """The same table with its columns read otherwise, and with the cohorts of an analysis; raises SourceError and
        SpecError."""
        columns, cohorts = (asked.columns, asked.members) if isinstance(asked, Analysis) else (asked, self.members)
        if columns == self.columns and cohorts == self.members:
            return self
        check_columns(self.plain.under(columns).schema, columns)
        plain = self.plain if columns == self.columns else in_order(self.plain.under(columns))
        return SqlEngine(plain, cohorts, self.source, columns)

    def is_under(self, analysis: Analysis) -> bool:
        """Whether the events are read as an analysis says, with its cohorts."""
        return self.columns == analysis.columns and self.members == analysis.members

    def without_cohorts(self) -> SqlEngine:
        """The same with events that know no cohort."""
        return SqlEngine(self.plain, source=self.source, columns=self.columns) if self.members else self

    def aside(self, budget: int) -> SqlEngine:
        """The same events; what is found out of them is remembered apart, up to so many bytes, and goes with it."""
        found = copy(self)
        found.event_table = self.event_table.aside(budget)
        return found

    def robustness(
        self, definition: SessionDefinition, charts: Iterable[Chart] = (), lengths: Iterable[DurationLike] = ()
    ) -> Robustness:
        """What the key numbers, the metrics and the findings of charts are at other inactivities, those of
        `lengths_around` where none are said; see `Robustness`. Raises SpecError."""
        *_, found = robustness(self, definition, charts, lengths)
        return found

    # ---- sessions

    def cut(self, definition: SessionDefinition) -> TableCut:
        """The sessions of a definition; nothing is cut before it is asked."""
        return TableCut(self.session_table(definition))

    def session_table(self, definition: SessionDefinition) -> TableSessions:
        """The sessions of a definition as columns and conditions, each remembered."""
        return TableSessions(self.event_table, definition)

    def sessions(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per session, by actor and start; see `Cut.sessions`."""
        return self.cut(definition).sessions()

    def actors(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per actor that has a session; see `Cut.actors`."""
        return self.cut(definition).actors()

    def events(
        self, definition: SessionDefinition, where: str | Clause | None = None, page: slice | None = None
    ) -> pl.DataFrame:
        """The events of the sessions, or a page of them, by actor and time; without a page all come home."""
        return self.cut(definition).events(where, page)

    def query(self, chart: Chart, definition: SessionDefinition) -> pl.DataFrame:
        """A chart's numbers; see `Cut.query`."""
        return self.cut(definition).query(chart)

    def evidence(self, definition: SessionDefinition) -> Evidence:
        """What the gaps between events say about the choice of inactivity."""
        return self.cut(definition).evidence()

    def sql(self, definition: SessionDefinition) -> str:
        """A query that makes the sessions at once; durations are whole microseconds."""
        self.event_table.like.sessions(definition)
        source = replace(self.event_table.source, latest=None)
        return source.dialect.text(sessions_query(definition, source))

    def actor(self, definition: SessionDefinition, who: str) -> LocalEngine:
        """The events of one actor, which come home; raises SpecError where there is no such actor."""
        events = self.event_table
        names = events.columns.actor
        outer = [outer_name(name) for name in names]
        ids = frames.actors_of(events.data).with_columns(session_number=pl.lit(""))
        at = (ids.select(frames.session_id(outer)).to_series() == f"{who}/").arg_true()
        if not len(at):
            raise SpecError(f"'{definition.name}' has no session of '{who}': there is no such actor.")
        row = events.data.frame[int(at[0])]
        with events.kept.rows(row.rename(dict(zip(row.columns, map(str, range(row.width)), strict=True)))) as one:
            found = events.ask(profile.of_actor(events.source, one))
        theirs = as_told(found, pl.DataFrame(schema=dict(events.schema)))
        data = arrange(theirs, events.columns.replace(derived=()))
        return LocalEngine(EventTable(data, Stages(), whole=events), self.source)

    def as_events(self, definition: SessionDefinition) -> LocalEngine:
        """The sessions, which come home, as the events of another definition; see `LocalEngine.as_events`."""
        return LocalEngine(*nested(self.session_table(definition)))

    # ---- several definitions

    def diff(self, one: Asked, other: Asked) -> Diff:
        """What became of every session; a text is the name of a column that holds session ids. Raises EngineError where
        rows have no number and nobody may make tables."""
        return diff(self.event_table, one, other)

    def rules_from_ids(self, column: str, name: str = "from ids") -> RulesFromIds:
        """The search looks at every event many times: the events of some actors come home for it."""
        return table_rules.rules_from_ids(self.event_table, column, name)

    def compared(self, asked: Asked) -> Compared:
        """The key numbers of one way to cut the events."""
        return compared(self.event_table, asked, table_of)

    def common(self, several: Sequence[Asked]) -> Mapping[str, Common]:
        """The distributions of several ways over the same bins."""
        return common(self.event_table, several, table_of)

    # ---- events

    def count(self, where: str | Clause | None = None) -> int:
        """The number of events that match."""
        return self.event_table.count(clauses.optional(where))

    def counts(self, asked: Iterable[Clause]) -> Counted:
        """The events that each condition keeps."""
        return Counted(len(self.event_table), *live_counts.counts(self.event_table, asked))

    def sample(self, where: str | Clause | None, most: int) -> pl.DataFrame:
        """So many of the matching events, the first, the last and some evenly between, by actor and time."""
        clause, events = clauses.optional(where), self.event_table
        places = live_counts.spread(events.count(clause), most).to_list()
        like = pl.DataFrame(schema=dict(events.schema))
        if not places:
            return like
        condition = None if clause is None else events.source.condition(events.settled(clause))
        return as_told(events.ask(profile.sample(events.source, places, condition)), like)

    def menu(self) -> Menu:
        """What conditions on events can ask, with the values that there are."""
        return table_menus.menu(self.event_table)

    def search_values(self, text: str, most: int) -> FoundValues:
        """The texts in all columns that contain a text, the best `most` of them; nothing for an empty one."""
        return table_menus.search_values(self.event_table, text, most)

    def cohort_sizes(self) -> tuple[dict[str, int], int]:
        """How many actors belong to each cohort, and how many actors there are."""
        actors = self.event_table.data.frame
        return {name: int(actors[name].sum()) for name in self.cohorts}, actors.height

    def properties(self) -> Sequence[Property]:
        """The columns of events that could tell actors apart, those first that do."""
        sessions = self.session_table(SessionDefinition("all", "1h"))
        found = [each.face for each in props(sessions, candidates(self.event_table))]
        return sorted(found, key=lambda each: each.rank)

    # ---- how the source is read

    def described(self) -> tuple[Described, ...]:
        """What is in each column of the table."""
        return table_menus.overview(self.event_table)

    def head(self, rows: int) -> pl.DataFrame:
        """The first events by actor and time."""
        return self.sample(None, rows)

    def recipes(self) -> tuple[DerivedRecipe, ...]:
        """None: columns are computed where the table is made, or typed."""
        return ()

    def mends(self, report: Quality, definitions: Sequence[SessionDefinition], zone: str | None) -> tuple[Mend, ...]:
        """Who looks automated by what they call themselves; nothing else: a table is read as it is."""
        found = automated_actors(self.event_table, definitions, lambda each: automated(self.session_table(each)))
        return tuple(found)

    def preview(self, columns: Columns) -> tuple[Head, Head]:
        """Some rows of the table as they are read, and as they would be under other columns; raises SourceError and
        SpecError."""
        events = self.plain
        rows = events.stages.get("first rows", (), lambda: _first_rows(events.database, events.table, events.shape))
        return read_head(rows, self.columns), read_head(rows, columns)

    def lookup_file(self, path: Path, file: str) -> LookupFile:
        """Raises SourceError: a file is not joined to a table of a database."""
        raise SourceError("A file is not joined to a table of a database. Join it there, in a view.")

    def lookup_match(self, lookup: Lookup) -> LookupMatch:
        """Raises SourceError: a file is not joined to a table of a database."""
        raise SourceError("A file is not joined to a table of a database. Join it there, in a view.")

    def reading(self) -> Reading:
        """Raises SourceError: a table is read as it is."""
        raise SourceError("A table of a database is read as it is, and by its SQL.")


def with_cohorts(events: TableEvents, cohorts: Iterable[Members]) -> TableEvents:
    """The events with a truth value for each cohort, which are in the order in which they read each other; raises
    SpecError at `cohorts[0].name`, `cohorts[0].where` ..."""
    for cohort in cohorts:
        go_on()
        with located(f"cohorts[{cohort.place}]"):
            if cohort.name in events.schema:
                with located("name"):
                    raise SpecError(f"'{cohort.name}' is a column of the events. Choose another name.")
            events = events.with_members(cohort.name, belongs(TableSessions(events, cohort.definition), cohort))
    return events


def in_order(events: TableEvents) -> TableEvents:
    """The same with columns that break ties, where the database keeps no order of rows and none are said: the event's
    where no two events share actor and time, else all others, so that only equal events can change their places."""
    columns = events.columns
    if events.source.dialect.has_row_numbers or columns.order:
        return events
    roles = {*columns.actor, columns.time}
    others = [name for name, dtype in events.schema.items() if name not in roles and not dtype.is_nested()]
    if not events.quality.ties:
        others = [columns.event or others[0] if others else columns.time]
    return events.under(columns.replace(order=tuple(others) or (columns.time,)))


def _first_rows(database: Database, table: str, shape: Shape) -> pl.DataFrame:
    rows = f"SELECT * FROM {Dialect(database.dialect).table(table).sql(database.dialect)} LIMIT {SAMPLE}"
    return as_told(database.answer(rows), pl.DataFrame(schema=dict(shape.schema)))
