"""Bins: edges that people know, nothing lost at either end, at most 64."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.bins.bins import MOST_BINS, Bins
from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.durations import LADDER, duration_bins
from explorer.crossfilter.bins.extent import extent, floats
from explorer.crossfilter.bins.floats import float_bins
from explorer.crossfilter.bins.times import time_bins
from explorer.crossfilter.selections.selection import Range
from explorer.spec.duration import Duration

MS, SECOND, MINUTE, HOUR, DAY = 1_000, 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000


def us(text: str, zone: object = UTC) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return round(moment.timestamp()) * SECOND


def holds(bins: Bins, values: np.ndarray) -> None:
    """What is true of all bins: they cover the values, and codes, ranges and positions agree."""
    assert 1 <= len(bins) <= MOST_BINS
    assert list(bins.lows) == sorted(set(bins.lows))
    codes = bins.codes(values)
    assert codes.dtype == np.uint8
    for i in range(len(bins)):
        range_ = bins.range(i, i + 1)
        inside = values >= range_.lo
        inside &= values < range_.hi if range_.hi is not None else True
        assert (inside == (codes == i)).all()
        assert bins.span(range_) == (i, i + 1)
        assert bins.position(range_.lo) == i
        assert bins.position(range_.hi) == i + 1
    places = [place for place, _ in bins.ticks]
    assert places == sorted(places)
    assert all(0 <= place <= len(bins) for place in places)
    assert len(bins.labels) == len(bins)


@given(
    st.lists(st.integers(-5, 10**12), min_size=1, max_size=60),
    st.lists(st.integers(-10, 10**12), max_size=4),
    st.sampled_from(["duration", "count", "number"]),
)
def test_bins_that_are_cut_hold_the_same_values(values: list[int], cuts: list[int], kind: str) -> None:
    known = extent([abs(value) for value in values])
    plain = {"duration": duration_bins, "count": lambda n, k: count_bins(n, k), "number": float_bins}[kind]("n", known)
    bins, array = plain.cut_at(cuts), plain.numbers(np.abs(values))
    holds(bins, array)
    assert set(plain.lows) <= set(bins.lows)
    if len(plain) + len(cuts) <= MOST_BINS:
        assert all(bins.span(Range(plain.lows[0], cut, plain.kind)) is not None for cut in cuts)
    assert [text for _, text in bins.ticks] == [text for _, text in plain.ticks]
    for (place, _), (at, _) in zip(plain.ticks, bins.ticks, strict=True):
        if place == int(place):
            low = plain.edges[int(place)]
            assert low is None or bins.position(low) == at


def test_bins_are_not_cut_where_no_whole_number_says_the_value():
    plain = count_bins("n", extent(range(200)))
    assert plain.cut_at([7.5]) is plain
    assert plain.cut_at([float("inf")]) is plain


def test_the_bin_for_none_comes_and_goes_without_a_trace():
    plain = count_bins("n", extent(range(40)))
    assert plain.with_none().without_none() == plain
    assert len(plain.with_none()) == len(plain) + 1
    assert plain.without_none() is plain


@given(
    st.lists(st.one_of(st.integers(0, 100), st.integers(0, 10**16)), max_size=60),
    st.sampled_from([1, MS, SECOND]),
)
def test_duration_bins_cover_every_value(values: list[int], grain: int) -> None:
    durations = np.array(values, dtype=np.int64) // grain * grain
    holds(duration_bins("duration", extent(durations)), durations)


@given(st.lists(st.one_of(st.integers(-20, 100), st.integers(-(10**15), 10**15)), max_size=60))
def test_count_bins_cover_every_value(values: list[int]) -> None:
    holds(count_bins("n", extent(values)), np.array(values, dtype=np.int64))


@given(
    st.lists(st.datetimes(datetime(1902, 1, 1), datetime(2200, 1, 1)), max_size=20),
    st.sampled_from([None, "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_time_bins_cover_every_value(values: list[datetime], zone: str | None) -> None:
    times = np.array(values, dtype="datetime64[us]").astype(np.int64)
    holds(time_bins("start", extent(times), zone), times)


@pytest.mark.parametrize("make", [duration_bins, count_bins, time_bins])
@pytest.mark.parametrize("values", [[], [0], [7, 7, 7], [0, 10**15], [0, 2**62]])
def test_few_and_far_values(make: object, values: list[int]) -> None:
    holds(make("x", extent(values)), np.array(values, dtype=np.int64))


def test_the_ladder_has_the_human_edges_and_even_steps() -> None:
    edges = [Duration.parse(text).us for text in LADDER]
    for human in ("10s", "30s", "1m", "10m", "30m", "1h", "6h", "12h", "1d", "1w", "4w", "52w"):
        assert Duration.parse(human).us in edges
    ratios = np.array(edges[1:]) / np.array(edges[:-1])
    assert ratios.min() >= 1.39
    assert ratios.max() <= 1.5


def test_one_event_sessions_have_their_own_bar() -> None:
    bins = duration_bins("duration", extent([0, 0, 90 * SECOND, 2 * HOUR]))
    assert bins.labels[0] == "0s"
    assert bins.range(0, 1) == Range(0, 1, "duration")
    assert bins.ticks[0] == (0.5, "0s")


def test_edges_stay_put_when_the_values_change() -> None:
    some = duration_bins("duration", extent([5 * SECOND, HOUR]))
    more = duration_bins("duration", extent([SECOND, DAY]))
    assert set(some.lows) <= set(more.lows)


@pytest.mark.parametrize("grain", [1, MS, SECOND])
def test_fine_values_make_no_comb(grain: int) -> None:
    values = np.arange(1, 3_000) * grain
    counts = np.bincount(duration_bins("duration", extent(values)).codes(values))
    filled = np.flatnonzero(counts)
    assert (np.diff(filled) == 1).all()


def test_a_long_tail_is_seen() -> None:
    assert duration_bins("duration", extent([1, 400 * DAY])).end is None
    assert duration_bins("duration", extent([1, 400 * DAY])).labels[-1] == "≥ 364d"
    events = np.r_[np.repeat(np.arange(1, 21), 100), 5_000]
    bins = count_bins("event_count", extent(events), "events")
    assert bins.labels[0] == "1 event"
    assert bins.labels[-1] == "21+ events"
    assert bins.end is None


def test_wide_numbers_get_equal_nice_bins() -> None:
    bins = count_bins("pages", extent(np.arange(1, 1_001)), "pages")
    assert set(np.diff(bins.lows)) == {20}
    assert bins.labels[1] == "21 to 40 pages"


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (0.04, "4 Mar 2024 00:00 to 00:01"),
        (2, "4 Mar 2024 00:00 to 01:00"),
        (50, "4 Mar 2024"),
        (300, "4 Mar to 10 Mar 2024"),
        (1_500, "1 Mar to 31 Mar 2024"),
    ],
)
def test_times_take_the_smallest_calendar_step(days: float, first: str) -> None:
    start = us("2024-03-04")
    bins = time_bins("start", extent([start, start + int(days * DAY)]))
    assert bins.labels[0] == first
    assert 2 <= len(bins.ticks) <= 6


def test_days_follow_the_clocks_of_the_zone() -> None:
    bins = time_bins("start", extent([us("2024-03-20"), us("2024-04-10")]), "Europe/Berlin")
    hours = {size // HOUR for size in np.diff(bins.lows)}
    assert hours == {6, 5} or hours == {24, 23} or hours == {12, 11}
    days = time_bins("start", extent([us("2024-10-01"), us("2024-11-20")]), "Europe/Berlin")
    assert {size // HOUR for size in np.diff(days.lows)} == {24, 25}
    assert all("00:00" not in label for label in days.labels)


def test_times_beyond_the_calendar_are_in_the_outer_bins() -> None:
    times = np.array([-(2**62), 0, 2**62])
    holds(time_bins("start", extent(times), "Europe/Berlin"), times)


def test_ranges_are_said_as_people_say_them() -> None:
    durations = duration_bins("duration", extent([0, 52 * 7 * DAY]))
    assert durations.text(Range(MINUTE, 10 * MINUTE, "duration")) == "1m to 10m"
    assert durations.text(Range(2 * HOUR, None, "duration")) == "≥ 2h"
    assert count_bins("n", extent([1]), "events").text(Range(2, 6)) == "2 to 5 events"
    times = time_bins("start", extent([us("2024-01-01"), us("2024-12-31")]))
    assert times.text(Range(us("2024-03-03"), us("2024-03-11"), "time")) == "3 Mar to 10 Mar 2024"
    assert times.text(Range(us("2023-12-31"), us("2024-03-11"), "time")) == "31 Dec 2023 to 10 Mar 2024"
    assert times.text(Range(us("2024-03-03"), us("2024-03-04"), "time")) == "3 Mar 2024"


def test_a_range_off_the_edges_has_a_place_but_no_span() -> None:
    bins = duration_bins("duration", extent([0, MINUTE, HOUR]))
    odd = Range(61 * SECOND, 11 * MINUTE, "duration")
    assert bins.span(odd) is None
    i = bins.lows.index(MINUTE)
    assert i < bins.position(odd.lo) < i + 1


def test_too_many_bins_and_bins_that_are_not_there() -> None:
    with pytest.raises(ValueError, match="65 bins"):
        Bins("n", "count", tuple(range(65)), None)
    with pytest.raises(IndexError, match="no bins 1:1"):
        count_bins("n", extent([1, 2])).range(1, 1)


@pytest.mark.parametrize("single", [False, True])
@given(st.data())
def test_float_bins_cover_every_value(single: bool, data: st.DataObject) -> None:
    numbers = np.array(data.draw(st.lists(st.floats(allow_nan=False, width=32 if single else 64), max_size=60)))
    bins = float_bins("x", floats(numbers), single=single)
    holds(bins, numbers)
    with_none = bins.with_none()
    missing = np.zeros(len(numbers), dtype=bool)
    missing[::2] = True
    codes = with_none.codes(np.where(missing, 0.0, numbers), missing)
    assert (codes == len(bins)).tolist() == missing.tolist()
    assert codes[~missing].tolist() == bins.codes(numbers[~missing]).tolist()


def test_a_tail_of_floats_is_seen() -> None:
    paid = np.r_[np.linspace(0, 100, 2_000), 5_000.5]
    bins = float_bins("paid", floats(paid))
    assert bins.end is None
    assert bins.labels[-1] == f"{bins.lows[-1]:g}+"
    assert bins.ticks[-1][1] == bins.labels[-1]
    assert len(bins) > 40
