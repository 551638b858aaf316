"""The key numbers through time are what grouping the sessions says, and the bins' totals."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.crossfilter.cube import Dimension
from explorer.engine.local.coded.coding import coded_of
from explorer.engine.local.coded.numbers_through_time import through_time
from explorer.plan.in_polars.boundary import ACTOR
from tests.examples import examples
from tests.factories import connect
from tests.strategies import Log, definitions, logs


def grouped(table: pl.DataFrame, start: Dimension) -> dict[str, list[float | None]]:
    """The same by group-by."""
    events, duration = pl.col("event_count"), pl.col("duration").dt.total_microseconds()
    frame = table.select(ACTOR, "event_count", "duration").with_columns(pl.Series("@at", start.codes))
    found = frame.group_by("@at").agg(
        sessions=pl.len(),
        actors=pl.col(ACTOR).n_unique(),
        events=events.sum(),
        median_duration=duration.median(),
        events_per_session=events.mean(),
        one_event_share=(events == 1).mean(),
    )
    each = frame.group_by("@at", ACTOR).agg(duration.sum())
    theirs = each.group_by("@at").agg(median_time_in_session=pl.col("duration").median())
    every = pl.DataFrame({"@at": pl.Series(range(len(start.bins)), dtype=frame.schema["@at"])})
    joined = every.join(found.join(theirs, on="@at"), on="@at", how="left", maintain_order="left")
    filled = joined.with_columns(pl.col("sessions", "actors", "events").fill_null(0)).drop("@at")
    return {name: filled[name].cast(pl.Float64).to_list() for name in filled.columns}


@examples(60)
@given(logs(), definitions())
def test_they_are_what_grouping_says(log: Log, definition: explorer.SessionDefinition) -> None:
    sessions = connect(log).session_table(definition.replace(keep=None, metrics=(), actor_metrics=()))
    if not sessions.table.height:
        return
    start: Any = coded_of(sessions).crossfilter.dimensions["start"]
    found, wanted = through_time(sessions.table, start), grouped(sessions.table, start)
    assert found.keys() == wanted.keys()
    for name, values in wanted.items():
        np.testing.assert_allclose(  # None arrives as NaN
            np.array(found[name], dtype=float), np.array(values, dtype=float), rtol=1e-12, err_msg=name
        )


@examples(20)
@given(st.permutations(range(12)))
def test_in_any_order(order: list[int]) -> None:
    frame = pl.DataFrame(
        {"user": [f"u{at % 3}" for at in range(12)], "ts": [f"2024-01-{1 + at:02} 10:00" for at in range(12)]}
    )
    sessions = explorer.connect(frame, actor="user", time="ts").session_table(explorer.SessionDefinition("visit", "1h"))
    start: Any = coded_of(sessions).crossfilter.dimensions["start"]
    other = Dimension(start.bins, start.values, start.codes[order])
    assert through_time(sessions.table[order], other) == through_time(sessions.table, start)
