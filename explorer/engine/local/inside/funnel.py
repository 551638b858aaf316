"""How far the sessions that are shown, or some of them, get through a list of steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.answers.sequences.inside import FunnelCounts
from explorer.engine.keys import shown_key
from explorer.engine.local.cut.sequences.reach import Reach
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.spec.charts.sequences.steps import Steps


@dataclass(frozen=True)
class Funnel(Reach):
    """The same of the sessions that are shown, or of their actors: then `actors` is the place of each session's."""

    actors: npt.NDArray[np.int64] | None = None

    @property
    def each(self) -> npt.NDArray[np.uint8]:
        """How many steps each session, or its actor, reaches."""
        return self.reached if self.actors is None else self.reached[self.actors]

    def standing(self, places: pl.Series) -> pl.Series:
        """Which of the sessions at these places of the table, which are in order, stand for what is counted: all of
        them, or the first of each actor."""
        if self.actors is None:
            return places
        actors = self.actors[places.to_numpy()]
        return places.gather(np.flatnonzero(np.append(True, actors[1:] != actors[:-1])[: len(actors)]))

    def held(self, rows: pl.Series) -> pl.Series:
        """For each session whether it, or one of its actor's, is among those at these places."""
        chosen = np.zeros(len(self.each), np.bool_)
        chosen[rows.to_numpy()] = True
        if self.actors is None:
            return pl.Series(chosen)
        some = np.zeros(len(self.reached), np.bool_)
        some[self.actors[chosen]] = True
        return pl.Series(some[self.actors])

    def counts(self, rows: pl.Series | None = None) -> FunnelCounts:
        """The numbers of all sessions or their actors, or of those at these places of the table."""
        if self.actors is not None and rows is not None:
            rows = pl.Series(np.unique(self.actors[rows.to_numpy()]))
        reached = self.reached if rows is None else self.reached[rows.to_numpy()]
        exactly = np.bincount(reached, minlength=len(self.waits) + 1)
        medians: list[float | None] = []
        quarters: list[tuple[float, float] | None] = []
        for at, every in enumerate(self.waits):
            go_on()
            some = (every if rows is None else every[rows.to_numpy()])[reached > at]
            low, middle, high = np.quantile(some, (0.25, 0.5, 0.75)).tolist() if len(some) else (0, None, 0)
            medians.append(middle)
            quarters.append(None if middle is None else (low, high))
        at_least = exactly[::-1].cumsum()[::-1][1:]
        return FunnelCounts(len(reached), tuple(at_least.tolist()), tuple(medians), tuple(quarters))


def funnel(sessions: SessionTable, steps: Steps) -> Funnel:
    """How many of the steps each shown session reaches, in the order of the engine's table; raises SpecError at
    `steps[0]` ..."""

    def make() -> Funnel:
        found = sessions.reach(steps)
        return Funnel(found.reached, found.waits, sessions.across.actors if steps.across else None)

    return sessions.stages.get("funnel", (*shown_key(sessions.definition), steps), make)


def funnel_frame(steps: Steps, counts: FunnelCounts) -> pl.DataFrame:
    """One row per step: its text, what reaches it, their shares, the median wait and its quarters."""
    at = range(len(steps))
    waits = {"median_wait": counts.waits}
    waits |= {
        name: tuple(pair and pair[at] for pair in counts.quarters) for at, name in enumerate(("wait_p25", "wait_p75"))
    }
    return pl.DataFrame(
        {
            "step": [str(step) for step in steps],
            "value": pl.Series(counts.reached, dtype=pl.UInt32),
            steps.things: pl.Series(counts.reached, dtype=pl.UInt32),
            "from_previous": pl.Series(map(counts.from_previous, at), dtype=pl.Float64),
            "from_first": pl.Series(map(counts.from_first, at), dtype=pl.Float64),
            **{
                name: pl.Series(map(_whole, its), dtype=pl.Int64).cast(pl.Duration("us")) for name, its in waits.items()
            },
        }
    )


def _whole(wait: float | None) -> int | None:
    return None if wait is None else round(wait)
