"""Live numbers beside conditions: how many events or sessions each keeps, and a few of them to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.held_events import HeldEvents
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import SpecError
from explorer.events.events import decoded
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause

Counted = tuple[dict[Clause, int], dict[Clause, str]]


def counts(events: EventTable, asked: Iterable[Clause]) -> Counted:
    """The events that each clause keeps, and what is wrong with those that cannot be evaluated.

    A clause is in one of the two; a group with a wrong part is wrong too. Groups are put together from their parts, so
    asking for all rules of a tree costs each rule once.
    """
    return each(asked, events.count)


def inside_counts(events: HeldEvents, asked: Iterable[Clause]) -> Counted:
    """The same for conditions on the events that sessions hold.

    Raises SpecError where the definition itself cannot be cut.
    """
    events.cut.check()
    return each(asked, lambda clause: int(events.mask(clause).sum()))


def session_counts(sessions: SessionTable, asked: Iterable[Clause]) -> Counted:
    """The same for conditions on sessions, counted over all of the definition's sessions, before its `keep`.

    Raises SpecError where the definition itself cannot be cut.
    """
    sessions.check()
    return each(asked, lambda clause: int(sessions.mask(clause).sum()))


def actor_counts(sessions: SessionTable, asked: Iterable[Clause]) -> Counted:
    """The same for conditions on values of actors: how many actors of the definition's sessions meet each."""
    sessions.check()
    return each(asked, lambda clause: sessions.cut[ACTOR].filter(sessions.mask(clause)).n_unique())


def sample(events: EventTable, where: str | Clause | None = None, most: int = 5) -> pl.DataFrame:
    """So many of the matching events, the first, the last and some evenly between, by actor and time.

    All columns of the source in its types; raises SpecError.
    """
    clause = clauses.optional(where)
    every = events.data
    rows = spread(len(every) if clause is None else events.mask(clause), most)
    return decoded(every.frame[rows], every.schema)


def session_sample(sessions: SessionTable, where: str | Clause | None = None, most: int = 5) -> pl.DataFrame:
    """The same of the definition's sessions before its `keep`, by actor and start, as the engine's public frame."""
    sessions = sessions.of(sessions.definition.replace(keep=None))
    table, clause = sessions.table, clauses.optional(where)
    if clause is None:
        return sessions.frame(spread(table.height, most))
    mask = sessions.mask(clause)
    if sessions.definition.split_by:
        # The table is by start here, and the mask by split.
        mask = mask.gather(sessions.cut.select(pl.arg_sort_by(ACTOR, "session_number")).to_series())
    return sessions.frame(spread(mask, most))


def spread(mask: pl.Series | int, most: int) -> pl.Series:
    """So many of the places where a mask holds (of all places, where it is their number), evenly spread.

    >>> spread(100, 3).to_list(), spread(pl.Series([False, True, True]), 3).to_list()
    ([0, 49, 99], [1, 2])
    """
    if not isinstance(mask, int):
        places = mask.arg_true()
        return places.gather(spread(len(places), most))
    some = min(most, mask)
    return pl.Series([at * (mask - 1) // max(some - 1, 1) for at in range(some)], dtype=pl.UInt32)


def each(asked: Iterable[Clause], count: Callable[[Clause], int]) -> Counted:
    found: dict[Clause, int] = {}
    problems: dict[Clause, str] = {}
    for clause in asked:
        go_on()
        try:
            found[clause] = count(clause)
        except SpecError as error:
            problems[clause] = str(error)
    return found, problems
