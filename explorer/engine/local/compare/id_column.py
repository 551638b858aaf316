"""The sessions that a column of the events says: the ids that the data carry already."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.engine.local.cut import frames
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.spans import latest_ends
from explorer.errors import SpecError, located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.literal import type_word


@dataclass(frozen=True, eq=False)
class Said:
    """Events of one actor with the same value are a session, wherever they stand; those without one are in none.

    `runs` are neighbouring events of one actor and value: `begin`, `length` and the `session` (null: none).
    `firsts` has one row per session, in the order of their first events: ACTOR, `value` and `begin`.
    """

    runs: pl.DataFrame
    firsts: pl.DataFrame


def said(events: EventTable, name: str) -> Said:
    """The sessions of a column; raises SpecError."""
    made: Said = events.stages.get("said", name, lambda: _said(events, name))
    return made


def said_table(events: EventTable, name: str) -> pl.DataFrame:
    """One row per session, by actor and first event: ACTOR, session_number, start, end, duration, event_count."""

    def make() -> pl.DataFrame:
        found = said(events, name)
        time, until = events.frame[events.columns.time], events.data.ends
        runs = found.runs
        if until is not None:
            begins, stops = runs["begin"].to_numpy(), (runs["begin"] + runs["length"]).to_numpy()
            runs = runs.with_columns(pl.Series("until", latest_ends(until.to_numpy(), begins, stops)))
        each = runs.drop_nulls("session").group_by("session", maintain_order=True).agg(
            pl.col("begin").first(), (pl.col("begin") + pl.col("length") - 1).last().alias("last"),
            pl.col("length").sum(), *(() if until is None else [pl.col("until").max()]),
        ).sort("session")  # fmt: skip
        end = time.gather(each["last"]) if until is None else each["until"].cast(time.dtype)
        return found.firsts.select(
            ACTOR,
            pl.int_range(1, pl.len() + 1).over(ACTOR).cast(pl.UInt32).alias("session_number"),
            time.gather(each["begin"]).alias("start"),
            end.alias("end"),
        ).with_columns(
            (pl.col("end") - pl.col("start")).cast(pl.Duration("us")).alias("duration"),
            each["length"].cast(pl.UInt32).alias("event_count"),
        )

    made: pl.DataFrame = events.stages.get("said table", name, make)
    return made


def said_sessions(events: EventTable, name: str, rows: pl.Series | None = None) -> pl.DataFrame:
    """session_id, the actor, session_number, start, end and event_count; with `rows`, those places of the table only.

    The id is the value, with the actor before it where several actors share a value.
    """
    table, firsts = said_table(events, name), said(events, name).firsts
    shared = firsts["value"].n_unique() < firsts.height
    if rows is not None:
        table, firsts = table[rows], firsts[rows]
    who = frames.actors_of(events.data, table[ACTOR])
    ids = events.column(name).gather(firsts["begin"]).cast(pl.String)
    if shared:
        ids = who.with_columns(ids.alias("session_number")).select(frames.session_id(who.columns)).to_series()
    numbers = table.select("session_number", "start", "end", "event_count")
    return pl.DataFrame([ids.alias("session_id"), *who.get_columns(), *numbers.get_columns()])


def _said(events: EventTable, name: str) -> Said:
    values = events.column(name)
    if values.dtype.is_nested():
        with located("column"):
            raise SpecError(f"'{name}' is a {type_word(values.dtype)} and holds no session ids. Choose another column.")
    if isinstance(values.dtype, pl.Categorical | pl.Enum):
        values = values.to_physical()
    found = events.keys.select(ACTOR, value=values)
    changed = pl.any_horizontal(pl.all().ne_missing(pl.all().shift(1))) | (pl.int_range(pl.len()) == 0)
    begins = found.select(changed.arg_true()).to_series()
    runs = found[begins].with_columns(begins.alias("begin")).with_columns(
        length=pl.col("begin").shift(-1, fill_value=found.height) - pl.col("begin")
    )  # fmt: skip
    firsts = runs.filter(pl.col("value").is_not_null()).unique([ACTOR, "value"], keep="first", maintain_order=True)
    numbered = firsts.select(ACTOR, "value").with_row_index("session")
    joined = runs.join(numbered, on=[ACTOR, "value"], how="left", maintain_order="left")
    return Said(joined.select("begin", "length", "session"), firsts.select(ACTOR, "value", "begin"))
