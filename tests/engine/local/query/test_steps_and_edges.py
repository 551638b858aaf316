"""Calendar steps are the standard library's, and edges hold every value."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.crossfilter.bins.extent import extent
from explorer.crossfilter.bins.human_edges import duration_edges, number_edges
from explorer.engine.local.query import calendar_steps
from explorer.errors import SpecError
from explorer.spec.charts.chart import STEPS, Chart
from explorer.spec.session import SessionDefinition
from tests.engine.local.query.slow_query import floored
from tests.examples import examples


@given(st.lists(st.integers(0, 10**14), min_size=1), st.sampled_from([20, 60]))
def test_edges_of_durations_hold_all(values: list[int], most: int):
    held(duration_edges(extent(pl.Series(values, dtype=pl.Int64).to_numpy()), most), values, 2 * most)


@given(st.lists(st.integers(-(2**60), 2**60) | st.integers(-5, 50), min_size=1), st.sampled_from([20, 60]))
def test_edges_of_whole_numbers_hold_all(values: list[int], most: int):
    held(number_edges(extent(pl.Series(values, dtype=pl.Int64).to_numpy()), most), values, most + 3)


@given(st.lists(st.floats(-1e12, 1e12) | st.floats(0, 1), min_size=1), st.sampled_from([20, 60]))
def test_edges_of_numbers_hold_all(values: list[float], most: int):
    held(number_edges(extent(pl.Series(values, dtype=pl.Float64).to_numpy()), most), values, most + 3)


def held(edges: Any, values: list[Any], most: int) -> None:
    assert len(edges) <= most
    assert all(low < high for low, high in pairwise(edges))
    assert edges[0] <= min(values)
    assert max(values) < edges[-1]


# ---- time


BERLIN = ZoneInfo("Europe/Berlin")


def daily(days: list[datetime], zone: str, every: str | None) -> pl.DataFrame:
    rows = [{"user": at, "ts": day.astimezone(UTC)} for at, day in enumerate(days)]
    log = explorer.connect(pl.DataFrame(rows), actor="user", time="ts", time_zone=zone)
    return log.query(Chart("line", "visit", every=every), SessionDefinition("visit", "30m"))


def test_days_are_those_of_the_zone_when_the_clocks_change():
    days = [datetime(2024, 3, 30, 23, 30, tzinfo=BERLIN), datetime(2024, 4, 1, 0, 10, tzinfo=BERLIN)]
    found = daily(days, "Europe/Berlin", "1d")
    assert found["start"].dtype == pl.Datetime("us", "Europe/Berlin")
    assert found["start"].to_list() == [datetime(2024, 3, day, tzinfo=BERLIN) for day in (30, 31)] + [
        datetime(2024, 4, 1, tzinfo=BERLIN)
    ]
    assert found["value"].to_list() == [1, 0, 1]


def test_the_hour_that_comes_twice_is_two_hours():
    twice = [datetime(2024, 10, 27, 2, 30, fold=fold, tzinfo=BERLIN) for fold in (0, 1)]
    found = daily([*twice, datetime(2024, 10, 27, 4, 5, tzinfo=BERLIN)], "Europe/Berlin", "1h")
    assert found["value"].to_list() == [1, 1, 0, 1]
    assert len(set(found["start"].dt.convert_time_zone("UTC"))) == 4


def test_a_day_without_midnight_begins_at_one():
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    days = [datetime(2018, 11, day, 12, tzinfo=sao_paulo) for day in (3, 4, 5)]
    found = daily(days, "America/Sao_Paulo", "1d")
    assert found["value"].to_list() == [1, 1, 1]
    assert [start.hour for start in found["start"].to_list()] == [0, 1, 0]


@examples(40)
@given(
    st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)), min_size=1, max_size=5),
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana"]),
    st.sampled_from(STEPS),
)
def test_steps_are_those_of_the_standard_library(times: list[datetime], zone: str, step: str):
    aware = [time.replace(tzinfo=UTC) for time in times]
    values = pl.Series(aware, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    found = calendar_steps.floor(values, step)
    assert found.to_physical().to_list() == [floored(time, step, zone) for time in aware]


def test_a_line_without_a_step_has_a_nice_one():
    found = daily([datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 30, tzinfo=UTC)], "UTC", None)
    assert found.height == 26  # weeks
    with pytest.raises(SpecError, match=r"every: 1m makes 260,641 steps\. The most are 10,000: write 1h"):
        daily([datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 30, tzinfo=UTC)], "UTC", "1m")


def test_too_many_steps_name_what_a_wrong_clock_has_put_far_away():
    times = [datetime(1970, 1, 1)] + [datetime(2025, 10, 12 + day) for day in range(5)]
    with pytest.raises(
        SpecError, match=r"write 1w\. Or leave out 1 that lies far .*'2025-10-12' AND '2025-10-16 23:59'"
    ):
        calendar_steps.between(pl.Series(times, dtype=pl.Datetime("us")), "1d")
