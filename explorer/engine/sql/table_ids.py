"""The sessions that a column of a table says: the ids that the data carry already."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.engine.local.compare.sides import bare
from explorer.engine.local.cut import frames
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.sql.frames import as_told
from explorer.engine.sql.table_events import TableEvents
from explorer.engine.sql.table_sessions import TableSessions
from explorer.errors import SpecError, located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.in_sql.questions.session_ids import Said
from explorer.plan.literal import type_word
from explorer.plan.meaning import dtype_of, outer_name
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True, eq=False)
class TableIds:
    """The sessions of a column, one row each in `table`, as those of a definition have them."""

    its: TableEvents
    column: str

    @property
    def queries(self) -> Said:
        """The sessions and their events, as queries; raises SpecError for what holds no ids."""
        dtype = dtype_of(self.column, self.its.schema)
        if dtype.is_nested():
            with located("column"):
                raise SpecError(
                    f"'{self.column}' is a {type_word(dtype)} and holds no session ids. Choose another column."
                )
        return Said(self.its.source, self.column)

    @property
    def table(self) -> pl.DataFrame:
        """ACTOR, session_number, start, end, duration, event_count, and the value."""
        made: pl.DataFrame = self.its.stages.get("said table", self.column, self._made)
        return made

    def _made(self) -> pl.DataFrame:
        queries, events = self.queries, self.its
        found = events.ask(queries.sessions(), queries.kept)
        actor = list(events.columns.actor)
        like = events.data.frame.select(actor)
        who = as_told(found[:, : len(actor)], like)
        codes = who.join(like.with_columns(events.data.keys[ACTOR]), on=actor, how="left", maintain_order="left")[ACTOR]
        value, start, end, many = found[:, len(actor) :].get_columns()
        time = pl.Datetime("us", "UTC" if events.aware else None)
        whole = pl.DataFrame([codes, value.alias("value"), start.alias("start"), end.alias("end"), many.alias("n")])
        return whole.select(
            ACTOR,
            pl.int_range(1, pl.len() + 1).over(ACTOR).cast(pl.UInt32).alias("session_number"),
            pl.col("start").cast(pl.Int64).cast(time),
            pl.col("end").cast(pl.Int64).cast(time),
            (pl.col("end") - pl.col("start")).cast(pl.Int64).cast(pl.Duration("us")).alias("duration"),
            pl.col("n").cast(pl.UInt32).alias("event_count"),
            "value",
            pl.int_range(pl.len(), dtype=pl.UInt32).alias(PLACE),
        )

    def frame(self, rows: pl.Series | None = None) -> pl.DataFrame:
        """session_id, the actor, session_number, start, end and event_count; with `rows`, those places only. The id is
        the value, with the actor before it where several actors share a value."""
        table = self.table
        shared = table["value"].n_unique() < table.height
        some = table if rows is None else table[rows]
        who = frames.actors_of(self.its.data, some[ACTOR])
        like = self.its.like.schema[self.column]
        told = some["value"]
        ids = (told if told.dtype == pl.String else told.cast(like)).cast(pl.String)
        if shared:
            names = [outer_name(name) for name in self.its.columns.actor]
            ids = who.with_columns(ids.alias("session_number")).select(frames.session_id(names)).to_series()
        numbers = some.select("session_number", "start", "end", "event_count")
        return pl.DataFrame([ids.alias("session_id"), *who.get_columns(), *numbers.get_columns()])


def side_of(events: TableEvents, asked: SessionDefinition | str) -> TableSessions | TableIds:
    """The sessions of a definition after `keep`, or of a column."""
    return TableIds(events, asked) if isinstance(asked, str) else TableSessions(events, bare(asked))


def table_of(events: TableEvents, asked: SessionDefinition | str) -> pl.DataFrame:
    """The same as numbers, by actor."""
    return side_of(events, asked).table
