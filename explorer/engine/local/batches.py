"""The sessions, actors and events of a definition a piece at a time, so that any number of them fits into memory."""

from __future__ import annotations

import polars as pl

from explorer.engine.answers.batches import AT_ONCE, Batches, What
from explorer.engine.local.actor_values import with_metrics
from explorer.engine.local.cut import frames
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.measuring.metrics import repeated
from explorer.engine.local.session_table import SessionTable
from explorer.plan.in_polars.boundary import ACTOR


def batches(sessions: SessionTable, what: What, rows: pl.Series | None = None, size: int = AT_ONCE) -> Batches:
    """What `engine.sessions`, `engine.actors` or `engine.events` gives, in pieces of `size` rows.

    With `rows`, places of the engine's table: those sessions, their events, or the actors that have one of them, each
    with the numbers of all its sessions. Raises SpecError.
    """
    if what == "events":
        return _events(sessions, rows, size)
    if what == "actors":
        return _actors(sessions, rows, size)
    places = pl.int_range(sessions.table.height, eager=True) if rows is None else rows.sort()
    return Batches(len(places), lambda at, end: sessions.frame(places[at:end]), size)


def _actors(sessions: SessionTable, rows: pl.Series | None, size: int) -> Batches:
    table = sessions.table
    found = with_metrics(sessions, frames.per_actor(table))
    if rows is not None:
        found = found.filter(pl.col(ACTOR).is_in(table[ACTOR].gather(rows).unique().implode()))

    def part(at: int, end: int) -> pl.DataFrame:
        some = found[at:end]
        return pl.concat([frames.actors_of(sessions.events.data, some[ACTOR]), some.drop(ACTOR)], how="horizontal")

    return Batches(found.height, part, size)


def _events(sessions: SessionTable, rows: pl.Series | None, size: int) -> Batches:
    cut, view, table = sessions.cut, sessions.held, sessions.table
    chosen = pl.DataFrame({"row": view.rows, "session": repeated(cut["event_count"])}).with_row_index("place")
    if rows is not None or table.height < cut.height:
        # The place of a session's first event is its name in both tables; in that of the cut they are in order.
        kept = table[PLACE] if rows is None else table[PLACE].gather(rows)
        inside = pl.repeat(False, cut.height, eager=True).scatter(cut[PLACE].search_sorted(kept), True)
        chosen = chosen.filter(inside.gather(chosen["session"]))
    if sessions.definition.split_by:
        chosen = chosen.sort("row")

    def part(at: int, end: int) -> pl.DataFrame:
        some = chosen[at:end]
        known = sessions.inside.known(some["place"], some["session"])
        number = cut["session_number"].gather(some["session"])
        return frames.event_frame(sessions.events.data, some["row"], number, known)

    return Batches(chosen.height, part, size)
