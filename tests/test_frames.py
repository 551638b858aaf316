"""A frame of events has its sessions as a verb: the same as by `connect`, on frames of Polars and of pandas."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import explorer
from explorer import frames

EVENTS = st.lists(st.tuples(st.sampled_from(["ann", "bob"]), st.integers(0, 600)), min_size=1, max_size=30)
ROLES = {"actor": "user", "time": "ts"}


def frame(events: list[tuple[str, int]]) -> pl.DataFrame:
    times = [datetime(2024, 3, 1) + timedelta(minutes=minute) for _, minute in events]
    return pl.DataFrame({"user": [user for user, _ in events], "ts": times})


def sessions(events: list[tuple[str, int]], longest: int) -> int:
    """How many there are, gap by gap."""
    count, last = 0, {}
    for user, minute in sorted(events, key=lambda event: event[1]):
        count += user not in last or minute - last[user] > longest
        last[user] = minute
    return count


@given(EVENTS, st.integers(1, 90))
def test_cut_is_what_a_loop_cuts(events: list[tuple[str, int]], longest: int):
    assert frame(events).sessions.cut(f"{longest}m", **ROLES).height == sessions(events, longest)


@pytest.mark.parametrize("of", [lambda made: made, lambda made: pd.DataFrame(made.to_dict(as_series=False))])
def test_cut_is_what_connect_says(of: Any):
    frames.register_for_pandas()
    made = frame([("ann", 0), ("ann", 50), ("bob", 3)])
    visit = explorer.SessionDefinition("visit", "30m", metrics=[explorer.Metric("n", "count")])
    wanted = explorer.connect(made, **ROLES).sessions(visit)
    found = of(made).sessions.cut(visit, **ROLES)
    assert_frame_equal(found, wanted, check_dtypes=False)
    assert of(made).sessions.explore(**ROLES).sessions.height == wanted.height
