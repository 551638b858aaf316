"""Bins: at most 64 neighbouring intervals of a dimension, drawn side by side with equal width."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.range_text import range_text
from explorer.crossfilter.selection import Kind, Range

MOST_BINS = 64

Codes = npt.NDArray[np.uint8]
Values = npt.NDArray[np.int64]
Ticks = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Bins:
    """Bin i holds the values from `lows[i]` up to the next low, and fills [i, i + 1] on the axis.

    The last bin ends at `end`; None: it takes all that is beyond. Durations and times are microseconds.
    `zero_alone` says that the first bin holds nothing but 0; ticks are places on the axis with their labels.

    >>> bins = Bins("pages", "count", lows=(1, 2, 3), end=None, unit="pages")
    >>> bins.labels
    ('1 page', '2 pages', '3+ pages')
    """

    name: str
    kind: Kind
    lows: tuple[int, ...]
    end: int | None
    ticks: Ticks = ()
    unit: str = ""
    zone: str | None = None
    zero_alone: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if not 1 <= len(self.lows) <= MOST_BINS:
            raise ValueError(f"{self.name}: {len(self.lows)} bins; there must be 1 to {MOST_BINS}")

    def __len__(self) -> int:
        return len(self.lows)

    @cached_property
    def edges(self) -> tuple[int | None, ...]:
        """The lows and the end: one more than there are bins."""
        return (*self.lows, self.end)

    def codes(self, values: npt.ArrayLike) -> Codes:
        """The bin of every value, uint8; those outside land in the first or last. There must be no nulls."""
        inner = np.asarray(self.lows[1:], dtype=np.int64)
        return np.searchsorted(inner, whole(values), side="right").astype(np.uint8)

    def range(self, i: int, j: int) -> Range:
        """The data values of the bins i up to, not including, j."""
        if not 0 <= i < j <= len(self):
            raise IndexError(f"{self.name} has no bins {i}:{j}; it has {len(self)}")
        hi = 1 if self.zero_alone and j == 1 else self.edges[j]
        return Range(self.lows[i], hi, self.kind)

    def span(self, range_: Range) -> tuple[int, int] | None:
        """The bins that hold exactly the values of a range, or None where an end falls inside a bin."""
        i, j = self._edge(range_.lo), len(self) if range_.hi is None else self._edge(range_.hi)
        return None if i is None or j is None else (i, max(i, j))

    def _edge(self, value: int) -> int | None:
        if value <= self.lows[0]:
            return 0
        if self.end is not None and value >= self.end:
            return len(self)
        if self.zero_alone and len(self) > 1 and value <= self.lows[1]:
            return 1
        i = bisect_left(self.lows, value)
        return i if i < len(self) and self.lows[i] == value else None

    def position(self, value: float | None) -> float:
        """Where a data value lies on the axis, 0 to the number of bins; None is the end."""
        if value is None or (self.end is not None and value >= self.end):
            return float(len(self))
        if value <= self.lows[0]:
            return 0.0
        if self.zero_alone and len(self) > 1 and value <= self.lows[1]:
            return 1.0
        i = bisect_right(self.lows, value) - 1
        high = self.edges[i + 1]
        if high is None:
            return float(i) if value == self.lows[i] else i + 0.5
        return i + (value - self.lows[i]) / (high - self.lows[i])

    def text(self, range_: Range) -> str:
        """A range as people say it: "1m to 10m", "2 to 5 events", "over 2h", "3 Mar to 10 Mar 2024"."""
        return range_text(range_, unit=self.unit, zone=self.zone)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The text of every bin."""
        return tuple(self.text(self.range(i, i + 1)) for i in range(len(self)))


def whole(values: npt.ArrayLike) -> Values:
    """Values as int64: datetimes and timedeltas in microseconds, numbers as they are.

    >>> whole(np.array([90], dtype="timedelta64[s]"))
    array([90000000])
    """
    array = np.asarray(values)
    if array.dtype.kind in "mM":
        array = array.astype(f"{array.dtype.kind}8[us]", copy=False).view(np.int64)
    return array.astype(np.int64, copy=False)


def spaced(ticks: list[tuple[float, str]], apart: float) -> Ticks:
    """The ticks in order of place, each `apart` from the others; where two collide the earlier stays.

    >>> spaced([(0.5, "0s"), (9.0, "1m"), (1.0, "1s")], apart=2)
    ((0.5, '0s'), (9.0, '1m'))
    """
    kept: list[tuple[float, str]] = []
    for place, label in ticks:
        if all(abs(place - other) >= apart for other, _ in kept):
            kept.append((place, label))
    return tuple(sorted(kept))
