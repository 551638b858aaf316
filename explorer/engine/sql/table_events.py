"""The events of a table that stays where it is: its actors and counts come home, its rows do not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import polars as pl
from sqlglot import exp

from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.stages import Stages
from explorer.engine.local.engine import LocalEngine
from explorer.engine.sql.database import Database, Gone, Shape
from explorer.engine.sql.kept_steps import KeptSteps
from explorer.errors import EngineError, SourceError
from explorer.events.added.derived import with_rows
from explorer.events.events import Events
from explorer.events.load import arrange
from explorer.events.quality.quality import GRAINS, ZONES, Quality, latest
from explorer.plan.in_polars.boundary import ACTOR, GAP, NEVER, TIME
from explorer.plan.in_sql import query
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.questions import profile
from explorer.plan.in_sql.questions.held import Held
from explorer.plan.in_sql.source import Source
from explorer.plan.literal import TEXTS, microseconds, type_word
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import Clause
from explorer.spec.expression.now import asks_now
from explorer.spec.session import SessionDefinition


class TableEvents(EventTable):
    """What the sessions of a table are made of, asked in SQL; what is found is remembered in `stages`.

    `data` has one row per actor, by actor: a code is a place among them.
    """

    here = False

    def __init__(
        self,
        database: Database,
        table: str,
        columns: Columns,
        shape: Shape,
        kept: KeptSteps | None = None,
        members: Mapping[str, tuple[str, pl.Series]] | None = None,
    ) -> None:
        """`members` are cohorts: the table of the actors of each, and by code whether an actor is among them."""
        self.database, self.shape = database, shape
        self.kept = kept or KeptSteps(database)
        self.members = members or {}
        self.cohorts = tuple(self.members)
        whole = with_rows(pl.LazyFrame(schema=dict(shape.schema)), columns.derived, columns.time_zone).collect_schema()
        of_members = dict.fromkeys(self.members, pl.Boolean())
        read = {name: pl.Categorical() if name in shape.written else dtype for name, dtype in whole.items()}
        tables = {name: held for name, (held, _) in self.members.items()}
        dialect = Dialect(database.dialect)
        self._bare = Source(table, columns, {**read, **of_members}, dialect, members=tables)
        # What an engine of files says of an event of the same columns, in names and types, holds for all.
        one = arrange(_one_row({**whole, **of_members}, columns), columns.replace(derived=()))
        self.like = LocalEngine(EventTable(replace(one, columns=columns.replace(derived=())), Stages(), self.cohorts))
        self._schema = dict(self.like.schema)
        self.stages = Stages()
        self.order: object = self.stages

    def under(self, columns: Columns) -> TableEvents:
        """The same table with its columns read otherwise, without cohorts."""
        return TableEvents(self.database, self.table, columns, self.shape, self.kept)

    @cached_property
    def counted(self) -> TableEvents:
        """The same with events that are counted once for all, where the database's rows have no number."""
        if self.source.dialect.has_row_numbers:
            return self
        its = TableEvents(self.database, self.table, self.columns, self.shape, self.kept, self.members)
        its.source = replace(self.source, counted=True)
        return its

    def with_members(self, name: str, inside: pl.Series) -> TableEvents:
        """The same with a cohort more, whose members are told by code."""
        theirs = self.data.frame.select(self.columns.actor).filter(inside)
        held = self.kept.hold(theirs.rename(dict(zip(theirs.columns, map(str, range(theirs.width)), strict=True))))
        members = {**self.members, name: (held, inside)}
        return TableEvents(self.database, self.table, self.columns, self.shape, self.kept, members)

    @property
    def table(self) -> str:
        """The name of the table."""
        return self._bare.table

    def __len__(self) -> int:
        rows, no_actor, no_time = self.rows_read
        return rows - no_actor - no_time

    # ---- questions

    def ask(self, asked: exp.Select, steps: Collection[str] = ()) -> pl.DataFrame:
        """The rows of a query, which reads these of its steps from tables that are kept."""
        try:
            with self.kept.over(asked, steps) as text:
                return self.database.answer(text)
        except Gone:
            raise
        except EngineError as error:
            if (changed := self._changes()) is None:
                raise
            raise EngineError(changed) from error

    def _changes(self) -> str | None:
        """What has become of the table since it was opened, in a sentence; None where it is as it was."""
        what = f"The table '{self.table}' of {self.database.name}"
        try:
            now = self.database.shape(self.table).schema
        except SourceError:
            return f"{what} is gone. What was found before stays; open other data."
        except EngineError:
            return None
        old = self.shape.schema
        told = [f"there is no '{name}' any more" for name in old if name not in now]
        told += [
            f"'{name}' is a {type_word(now[name])} and was a {type_word(old[name])}"
            for name in old
            if name in now and now[name] != old[name]
        ]
        if not told:
            return None
        return f"{what} has changed: {', '.join(told)}. What was found before stays; read the table again."

    def held(self, definition: SessionDefinition) -> Held:
        """The events that the sessions of a definition hold, as queries."""
        return Held(self.source, definition)

    def rows(self, held: Held, asked: exp.Select) -> pl.DataFrame:
        """The rows of a question to them."""
        return self.ask(asked, held.kept)

    # ---- what is known of the table

    @cached_property
    def source(self) -> Source:
        """The table as it was when it was opened, with what now is."""
        bare = replace(self._bare, latest=self.quality.last)
        if bare.columns.now:
            return replace(bare, now=microseconds(bare.columns.now, bare.said_in))
        if not any(asks_now(each.value) for each in bare.columns.derived):
            return replace(bare, now=self.span[1])
        time = bare.read(bare.columns.time)
        last = exp.Max(this=bare.dialect.microseconds(time, bare.aware))
        found = self.ask(exp.select(bare.named(last, "last")).from_(bare.from_table())).item()
        return replace(bare, now=int(found or 0))

    @cached_property
    def rows_read(self) -> tuple[int, int, int]:
        """How many rows there are, how many have no actor, and how many of the others no time."""
        rows, no_actor, no_time = map(int, self.ask(query.quality_query(self._bare)).row(0))
        return rows, no_actor, no_time

    @cached_property
    def quality(self) -> Quality:
        """What was read and what was left out."""
        grains = [us for _, us in GRAINS]
        found = self.ask(profile.of_times(self._bare, latest(self.aware), grains)).row(0)
        ties, actors, alone, first, last, future, *uneven = (int(value or 0) for value in found)
        rows, no_actor, no_time = self.rows_read
        return Quality(
            rows,
            rows - no_actor - no_time,
            no_actor,
            no_time,
            said=self.like.quality.said,
            ties=ties,
            disorder=uneven[len(grains)] if len(uneven) > len(grains) else None,
            future=future,
            granularity=next((name for (name, _), odd in zip(GRAINS, uneven, strict=False) if not odd), ""),
            actors=actors,
            one_event_actors=alone,
            first=first,
            last=last,
            zone=ZONES[self.aware],
        )

    def quality_report(self) -> Quality:
        """The same with what takes a while to count: exact duplicates."""

        def make() -> Quality:
            names = [name for name in self.schema if name not in self.cohorts]
            different = int(self.ask(profile.different_rows(self.source, names)).item())
            return replace(self.quality, duplicates=len(self) - different)

        found: Quality = self.stages.get("quality report", (), make)
        return found

    @cached_property
    def data(self) -> Events:  # type: ignore[override]
        """The actors in the place of the events."""
        names = self.columns.actor
        found = self.ask(query.actors_of_events(self._bare))
        like = self.like.plain.data.frame.select(names)
        frame = pl.DataFrame(
            [
                column.cast(pl.String if isinstance(dtype, pl.Categorical | pl.Enum) else dtype).alias(name)
                for column, (name, dtype) in zip(found.get_columns(), like.schema.items(), strict=True)
            ]
        )
        many = frame.height
        frame = frame.with_columns(inside.alias(name) for name, (_, inside) in self.members.items())
        keys = pl.DataFrame(
            {
                ACTOR: pl.int_range(many, dtype=pl.UInt32, eager=True),
                TIME: pl.repeat(0, many, dtype=pl.Int64, eager=True),
                GAP: pl.repeat(NEVER, many, dtype=pl.Int64, eager=True),
            }
        )
        return Events(frame, keys, self.columns, self.quality, self._schema)

    @property
    def columns(self) -> Columns:
        """The roles of the columns."""
        return self._bare.columns

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The columns of the events and their types."""
        return self._schema

    @property
    def aware(self) -> bool:
        """Whether the times know their zone."""
        return self._bare.aware

    @cached_property
    def span(self) -> tuple[int, int]:
        """The first and the last time of the bulk of the events, in microseconds."""
        first, last = self.ask(query.edges_query(self._bare)).row(0)
        return int(first or 0), int(last or 0)

    # ---- what is asked of events

    def count(self, clause: Clause | None) -> int:
        """The number of events that match."""
        if clause is None:
            return len(self)
        self.like.count(clause)
        made = self.stages.get("count", clause, lambda: self.ask(query.count_query(self.source, clause)).item())
        return int(made)

    def column(self, name: str) -> pl.Series:
        """No column comes home: raises EngineError."""
        raise self.stays(f"all values of '{name}'")

    def mask(self, clause: Clause) -> pl.Series:
        """No condition on all events comes home: raises EngineError."""
        raise self.stays(f"which events have {clause}")

    def stays(self, what: str) -> EngineError:
        """The error for what would bring all events home."""
        return EngineError(f"{what} would bring all events here from {self.database.name}, which is not done.")


def _one_row(schema: Mapping[str, pl.DataType], columns: Columns) -> pl.DataFrame:
    values = {}
    for name, dtype in schema.items():
        value = pl.Series([None], dtype=dtype)
        if name in columns.actor:
            said: Any = dtype.categories[0] if isinstance(dtype, pl.Enum) else "0" if isinstance(dtype, TEXTS) else 0
            value = pl.Series([said]).cast(dtype)
        elif name == columns.time:
            value = pl.Series([0]).cast(pl.Datetime("us")).cast(dtype)
        values[name] = value
    return pl.DataFrame(values)
