"""What happens inside sessions: which events follow which, and how far a funnel is passed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.selections.brushes import Brush

Counts = npt.NDArray[np.int64]
# The types of columns by whose values events are told apart.
LABELS = ("text", "number", "truth value")
# How many values are told apart in what comes next: at first, and at most.
FEW_FOLLOWING, MOST_FOLLOWING = 8, 60


@dataclass(frozen=True)
class Following:
    """How often one value comes right after another in the same session.

    `counts[i, j]` are the events of group i that one of group j follows. Groups are the `values`, other, none; one
    more column, the last, counts those that the session ends with. `rest` are the most frequent of the `others` values
    that are folded into other, each with its events in all sessions.
    """

    values: tuple[str, ...]
    others: int
    counts: Counts
    rest: tuple[tuple[str, int], ...] = ()

    @property
    def ends(self) -> Counts:
        """The events of each group that are the last of their session."""
        return self.counts[:, -1]


@dataclass(frozen=True)
class FunnelCounts:
    """A funnel of some sessions, or across those of actors: how many there are, how many reach each step, and the
    median wait in microseconds.

    The wait is from the step before, for the first step from the start of the session, or of the actor's first one;
    None where nobody gets there. A
    quarter of the waits is at most the lower of its `quarters`, and a quarter at least the upper.
    """

    sessions: int
    reached: tuple[int, ...]
    waits: tuple[float | None, ...]
    quarters: tuple[tuple[float, float] | None, ...]

    def from_previous(self, at: int) -> float | None:
        """The share of those that reach the step before; for the first step of all sessions."""
        before = self.reached[at - 1] if at else self.sessions
        return self.reached[at] / before if before else None

    def from_first(self, at: int) -> float | None:
        """The share of those that reach the first step."""
        return self.reached[at] / self.reached[0] if self.reached[0] else None


@dataclass(frozen=True)
class FunnelGroup:
    """The funnel of the sessions with one value: what the value is called, and the brush that holds it."""

    label: str
    brush: Brush | None
    counts: FunnelCounts


@dataclass(frozen=True)
class FunnelGroups:
    """A funnel for each value of a dimension, those with most sessions first.

    `several` says that a session can be in more than one of them.
    """

    dimension: str
    groups: tuple[FunnelGroup, ...]
    several: bool = False


@dataclass(frozen=True, eq=False)
class TrendLine:
    """How one value of a dimension gets through a funnel over time: of each step of time how many `begin` and how many
    `reach` its last step; with a single step, those that begin are all."""

    label: str
    begin: Counts
    reach: Counts


@dataclass(frozen=True, eq=False)
class FunnelTrend:
    """A funnel over the time at which sessions start: `times` are the beginnings of the steps of time, `ends` in
    microseconds those of the next; a line for each value of the funnel's dimension, one without a name where it has
    none."""

    times: pl.Series
    ends: Counts
    lines: tuple[TrendLine, ...]
