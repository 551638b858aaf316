"""In which steps of time actors have sessions: each actor and step once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.engine import keys
from explorer.engine.local.returning.periods import Periods, Whole, periods
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.charts.sequences.returns import Returns

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Visits:
    """Actors and the steps in which they have sessions: `who` is a place among the actors, `at` one of a step, in order
    of both, each pair once."""

    who: Whole
    at: Whole


@dataclass(frozen=True, eq=False)
class InTime:
    """The actors of the shown sessions: `starts` the place of each one's first session in the table, `lengths` how many
    they have, `first` the step of the first, and `known` whether that is one of the periods.

    `visits` are of all sessions, `returns` of those that count as a return in a later step than the first; `times` is
    how many of these each actor has after the first session, and `seen` whether the actor could be seen for as long as
    they count.
    """

    periods: Periods
    starts: Whole
    lengths: Whole
    first: Whole
    visits: Visits
    returns: Visits
    times: Whole
    known: Mask
    seen: Mask

    def __len__(self) -> int:
        return len(self.starts)

    def repeated(self, held: Mask) -> Mask:
        """For each session whether its actor is held."""
        found: Mask = np.repeat(held, self.lengths)
        return found

    def chosen(self, rows: Whole | None) -> Mask:
        """Which actors have one of the sessions at these places of the table, and came first in one of the steps."""
        inside = self.known.copy()
        if rows is not None:
            some = np.zeros(len(self), np.bool_)
            some[np.searchsorted(self.starts, rows, side="right") - 1] = True
            inside &= some
        return inside


def in_time(sessions: SessionTable, asked: Returns) -> InTime:
    """The actors of the sessions that are shown, remembered; raises SpecError at `every` or `where`."""
    key = (asked, *keys.values_key(sessions.definition))
    found: InTime = sessions.stages.get("actors in time", key, lambda: _made(sessions, asked))
    return found


def starts_of(sessions: SessionTable) -> Whole:
    """When the shown sessions start, in microseconds."""
    start = sessions.table["start"].dt.cast_time_unit("us").to_physical().to_numpy()
    return np.asarray(start)


def _made(sessions: SessionTable, asked: Returns) -> InTime:
    table, begins = sessions.table, starts_of(sessions)
    codes = table[ACTOR].to_numpy()
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])[: len(codes)])
    lengths = np.diff(np.append(starts, len(codes)))
    steps = periods(sessions, begins[starts], asked.every)
    go_on()
    at, who = steps.places(begins), np.repeat(np.arange(len(starts)), lengths)
    counts = np.ones(len(codes), np.bool_)
    if asked.where is not None:
        with located("where"):
            counts = sessions.mask(asked.where).gather(sessions.kept).to_numpy().copy()
    counts[starts] = False
    first = at[starts]
    low, high = sessions.events.span
    known = (begins[starts] >= low) & (begins[starts] <= high)
    inside = (at >= 0) & (at < len(steps))
    visits = _once(who, at, inside)
    returns = visits if asked.where is None else _once(who, at, inside & counts)
    seen = np.ones(len(starts), np.bool_)
    if asked.within is not None:
        until = begins[starts] + asked.within.us
        counts &= begins <= np.repeat(until, lengths)
        seen = until <= sessions.events.span[1] + sessions.definition.inactivity.us
    times = np.add.reduceat(counts, starts, dtype=np.int64) if len(starts) else starts
    return InTime(steps, starts, lengths, first, visits, returns, times, known, seen)


def _once(who: Whole, at: Whole, some: Mask) -> Visits:
    """Each pair once; an actor's sessions are in order of their start."""
    who, at = who[some], at[some]
    new = (who[1:] != who[:-1]) | (at[1:] != at[:-1])
    new = np.append(True, new)[: len(who)]
    return Visits(who[new], at[new])
