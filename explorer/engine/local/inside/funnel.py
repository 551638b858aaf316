"""How far the sessions that are shown, or some of them, get through a list of steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from explorer.engine.answers.inside import FunnelCounts
from explorer.engine.keys import shown_key
from explorer.engine.local.cut.reach import Reach
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.spec.charts.steps import Steps


@dataclass(frozen=True)
class Funnel(Reach):
    """The same of the sessions that are shown."""

    def counts(self, rows: pl.Series | None = None) -> FunnelCounts:
        """The numbers of all sessions, or of those at these places of the table."""
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
        return Funnel(found.reached, found.waits)

    return sessions.stages.get("funnel", (*shown_key(sessions.definition), steps), make)


def funnel_frame(steps: Steps, counts: FunnelCounts) -> pl.DataFrame:
    """One row per step: its text, the sessions that reach it, their shares, the median wait and its quarters."""
    at = range(len(steps))
    waits = {"median_wait": counts.waits}
    waits |= {
        name: tuple(pair and pair[at] for pair in counts.quarters) for at, name in enumerate(("wait_p25", "wait_p75"))
    }
    return pl.DataFrame(
        {
            "step": [str(step) for step in steps],
            "value": pl.Series(counts.reached, dtype=pl.UInt32),
            "sessions": pl.Series(counts.reached, dtype=pl.UInt32),
            "from_previous": pl.Series(map(counts.from_previous, at), dtype=pl.Float64),
            "from_first": pl.Series(map(counts.from_first, at), dtype=pl.Float64),
            **{
                name: pl.Series(map(_whole, its), dtype=pl.Int64).cast(pl.Duration("us")) for name, its in waits.items()
            },
        }
    )


def _whole(wait: float | None) -> int | None:
    return None if wait is None else round(wait)
