"""All events of a source, and what is asked of each of them: columns, conditions, calendar days."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import ClassVar, Self

import polars as pl

from explorer.engine.local.cut import frames, masks, views
from explorer.engine.local.cut.cutting import View
from explorer.engine.local.cut.stages import Stages
from explorer.errors import located
from explorer.events.added.derived import computed
from explorer.events.calendar_days import days
from explorer.events.events import Events
from explorer.events.quality.edges import edges
from explorer.plan.column_text import columns_of, in_polars
from explorer.plan.in_polars.boundary import ACTOR, TIME
from explorer.plan.literal import microseconds
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Clause
from explorer.spec.expression.now import asks_now, settled


class EventTable:
    """The events of a source by actor and time, with every answer about them remembered in `stages`."""

    # Whether the events are in memory, or only what is asked of them.
    here: ClassVar[bool] = True

    def __init__(
        self, data: Events, stages: Stages, cohorts: tuple[str, ...] = (), whole: EventTable | None = None
    ) -> None:
        """`cohorts` are the columns that say of each event whether its actor belongs to one; `whole` are all events of
        the source, where these are some of them."""
        self.data = data
        self.stages = stages
        self.cohorts = cohorts
        # Whether many definitions that differ in little are asked of them.
        self.many = False
        # What two tables of the same events in the same order share.
        self.order: object = data.keys if whole is None else whole.order
        self._span = None if whole is None else whole.span

    def __len__(self) -> int:
        return len(self.data)

    @property
    def columns(self) -> Columns:
        """The roles of the columns."""
        return self.data.columns

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns and their types."""
        return self.data.schema

    @property
    def frame(self) -> pl.DataFrame:
        """The columns themselves, texts as categories."""
        return self.data.frame

    @property
    def keys(self) -> pl.DataFrame:
        """Actor codes, times in microseconds and the gap before each event."""
        return self.data.keys

    @property
    def aware(self) -> bool:
        """Whether the times know their zone (they are kept in UTC)."""
        return self.data.aware

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last time of the bulk of the events, in microseconds."""
        if self._span is not None:
            return self._span
        found = self.stages.get("span", (), lambda: edges(self.keys[TIME]))
        return found.first, found.last

    def part(self, events: slice) -> EventTable:
        """All events of one actor, in a table of their own."""
        keys = self.keys[events].with_columns(pl.lit(0, self.keys.schema[ACTOR]).alias(ACTOR))
        return EventTable(replace(self.data, frame=self.frame[events], keys=keys), Stages(), self.cohorts, self)

    def aside(self, budget: int) -> Self:
        """The same events for many definitions that differ in little; what is found out of them is remembered apart."""
        found = copy(self)
        found.stages, found.many = self.stages.beside(budget), True
        return found

    def column(self, name: str) -> pl.Series:
        """A column of all events, or an expression of them, by actor and time; raises SpecError."""
        if name in self.schema:
            return self.frame[name]

        def make() -> pl.Series:
            with located("column"):
                value = in_polars(name, self.frame.schema, self.columns.time_zone, self.now)
            return computed(self.frame, value, columns_of(name, self.frame.schema), name)

        return self.stages.get("computed", name, make)

    def mask(self, clause: Clause) -> pl.Series:
        """Which of all events match a condition; raises SpecError."""

        def make() -> pl.Series:
            return masks.mask(self.settled(clause), self.frame, self.columns.time_zone, self.mask)

        return self.stages.get("mask", clause, make)

    @property
    def now(self) -> int:
        """What now is, in microseconds since 1970: what the analysis says, else the last event."""
        said = self.columns.now
        return microseconds(said, self.columns.time_zone) if said else int(self.span[1] or 0)

    def settled(self, clause: Clause) -> Clause:
        """The condition with now as the time that it is."""
        return settled(clause, self.now, self.aware) if asks_now(clause) else clause

    def count(self, clause: Clause | None) -> int:
        """The number of events that match; of all where nothing is asked."""
        return len(self) if clause is None else int(self.mask(clause).sum())

    @property
    def actor_ids(self) -> pl.Series:
        """What the ids of each actor's sessions begin with, by code."""
        return self.stages.get("actor ids", self.columns.actor, lambda: frames.actor_ids(self.data))

    def day(self, zone: str) -> pl.Series:
        """The calendar day of every event."""
        return self.stages.get("day", zone, lambda: days(self.keys[TIME], zone, self.aware))

    def whole_view(self, split_by: tuple[str, ...]) -> View:
        """All events in the order in which they are cut; raises SpecError."""
        return self.stages.get("whole", split_by, lambda: views.whole_view(self.data, split_by))
