"""A small log whose sessions are known by hand, under every rule; each stage is made again only when it must be."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SpecError
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition

START = datetime(2024, 3, 1, 10)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
def log() -> LocalEngine:
    rows = [
        ("ann", at(0), "home", 0),
        ("ann", at(30), "login", 5),
        ("ann", at(61), "buy", 7),
        ("bob", at(0), "login", None),
        ("bob", at(10), "buy", 1),
        ("bob", at(10), "buy", 2),
    ]
    frame = pl.DataFrame(rows, schema=["user", "ts", "event", "amount"], orient="row")
    return explorer.connect(frame.sample(fraction=1, shuffle=True, seed=1).sort("amount", nulls_last=True))


def define(**changes: object) -> SessionDefinition:
    return SessionDefinition(**({"name": "visit", "inactivity": "30m"} | changes))  # type: ignore[arg-type]


def test_sessions(log: LocalEngine):
    found = log.sessions(define())
    assert found.columns == [
        *("session_id", "user", "session_number", "start", "end", "duration", "event_count", "started_by", "cut_off")
    ]
    assert found["session_id"].to_list() == ["ann/1", "ann/2", "bob/1"]
    assert found["start"].to_list() == [at(0), at(61), at(0)]
    assert found["end"].to_list() == [at(30), at(61), at(10)]
    assert found["duration"].to_list() == [timedelta(minutes=30), timedelta(0), timedelta(minutes=10)]
    assert found["event_count"].to_list() == [2, 1, 3]
    assert found["started_by"].to_list() == ["first", "inactivity", "first"]
    assert found["cut_off"].to_list() == ["both", None, "both"]  # a single event so far off is a wrong clock


def test_actors(log: LocalEngine):
    found = log.actors(define())
    assert found.columns == ["user", "session_count", "time_in_session", "first_start", "last_end"]
    assert found["session_count"].to_list() == [2, 1]
    assert found["time_in_session"].to_list() == [timedelta(minutes=30), timedelta(minutes=10)]


def test_events_are_in_order_with_their_session(log: LocalEngine):
    found = log.events(define())
    assert found["session_id"].to_list() == ["ann/1", "ann/1", "ann/2", "bob/1", "bob/1", "bob/1"]
    assert found["event"].to_list() == ["home", "login", "buy", "login", "buy", "buy"]
    assert log.events(define(), where="event = 'buy'", page=slice(1, 2))["amount"].to_list() == [1]


def test_the_gap_curve_is_the_number_of_sessions(log: LocalEngine):
    for boundary in (">", ">="):
        curve = log.gap_curve(define(boundary=boundary, restart="event = 'buy'"))
        for text in ("1m", "10m", "30m", "31m", "2h"):
            definition = define(inactivity=text, boundary=boundary, restart="event = 'buy'")
            assert curve.sessions(definition.inactivity) == log.sessions(definition).height


def test_columns_of_the_source_that_are_named_like_ours_are_kept():
    frame = pl.DataFrame({"user": ["a"], "ts": [START], "session_id": ["x"], "start": [1], "until_next": [7]})
    found = explorer.connect(frame).events(define())
    own = ["user", "ts", "session_id_in_source", "start_in_source", "until_next_in_source"]
    assert found.columns == ["session_id", "session_number", *EVENT_COLUMNS, *own]


def test_an_actor_of_several_columns_has_one_id_each():
    frame = pl.DataFrame({"a": ["x/y", "x", "x\\"], "b": ["z", "y/z", "/y"], "ts": [START] * 3})
    found = explorer.connect(frame, actor=["a", "b"], time="ts").sessions(define())
    assert found["session_id"].n_unique() == 3
    assert found.columns[:4] == ["session_id", "a", "b", "session_number"]


def test_changing_inactivity_makes_only_the_cut_again(log: LocalEngine):
    definition = define(where="amount > 1", restart="event = 'buy'")
    log.sessions(definition)
    before = dict(log.stages.made)
    log.sessions(definition.replace(inactivity="31m"))
    assert {stage for stage, count in log.stages.made.items() if count != before.get(stage)} == {
        "spans",
        "placed",
        "cut",
        "table",
    }


def test_editing_a_metric_makes_only_that_metric_again(log: LocalEngine):
    kept = Metric("buys", "count", where="event = 'buy'")
    log.sessions(define(metrics=[kept, Metric("total", "min", column="amount")]))
    before = dict(log.stages.made)
    log.sessions(define(metrics=[kept, Metric("total", "max", column="amount")]))
    made = {stage: count - before.get(stage, 0) for stage, count in log.stages.made.items()}
    assert {stage: count for stage, count in made.items() if count} == {"metric": 1, "parts": 1, "table": 1}


def test_metrics_may_need_each_other_but_not_in_a_circle(log: LocalEngine):
    buys = Metric("buys", "count", where="event = 'buy'")
    rate = Metric("rate", "ratio", column="buys / event_count")
    assert log.sessions(define(metrics=[rate, buys]))["rate"].to_list() == [0, 1, pytest.approx(2 / 3)]
    circle = [
        Metric("a", "count", scope={"where": "b > 0"}),
        Metric("b", "count", scope={"where": "a > 0"}),
    ]
    with pytest.raises(SpecError, match="circle: a needs b needs a"):
        log.sessions(define(metrics=circle))


def test_times_with_a_zone_are_kept_in_utc():
    frame = pl.DataFrame({"user": ["a"], "ts": ["2024-03-01T10:00:00+02:00"]})
    found = explorer.connect(frame).sessions(define())
    assert found["start"].to_list() == [datetime(2024, 3, 1, 8, tzinfo=UTC)]
