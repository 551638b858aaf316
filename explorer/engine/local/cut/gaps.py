"""The number of sessions as a function of inactivity, without cutting any."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from explorer.engine.local.cut.events_view import View
from explorer.plan.in_polars.boundary import GAP, NEVER
from explorer.spec.duration import Duration


@dataclass(frozen=True)
class GapCurve:
    """All gaps of a definition's events, sorted; `always` sessions begin whatever the inactivity.

    A longest duration adds sessions of its own: then `exact` is false and the count is a lower bound.
    """

    gaps: np.ndarray
    always: int
    boundary: str
    exact: bool = True

    def sessions(self, inactivity: Duration) -> int:
        """The number of sessions at this inactivity: one binary search."""
        side: Literal["left", "right"] = "right" if self.boundary == ">" else "left"
        return self.always + len(self.gaps) - int(np.searchsorted(self.gaps, inactivity.us, side))


def gap_curve(gap: pl.Series, boundary: str, exact: bool) -> GapCurve:
    """Sort the gaps (microseconds) of the events that can begin a session; NEVER begins one whatever the inactivity."""
    free = gap.filter(gap != NEVER)
    return GapCurve(free.sort().to_numpy(), len(gap) - len(free), boundary, exact)


def opening_gaps(view: View) -> pl.Series:
    """The gap before each event, NEVER where something else than the gap makes it begin a session.

    Where only some events can open a session, one for each of these: the longest since the one before.
    """
    gap = view.keys[GAP]
    if view.forced is not None:
        gap = pl.select(pl.when(pl.lit(view.forced) > 0).then(NEVER).otherwise(pl.lit(gap))).to_series()
    if view.opening is None:
        return gap
    places = view.opening.arg_true().to_numpy().astype(np.int64)
    if not len(places):
        return gap.clear()
    since = np.append(0, places[:-1] + 1)
    return pl.Series(np.maximum.reduceat(gap.to_numpy()[: places[-1] + 1], since))
