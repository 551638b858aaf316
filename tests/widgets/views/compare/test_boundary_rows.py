"""Where two sides begin their sessions, row by row."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from widgets.views.compare.boundary_rows import EDGE, MOST_BARS, SHOWN, Labels, boundary_rows, shown_ranges

NOON = datetime(2024, 5, 1, 12)
labels = st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 2)), max_size=12).flatmap(
    lambda pairs: st.lists(st.integers(1, 9), min_size=len(pairs), max_size=len(pairs)).map(
        lambda lengths: [pair for pair, length in zip(pairs, lengths, strict=True) for _ in range(length)]
    )
)


def told(one: list[str | None], other: list[str | None], **more: int) -> dict:
    frame = pl.DataFrame(
        {"session_in_one": one, "session_in_other": other, "event": [f"e{at}" for at in range(len(one))]},
        schema={"session_in_one": pl.String, "session_in_other": pl.String, "event": pl.String},
    ).with_columns(ts=pl.Series([NOON + timedelta(minutes=at) for at in range(len(one))], dtype=pl.Datetime("us")))
    return boundary_rows(frame, "ts", ("event",), ("visit", "sid"), None, {}, **more)


@given(labels, st.dictionaries(st.integers(0, 40), st.integers(1, 5)), st.integers(1, 60))
def test_no_event_is_lost_and_every_boundary_is_shown(pairs: list[tuple[int, int]], opened: dict[int, int], most: int):
    one, other = (np.array([pair[at] for pair in pairs], np.int64) for at in (0, 1))
    ranges, rest = shown_ranges(one, other, opened, most)
    at = 0
    for begin, end, _ in ranges:
        assert begin == at <= end
        at = end
    assert at == rest
    shown = {place for begin, end, key in ranges if key == SHOWN for place in range(begin, end)}
    starts = {place for place in range(rest) if place == 0 or pairs[place] != pairs[place - 1]}
    assert starts <= shown
    assert len(shown) + sum(key != SHOWN for _, _, key in ranges) <= most
    if len(pairs) <= most:
        assert rest == len(pairs)


def test_what_is_left_out_is_opened_by_its_key():
    one = other = np.zeros(300, np.int64)
    ranges, _ = shown_ranges(one, other, {})
    key = ranges[1][2]
    assert ranges == [(0, EDGE, SHOWN), (EDGE, 300 - EDGE, key), (300 - EDGE, 300, SHOWN)]
    opened, _ = shown_ranges(one, other, {key: 100})
    assert opened[1] == (EDGE + 100, 300 - EDGE, key)
    assert shown_ranges(one, other, {key: 300})[0] == [(0, 300, SHOWN)]


def test_boundaries_are_said_in_words():
    found = told(["a", "a", "b", "b", "b", "b"], ["x", "y", "z", None, "z", "x"])
    assert [row["border"] for row in found["rows"]] == [
        "",
        "A new session in 'sid'; 'visit' goes on",
        "A new session in both",
        "",
        "",
        "Back in an earlier session of 'sid'; 'visit' goes on",
    ]
    assert [row["differs"] for row in found["rows"]] == [False, True, False, False, False, True]
    assert found["rows"][1]["cells"] == ["1 May 2024 12:01:00", "1m", "e1"]
    assert found["rows"][3]["rails"] == [1, -1]
    assert found["rows"][2]["labels"] == ["b", "z"]
    assert [lane["id"] for lane in found["lanes"][1]] == ["x", "y", "z"]
    assert found["left"] == found["note"] == ""


def test_one_event_and_none():
    assert told(["a"], [None])["lanes"] == [[{"from": 0.5, "to": 0.5, "id": "a"}], []]
    assert told([], [])["rows"] == []


def test_what_is_not_shown_is_said():
    names = [f"s{at}" for at in range(MOST_BARS + 5)]
    found = told(names, [None] * len(names), most=10)
    assert found["left"] == f"{len(names) - 10}"
    assert found["note"] == f"The bars are the first {MOST_BARS} of {len(names)} sessions of 'visit'."
    assert len(found["lanes"][0]) == MOST_BARS


@given(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=12))
def test_the_session_before(ids: list[str | None]):
    side = Labels.of(pl.Series(ids, dtype=pl.String))
    for at, last in enumerate(side.before().tolist()):
        earlier = [name for name in ids[:at] if name is not None]
        assert (None if last < 0 else side.ids[last]) == (earlier[-1] if earlier else None)
    assert [ids.index(name) for name in side.ids] == side.first().tolist()
