"""Bins: at most 64 neighbouring intervals of a dimension, drawn side by side with equal width."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.bins.buckets import bins_of
from explorer.crossfilter.selections.brushes import Brush, Kind, Range, Values
from explorer.crossfilter.selections.range_text import brush_text

MOST_BINS = 64
NONE = "none"

Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]
Ticks = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Bins:
    """Bin i holds the values from `lows[i]` up to the next low, and fills [i, i + 1] on the axis.

    The last of them ends at `end`; None: it takes all that is beyond. Durations and times are microseconds.
    `zero_alone` says that the first bin holds nothing but 0; `none` that one more bin, the last, holds what has
    no value. Ticks are places on the axis with their labels; `plain_ticks` those of the values alone, where there is a
    bin for none.

    >>> bins = Bins("pages", "count", lows=(1, 2, 3), end=None, unit="pages", none=True)
    >>> bins.labels
    ('1 page', '2 pages', '3+ pages', 'none')
    """

    name: str
    kind: Kind
    lows: tuple[float, ...]
    end: float | None
    ticks: Ticks = ()
    unit: str = ""
    zone: str | None = None
    zero_alone: bool = field(default=False, kw_only=True)
    none: bool = field(default=False, kw_only=True)
    plain_ticks: Ticks = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        if not self.lows or len(self) > MOST_BINS:
            raise ValueError(f"{self.name}: {len(self)} bins; there must be 1 to {MOST_BINS}")

    def __len__(self) -> int:
        return len(self.lows) + self.none

    def with_none(self) -> Bins:
        """The same with one more bin, for what has no value."""
        ticks = spaced([(len(self.lows) + 0.5, NONE), *self.ticks], apart=max(1.4, len(self.lows) / 10))
        return replace(self, none=True, ticks=ticks, plain_ticks=self.ticks)

    def without_none(self) -> Bins:
        """The bins of values alone."""
        return replace(self, none=False, ticks=self.plain_ticks, plain_ticks=()) if self.none else self

    def cut_at(self, values: Iterable[float], most: int = MOST_BINS) -> Bins:
        """The same with an edge at each of these values as well; as they are, where that would be more than `most`, or
        where a whole number cannot say the value.

        >>> Bins("pages", "count", lows=(0, 10), end=20, unit="pages").cut_at([14, 10, 99]).labels
        ('0 to 9 pages', '10 to 13 pages', '14 to 19 pages')
        """
        inside = [value for value in values if self._edge(value) is None and self._can_say(value)]
        new = {value if self.kind == "number" else int(value) for value in inside}
        lows = tuple(sorted({*self.lows, *new}))
        if not new or len(lows) > most:
            return self
        before, now = [*map(self.position, lows), float(len(self.lows))], range(len(lows) + 1)

        def moved(ticks: Ticks) -> Ticks:
            far = len(self.lows)
            return tuple(
                (float(np.interp(at, before, now)) if at <= far else at + len(new), text) for at, text in ticks
            )

        return replace(self, lows=lows, ticks=moved(self.ticks), plain_ticks=moved(self.plain_ticks))

    def _can_say(self, value: float) -> bool:
        return bool(np.isfinite(value)) and (self.kind == "number" or value == int(value))

    @cached_property
    def edges(self) -> tuple[float | None, ...]:
        """The lows and the end: one more than there are bins of values."""
        return (*self.lows, self.end)

    def codes(self, values: npt.ArrayLike, missing: Mask | None = None) -> Codes:
        """The bin of every value, uint8; those outside land in the first or last. What is missing has no value."""
        inner = np.asarray(self.lows[1:], dtype=np.float64 if self.kind == "number" else np.int64)
        codes = bins_of(inner, self.numbers(values))
        if missing is not None:
            codes[missing] = len(self.lows)
        return codes

    def numbers(self, values: npt.ArrayLike) -> Numbers:
        """Values as they are compared with the edges: floats, or whole numbers and microseconds."""
        return np.asarray(values, dtype=np.float64) if self.kind == "number" else whole(values)

    # ---- brushes

    def range(self, i: int, j: int) -> Brush:
        """The data values of the bins i up to, not including, j."""
        if not 0 <= i < j <= len(self):
            raise IndexError(f"{self.name} has no bins {i}:{j}; it has {len(self)}")
        none = j > len(self.lows)
        if i == len(self.lows):
            return Values(none=True)
        hi = 1 if self.zero_alone and j == 1 else self.edges[min(j, len(self.lows))]
        return Range(self.lows[i], hi, self.kind, none=none)

    def brush(self, picked: Collection[int]) -> Brush | None:
        """The data values of some bins, with all bins in between; None for no bin."""
        return self.range(min(picked), max(picked) + 1) if picked else None

    def fits(self, brush: Brush) -> bool:
        """Whether a brush speaks of such values at all."""
        if isinstance(brush, Values):
            return not brush.values
        return brush.kind == self.kind or {brush.kind, self.kind} == {"count", "number"}

    def passing(self, values: Numbers, codes: Codes, brush: Brush) -> Mask:
        """Which sessions a brush holds: by code where it covers whole bins, otherwise by value."""
        has_value = codes < len(self.lows)
        if isinstance(brush, Values):
            return has_value if brush.negated else ~has_value
        span = self.span(brush)
        if span is not None:
            mask = (codes >= span[0]) & (codes < span[1])
        else:
            mask = (values >= brush.lo) & has_value
            if brush.hi is not None:
                mask &= values < brush.hi
        if brush.none:
            mask |= ~has_value
        return ~mask if brush.negated else mask

    def span(self, range_: Range) -> tuple[int, int] | None:
        """The bins that hold exactly the values of a range, or None where an end falls inside a bin."""
        i, j = self._edge(range_.lo), len(self.lows) if range_.hi is None else self._edge(range_.hi)
        return None if i is None or j is None else (i, max(i, j))

    def _edge(self, value: float) -> int | None:
        if value <= self.lows[0]:
            return 0
        if self.end is not None and value >= self.end:
            return len(self.lows)
        if self.zero_alone and len(self.lows) > 1 and value <= self.lows[1]:
            return 1
        i = bisect_left(self.lows, value)
        return i if i < len(self.lows) and self.lows[i] == value else None

    # ---- places

    def position(self, value: float | None) -> float:
        """Where a data value lies on the axis, 0 to the number of bins of values; None is the end."""
        if value is None or (self.end is not None and value >= self.end):
            return float(len(self.lows))
        if value <= self.lows[0]:
            return 0.0
        if self.zero_alone and len(self.lows) > 1 and value <= self.lows[1]:
            return 1.0
        i = bisect_right(self.lows, value) - 1
        low, high = self.lows[i], self.edges[i + 1]
        if high is None or low == -np.inf:
            return float(i) if value == low else i + 0.5
        return i + (value - low) / (high - low)

    def interval(self, brush: Brush) -> tuple[float, float] | None:
        """Where a brush stands on the axis, or None where it is not in one piece."""
        n = len(self.lows)
        if isinstance(brush, Values):
            return None if brush.negated or not self.none else (n, n + 1.0)
        lo, hi = self.position(brush.lo), self.position(brush.hi)
        if brush.negated or (brush.none and self.none and hi < n):
            return None
        return lo, hi + (brush.none and self.none)

    def touched(self, brush: Brush) -> Mask:
        """Which bins a brush holds, or holds a part of."""
        at = np.arange(len(self))
        lo, hi = (0.0, 0.0) if isinstance(brush, Values) else (self.position(brush.lo), self.position(brush.hi))
        # Of a bin that an end falls into both the brush and its opposite hold a part.
        inside = (at >= lo) & (at + 1 <= hi) if brush.negated else (at + 1 > lo) & (at < hi)
        if self.none:
            inside[-1] = brush.none
        return ~inside if brush.negated else inside

    # ---- texts

    def text(self, brush: Brush) -> str:
        """A brush as people say it: "1m to 10m", "2 to 5 events", "≥ 2h", "3 Mar to 10 Mar 2024"."""
        return brush_text(brush, unit=self.unit, zone=self.zone)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The text of every bin."""
        return tuple(self.text(self.range(i, i + 1)) for i in range(len(self)))


def whole(values: npt.ArrayLike) -> npt.NDArray[np.int64]:
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
