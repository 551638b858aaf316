"""Two ways of cutting a table, session by session: the database counts the events that they share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from sqlglot import exp

from explorer.engine.answers.compare import SIDES, Asked, Of
from explorer.engine.local.compare.diff import LocalDiff, counted
from explorer.engine.local.compare.overlap import NONE, Labels, Overlap, kinds
from explorer.engine.local.compare.sides import Side, side_frame
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.sql.frames import as_told
from explorer.engine.sql.table_events import TableEvents
from explorer.engine.sql.table_ids import TableIds, side_of
from explorer.engine.sql.table_sessions import TableSessions
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.in_sql.questions import shared_events

Sessions = TableSessions | TableIds


@dataclass(frozen=True, eq=False)
class TableDiff(LocalDiff):
    """The same of a table, whose events come home when they are looked at."""

    _both: tuple[Sessions, Sessions]

    def events_at(self, place: int, of: Of = "one") -> pl.DataFrame:
        """The events of the session at a place of a side and of its counterparts, in order."""
        at = SIDES.index(of)
        mine, theirs = self._pairs(at)
        chosen = [np.array([place]), theirs[mine == place]]
        rows = [
            side.table[PLACE].gather(pl.Series(places, dtype=pl.Int64)).to_list()
            for side, places in zip(self._both, chosen[:: -1 if at else 1], strict=True)
        ]
        its = self._both[0].its
        with _tables(*self._both) as (one, other):
            found = its.ask(shared_events.events_of_both(its.source, one, other, *rows))
        ids = []
        for at, (name, side) in enumerate(zip(SIDES, self._both, strict=True)):
            labels = _shown(side)[found.to_series(at).cast(pl.Int64).to_numpy()]
            ids.append(self._ids(at, labels).alias(f"session_in_{name}"))
        own = as_told(found[:, 2:], pl.DataFrame(schema=dict(its.schema)))
        return pl.DataFrame([*ids, *(each for each in own if each.name not in ("session_in_one", "session_in_other"))])


def diff(events: TableEvents, one: Asked, other: Asked) -> TableDiff:
    """Compare two definitions, or a definition and a column that holds session ids; raises SpecError, and EngineError
    where the database lets nobody make tables."""
    events = events.counted
    both = side_of(events, one), side_of(events, other)
    with _tables(*both) as (left, right):
        found = events.ask(shared_events.shared(events.source, left, right)).cast(pl.Int64)
    labels = [_shown(side)[found.to_series(at).to_numpy()] for at, side in enumerate(both)]
    known = _overlap(labels[0], labels[1], found.to_series(2).to_numpy())
    sides = _side(both[0]), _side(both[1])
    of_one, of_other = kinds(known, len(sides[0]), len(sides[1]))
    counts = counted(known, sides, of_one, of_other)
    return TableDiff(counts, events, sides, known, (of_one, of_other), both)


def _side(sessions: Sessions) -> Side:
    actors, nothing = sessions.table[ACTOR].to_numpy().astype(np.int64), np.zeros(0, np.int32)
    if isinstance(sessions, TableIds):
        return Side(sessions.column, nothing, actors, sessions.frame)
    return Side(sessions.definition.name, nothing, actors, partial(side_frame, sessions))


@contextmanager
def _tables(one: Sessions, other: Sessions) -> Iterator[tuple[str, str]]:
    """The tables of the events of both with the places of their sessions."""
    kept = one.its.kept
    with (
        kept.last(one.queries.over(exp.select(exp.Star())), one.queries.kept) as left,
        kept.last(other.queries.over(exp.select(exp.Star())), other.queries.kept) as right,
    ):
        yield left, right


def _shown(sessions: Sessions) -> Labels:
    """The row of `table` at each place of a session; NONE where `keep` does not show it, and at the end for -1."""
    many = sessions.cut.height if isinstance(sessions, TableSessions) else sessions.table.height
    rows = np.full(many + 1, NONE, np.int32)
    rows[sessions.table[PLACE].to_numpy()] = np.arange(sessions.table.height, dtype=np.int32)
    return rows


def _overlap(one: Labels, other: Labels, events: np.ndarray) -> Overlap:
    both = (one != NONE) & (other != NONE)
    pairs = pl.DataFrame({"one": one[both], "other": other[both], "shared": events[both]}).sort("one", "other")
    pair_one, pair_other = (pairs[name].cast(pl.Int64).to_numpy() for name in ("one", "other"))
    begins = np.cumsum(events) - events
    return Overlap(begins, events, one, other, pair_one, pair_other, pairs["shared"].to_numpy())
