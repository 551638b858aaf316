"""The two sides of a comparison: the sessions of a definition, or those that a column of the events says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from explorer.engine import frame
from explorer.engine.cut import PLACE
from explorer.engine.overlap import NONE, Labels, Whole
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.session import SessionDefinition

if TYPE_CHECKING:
    from explorer.engine.local import LocalEngine


@dataclass(frozen=True, eq=False)
class Side:
    """One way to divide all events: each event's session (NONE: in none), each session's actor, and their frame.

    `sessions` makes session_id, the actor, session_number, start, end and event_count, one row per session.
    """

    name: str
    labels: Labels
    actors: Whole
    sessions: Callable[[], pl.DataFrame]

    def __len__(self) -> int:
        return len(self.actors)

    @property
    def light(self) -> Side:
        """The same without a label for every event."""
        return replace(self, labels=self.labels[:0])


def side(engine: LocalEngine, said: SessionDefinition | str) -> Side:
    """The sessions of a definition after `keep`, or of a column; raises SpecError."""
    return _of_column(engine, said) if isinstance(said, str) else _of_definition(engine, said)


def _of_definition(engine: LocalEngine, definition: SessionDefinition) -> Side:
    if definition.keep is None:
        definition = definition.replace(metrics=())
    cut, table, view = engine._cut(definition), engine.table(definition), engine._view(definition)
    place = np.full(cut.height, NONE, np.int32)
    place[np.searchsorted(cut[PLACE].to_numpy(), table[PLACE].to_numpy())] = np.arange(table.height, dtype=np.int32)
    labels = np.repeat(place, cut["event_count"].to_numpy())
    if not view.is_all:
        inside, labels = labels, np.full(len(engine._events), NONE, np.int32)
        labels[view.rows.to_numpy()] = inside

    def sessions() -> pl.DataFrame:
        found = engine.sessions(definition)
        actor = found.columns[1 : 1 + len(engine.columns.actor)]
        return found.select("session_id", *actor, "session_number", "start", "end", "event_count")

    return Side(definition.name, labels, table[ACTOR].to_numpy().astype(np.int64), sessions)


def _of_column(engine: LocalEngine, name: str) -> Side:
    """Events of one actor with the same value are a session, wherever they stand; those without one are in none."""
    values = engine.column(name)
    if isinstance(values.dtype, pl.Categorical | pl.Enum):
        values = values.to_physical()
    found = engine._events.keys.select(ACTOR, value=values)
    changed = pl.any_horizontal(pl.all().ne_missing(pl.all().shift(1))) | (pl.int_range(pl.len()) == 0)
    begins = found.select(changed.arg_true()).to_series()
    runs = found[begins].with_columns(begins.alias("begin")).with_columns(
        length=pl.col("begin").shift(-1, fill_value=found.height) - pl.col("begin")
    )  # fmt: skip
    known = runs.filter(pl.col("value").is_not_null())
    firsts = known.unique([ACTOR, "value"], keep="first", maintain_order=True)
    numbered = firsts.select(ACTOR, "value").with_row_index("session")
    joined = runs.join(numbered, on=[ACTOR, "value"], how="left", maintain_order="left")
    place = joined["session"].cast(pl.Int32).fill_null(NONE).to_numpy()
    labels = np.repeat(place, runs["length"].to_numpy())

    def sessions() -> pl.DataFrame:
        return _sessions_of_column(engine, name, joined, firsts)

    return Side(name, labels, firsts[ACTOR].to_numpy().astype(np.int64), sessions)


def _sessions_of_column(engine: LocalEngine, name: str, runs: pl.DataFrame, firsts: pl.DataFrame) -> pl.DataFrame:
    time = engine._events.frame[engine.columns.time]
    each = runs.drop_nulls("session").group_by("session", maintain_order=True).agg(
        pl.col("begin").first(), (pl.col("begin") + pl.col("length") - 1).last().alias("last"), pl.col("length").sum()
    ).sort("session")  # fmt: skip
    who = frame.actors_of(engine._events, firsts[ACTOR])
    value = engine.column(name).gather(firsts["begin"]).cast(pl.String)
    number = firsts.select(
        pl.int_range(1, pl.len() + 1).over(ACTOR).cast(pl.UInt32).alias("session_number")
    ).to_series()
    # A value that several actors share needs the actor to be one session's name.
    ids = value if value.n_unique() == len(value) else _with_actor(who, value)
    return pl.DataFrame(
        [
            ids.alias("session_id"),
            *who.get_columns(),
            number,
            time.gather(each["begin"]).alias("start"),
            time.gather(each["last"]).alias("end"),
            each["length"].cast(pl.UInt32).alias("event_count"),
        ]
    )


def _with_actor(who: pl.DataFrame, value: pl.Series) -> pl.Series:
    named = who.with_columns(value.alias("session_number"))
    return named.select(frame.session_id(who.columns)).to_series()
