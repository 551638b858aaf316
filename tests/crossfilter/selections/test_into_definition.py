"""Whatever is brushed can become part of the definition, and keeps exactly the sessions that were selected."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

import explorer
from explorer.charts.titles import NEW_OR_RETURNING
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.metric import ActorMetric, Metric
from explorer.state import Explorer

SELECTIONS = [
    "last event:buy",
    "first event:!view",
    "first page:/a|~none",
    "any event:buy",
    "any event:!buy",
    "any event:buy|view",
    "any page:~none",
    "any page:!/a|~none",
    "hour of start:9|10",
    "hour of start:!9",
    "weekday of start:Monday|Friday",
    "duration:1m..10m",
    "since_previous:1h..25h",
    "until_next:!1h..25h|~none",
    "first until_next:2m..4m",
    f"{NEW_OR_RETURNING}:new",
    f"{NEW_OR_RETURNING}:!new;duration:1m..10m",
    "last event:buy;duration:1m..10m;weekday of start:!Sunday",
    "longest:1m..10m",
    "longest:!1m..10m",
    "session_count:2..6;bought:false",
    "first_how:first|~none;time_in_session:0s..1h",
]
ACTOR_METRICS = (
    ActorMetric("longest", "max", "duration"),
    ActorMetric("bought", "any", where="buys > 0"),
    ActorMetric("first_how", "first", "started_by", where="event_count > 1"),
)


PATTERNS: list[list[tuple[str, str | None]]] = [
    [("view", "/a")],
    [("view", "/a"), ("buy", None)],
    [("buy", None)],
    [("search", None), ("view", "/b"), ("buy", "/c")],
    [("search", None)],
]


@pytest.fixture(scope="module")
def log() -> LocalEngine:
    start = datetime(2024, 3, 1, 8, 30)
    rows = [
        (f"u{at % 5}", start + timedelta(hours=5 * at, minutes=2 * i * (at % 4)), event, page)
        for at in range(80)
        if at % 5 < 4 or at < 15
        for i, (event, page) in enumerate(PATTERNS[at % 5])
    ]
    frame = pl.DataFrame(rows, schema=["user", "ts", "event", "page"], orient="row")
    aware = frame.with_columns(pl.col("ts").dt.replace_time_zone("UTC"))
    return explorer.connect(aware, actor="user", time="ts", event="event", time_zone="Asia/Tokyo")


def state_of(log: LocalEngine) -> Explorer:
    buys = Metric("buys", "count", where="event = 'buy'")
    visit = explorer.SessionDefinition("visit", "30m", metrics=(buys,), actor_metrics=ACTOR_METRICS)
    return Explorer(engine=log, analysis=Analysis(log.columns, (visit,)), session="visit")


@pytest.mark.parametrize("text", SELECTIONS)
def test_what_is_selected_is_kept(log: LocalEngine, text: str):
    state = state_of(log)
    state.need(*Selection.from_text(text))
    state.selection = Selection.from_text(text)
    ids, everything = set(state.selected()["session_id"]), set(state.sessions()["session_id"])
    assert ids < everything
    assert ids
    state.keep_only()
    assert set(state.sessions()["session_id"]) == ids
    assert not state.selection
    state.undo()
    state.exclude(Selection.from_text(text))
    assert set(state.sessions()["session_id"]) == everything - ids


def test_a_metric_that_asks_the_same_is_used_again(log: LocalEngine):
    state = state_of(log)
    for text in ("last event:buy", "last event:!view"):
        state.need("last event")
        state.keep_only(Selection.from_text(text))
    assert [metric.name for metric in state.definition.metrics] == ["buys", "last_event"]
    assert str(state.definition.keep) == "last_event = 'buy' AND NOT last_event = 'view'"


def test_what_cannot_be_said_says_so_and_changes_nothing(log: LocalEngine):
    state = state_of(log)
    before = state.analysis
    with pytest.raises(SpecError, match="Nothing is selected"):
        state.keep_only(Selection())
    with pytest.raises(SpecError, match="'nothing' cannot be part of the definition"):
        state.keep_only(Selection.from_text("nothing:a"))
    assert state.analysis == before


def test_a_value_of_actors_that_a_condition_sees_otherwise_is_refused(log: LocalEngine):
    state = state_of(log)
    state.define(keep="duration > '1m'")
    state.need("session_count", "longest")
    with pytest.raises(SpecError, match="'session_count' is shown over the sessions that the session filter keeps"):
        state.keep_only(Selection.from_text("session_count:2..60"))
    ids = set(state.sessions()["session_id"])
    state.keep_only(Selection.from_text("longest:1m.."))  # the longest is the same with and without the filter
    assert set(state.sessions()["session_id"]) <= ids
