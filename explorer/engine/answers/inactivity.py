"""What the gaps between events say, and what every inactivity comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
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


# The rules by which an event begins a session whatever the gap before it.
FORCING = ("restart", "end", "calendar")
# The lengths that people name; between two of them an inactivity is hardly chosen.
_NAMED = {"m": "1 2 3 5 10 15 20 30 45", "h": "1 2 3 4 5 6 8 10 12 18", "d": "1 2 3 4 5 6 7"}
NAMED = tuple(Duration.parse(number + unit) for unit, numbers in _NAMED.items() for number in numbers.split())
# How many gaps there must be, and how many times its shortest length the longest of a steady range must be.
FEWEST_GAPS, WIDE = 50, 4


def steady(curve: GapCurve) -> tuple[Duration, Duration] | None:
    """The shortest and longest named inactivity of the widest range without a gap in it: all give the same sessions.

    None where no range is wide, or too few gaps tell; only gaps on both sides make it one.

    >>> gaps = np.sort(np.array([60, 90] * 30 + [2_000, 90_000])) * 1_000_000
    >>> [str(each) for each in steady(GapCurve(gaps, 1, ">"))]
    ['45m', '1d']
    """
    if not curve.exact or len(curve.gaps) < FEWEST_GAPS:
        return None
    ends = curve.gaps[int(np.searchsorted(curve.gaps, NAMED[0].us)) :]
    if len(ends) < 2:
        return None
    at = int(np.argmax(ends[1:] / ends[:-1]))
    low, high = int(ends[at]), int(ends[at + 1])
    # A gap of exactly the inactivity is inside a session, or with ">=" between two.
    inside = [each for each in NAMED if (low <= each.us < high if curve.boundary == ">" else low < each.us <= high)]
    return (inside[0], inside[-1]) if inside and inside[-1].us >= WIDE * inside[0].us else None


@dataclass(frozen=True, eq=False)
class Suggestion:
    """The inactivity that the gaps between events suggest; lengths in microseconds.

    `counts[i]` gaps lie from `edges[i]` up to `edges[i + 1]` (equal ratios); `at_once` gaps are 0 and in none.
    `suggestion` is None where the gaps suggest nothing; `reason` says why, either way.
    """

    edges: Whole
    counts: Whole
    at_once: int
    curve: GapCurve
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


@dataclass(frozen=True, eq=False)
class Evidence(Suggestion):
    """The same, and what each choice comes to: `steps` has for each human step its sessions, one_event_share and
    median_duration, before `keep` and any longest duration."""

    steps: pl.DataFrame = field(kw_only=True)


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
