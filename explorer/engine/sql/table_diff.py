"""Two ways of cutting a table, session by session: the database counts the events that they share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from sqlglot import exp

from explorer.engine.answers.compare import SIDES, Of
from explorer.engine.local.compare.diff import LocalDiff, counted
from explorer.engine.local.compare.overlap import NONE, Labels, Overlap, kinds
from explorer.engine.local.compare.sides import Side, bare, side_frame
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.sql.frames import as_told
from explorer.engine.sql.table_events import TableEvents
from explorer.engine.sql.table_sessions import TableSessions
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.in_sql import held
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True, eq=False)
class TableDiff(LocalDiff):
    """The same of a table, whose events come home when they are looked at."""

    _sessions: tuple[TableSessions, TableSessions]

    def events_at(self, place: int, of: Of = "one") -> pl.DataFrame:
        """The events of the session at a place of a side and of its counterparts, in order."""
        at = SIDES.index(of)
        mine, theirs = self._pairs(at)
        chosen = [np.array([place]), theirs[mine == place]]
        rows = [
            sessions.table[PLACE].gather(pl.Series(places, dtype=pl.Int64)).to_list()
            for sessions, places in zip(self._sessions, chosen[:: -1 if at else 1], strict=True)
        ]
        its = self._sessions[0].its
        with _tables(*self._sessions) as (one, other):
            found = its.ask(held.events_of_both(its.source, one, other, *rows))
        ids = []
        for side, (name, sessions) in enumerate(zip(SIDES, self._sessions, strict=True)):
            labels = _shown(sessions)[found.to_series(side).cast(pl.Int64).to_numpy()]
            ids.append(self._ids(side, labels).alias(f"session_in_{name}"))
        own = as_told(found[:, 2:], pl.DataFrame(schema=dict(its.schema)))
        return pl.DataFrame([*ids, *(each for each in own if each.name not in ("session_in_one", "session_in_other"))])


def diff(events: TableEvents, one: SessionDefinition, other: SessionDefinition) -> TableDiff:
    """Compare two definitions; raises SpecError, and EngineError where rows cannot be told apart."""
    sessions = TableSessions(events, bare(one)), TableSessions(events, bare(other))
    with _tables(*sessions) as (left, right):
        found = events.ask(held.shared(events.source, left, right)).cast(pl.Int64)
    labels = [_shown(side)[found.to_series(at).to_numpy()] for at, side in enumerate(sessions)]
    known = _overlap(labels[0], labels[1], found.to_series(2).to_numpy())
    nothing = np.zeros(0, np.int32)
    sides = [
        Side(each.definition.name, nothing, each.table[ACTOR].to_numpy().astype(np.int64), partial(side_frame, each))
        for each in sessions
    ]
    both = sides[0], sides[1]
    of_one, of_other = kinds(known, len(both[0]), len(both[1]))
    counts = counted(known, both, of_one, of_other)
    return TableDiff(counts, events, both, known, (of_one, of_other), sessions)


@contextmanager
def _tables(one: TableSessions, other: TableSessions) -> Iterator[tuple[str, str]]:
    """The tables of the events of both with the places of their sessions."""
    kept = one.its.kept
    with (
        kept.last(one.queries.over(exp.select(exp.Star())), one.queries.kept) as left,
        kept.last(other.queries.over(exp.select(exp.Star())), other.queries.kept) as right,
    ):
        yield left, right


def _shown(sessions: TableSessions) -> Labels:
    """The row of `table` at each place of `cut`; NONE where `keep` does not show it, and at the end for -1."""
    rows = np.full(sessions.cut.height + 1, NONE, np.int32)
    rows[sessions.table[PLACE].to_numpy()] = np.arange(sessions.table.height, dtype=np.int32)
    return rows


def _overlap(one: Labels, other: Labels, events: np.ndarray) -> Overlap:
    both = (one != NONE) & (other != NONE)
    pairs = pl.DataFrame({"one": one[both], "other": other[both], "shared": events[both]}).sort("one", "other")
    pair_one, pair_other = (pairs[name].cast(pl.Int64).to_numpy() for name in ("one", "other"))
    begins = np.cumsum(events) - events
    return Overlap(begins, events, one, other, pair_one, pair_other, pairs["shared"].to_numpy())
