"""Engine: events that are asked, wherever they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Unpack

import polars as pl

from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.actors import Property
from explorer.engine.answers.columns import DerivedRecipe, Described, FoundValues, Menu
from explorer.engine.answers.compare import Asked, Common, Compared, Diff
from explorer.engine.answers.different import Different
from explorer.engine.answers.inactivity import Evidence
from explorer.engine.answers.lookups import LookupFile, LookupMatch
from explorer.engine.answers.mend import Mend
from explorer.engine.answers.reading import Reading
from explorer.engine.answers.retention import Retention
from explorer.engine.answers.rules_from_ids import RulesFromIds
from explorer.engine.answers.sequences.paths import Paths
from explorer.engine.answers.trial import Counted
from explorer.engine.cut import Cut
from explorer.events.head import Head
from explorer.events.quality.quality import Quality
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.route import RouteFields
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Clause
from explorer.spec.lookup import Lookup
from explorer.spec.session import SessionDefinition


class Engine(Protocol):
    """The events of a source, by the roles of their columns. What is a method may take a while."""

    # ---- the source

    @property
    def source(self) -> Any:
        """What was opened: a path, several, or a frame."""
        ...

    @property
    def is_table(self) -> bool:
        """Whether the source is a table of a database, whose columns have the types that they have there."""
        ...

    @property
    def columns(self) -> Columns:
        """The roles of the columns."""
        ...

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns of the events and their types, cohorts among them."""
        ...

    @property
    def cohorts(self) -> tuple[str, ...]:
        """The columns that say of each event whether its actor belongs to a cohort."""
        ...

    @property
    def zone(self) -> str | None:
        """The zone that times are shown in; None where they know none."""
        ...

    @property
    def now(self) -> int:
        """What now is, in microseconds since 1970: what the analysis says, else the last event."""
        ...

    @property
    def quality(self) -> Quality:
        """What was read and what was left out."""
        ...

    def quality_report(self) -> Quality:
        """The same with what takes a while to count: exact duplicates."""
        ...

    def under(self, asked: Columns | Analysis) -> Engine:
        """The same source with its columns read otherwise, and with the cohorts of an analysis; raises SourceError and
        SpecError."""
        ...

    def is_under(self, analysis: Analysis) -> bool:
        """Whether the events are read as an analysis says, with its cohorts."""
        ...

    def without_cohorts(self) -> Engine:
        """The same with events that know no cohort."""
        ...

    def aside(self, budget: int) -> Engine:
        """The same events; what is found out of them is remembered apart, up to so many bytes, and goes with it."""
        ...

    # ---- sessions

    def cut(self, definition: SessionDefinition) -> Cut:
        """The sessions of a definition; nothing is cut before it is asked."""
        ...

    def sessions(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per session, by actor and start; see `Cut.sessions`."""
        ...

    def actors(self, definition: SessionDefinition) -> pl.DataFrame:
        """One row per actor that has a session; see `Cut.actors`."""
        ...

    def events(
        self, definition: SessionDefinition, where: str | Clause | None = None, page: slice | None = None
    ) -> pl.DataFrame:
        """The events of the sessions, by actor and time; see `Cut.events`."""
        ...

    def query(self, chart: Chart, definition: SessionDefinition) -> pl.DataFrame:
        """A chart's numbers; see `Cut.query`."""
        ...

    def evidence(self, definition: SessionDefinition) -> Evidence:
        """What the gaps between events say about the choice of inactivity."""
        ...

    def paths(
        self,
        definition: SessionDefinition,
        selection: str | Selection = "",
        most: int = ...,
        **route: Unpack[RouteFields],
    ) -> Paths:
        """The ways that sessions take from an event on, step by step, and the most frequent whole ones."""
        ...

    def different(
        self, definition: SessionDefinition, selection: str | Selection, against: str | Selection | None = None
    ) -> Different:
        """What the sessions of a selection have more or less often than all others, or than those of another."""
        ...

    def retention(self, definition: SessionDefinition, selection: str | Selection = "", **asked: Any) -> Retention:
        """Which share of actors comes back; what is `asked` are the fields of a chart of kind `return`."""
        ...

    def actor(self, definition: SessionDefinition, who: str) -> Engine:
        """The events of one actor in memory, which tells them apart as this engine does; `who` is what the ids of the
        actor's sessions begin with. Raises SpecError where there is no such actor."""
        ...

    # ---- several definitions

    def diff(self, one: Asked, other: Asked) -> Diff:
        """What became of every session; a text is the name of a column that holds session ids."""
        ...

    def rules_from_ids(self, column: str, name: str = "from ids") -> RulesFromIds:
        """The shortest definition that reproduces the session ids of a column; raises SpecError."""
        ...

    def compared(self, asked: Asked) -> Compared:
        """The key numbers of one way to cut the events."""
        ...

    def common(self, several: Sequence[Asked]) -> Mapping[str, Common]:
        """The distributions of several ways over the same bins."""
        ...

    # ---- events

    def count(self, where: str | Clause | None = None) -> int:
        """The number of events that match."""
        ...

    def counts(self, asked: Iterable[Clause]) -> Counted:
        """The events that each condition keeps."""
        ...

    def sample(self, where: str | Clause | None, most: int) -> pl.DataFrame:
        """So many of the matching events, the first, the last and some evenly between, by actor and time."""
        ...

    def menu(self) -> Menu:
        """What conditions on events can ask, with the values that there are."""
        ...

    def search_values(self, text: str, most: int) -> FoundValues:
        """The texts in all columns that contain a text, the best `most` of them; nothing for an empty one."""
        ...

    def cohort_sizes(self) -> tuple[dict[str, int], int]:
        """How many actors belong to each cohort, and how many actors there are."""
        ...

    def properties(self) -> Sequence[Property]:
        """The columns of events that could tell actors apart, those first that do."""
        ...

    # ---- how the source is read

    def described(self) -> tuple[Described, ...]:
        """What is in each column of the source."""
        ...

    def head(self, rows: int) -> pl.DataFrame:
        """The first events by actor and time, without cohorts."""
        ...

    def recipes(self) -> tuple[DerivedRecipe, ...]:
        """What columns could be computed."""
        ...

    def mends(self, report: Quality, definitions: Sequence[SessionDefinition], zone: str | None) -> tuple[Mend, ...]:
        """What is wrong with the events, and what would be done about it; `zone` is the analyst's own."""
        ...

    def preview(self, columns: Columns) -> tuple[Head, Head]:
        """The first rows of the source as they are read, and as they would be under other columns; raises SourceError
        and SpecError."""
        ...

    def lookup_file(self, path: Path, file: str) -> LookupFile:
        """What a file holds that could be joined, and the keys that fit best; a document calls it `file`. Raises
        SourceError."""
        ...

    def lookup_match(self, lookup: Lookup) -> LookupMatch:
        """How many events find a row of a lookup, and what it would bring; raises SourceError."""
        ...

    def reading(self) -> Reading:
        """How the source was read; raises SourceError where it is gone."""
        ...
