"""Bins are made from an extent alone: whoever answers it makes the same bins."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.bins.binning import Binning, chosen_bins
from explorer.crossfilter.bins.bins import MOST_BINS, Bins
from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.durations import duration_bins
from explorer.crossfilter.bins.extent import Extent, extent, floats
from explorer.crossfilter.bins.floats import float_bins
from explorer.crossfilter.bins.human_edges import duration_edges, number_edges
from explorer.crossfilter.bins.times import time_bins


class Slow:
    """The extent of a list, by loops."""

    def __init__(self, values: list[int] | list[float], whole: bool) -> None:
        self.values, self.whole = sorted(values), whole
        self.count = len(values)

    @property
    def low(self) -> float:
        return self.values[0]

    @property
    def high(self) -> float:
        return self.values[-1]

    @property
    def usual(self) -> float:
        return self.values[min(self.count - 1, int(0.99 * self.count))]

    @property
    def median(self) -> float:
        return float(statistics.median(self.values))

    @property
    def grain(self) -> int:
        for unit in (1_000_000, 1_000):
            if sum(value % unit != 0 for value in self.values) <= 0.01 * self.count:
                return unit
        return 1

    def parts(self, many: int) -> list[float]:
        return [self.values[self.count * part // many] for part in range(many)]

    @property
    def positive(self) -> Slow:
        return Slow([value for value in self.values if value > 0], self.whole)

    def up_to(self, most: float) -> Slow:
        return Slow([value for value in self.values if value <= most], self.whole)

    def nearer_than(self, farthest: float) -> Slow:
        return Slow([value for value in self.values if abs(value) < farthest], self.whole)


WHOLE: dict[str, Callable[[Extent], object]] = {
    "durations": lambda known: duration_bins("x", known),
    "counts": lambda known: count_bins("x", known),
    "times": lambda known: time_bins("x", known),
    "widths": lambda known: chosen_bins("x", known, "count", Binning(width="7"), MOST_BINS),
    "linear": lambda known: chosen_bins("x", known, "duration", Binning(scale="linear"), MOST_BINS),
    "logarithmic": lambda known: chosen_bins("x", known, "count", Binning(scale="log"), MOST_BINS),
    "quantiles": lambda known: chosen_bins("x", known, "count", Binning(scale="quantile"), MOST_BINS),
    "edges": lambda known: number_edges(known, 20).tolist(),
    "lengths": lambda known: duration_edges(known, 20).tolist(),
}
FLOATS: dict[str, Callable[[Extent], object]] = {
    "numbers": lambda known: float_bins("x", known),
    "linear": lambda known: chosen_bins("x", known, "number", Binning(scale="linear"), MOST_BINS),
    "logarithmic": lambda known: chosen_bins("x", known, "number", Binning(scale="log"), MOST_BINS),
    "quantiles": lambda known: chosen_bins("x", known, "number", Binning(scale="quantile"), MOST_BINS),
    "edges": lambda known: number_edges(known, 20).tolist(),
}
NUMBERS = st.integers(-1_000, 10_000_000) | st.integers(0, 20) | st.integers(0, 10_000).map(lambda n: n * 1_000_000)


@pytest.mark.parametrize("rule", WHOLE)
@given(st.lists(NUMBERS, max_size=120))
def test_whole_numbers(rule: str, values: list[int]) -> None:
    make = WHOLE[rule]
    assert make(extent(np.array(values, dtype=np.int64))) == make(Slow(values, whole=True))


@pytest.mark.parametrize("rule", FLOATS)
@given(st.lists(st.floats(-1e6, 1e6) | st.floats(0, 10) | st.just(float("inf")), max_size=120))
def test_numbers_with_a_fraction(rule: str, values: list[float]) -> None:
    make = FLOATS[rule]
    made = make(floats(values))
    assert made == make(Slow(values, whole=False))
    assert isinstance(made, Bins | list)
