"""Where the source begins and ends: the edges of the bulk of its events, which a wrong clock does not move."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

FEW = 1_000
ENOUGH = 10_000


@dataclass(frozen=True)
class Edges:
    """The first and the last time of the bulk, in microseconds, and how many events lie outside of it."""

    first: int
    last: int
    outside: int = 0


def edges(times: pl.Series) -> Edges:
    """The edges of times in any order (microseconds, at least one).

    Where the largest gap between neighbouring times is longer than the span of one side, and the other side holds a
    single event or under 0.1 % of them, that other side is a wrong clock.

    >>> edges(pl.Series([0, 1_000, 1_001, 1_002]))
    Edges(first=1000, last=1002, outside=1)
    """
    values = times.to_numpy()
    low, high = int(values.min()), int(values.max())
    if not _may_differ(values, low, high):
        return Edges(low, high)
    ordered = np.sort(values)
    gaps = np.diff(ordered)
    if not len(gaps):
        return Edges(low, high)
    size, widest = len(ordered), int(gaps.max())
    for at in (np.flatnonzero(gaps == widest) + 1).tolist():
        before, after = at, size - at
        if _few(before, after, size) and widest > high - int(ordered[at]):
            return Edges(int(ordered[at]), high, before)
        if _few(after, before, size) and widest > int(ordered[at - 1]) - low:
            return Edges(low, int(ordered[at - 1]), after)
    return Edges(low, high)


def _few(some: int, others: int, size: int) -> bool:
    return some < others and (some == 1 or some * FEW < size)


def _may_differ(values: Any, low: int, high: int) -> bool:
    """Whether the middle of the times is closer together than to one of its ends; always asked of few times."""
    if len(values) <= ENOUGH:
        return True
    some = np.sort(values[:: len(values) // ENOUGH])
    first, last = int(some[len(some) // 20]), int(some[-len(some) // 20])
    return last - first < max(first - low, high - last)
