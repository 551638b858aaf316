"""LocalEngine: Polars over events that are sorted once, every stage remembered."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from explorer.engine.answers.actors import Property
from explorer.engine.answers.columns import DerivedRecipe, Described, FoundValues, Menu
from explorer.engine.answers.compare import Asked, Common, Compared
from explorer.engine.answers.heartbeat import Heartbeat
from explorer.engine.answers.inactivity import Evidence, GapCurve
from explorer.engine.answers.lookups import LookupFile, LookupMatch
from explorer.engine.answers.mend import Mend
from explorer.engine.answers.reading import Reading
from explorer.engine.answers.robustness import Robustness
from explorer.engine.answers.rules_from_ids import RulesFromIds
from explorer.engine.answers.trial import Counted
from explorer.engine.local.actors.properties import properties
from explorer.engine.local.cohorts import with_cohorts
from explorer.engine.local.compare.compared import common, compared
from explorer.engine.local.compare.diff import LocalDiff, compare
from explorer.engine.local.compare.rules_from_ids import rules_from_ids
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.stages import Stages
from explorer.engine.local.editors import live_counts
from explorer.engine.local.editors.column_overview import described
from explorer.engine.local.editors.derived_recipes import derived_recipes
from explorer.engine.local.editors.lookup_preview import lookup_file, lookup_match
from explorer.engine.local.editors.menu import menu
from explorer.engine.local.editors.reading_preview import reading_preview
from explorer.engine.local.editors.repairs import mends
from explorer.engine.local.editors.value_search import search_values
from explorer.engine.local.event_names import hand_on
from explorer.engine.local.how_read import reading
from explorer.engine.local.inactivity.evidence import gathered
from explorer.engine.local.inactivity.heartbeats import heartbeats
from explorer.engine.local.inexact import remarks
from explorer.engine.local.local_cut import LocalCut
from explorer.engine.local.nested import nested
from explorer.engine.local.scripted import Scripted
from explorer.engine.local.session_ids import actor_code, of_actor
from explorer.engine.local.session_table import SessionTable
from explorer.engine.robustness import robustness
from explorer.errors import SpecError
from explorer.events.added.derived import early_of, rederived
from explorer.events.events import Events
from explorer.events.head import Head
from explorer.events.load import check_columns, load
from explorer.events.oddities import quality_report
from explorer.events.quality.quality import Quality
from explorer.events.refresh import Versions, refreshed
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.cohort import Members
from explorer.spec.columns import Columns
from explorer.spec.duration import DurationLike
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.lookup import Lookup
from explorer.spec.session import SessionDefinition


class LocalEngine(Scripted):
    """Sessions of one set of events, on this machine."""

    def __init__(
        self,
        events: Events | EventTable,
        source: Any = None,
        versions: Versions | None = None,
        cohorts: tuple[Members, ...] = (),
    ) -> None:
        """`versions` are those of the source's files when they were read, `cohorts` those that the events know."""
        self.source, self.versions, self.members = source, versions or {}, cohorts
        # The events as they are without cohorts.
        self.plain = events if isinstance(events, EventTable) else EventTable(events, Stages())
        self.event_table = with_cohorts(self.plain, cohorts)

    def __repr__(self) -> str:
        return f"<{len(self.event_table):,} events, actor {self.columns.actor_name}, time {self.columns.time}>"

    @property
    def is_table(self) -> bool:
        """It is none: a source is read into memory."""
        return False

    @property
    def columns(self) -> Columns:
        """The roles of the columns."""
        return self.event_table.columns

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns of the events and their types."""
        return self.event_table.schema

    @property
    def cohorts(self) -> tuple[str, ...]:
        """The columns that say of each event whether its actor belongs to a cohort."""
        return self.event_table.cohorts

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
        return self.event_table.data.quality

    def quality_report(self) -> Quality:
        """The same with what takes a while to count: exact duplicates."""
        return quality_report(self.event_table.data)

    def remarks(self, definition: SessionDefinition) -> list[str]:
        """What is worth knowing of a definition's metrics before their values are believed, one sentence each."""
        return remarks(self.session_table(definition))

    def refreshed(self) -> "LocalEngine":
        """The engine of the source as it is now, this one where nothing has changed; raises SourceError.

        Of files that were only added, these alone are read.
        """
        events, versions = refreshed(self.plain.data, self.source, self.versions)
        same = events is self.plain.data
        return self if same else LocalEngine(events, self.source, versions, self.members)

    def refresh(self) -> "LocalEngine":
        """Take in the events of files that were added or changed since they were read; gives itself.

        >>> import tempfile, pathlib, explorer
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> event = "user,ts{0}a,2024-03-01 10:0{1}{0}".format
        >>> _ = (folder / "1.csv").write_text(event(chr(10), 0))
        >>> log = explorer.connect(folder)
        >>> _ = (folder / "2.csv").write_text(event(chr(10), 5))
        >>> log.refresh()
        <2 events, actor user, time ts>
        """
        now = self.refreshed()
        self.plain, self.event_table, self.versions = now.plain, now.event_table, now.versions
        return self

    def under(self, asked: Columns | Analysis) -> "LocalEngine":
        """The same source with its columns read otherwise, and sorted again where that matters; raises SourceError.

        Under an analysis the events know its cohorts, which every definition can then ask; raises SpecError.

        >>> import explorer
        >>> rows = {"user": ["a", "a", "b"], "ts": ["2024-03-01", "2024-03-02", "2024-03-01"]}
        >>> log = explorer.connect(pl.DataFrame(rows))
        >>> visit = explorer.SessionDefinition("visit", "30m")
        >>> regulars = explorer.Cohort("regulars", "visit", "session_count > 1")
        >>> log.under(explorer.Analysis(log.columns, [visit], cohorts=[regulars])).count("regulars")
        2
        """
        columns, cohorts = (asked.columns, asked.members) if isinstance(asked, Analysis) else (asked, self.members)
        if columns == self.columns:
            return self if cohorts == self.members else self._over(self.plain, cohorts)
        if self._sorting(columns) != self._sorting(self.columns):
            return self._over(replace(load(self.source, **vars(columns)), columns=columns), cohorts)
        events = rederived(self.plain.data, columns)
        check_columns(events.schema, columns)
        return self._over(events, cohorts)

    def is_under(self, analysis: Analysis) -> bool:
        """Whether the events are read as an analysis says, with its cohorts."""
        return self.columns == analysis.columns and self.members == analysis.members

    def without_cohorts(self) -> "LocalEngine":
        """The same with events that know no cohort."""
        return self._over(self.plain, ()) if self.members else self

    def _over(self, events: Events | EventTable, cohorts: tuple[Members, ...]) -> "LocalEngine":
        return LocalEngine(events, self.source, self.versions, cohorts)

    def _sorting(self, columns: Columns) -> Columns:
        """What of the roles the sorted events depend on."""
        kind = self.schema.get(columns.event or "", pl.String())
        kept = columns.event if kind.is_numeric() else None  # it may be read as text
        plain = columns.replace(event=kept, now=None, derived=early_of(columns))
        return plain if self.quality.no_offset else plain.replace(time_zone=None)

    def aside(self, budget: int) -> "LocalEngine":
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

    def cut(self, definition: SessionDefinition) -> LocalCut:
        """The sessions of a definition; nothing is cut before it is asked."""
        return LocalCut(self.session_table(definition))

    def sessions(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per session, by actor and start: session_id, the actor, split columns, session_number, start, end,
        duration, event_count, started_by, cut_off, then the metrics."""
        return self.cut(definition).sessions()

    def actors(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per actor that has a session: the actor, session_count, time_in_session, first_start, last_end, then
        the actor metrics."""
        return self.cut(definition).actors()

    def events(
        self, definition: SessionDefinition, where: str | Clause | None = None, page: slice | None = None
    ) -> pl.DataFrame:
        """The events of the sessions, by actor and time: session_id, session_number, what each knows of its session
        (event_number, since_start, since_previous, until_next), then the columns of the source."""
        return self.cut(definition).events(where, page)

    def outside(self, definition: SessionDefinition) -> int:
        """How many of the definition's events no session holds: passive ones with none open, and those before the
        first event that opens one."""
        return self.session_table(definition).outside

    def gap_curve(self, definition: SessionDefinition) -> GapCurve:
        """The number of sessions at any inactivity, before `keep`."""
        return self.session_table(definition).gap_curve

    def query(self, chart: Chart, definition: SessionDefinition) -> pl.DataFrame:
        """A chart's numbers: its dimensions, `value` and `sessions`, one row per group; raises SpecError."""
        return self.cut(definition).query(chart)

    def evidence(self, definition: SessionDefinition) -> Evidence:
        """What the gaps between events say about the choice of inactivity."""
        return gathered(self.session_table(definition))

    def heartbeats(self, definition: SessionDefinition) -> tuple[Heartbeat, ...]:
        """The kinds of events that keep the sessions of a definition open by themselves, at an exact period or as most
        of long sessions; none where there is no event column. Raises SpecError."""
        return heartbeats(self.session_table(definition))

    def actor(self, definition: SessionDefinition, who: str) -> "LocalEngine":
        """The events of one actor, which tells them apart as this engine does; `who` is what the ids of the actor's
        sessions begin with. Raises SpecError where there is no such actor."""
        code = actor_code(self.event_table, who)
        if code is None:
            raise SpecError(f"'{definition.name}' has no session of '{who}': there is no such actor.")
        part = of_actor(self.event_table.keys, code)
        small = LocalEngine(self.event_table.part(slice(part.start, part.stop)), self.source, self.versions)
        hand_on(self.session_table(definition), small.session_table(definition), slice(part.start, part.stop))
        return small

    # ---- several definitions

    def diff(self, one: Asked, other: Asked) -> LocalDiff:
        """What became of every session; a text is the name of a column that holds session ids."""
        return compare(self.event_table, one, other)

    def rules_from_ids(self, column: str, name: str = "from ids") -> RulesFromIds:
        """The shortest definition that reproduces the session ids of a column; raises SpecError."""
        return rules_from_ids(self.event_table, column, name)

    def compared(self, asked: Asked) -> Compared:
        """The key numbers of one way to cut the events; raises SpecError."""
        return compared(self.event_table, asked)

    def common(self, several: Sequence[Asked]) -> Mapping[str, Common]:
        """The distributions of several ways over the same bins; raises SpecError."""
        return common(self.event_table, several)

    def as_events(self, definition: SessionDefinition) -> "LocalEngine":
        """The sessions as the events of another definition: time is their start, event what they are started by."""
        return LocalEngine(*nested(self.session_table(definition)))

    # ---- events

    def count(self, where: str | Clause | None = None) -> int:
        """The number of events that match."""
        return self.event_table.count(clauses.optional(where))

    def counts(self, asked: Iterable[Clause]) -> Counted:
        """The events that each condition keeps."""
        return Counted(len(self.event_table), *live_counts.counts(self.event_table, asked))

    def sample(self, where: str | Clause | None, most: int) -> pl.DataFrame:
        """So many of the matching events, the first, the last and some evenly between, by actor and time."""
        return live_counts.sample(self.event_table, where, most)

    def menu(self) -> Menu:
        """What conditions on events can ask, with the values that there are."""
        return menu(self.event_table)

    def search_values(self, text: str, most: int) -> FoundValues:
        """The texts in all columns that contain a text, the best `most` of them; nothing for an empty one."""
        return search_values(self.event_table, text, most)

    def cohort_sizes(self) -> tuple[dict[str, int], int]:
        """How many actors belong to each cohort, and how many actors there are."""
        events, firsts = self.event_table, self.event_table.data.firsts
        return {name: int(events.frame[name].gather(firsts).sum()) for name in events.cohorts}, len(firsts)

    def properties(self) -> list[Property]:
        """The columns of events that could tell actors apart, those first that do."""
        return properties(self.event_table)

    # ---- how the source is read

    def described(self) -> tuple[Described, ...]:
        """What is in each column of the source."""
        return described(self.plain)

    def head(self, rows: int) -> pl.DataFrame:
        """The first events by actor and time, without cohorts."""
        return self.plain.frame.head(rows)

    def recipes(self) -> tuple[DerivedRecipe, ...]:
        """What columns could be computed."""
        return derived_recipes(self.plain)

    def mends(self, report: Quality, definitions: Sequence[SessionDefinition], zone: str | None) -> tuple[Mend, ...]:
        """What is wrong with the events, and what would be done about it; `zone` is the analyst's own."""
        return mends(self.event_table, report, definitions, zone)

    def preview(self, columns: Columns) -> tuple[Head, Head]:
        """The first rows of the source as they are read, and as they would be under other columns; raises SourceError
        and SpecError."""
        return reading_preview(self, columns)

    def lookup_file(self, path: Path, file: str) -> LookupFile:
        """What a file holds that could be joined, and the keys that fit best; a document calls it `file`. Raises
        SourceError."""
        return lookup_file(self.plain, path, file)

    def lookup_match(self, lookup: Lookup) -> LookupMatch:
        """How many events find a row of a lookup, and what it would bring; raises SourceError."""
        return lookup_match(self.source, self.plain, lookup)

    def reading(self) -> Reading:
        """How the source was read; raises SourceError where it is gone."""
        return reading(self)

    # ---- tables in memory

    def session_table(self, definition: SessionDefinition) -> SessionTable:
        """The sessions of a definition as columns and conditions, each remembered."""
        return SessionTable(self.event_table, definition)

    def table(self, definition: SessionDefinition) -> pl.DataFrame:
        """The kept sessions by actor and start, with actor codes in place of actors; PLACE is each one's first
        event among those of the definition."""
        return self.session_table(definition).table

    @property
    def stages(self) -> Stages:
        """Where results are remembered."""
        return self.event_table.stages

    def column(self, name: str) -> pl.Series:
        """A column of all events, by actor and time; raises SpecError."""
        return self.event_table.column(name)
