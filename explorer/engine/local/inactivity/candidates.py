"""What follows from every inactivity that could be chosen, as one small table, and from one of them exactly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.human_edges import human_steps
from explorer.engine import keys
from explorer.engine.answers.inactivity import FORCING, Choice, Choices, Evidence
from explorer.engine.local.cut.spans import latest_ends
from explorer.engine.local.inactivity.evidence import cut_at, gathered, measured_at
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.plan.in_polars.boundary import GAP, NEVER, TIME
from explorer.spec.duration import UNITS, Duration

Whole = npt.NDArray[np.int64]
# Gaps so rare at the short end that they would only make the axis long, as a share of all above 0.
RARE = 0.001
NEAR = 0.05
PER_TENFOLD, MOST_BARS, POINTS = 20, 160, 2_000
GRAINS = (UNITS["m"], UNITS["s"], UNITS["ms"])
LONGEST = 2**52
PLAIN = (UNITS["s"], UNITS["w"])


def choices(sessions: SessionTable, also: Duration | None = None) -> Choices:
    """Every inactivity that makes a difference, the definition's own, and exactly one more."""
    evidence, definition = gathered(sessions), sessions.definition
    positive = evidence.curve.gaps[evidence.at_once :]
    coarse = sessions.stages.get("grain", keys.view_key(definition), lambda: grain(positive))
    return choices_of(evidence, definition.inactivity, also, coarse, _beginnings(sessions))


def choices_of(
    evidence: Evidence, own: Duration, also: Duration | None, grain: int, beginnings: tuple[int, int]
) -> Choices:
    """The same from evidence, the grain of the gaps, and how many sessions begin with a first event or by a rule."""
    gaps = evidence.curve.gaps
    positive = gaps[evidence.at_once :]
    steps = human_steps()
    low, high = _axis(positive, steps, own.us)
    on_axis = tuple(step for step in steps if low <= step <= high)
    spread = np.rint(np.geomspace(low, high, POINTS)).astype(np.int64)
    said = [*on_axis, own.us, *([also.us] if also else [])]
    lengths = np.unique(np.concatenate([spread, np.array(said, dtype=np.int64)]))
    side: Literal["left", "right"] = "right" if evidence.curve.boundary == ">" else "left"
    counted = evidence.curve.always + len(gaps) - np.searchsorted(gaps, lengths, side)
    near = np.searchsorted(gaps, np.floor(lengths * (1 + NEAR)).astype(np.int64), "right")
    near = near - np.searchsorted(gaps, np.ceil(lengths * (1 - NEAR)).astype(np.int64), "left")
    edges = bar_edges(low, high, grain)
    counts = np.diff(np.searchsorted(positive, edges))
    counts[-1] += np.searchsorted(positive, edges[-1], "right") - np.searchsorted(positive, edges[-1], "left")
    shorter = int(np.searchsorted(positive, edges[0]))
    return Choices(evidence, low, high, edges, counts, shorter, lengths, counted, near, on_axis, *beginnings)


def choice(sessions: SessionTable, inactivity: Duration) -> Choice:
    """What one inactivity comes to, exactly; of the cut only the longest duration is left out."""
    evidence, view = gathered(sessions), sessions.view
    if cut_at(sessions.definition):
        count, alone, median = measured_at(sessions.of(sessions.definition.replace(inactivity=inactivity)))
        return Choice(inactivity, count, evidence.near(inactivity, NEAR), alone, median)
    gap, time = view.keys[GAP].to_numpy(), view.keys[TIME].to_numpy()
    begins = gap > inactivity.us if sessions.definition.boundary == ">" else gap >= inactivity.us
    if view.forced is not None:
        begins |= view.forced.to_numpy() > 0
    go_on()
    begin = np.flatnonzero(begins)
    end = np.append(begin[1:], len(time))[: len(begin)] - 1
    alone = float(np.mean(begin == end)) if len(begin) else None
    last = time[end] if view.ends is None else latest_ends(view.ends.to_numpy(), begin, end + 1)
    median = float(np.median(last - time[begin])) if len(begin) else None
    return Choice(inactivity, evidence.sessions(inactivity), evidence.near(inactivity, NEAR), alone, median)


def grain(gaps: Whole) -> int:
    """The coarsest of minute, second, millisecond and microsecond of which nearly all gaps are multiples.

    >>> grain(np.array([1_000_000, 2_000_000, 61_000_000]))
    1000000
    """
    for unit in GRAINS:
        go_on()
        if np.count_nonzero(gaps % unit) <= 0.01 * len(gaps):
            return unit
    return 1


def bar_edges(low: int, high: int, grain: int) -> Whole:
    """Edges of nearly equal ratios; where gaps are multiples of a grain, halfway between two of them.

    >>> bar_edges(1_000_000, 4_000_000, 1_000_000)
    array([ 500000, 1500000, 2500000, 3500000, 4500000])
    """
    most = max(4, min(MOST_BARS, round(PER_TENFOLD * np.log10(high / low))))
    edges = np.geomspace(low, high, most + 1)
    if grain == 1:
        return np.unique(np.rint(edges).astype(np.int64))
    halves = np.floor(edges / grain + 0.5) - 0.5
    halves[-1] = np.floor(high / grain) + 0.5
    return np.unique((np.maximum(halves, 0.5) * grain).astype(np.int64))


def _axis(positive: Whole, steps: list[int], own: int) -> tuple[int, int]:
    """From the step below nearly all gaps to the step above them all, the definition's own inactivity inside."""
    if len(positive):
        low, high = int(positive[int(RARE * (len(positive) - 1))]), min(int(positive[-1]), LONGEST)
    else:
        low, high = PLAIN
    low, high = min(low, max(own, 1)), max(high, min(own, LONGEST))
    below, above = bisect_right(steps, low) - 1, bisect_left(steps, high)
    below, above = below - (steps[below] == low), above + (above < len(steps) and steps[above] == high)
    return steps[max(below, 0)], steps[above] if above < len(steps) else high + high // 20


def _beginnings(sessions: SessionTable) -> tuple[int, int]:
    def make() -> tuple[int, int]:
        if keys.looks_back(sessions.definition):
            reasons = sessions.cut["started_by"].cast(pl.String)
            return int((reasons == "first").sum()), int(reasons.is_in(FORCING).sum())
        view = sessions.view
        first = view.keys[GAP] == NEVER
        forced = 0 if view.forced is None else int(((view.forced > 0) & ~first).sum())
        return int(first.sum()), forced

    return sessions.stages.get("beginnings", keys.cut_key(sessions.definition), make)
