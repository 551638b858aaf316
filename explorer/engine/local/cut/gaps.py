"""The number of sessions as a function of inactivity, without cutting any."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

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


def gap_curve(gap: pl.Series, forced: pl.Series, boundary: str, exact: bool) -> GapCurve:
    """Sort the gaps (microseconds) of the events that nothing else forces to begin a session."""
    free = gap.filter(~forced)
    return GapCurve(free.sort().to_numpy(), int(forced.sum()), boundary, exact)
