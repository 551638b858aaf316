"""Cut: one definition over the events of one engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import polars as pl

from explorer.crossfilter.bins.binning import DIMENSIONS, Dimensions
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.actors import Short
from explorer.engine.answers.columns import Menu
from explorer.engine.answers.heartbeat import Heartbeat
from explorer.engine.answers.inactivity import Choice, Choices, Evidence, GapCurve, Suggestion
from explorer.engine.answers.retention import Retention
from explorer.engine.answers.trial import Counted, Covered, Members, Totals, Trial
from explorer.engine.coded import Coded
from explorer.spec.charts.chart import Chart
from explorer.spec.cohort import Cohort
from explorer.spec.duration import Duration
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition

Schema = Mapping[str, pl.DataType]


class Cut(Protocol):
    """The sessions of one definition: to have one costs nothing, every question may take a while. Questions raise
    SpecError where the definition cannot be cut, or does not fit the events."""

    @property
    def definition(self) -> SessionDefinition:
        """What the sessions are cut by."""
        ...

    # ---- sessions

    def sessions(self) -> pl.DataFrame:
        """One row per session, by actor and start: session_id, the actor, split columns, session_number, start, end,
        duration, event_count, started_by, cut_off, then the metrics."""
        ...

    def actors(self) -> pl.DataFrame:
        """One row per actor that has a session: the actor, session_count, time_in_session, first_start, last_end, then
        the actor metrics."""
        ...

    def events(self, where: str | Clause | None = None, page: slice | None = None) -> pl.DataFrame:
        """The events of the sessions, by actor and time, with session_id, session_number and what each knows of its
        session before the columns of the source."""
        ...

    def query(self, chart: Chart) -> pl.DataFrame:
        """A chart's numbers: its dimensions, `value` and `sessions`, one row per group."""
        ...

    def retention(self, chart: Chart) -> Retention:
        """Which share of actors comes back, as a chart of that kind asks."""
        ...

    def outside(self) -> int:
        """How many of the definition's events no session holds."""
        ...

    def coded(self, dimensions: Dimensions = DIMENSIONS) -> Coded:
        """The sessions in the bins of these dimensions, remembered."""
        ...

    def is_coded(self, dimensions: Dimensions) -> bool:
        """Whether `coded` would answer at once."""
        ...

    # ---- inactivity

    def gap_curve(self) -> GapCurve:
        """The number of sessions at any inactivity, before `keep`."""
        ...

    def suggested(self) -> Suggestion:
        """The inactivity that the gaps between events suggest, and why."""
        ...

    def evidence(self) -> Evidence:
        """What the gaps between events say about the choice of inactivity."""
        ...

    def choices(self, also: Duration | None = None) -> Choices:
        """Every inactivity that makes a difference, the definition's own, and exactly one more."""
        ...

    def choice(self, inactivity: Duration) -> Choice:
        """What one inactivity comes to, exactly."""
        ...

    def heartbeats(self) -> tuple[Heartbeat, ...]:
        """The kinds of events that keep sessions open by themselves."""
        ...

    # ---- rules and metrics while they are edited

    def totals(self) -> Totals:
        """How many sessions, actors and events there are, found without building the sessions where that can be."""
        ...

    def effects(self) -> dict[str, tuple[Totals, Totals]]:
        """For each rule that is set, the totals without it and with it."""
        ...

    def each_effect(self) -> Iterator[tuple[str, tuple[Totals, Totals]]]:
        """The same one after the other, each found when it is asked for."""
        ...

    def trial(self, metric: Metric | ActorMetric) -> Trial:
        """A metric tried in the place of the one of its name, or as the last one."""
        ...

    def cohort(self, cohort: Cohort, most: int) -> Members:
        """Who belongs to a cohort that the engine's events know, and at `most` so many of them."""
        ...

    def covered(self) -> dict[str, Covered | str]:
        """For how many actors each actor metric has a value; why, where it cannot be computed."""
        ...

    def inexact(self) -> tuple[str, ...]:
        """The metrics of whole numbers whose sums 64 bits cannot hold: they are decimals."""
        ...

    def remarks(self) -> list[str]:
        """What is worth knowing of the metrics before their values are believed, one sentence each."""
        ...

    # ---- what conditions can ask

    def session_menu(self) -> Menu:
        """What conditions on sessions can ask, with the values that there are."""
        ...

    def event_menu(self) -> Menu:
        """What conditions on the events of sessions can ask."""
        ...

    def actor_menu(self) -> Menu:
        """What conditions on actors can ask."""
        ...

    def session_counts(self, asked: Iterable[Clause]) -> Counted:
        """The sessions that meet each condition, before `keep`."""
        ...

    def event_counts(self, asked: Iterable[Clause]) -> Counted:
        """The events of sessions that meet each condition."""
        ...

    def actor_counts(self, asked: Iterable[Clause]) -> Counted:
        """The actors that meet each condition."""
        ...

    def sample(self, where: str | Clause | None, most: int) -> pl.DataFrame:
        """So many of the sessions that meet a condition, the first, the last and some evenly between."""
        ...

    # ---- the selection as a condition

    def session_schema(self) -> Schema:
        """The columns of sessions that a condition may use, and their types."""
        ...

    def keep_schema(self) -> Schema:
        """The same with the values of their actors, which `keep` may use too."""
        ...

    def actor_schema(self) -> Schema:
        """The columns that are one value per actor."""
        ...

    def event_schema(self) -> Schema:
        """The columns of the events of sessions."""
        ...

    def in_short(self, selection: Selection, taken: Iterable[str]) -> Short:
        """The selection with few values in the place of many actors; `taken` are names that cohorts cannot have."""
        ...

    def check_actors_of(self, names: Iterable[str]) -> None:
        """Raises SpecError for a value of actors that a condition would see otherwise than the charts show it."""
        ...
