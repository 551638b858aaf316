"""Bins as asked for: every value in exactly one, with the widths that were asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.bins.binning import QUANTILES, Binning, chosen_bins
from explorer.crossfilter.bins.bins import MOST_BINS, Bins
from explorer.crossfilter.bins.extent import extent, floats
from explorer.errors import SpecError

SECOND = 1_000_000
LONG = st.lists(st.integers(0, 10**14), min_size=1, max_size=60)
COUNTS = st.lists(st.integers(-(10**6), 10**9), min_size=1, max_size=60)
NUMBERS = st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=60)
SAID = st.sampled_from([Binning(scale=scale) for scale in ("linear", "log", "quantile")])


def holds(bins: Bins, values: np.ndarray[Any, Any]) -> None:
    codes = bins.codes(values)
    lows, ends = np.asarray(bins.lows), np.array([*bins.lows[1:], np.inf if bins.end is None else bins.end])
    assert len(bins) <= MOST_BINS
    assert (np.diff(lows) > 0).all()
    assert (values >= lows[codes]).all()
    assert (values < ends[codes]).all()


@given(LONG, SAID)
def test_every_duration_is_in_its_bin(values: list[int], binning: Binning):
    holds(chosen_bins("duration", extent(np.array(values)), "duration", binning, MOST_BINS), np.array(values))


@given(COUNTS, SAID)
def test_every_count_is_in_its_bin(values: list[int], binning: Binning):
    holds(chosen_bins("pages", extent(np.array(values)), "count", binning, MOST_BINS), np.array(values))


@given(NUMBERS, SAID)
def test_every_number_is_in_its_bin(values: list[float], binning: Binning):
    holds(chosen_bins("paid", extent(np.array(values)), "number", binning, MOST_BINS), np.array(values))


@given(LONG, st.sampled_from(["1s", "90s", "5m", "2h", "1d"]))
def test_bins_are_as_wide_as_asked_and_the_last_takes_the_rest(values: list[int], width: str):
    bins = chosen_bins("duration", extent(np.array(values)), "duration", Binning(width=width), MOST_BINS)
    holds(bins, np.array(values))
    step = {"1s": 1, "90s": 90, "5m": 300, "2h": 7_200, "1d": 86_400}[width] * SECOND
    assert set(np.diff(bins.lows)) <= {step}
    assert bins.lows[0] % step == 0
    if bins.end is None:
        assert max(values) >= bins.lows[-1] + step
    else:
        assert bins.end == bins.lows[-1] + step


def test_quantiles_hold_equally_many():
    values = np.random.default_rng(0).permutation(10_000)
    bins = chosen_bins("n", extent(values), "count", Binning(scale="quantile"), MOST_BINS)
    assert np.bincount(bins.codes(values)).tolist() == [10_000 // QUANTILES] * QUANTILES


@pytest.mark.parametrize(
    ("kind", "binning", "where", "words"),
    [
        ("duration", Binning(width="5"), "bin", "Write 5m"),
        ("count", Binning(width="5m"), "bin", "is a duration. Write a number"),
        ("count", Binning(width="0.5"), "bin", "whole number"),
        ("time", Binning(width="5m"), "bin", "steps of the calendar"),
        ("time", Binning(scale="log"), "scale", "steps of the calendar"),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(kind: Any, binning: Binning, where: str, words: str):
    with pytest.raises(SpecError, match=words) as caught:
        chosen_bins("it", extent(np.array([1, 2])), kind, binning, MOST_BINS)
    assert caught.value.where == where


def test_a_number_just_below_a_power_of_ten_has_its_bin() -> None:
    values = np.array([999_999_999.999_999_9])
    holds(chosen_bins("paid", floats(values), "number", Binning(scale="log"), MOST_BINS), values)
