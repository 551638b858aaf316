"""The sessions that a column of the events says: the ids that the data carry already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.local.cut import frames
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.spans import latest_ends
from explorer.errors import SpecError, located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.literal import type_word

# How many times as many codes as values there may be where codes are counted in an array.
DENSE = 4


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
        runs = found.runs.drop_nulls("session")
        many, session = found.firsts.height, runs["session"].to_numpy()
        begin, length = (runs[part].to_numpy().astype(np.int64) for part in ("begin", "length"))
        last = np.zeros(many, dtype=np.int64)
        last[session] = begin + length - 1  # runs are in order: of several the last one stands
        count = np.bincount(session, length, many).astype(np.uint32)
        if until is None:
            end = time.gather(last)
        else:
            latest = np.full(many, np.iinfo(np.int64).min)
            np.maximum.at(latest, session, latest_ends(until.to_numpy(), begin, begin + length))
            end = pl.Series(latest).cast(time.dtype)
        return found.firsts.select(
            ACTOR,
            session_number=pl.Series(_counted_up(found.firsts[ACTOR].to_numpy())),
            start=time.gather(found.firsts["begin"]),
            end=end,
        ).with_columns(
            (pl.col("end") - pl.col("start")).cast(pl.Duration("us")).alias("duration"),
            pl.Series(count).alias("event_count"),
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
    session, first = _numbered(runs)
    firsts = runs.filter(pl.Series(first)).select(ACTOR, "value", "begin")
    return Said(runs.select("begin", "length", session=session), firsts)


def _numbered(runs: pl.DataFrame) -> tuple[pl.Series, npt.NDArray[np.bool_]]:
    """The session of each run, in order of their first ones (null: none), and which runs are the first of one.

    Only runs whose value another run has, too, are put in order: of ids as tools write them, these are few. Runs are in
    order of their actors, so that those of one actor and value are neighbours where runs are in order of values.
    """
    has = runs["value"].is_not_null().to_numpy()
    codes = _codes(runs["value"])
    several = has & (np.bincount(codes[has], minlength=1)[codes] > 1)
    ordered = codes[several] << 32 | np.flatnonzero(several)
    ordered.sort()
    code, run = ordered >> 32, ordered & 0xFFFFFFFF
    actor = runs[ACTOR].to_numpy()[run]
    other = np.append(True, (code[1:] != code[:-1]) | (actor[1:] != actor[:-1]))[: len(run)]
    first = has & ~several
    first[run[other]] = True
    session = np.cumsum(first) - 1
    session[run] = session[run[other]][np.cumsum(other) - 1]
    return pl.Series(np.where(has, session, 0).astype(np.uint32)).set(pl.Series(~has), None), first


def _codes(values: pl.Series) -> npt.NDArray[np.int64]:
    """A small whole number for each different value; what has none shares one."""
    if values.dtype.is_integer() and values.len() > values.null_count():
        low, high = int(values.min()), int(values.max())  # type: ignore[arg-type]
        if high - low < DENSE * len(values):
            return values.cast(pl.Int64).fill_null(low).to_numpy() - low
    ranked = pl.Series(values.cast(pl.UInt8) if values.dtype == pl.Boolean else values).rank("dense")
    return ranked.fill_null(0).to_numpy().astype(np.int64)


def _counted_up(actors: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Each row's place among those of its actor, from 1; an actor's are neighbours."""
    places = np.arange(len(actors))
    begins = np.flatnonzero(np.append(True, actors[1:] != actors[:-1])[: len(actors)])
    found: npt.NDArray[np.uint32] = (places - np.repeat(begins, np.diff(np.append(begins, len(actors)))) + 1).astype(
        np.uint32
    )
    return found
