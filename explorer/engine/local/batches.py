"""The sessions, actors and events of a definition a piece at a time, so that any number of them fits into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from explorer.engine.local.cut import frames
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.metrics import repeated
from explorer.engine.local.cut.stages import go_on
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.session import SessionDefinition

if TYPE_CHECKING:
    from explorer.engine.local.engine import LocalEngine

What = Literal["sessions", "actors", "events"]
AT_ONCE = 500_000


@dataclass(frozen=True)
class Batches:
    """`height` rows in the order of the engine's public frames; iterate for the frames, at least one."""

    height: int
    part: Callable[[int, int], pl.DataFrame]
    size: int = AT_ONCE

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for at in range(0, self.height or 1, self.size):
            go_on()
            yield self.part(at, min(at + self.size, self.height))


def batches(
    engine: LocalEngine, definition: SessionDefinition, what: What, rows: pl.Series | None = None, size: int = AT_ONCE
) -> Batches:
    """What `engine.sessions`, `engine.actors` or `engine.events` gives, in pieces of `size` rows.

    With `rows`, places of the engine's table: those sessions, their events, or the actors that have one of them, each
    with the numbers of all its sessions. Raises SpecError.
    """
    if what == "events":
        return _events(engine, definition, rows, size)
    if what == "actors":
        return _actors(engine, definition, rows, size)
    places = pl.int_range(engine.table(definition).height, eager=True) if rows is None else rows.sort()
    return Batches(len(places), lambda at, end: engine.sessions(definition, places[at:end]), size)


def _actors(engine: LocalEngine, definition: SessionDefinition, rows: pl.Series | None, size: int) -> Batches:
    table = engine.table(definition)
    found = frames.per_actor(table)
    if rows is not None:
        found = found.filter(pl.col(ACTOR).is_in(table[ACTOR].gather(rows).unique().implode()))

    def part(at: int, end: int) -> pl.DataFrame:
        some = found[at:end]
        return pl.concat([frames.actors_of(engine._events, some[ACTOR]), some.drop(ACTOR)], how="horizontal")

    return Batches(found.height, part, size)


def _events(engine: LocalEngine, definition: SessionDefinition, rows: pl.Series | None, size: int) -> Batches:
    cut, view, table = engine._cut(definition), engine._view(definition), engine.table(definition)
    chosen = pl.DataFrame({"row": view.rows, "session": repeated(cut["event_count"])})
    if rows is not None or table.height < cut.height:
        # The place of a session's first event is its name in both tables; in that of the cut they are in order.
        kept = table[PLACE] if rows is None else table[PLACE].gather(rows)
        inside = pl.repeat(False, cut.height, eager=True).scatter(cut[PLACE].search_sorted(kept), True)
        chosen = chosen.filter(inside.gather(chosen["session"]))
    if definition.split_by:
        chosen = chosen.sort("row")

    def part(at: int, end: int) -> pl.DataFrame:
        some = chosen[at:end]
        return frames.event_frame(engine._events, some["row"], cut["session_number"].gather(some["session"]))

    return Batches(chosen.height, part, size)
