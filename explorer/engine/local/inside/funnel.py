"""How far sessions get through a list of steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.answers.inside import FunnelCounts
from explorer.engine.keys import shown_key
from explorer.engine.local.inside.event_codes import spans
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.errors import located
from explorer.plan.in_polars.boundary import TIME
from explorer.spec.charts.funnel import Steps


@dataclass(frozen=True)
class Funnel:
    """For each shown session how many steps it reaches, 0 to all, and the waits; those not reached mean nothing."""

    reached: npt.NDArray[np.uint8]
    waits: tuple[npt.NDArray[np.int64], ...]

    def counts(self, rows: pl.Series | None = None) -> FunnelCounts:
        """The numbers of all sessions, or of those at these places of the table."""
        reached = self.reached if rows is None else self.reached[rows.to_numpy()]
        exactly = np.bincount(reached, minlength=len(self.waits) + 1)
        medians = []
        for at, every in enumerate(self.waits):
            go_on()
            some = (every if rows is None else every[rows.to_numpy()])[reached > at]
            medians.append(float(np.median(some)) if len(some) else None)
        at_least = exactly[::-1].cumsum()[::-1][1:]
        return FunnelCounts(len(reached), tuple(at_least.tolist()), tuple(medians))


def funnel(sessions: SessionTable, steps: Steps) -> Funnel:
    """How many of the steps each shown session reaches, in the order of the engine's table.

    A session reaches the first step with its first event that matches it, and each further step with its first
    matching event after the one that reached the step before: in this order, other events may lie between. One event
    reaches one step. To take the first matching event each time is best: whatever event could be taken in its place
    leaves no more for the steps that follow. Raises SpecError at `steps[0]` ...
    """
    key = (*shown_key(sessions.definition), steps)
    return sessions.stages.get("funnel", key, partial(_made, sessions, steps))


def _made(sessions: SessionTable, steps: Steps) -> Funnel:
    for at, step in enumerate(steps):  # all are read before anything takes long
        with located(f"steps[{at}]"):
            sessions.inside.check(step)
    view, table = sessions.held, sessions.table
    times = view.keys[TIME].to_numpy()
    begin, end = spans(table, None)
    alive = np.arange(len(begin))  # the sessions that have reached all steps so far
    near, before = begin, times[begin]
    reached, waits = np.zeros(len(begin), np.uint8), []
    for step in steps:
        go_on()
        places = sessions.inside.mask(step).arg_true().to_numpy()
        found = np.append(places, len(times)).astype(np.int64)[np.searchsorted(places, near.astype(places.dtype))]
        got = found < end[alive]
        alive, found, before = alive[got], found[got], before[got]
        reached[alive] += 1
        wait = np.zeros(len(begin), np.int64)
        wait[alive] = times[found] - before
        waits.append(wait)
        near, before = found + 1, times[found]
    return Funnel(reached, tuple(waits))


def funnel_frame(steps: Steps, counts: FunnelCounts) -> pl.DataFrame:
    """One row per step: its text, the sessions that reach it, their shares, the median wait."""
    at = range(len(steps))
    return pl.DataFrame(
        {
            "step": [str(step) for step in steps],
            "value": pl.Series(counts.reached, dtype=pl.UInt32),
            "sessions": pl.Series(counts.reached, dtype=pl.UInt32),
            "from_previous": pl.Series(map(counts.from_previous, at), dtype=pl.Float64),
            "from_first": pl.Series(map(counts.from_first, at), dtype=pl.Float64),
            "median_wait": pl.Series([_whole(wait) for wait in counts.waits], dtype=pl.Int64).cast(pl.Duration("us")),
        }
    )


def _whole(wait: float | None) -> int | None:
    return None if wait is None else round(wait)
