"""A metric tried out: the numbers are those of the sessions, and every session is in one bar or has no value."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.engine.local.editors.bars import MOST_BARS, bars
from explorer.engine.local.editors.metric_trial import trial
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SpecError
from explorer.plan.in_polars.measure import dtype_of_actors
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition
from tests.factories import connect
from tests.strategies import Log, actor_metrics, definitions, logs, metrics


@given(logs(), definitions(), metrics())
def test_a_trial_is_what_the_sessions_say(log: Log, definition: SessionDefinition, metric: Metric):
    definition = definition.replace(keep=None) if definition.metric("m0") is None else definition
    metric = metric.replace(name="tried")
    found = trial(connect(log).session_table(definition), metric)
    sessions = connect(log).sessions(definition.replace(metrics=(*definition.metrics, metric)))
    values = sessions["tried"].fill_nan(None) if sessions["tried"].dtype.is_float() else sessions["tried"]
    assert (found.total, found.nulls) == (len(values), values.null_count())
    assert sum(count for _, count in found.bars) == found.with_value == values.count()
    assert len(found.bars) <= MOST_BARS + 2
    assert bool(found.summary) == bool(found.with_value)
    shown = dict(sessions.select("session_id", "tried").iter_rows())
    for session_id, value in found.examples.select("session_id", "value").iter_rows():
        assert value == shown[session_id]
        assert value is not None
    assert found.examples.height == min(5, found.with_value)
    assert found.milliseconds > 0


def test_the_value_stands_beside_the_session_or_the_actor_also_of_two_parts():
    """It is the last that may be cut off where there is little room."""
    frame = pl.DataFrame({"user": ["a", "b"], "app": ["x", "y"], "ts": [0, 60], "event": ["view", "buy"]})
    engine = explorer.connect(frame, actor=("user", "app"), time="ts", event="event", unit="seconds")
    of_actors = (ActorMetric("longest", "max", "duration"),)
    sessions = engine.session_table(SessionDefinition("visit", "30m", actor_metrics=of_actors))
    assert trial(sessions, Metric("events", "count")).examples.columns[:2] == ["session_id", "value"]
    assert trial(sessions, of_actors[0]).examples.columns[:3] == ["user", "app", "value"]


@given(logs(), definitions(), st.data())
def test_a_trial_of_actors_is_what_the_actors_say(log: Log, definition: SessionDefinition, data: st.DataObject):
    definition = definition.replace(actor_metrics=data.draw(actor_metrics(definition)))
    engine, metric = connect(log), definition.actor_metrics[-1]
    found = trial(engine.session_table(definition.replace(actor_metrics=definition.actor_metrics[:-1])), metric)
    values = engine.actors(definition)[metric.name]
    values = values.fill_nan(None) if values.dtype.is_float() else values
    assert (found.total, found.nulls) == (len(values), values.null_count())
    assert sum(count for _, count in found.bars) == found.with_value == values.count()
    assert bool(found.summary) == bool(found.with_value)
    known = engine.actors(definition).select(
        [metric.name if name == "value" else name for name in found.examples.columns]
    )
    assert found.examples.rename({"value": metric.name}).join(known, on=known.columns, nulls_equal=True).height == min(
        5, found.with_value
    )
    dtype = dtype_of_actors(metric, {**engine.schema, **engine.sessions(definition).schema})
    assert values.dtype == dtype or {values.dtype, dtype} <= {pl.String, pl.Enum, pl.Categorical}


@pytest.fixture
def engine() -> LocalEngine:
    hours = pl.datetime_range(pl.datetime(2024, 3, 1), pl.datetime(2024, 3, 2), "1h", closed="left", eager=True)
    frame = pl.DataFrame(
        {
            "user": ["ann", "bob"] * 12,
            "ts": hours,
            "event": ["view", "view", "buy"] * 8,
            "amount": [0.5, 1.0, 2.5, 4.0] * 6,
        }
    )
    return explorer.connect(frame, actor="user", time="ts", event="event")


def visit(*metrics: Metric, **rules: object) -> SessionDefinition:
    return SessionDefinition("visit", "30m", metrics=metrics, **rules)  # type: ignore[arg-type]


def test_a_metric_of_the_same_name_is_replaced_and_others_read_the_new_one(engine: LocalEngine):
    definition = visit(Metric("n", "count"), Metric("rate", "ratio", column="n / event_count"))
    bought = Metric("n", "count", where="event = 'buy'")
    assert trial(engine.session_table(definition), bought).bars == (("0", 16), ("1", 8))
    kept = trial(engine.session_table(definition.replace(keep="rate > 0")), bought)
    assert (kept.total, kept.bars) == (8, (("1", 8),))


@pytest.mark.parametrize(
    ("metric", "where"),
    [
        (Metric("m", "count", where="evnt = 'buy'"), "where"),
        (Metric("m", "sum", "amout"), "column"),
        (Metric("m", "sum", "event"), "column"),
        (Metric("m", "count", scope={"contains": "evnt = 'buy'"}), "scope.contains"),
        (Metric("m", "count", scope={"where": "duratoin > '1h'"}), "scope.where"),
        (Metric("m", "count", scope={"where": "duration > 3"}), "scope"),
        (Metric("m", "ratio", column="n / nn"), "column"),
        (Metric("duration", "count"), "name"),
    ],
)
def test_errors_have_a_place_within_the_metric(engine: LocalEngine, metric: Metric, where: str):
    for others in ((), (Metric("n", "count"),)):
        with pytest.raises(SpecError) as caught:
            trial(engine.session_table(visit(*others)), metric)
        assert caught.value.where == where


def test_a_problem_elsewhere_does_not_matter(engine: LocalEngine):
    found = trial(engine.session_table(visit(Metric("wrong", "sum", "amout"))), Metric("m", "count"))
    assert found.with_value == 24


def test_a_remembered_metric_still_says_what_it_took(engine: LocalEngine):
    metric = Metric("m", "median", "amount")
    engine.sessions(visit(metric))
    first = trial(engine.session_table(visit(metric)), metric)
    assert first.milliseconds > 0
    assert trial(engine.session_table(visit(metric, color="#2f7de1")), metric) is first


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (pl.Series([], dtype=pl.Int64), ()),
        (pl.Series([[1]]), ()),
        (pl.Series([True, False, True]), (("true", 2), ("false", 1))),
        (pl.Series([0.0, 0.0]), (("0 to 1", 2),)),
        (pl.Series([math.inf, -math.inf, 1.0]), (("−∞", 1), ("1 to 2", 1), ("∞", 1))),
        (pl.Series([timedelta(0), timedelta(seconds=90)]), (("0s", 1), ("1m to 1m 30s", 0), ("1m 30s to 2m 10s", 1))),
        (pl.Series([datetime(2024, 3, 1), datetime(2024, 4, 9)]), (("1 Mar 2024", 1), ("9 Apr 2024", 1))),
    ],
)
def test_bars_are_readable(values: pl.Series, wanted: tuple):
    found = bars(values)
    assert set(wanted) <= set(found)
    assert sum(count for _, count in found) == (0 if values.dtype == pl.List else len(values))


def test_texts_beyond_the_most_frequent_share_one_bar():
    *_, last = bars(pl.Series([f"t{at:02}" for at in range(20)] + ["t00"]))
    assert last == ("8 other values", 8)


NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(0, 200), st.integers(-5, 5))
FLOATS = st.one_of(st.floats(allow_nan=False), st.floats(0, 1), st.floats(-1e6, 1e6))


@given(st.one_of(st.lists(NUMBERS, min_size=1), st.lists(FLOATS, min_size=1)))
def test_every_number_is_in_one_bar(numbers: list[float]):
    found = bars(pl.Series(numbers))
    assert sum(count for _, count in found) == len(numbers)
    assert len(found) <= MOST_BARS + 3
    assert len({label for label, _ in found}) == len(found)


@given(st.lists(st.one_of(st.integers(-(2**40), 2**62), st.integers(0, 10**8)), min_size=1))
def test_every_duration_is_in_one_bar(lengths: list[int]):
    found = bars(pl.Series(lengths).cast(pl.Duration("us")))
    assert sum(count for _, count in found) == len(lengths)
    assert len(found) <= MOST_BARS + 1
