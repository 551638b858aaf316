"""Values of actors in `keep` and among the actors, and what sessions know of their neighbours, held to the oracle."""

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.code.languages import code
from explorer.errors import EngineError, SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.columns import Columns
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.code.running import run
from tests.engine.local.told_rules import COLUMNS, assert_as_told, frame_of, rows_of
from tests.factories import connect
from tests.strategies import Log, actor_metrics, definitions, logs
from tests.told import plain

METRICS = [Metric("beats", "count", where="event = 'beat'"), Metric("total", "sum", "d")]
ACTOR_METRICS = [
    ActorMetric("longest", "max", "duration"),
    ActorMetric("spent", "sum", "total"),
    ActorMetric("long_ones", "count", where="event_count > 2"),
    ActorMetric("ever", "any", where="beats > 1"),
    ActorMetric("first_d", "first", "total", where="total > 0"),
    ActorMetric("typical", "median", "beats"),
    ActorMetric("pause", "mean", "since_previous"),
    ActorMetric("fragile", "min", "gap_margin"),
]
KEEPS = [
    "session_count > 2",
    "time_in_session > '30m'",
    "\"user.session_count.visit\" = 1 OR longest > '10m'",
    "spent > 3 AND ever",
    "since_previous > '45m'",
    "until_next IS NULL",
    "gap_margin < '10m'",
    "first_d IS NULL OR long_ones = 0",
]


def definition_of(keep: str | None, **rules: Any) -> SessionDefinition:
    return SessionDefinition("visit", "30m", metrics=METRICS, actor_metrics=ACTOR_METRICS, keep=keep, **rules)


def told_keep(keep: str | None) -> str | None:
    return keep.replace('"user.session_count.visit"', "session_count") if keep else None


@pytest.mark.parametrize("keep", [None, *KEEPS])
@pytest.mark.parametrize("rules", [{}, {"split_by": "ok"}, {"passive": "event = 'beat'", "opens_with": "d > 0"}])
def test_actors_and_keep(keep: str | None, rules: dict[str, Any]):
    for seed in range(6):
        rows = rows_of(random.Random(f"{keep}/{seed}"))
        log = explorer.connect(frame_of(rows), actor="user", time="ts", event="event")
        definition, wanted = definition_of(keep, **rules), definition_of(told_keep(keep), **rules)
        assert_as_told(log.sessions(definition), oracle.sessions(rows, COLUMNS, wanted))
        found = {row["user"]: row for row in log.actors(definition).to_dicts()}
        actors = {row["user"]: row for row in oracle.actors(rows, COLUMNS, wanted)}
        assert found.keys() == actors.keys()
        for who, row in actors.items():
            for name in row:
                assert plain(found[who][name]) == pytest.approx(plain(row[name])), (who, name)


@given(logs(), definitions(), st.data())
def test_any_actor_metric_is_what_the_slow_loop_says(log: Log, definition: SessionDefinition, data: st.DataObject):
    definition = definition.replace(actor_metrics=data.draw(actor_metrics(definition)))
    names = log.columns.actor
    wanted = {tuple(row[name] for name in names): row for row in oracle.actors(log.rows, log.columns, definition)}
    found = {tuple(row[name] for name in names): row for row in connect(log).actors(definition).to_dicts()}
    assert found.keys() == wanted.keys()
    for who, row in wanted.items():
        for metric in definition.actor_metrics:
            said = plain(row[metric.name])
            if isinstance(said, float) and isinstance(found[who][metric.name], timedelta):
                said = int(said)  # a mean of durations in whole microseconds
            assert plain(found[who][metric.name]) == pytest.approx(said), (who, metric)


def test_charts_of_actor_values():
    rows = rows_of(random.Random(3))
    log = explorer.connect(frame_of(rows), actor="user", time="ts", event="event")
    definition = definition_of(None)
    for of in ("longest", "user.spent.visit", "since_previous", "long_ones"):
        found = log.query(Chart("distribution", "visit", of=of), definition)
        assert found["sessions"].sum() == log.sessions(definition).height
    by = log.query(Chart("table", "visit", measure="mean until_next", by=["session_number"]), definition)
    assert by.height


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ({"name": "a", "aggregate": "sum"}, "'sum' needs a metric or a session column"),
        ({"name": "a", "aggregate": "count", "column": "duration"}, "'count' counts sessions"),
        ({"name": "a", "aggregate": "ratio", "column": "x"}, "aggregate: 'ratio' is not known"),
        ({"name": "duration", "aggregate": "count"}, "'duration' is taken already"),
        ({"name": "beats", "aggregate": "count"}, "'beats' is taken already"),
    ],
)
def test_what_is_no_actor_metric(metric: dict[str, Any], said: str):
    with pytest.raises(SpecError, match=said):
        SessionDefinition("visit", "30m", metrics=METRICS, actor_metrics=[metric])


def test_what_does_not_fit():
    log = explorer.connect(frame_of(rows_of(random.Random(1))), actor="user", time="ts", event="event")
    for metric, said in (
        (ActorMetric("a", "sum", "started_by"), "'sum' needs numbers"),
        (ActorMetric("a", "sum", "nothing"), "sessions have no column 'nothing'"),
    ):
        with pytest.raises(SpecError, match=said):
            log.actors(SessionDefinition("visit", "30m", actor_metrics=[metric]))


def test_sessions_kept_by_an_actor_metric_can_be_compared():
    log = explorer.connect(frame_of(rows_of(random.Random(1))), actor="user", time="ts", event="event")
    definition = definition_of("spent > 0")
    found = log.diff(definition, definition.replace(inactivity="5m"))
    assert found.one.height == log.sessions(definition).height > 0


def test_it_goes_round():
    analysis = Analysis(Columns("user", "ts"), (definition_of(KEEPS[0]),))
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Analysis.from_query(analysis.to_query()) == analysis


def test_the_python_code_makes_them():
    log = explorer.connect(frame_of(rows_of(random.Random(1))), actor="user", time="ts", event="event")
    definition = definition_of(KEEPS[0])
    made = run(code(log, Analysis(log.columns, (definition,)), "python"), events=frame_of(rows_of(random.Random(1))))
    assert made["actors"].equals(log.actors(definition))


def test_other_code_keeps_by_values_of_actors_or_says_that_it_cannot():
    log = explorer.connect(frame_of(rows_of(random.Random(1))), actor="user", time="ts", event="event")
    analysis = Analysis(log.columns, (definition_of('"user.spent.visit" > 3'),))
    assert "with_actors" in code(log, analysis, "sql")
    with pytest.raises(EngineError, match=r"by values of actors, such as user\.spent\.visit"):
        code(log, analysis, "polars")
