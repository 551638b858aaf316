"""Categories: named values as bins, the most frequent ones told apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.bins import MOST_BINS, NONE, Codes, Mask, Numbers, Ticks
from explorer.crossfilter.formats import count_short, count_text
from explorer.crossfilter.selections.brushes import Brush, Range, Values
from explorer.crossfilter.selections.range_text import brush_text, value_label, values_text

TOP = 12


@dataclass(frozen=True, eq=False)
class Categories:
    """The first `shown` of the `known` values have a bin each; then come a bin for all others, and one for none.

    A session's value is a place in `known`, and one beyond them all where it has none. `called` are the labels of
    the values that are shown, where they are not the values themselves.

    >>> categories = Categories("platform", pl.Series(["ios", "web", "tv", "car"]), shown=2, none=True)
    >>> categories.labels
    ('ios', 'web', 'other (2 values)', 'none')
    >>> categories.brush([1, 2]).to_text()
    '!ios|~none'
    """

    name: str
    known: pl.Series
    shown: int = TOP
    none: bool = False
    called: tuple[str, ...] = field(default=(), kw_only=True)
    kind: str = field(default="values", init=False)

    def __post_init__(self) -> None:
        if len(self) > MOST_BINS:
            raise ValueError(f"{self.name}: {len(self)} bins; there must be at most {MOST_BINS}")

    def __len__(self) -> int:
        return max(1, len(self.values) + (self.others > 0) + self.none)

    def without_none(self) -> Categories:
        """The bins of values alone."""
        return replace(self, none=False) if self.none else self

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The values that have a bin each."""
        return tuple(self.known.head(self.shown))

    @property
    def others(self) -> int:
        """How many values share the bin of the others."""
        return len(self.known) - len(self.values)

    def codes(self, places: npt.ArrayLike) -> Codes:
        """The bin of every session, by the place of its value."""
        at = np.asarray(places)
        codes = np.minimum(at, len(self.values)).astype(np.uint8)
        if self.none:
            codes[at == len(self.known)] = len(self) - 1
        return codes

    def numbers(self, places: npt.ArrayLike) -> Numbers:
        """Places as they are: whole numbers, in as few bytes as they come in."""
        return np.asarray(places)

    # ---- brushes

    def brush(self, picked: Collection[int]) -> Brush | None:
        """The data values of some bins; None for no bin and for all of them.

        With the bin of the others it is said by what it is not, so that it goes on meaning the same values.
        """
        bins = {i for i in picked if 0 <= i < len(self)}
        if not bins or len(bins) == len(self):
            return None
        negated = self.others > 0 and len(self.values) in bins
        said = set(range(len(self))) - bins if negated else bins
        values = frozenset(value for i, value in enumerate(self.values) if i in said)
        return Values(values, none=self.none and len(self) - 1 in said, negated=negated)

    def range(self, i: int, j: int) -> Brush | None:
        """The data values of neighbouring bins."""
        return self.brush(range(i, j))

    def fits(self, brush: Brush) -> bool:
        """Whether a brush speaks of such values at all."""
        return isinstance(brush, Values)

    def passing(self, values: Numbers, codes: Codes, brush: Brush) -> Mask:
        """Which sessions a brush holds."""
        del codes
        return self._held(brush)[values]

    def _held(self, brush: Brush) -> Mask:
        """Which of the known values, and none behind them, a brush holds."""
        assert isinstance(brush, Values)
        named = self.known.is_in(list(brush.values)).to_numpy() if len(self.known) else np.zeros(0, bool)
        held = np.append(named, brush.none)
        return ~held if brush.negated else held

    def interval(self, brush: Brush) -> tuple[float, float] | None:
        """Bars are brushed one by one: no brush stands on the axis."""
        del brush
        return None

    def touched(self, brush: Brush) -> Mask:
        """Which bins a brush holds, or holds a part of."""
        held, n = self._held(brush), len(self.values)
        rest = [held[n:-1].any()] if self.others else []
        found = np.array([*held[:n], *rest, *([held[-1]] if self.none else [])], dtype=bool)
        return found if len(found) else np.zeros(len(self), dtype=bool)

    # ---- texts

    def text(self, brush: Brush) -> str:
        """A brush as people say it: "ios or web", "other than ios or none"."""
        if isinstance(brush, Range) or not self.called:
            return brush_text(brush)
        said = dict(zip(self.values, self.called, strict=True))
        text = values_text([said.get(value, value) for value in self.values if value in brush.values], brush.none)
        return f"not {text}" if brush.negated else text

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The text of every bin."""
        rest = f"other ({count_text(self.others)} value{'' if self.others == 1 else 's'})"
        named = self.called or tuple(map(value_label, self.values))
        return (*named, *([rest] if self.others else []), *([NONE] if self.none else [])) or ("nothing",)

    @property
    def ticks(self) -> Ticks:
        """Every bin has its label below its middle; that of the others is short."""
        labels = list(self.labels)
        if self.others:
            labels[len(self.values)] = f"other ({count_short(self.others)})"
        return tuple((i + 0.5, label) for i, label in enumerate(labels))
