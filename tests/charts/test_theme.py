"""Number formats: at most two units, never 60 of one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.charts.theme import count_short, count_text, duration_text, percent_text, time_text


@pytest.mark.parametrize(
    ("us", "text"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (0, "0s"),
        (12, "0.000012s"),
        (348_000, "0.3s"),
        (45_000, "0.04s"),
        (2_300, "0.002s"),
        (950, "0.00095s"),
        (999_600, "1s"),
        (1_500_000, "1.5s"),
        (42_000_000, "42s"),
        (59_600_000, "1m"),
        (65_000_000, "1m 05s"),
        (90_000_000, "1m 30s"),
        (3_599_900_000, "1h"),
        (7_500_000_000, "2h 05m"),
        (86_399_000_000, "1d"),
        (273_600_000_000, "3d 4h"),
        (-90_000_000, "-1m 30s"),
    ],
)
def test_durations(us: float | None, text: str) -> None:
    assert duration_text(us) == text


@given(st.integers(0, 10**15))
def test_a_duration_never_has_sixty_of_a_unit(us: int) -> None:
    text = duration_text(us)
    assert re.fullmatch(r"[\d,.]+(s|m|h|d)( \d\d?[smh])?", text)
    assert not re.search(r"\b(60s|60m(?!s)|24h)", text)


def test_counts_and_shares() -> None:
    assert count_text(200_134) == "200,134"
    assert [count_short(n) for n in (0, 999, 1_000, 99_949, 200_134, 1_200_000, None)] == [
        "0", "999", "1,000", "99,949", "200,134", "1.2M", "–",
    ]  # fmt: skip
    assert percent_text(0.12) == "12.0 %"
    assert percent_text(None) == "–"


def test_times_are_told_in_their_zone() -> None:
    assert time_text(1_709_561_100_000_000) == "4 Mar 2024 14:05:00"
    assert time_text(1_709_561_100_000_000, "Asia/Kolkata") == "4 Mar 2024 19:35:00"
    assert time_text(None) == "–"
