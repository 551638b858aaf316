"""The one door out: column order and types of the session, actor and event frames."""

from collections.abc import Sequence

import polars as pl

from explorer.engine.local.cut.cutting import PLACE
from explorer.events.events import Events, decoded
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.meaning import outer_name


def session_frame(
    events: Events, table: pl.DataFrame, split: pl.DataFrame, prefixes: pl.Series | None = None
) -> pl.DataFrame:
    """session_id, the actor, split columns, session_number, start, end, duration, event_count, started_by, cut_off,
    then the metrics.

    `prefixes` are what the ids of each actor's sessions begin with, by code, where they are known: with them ids are
    put together from texts that are there, which is faster for many sessions.
    """
    who = actors_of(events, table[ACTOR])
    split = decoded(split, events.schema).rename(outer_name)
    parts = pl.concat([who, split, decoded(table.drop(ACTOR, PLACE), {})], how="horizontal")
    if prefixes is None:
        return parts.select(session_id([outer_name(name) for name in events.columns.actor]), pl.all())
    ids = prefixes.gather(table[ACTOR]) + _number_texts(table["session_number"])
    return parts.select(ids.alias("session_id"), pl.all())


def actor_ids(events: Events) -> pl.Series:
    """What the ids of each actor's sessions begin with, by code."""
    who = actors_of(events).with_columns(session_number=pl.lit(""))
    return who.select(session_id([outer_name(name) for name in events.columns.actor])).to_series()


def _number_texts(numbers: pl.Series) -> pl.Series:
    """Numbers from 0 as texts, each different one written once."""
    highest = int(numbers.max() or 0)  # type: ignore[arg-type]
    return pl.int_range(highest + 1, eager=True).cast(pl.String).gather(numbers)


def event_frame(events: Events, rows: pl.Series, number: pl.Series, known: pl.DataFrame) -> pl.DataFrame:
    """session_id, session_number, what is known of each event inside its session, then the events' own columns."""
    found = decoded(events.frame[rows], events.schema).rename(outer_name)
    actor = [outer_name(name) for name in events.columns.actor]
    ids = found.select(actor).with_columns(number.alias("session_number"))
    return found.select(
        ids.select(session_id(actor)).to_series(),
        number.alias("session_number"),
        *known.get_columns(),
        *found.columns,
    )


def actor_frame(events: Events, found: pl.DataFrame) -> pl.DataFrame:
    """The actor, session_count, time_in_session, first_start, last_end; one row per actor with a session.

    `found` is what `per_actor` gives, and may have more.
    """
    return pl.concat([actors_of(events, found[ACTOR]), decoded(found.drop(ACTOR), {})], how="horizontal")


def per_actor(table: pl.DataFrame) -> pl.DataFrame:
    """What an actor's sessions come to, by actor code."""
    return table.group_by(ACTOR, maintain_order=True).agg(
        pl.len().alias("session_count"),
        pl.col("duration").sum().alias("time_in_session"),
        pl.col("start").min().alias("first_start"),
        pl.col("end").max().alias("last_end"),
    )


def actors_of(events: Events, codes: pl.Series | None = None) -> pl.DataFrame:
    """The actor columns, one row for each of these codes; for each actor in order of code where none are given."""
    if codes is None:
        return events.actors.rename(outer_name)
    if len(codes) > len(events.firsts):
        return events.actors[codes].rename(outer_name)
    rows = events.firsts.gather(codes)
    return decoded(events.frame.select(events.columns.actor)[rows], events.schema).rename(outer_name)


def session_id(actor: Sequence[str]) -> pl.Expr:
    """A text that is the same on every run: the actor and the session's number among the actor's, `u1/3`."""
    parts = [pl.col(name).cast(pl.String) for name in actor]
    if len(parts) > 1:
        # Two actors must not share a text: ('a/b', 'c') is a\\/b/c.
        parts = [part.str.replace_all(r"([\\/])", r"\$1") for part in parts]
    return pl.concat_str([*parts, pl.col("session_number")], separator="/").alias("session_id")
