"""Ranges that are typed."""

from __future__ import annotations

import pytest

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.durations import duration_bins
from explorer.crossfilter.bins.extent import extent, floats
from explorer.crossfilter.bins.floats import float_bins
from explorer.crossfilter.bins.range_ends import typed_ends, typed_range
from explorer.crossfilter.bins.times import time_bins
from explorer.errors import SpecError

DURATION = duration_bins("duration", extent([0, 10**9]))
COUNT = count_bins("event_count", extent([1, 50]), "events")
NUMBER = float_bins("paid", floats([0.5, 99.5]))
DAY = 86_400_000_000
BERLIN = time_bins("start", extent([19_786 * DAY, 19_800 * DAY]), "Europe/Berlin")
PLAIN = time_bins("start", extent([19_786 * DAY, 19_800 * DAY]))


@pytest.mark.parametrize(
    ("bins", "low", "high", "text"),
    [
        (DURATION, "1m 30s", "10m", "1m30s..10m"),
        (DURATION, "", "10m", "0s..10m"),
        (DURATION, "90s", "", "1m30s.."),
        (COUNT, "2", "5", "2..6"),
        (COUNT, "1,000", "", "1000.."),
        (COUNT, "3", "3", "3..4"),
        (NUMBER, "9.5", "20", "9.5..20.0"),
        (PLAIN, "2024-03-04", "2024-03-05 10:30", "2024-03-04T00:00..2024-03-05T10:30"),
        (PLAIN, "4 Mar 2024", "5 Mar 2024 10:30", "2024-03-04T00:00..2024-03-05T10:30"),
        (BERLIN, "2024-03-04", "", "2024-03-03T23:00.."),
    ],
)
def test_what_is_typed_is_brushed_and_said_again(bins: Bins, low: str, high: str, text: str):
    found = typed_range(bins, low, high)
    assert found.to_text() == text
    assert typed_range(bins, *typed_ends(bins, found)) == found


@pytest.mark.parametrize(
    ("bins", "low", "high", "where", "words"),
    [
        (DURATION, "5", "", "from", "unit"),
        (COUNT, "2.5", "", "from", "whole number"),
        (NUMBER, "", "x", "to", "not a number"),
        (PLAIN, "yesterday", "", "from", "not a time"),
        (COUNT, "5", "2", "to", "beyond"),
        (COUNT, " ", "", "", "at least one end"),
    ],
)
def test_what_is_no_range_says_which_end(bins: Bins, low: str, high: str, where: str, words: str):
    with pytest.raises(SpecError, match=words) as caught:
        typed_range(bins, low, high)
    assert (caught.value.where or "") == where
