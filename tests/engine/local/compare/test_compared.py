"""Several ways to cut side by side: numbers and distributions equal what the sessions say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.answers.compare import COMPARED
from explorer.engine.local.compare.compared import common, compared
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SpecError
from explorer.spec.session import SessionDefinition
from tests.engine.local.compare.connecting import connect
from tests.examples import examples
from tests.strategies import Log, definitions, logs

BEGIN = datetime(2024, 3, 1)


def sessions_of(engine: LocalEngine, asked: SessionDefinition | str) -> pl.DataFrame:
    """The public frame; of a column, the diff's side."""
    if isinstance(asked, SessionDefinition):
        return engine.sessions(asked)
    frame = engine.diff(asked, asked).one
    return frame.with_columns((pl.col("end") - pl.col("start")).cast(pl.Duration("us")).alias("duration"))


def check(engine: LocalEngine, asked: SessionDefinition | str) -> None:
    frame, found = sessions_of(engine, asked), compared(engine.event_table, asked)
    actors = frame.group_by(engine.columns.actor).agg(pl.col("duration").sum())
    numbers = found.numbers
    assert numbers.sessions == frame.height
    assert numbers.actors == actors.height
    assert numbers.events == frame["event_count"].sum()
    if not frame.height:
        assert numbers.median_duration is numbers.one_event_share is numbers.median_time_in_session is None
        return
    assert numbers.median_duration == frame["duration"].to_physical().median()
    assert numbers.events_per_session == pytest.approx(frame["event_count"].mean())
    assert numbers.one_event_share == pytest.approx((frame["event_count"] == 1).mean())
    assert numbers.median_time_in_session == actors["duration"].to_physical().median()


@examples(30)
@given(logs(), st.lists(definitions(), min_size=1, max_size=3), st.sampled_from(["page", "ok", "items", "amount"]))
def test_numbers_and_distributions_are_those_of_the_sessions(log: Log, several: list[SessionDefinition], column: str):
    engine = connect(log)
    asked = [*several, column]
    for each in asked:
        check(engine, each)
    found = common(engine.event_table, asked)
    assert list(found) == list(COMPARED)
    for name, one in found.items():
        for each, counts in zip(asked, one.counts, strict=True):
            numbers, values = (
                compared(engine.event_table, each).numbers,
                compared(engine.event_table, each).values[name],
            )
            assert counts.sum() == len(values) == (numbers.actors if name == "time_in_session" else numbers.sessions)
            slow = [0] * len(one.bins)
            for value in values.tolist():
                slow[max(at for at, low in enumerate(one.bins.lows) if low <= value)] += 1
            assert counts.tolist() == slow


def test_a_column_that_is_not_there_is_an_error(made: LocalEngine):
    with pytest.raises(SpecError, match=r"no column 'sesion'\. Did you mean 'session'"):
        compared(made.event_table, "sesion")


def test_metrics_are_computed_only_where_keep_reads_them(made: LocalEngine):
    metric = {"name": "n", "aggregate": "count"}
    visit = SessionDefinition("visit", "30m", metrics=[metric])
    compared(made.event_table, visit)
    assert "metric" not in made.stages.made
    compared(made.event_table, visit.replace(keep="n > 1"))
    assert made.stages.made["metric"] == 1


@pytest.fixture
def made() -> LocalEngine:
    rows = [("ann", at, None) for at in (0, 10, 70)] + [("bob", 5, "s1")]
    frame = pl.DataFrame(rows, schema=["user", "ts", "session"], orient="row")
    noon = pl.datetime(2024, 5, 1, 12)
    return explorer.connect(frame.with_columns(ts=noon + pl.duration(minutes="ts")), actor="user", time="ts")


@pytest.mark.parametrize("rules", [{}, {"max_events": 2}, {"opens_with": "event = 'b'"}, {"keep": "event_count > 1"}])
def test_events_that_last(rules: dict[str, Any]):
    lasts = [90, 5, 0, 20, 31, 1, 2, 3, 60, 0, 4, 45]
    rows = [
        {"user": "ab"[at % 5 == 0], "ts": BEGIN + timedelta(minutes=at * 17), "event": "ab"[at % 2],
         "until": timedelta(minutes=last)}
        for at, last in enumerate(lasts * 2)
    ]  # fmt: skip
    engine = explorer.connect(pl.DataFrame(rows), actor="user", time="ts", event="event", until="until")
    check(engine, SessionDefinition("visit", "15m", **rules))
