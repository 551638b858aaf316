"""What the gaps between events say, and what every inactivity comes to."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.answers.mixture import Mixture
from explorer.spec.duration import Duration

Whole = npt.NDArray[np.int64]


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


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the gaps between events say about inactivity; lengths in microseconds.

    `counts[i]` gaps lie from `edges[i]` up to `edges[i + 1]` (equal ratios); `at_once` gaps are 0 and in none.
    `steps` has for each human step its sessions, one_event_share and median_duration, before `keep` and any
    longest duration. `suggestion` is None where the gaps suggest nothing; `reason` says why, either way.
    """

    edges: Whole
    counts: Whole
    at_once: int
    curve: GapCurve
    steps: pl.DataFrame
    suggestion: Duration | None
    reason: str
    crossing: Duration | None = None
    mixture: Mixture | None = None

    def sessions(self, inactivity: Duration) -> int:
        """The number of sessions at this inactivity."""
        return self.curve.sessions(inactivity)

    def near(self, inactivity: Duration, share: float = 0.05) -> int:
        """The gaps within 5 % of an inactivity: those that a slightly different choice would judge otherwise."""
        return near_in(self.curve.gaps, inactivity.us, share)


def near_in(gaps: Whole, us: int, share: float) -> int:
    """The sorted gaps within so large a share of a length."""
    # Whole numbers: beside a fraction NumPy would make fractions of all gaps first.
    low, high = ceil(us * (1 - share)), floor(us * (1 + share))
    return int(np.searchsorted(gaps, high, "right") - np.searchsorted(gaps, low, "left"))


@dataclass(frozen=True, eq=False)
class Choices:
    """Inactivity from `low` to `high`, and what it would come to; lengths in microseconds.

    `counts[i]` gaps lie from `edges[i]` up to `edges[i + 1]`; `shorter` gaps above 0 lie before `low`. At
    `lengths[i]`, every human step among them, there are `sessions[i]` sessions and `near[i]` gaps within 5 %.
    `firsts` sessions begin with the first event of an actor (and split value), `forced` others by another rule.
    """

    evidence: Evidence
    low: int
    high: int
    edges: Whole
    counts: Whole
    shorter: int
    lengths: Whole
    sessions: Whole
    near: Whole
    steps: tuple[int, ...]
    firsts: int
    forced: int


@dataclass(frozen=True)
class Choice:
    """One inactivity: the sessions, the gaps within 5 % of it, and the sessions as they would be, before `keep`
    and any longest duration; the median in microseconds, None where there is no session."""

    inactivity: Duration
    sessions: int
    near: int
    one_event_share: float | None
    median_duration: float | None
