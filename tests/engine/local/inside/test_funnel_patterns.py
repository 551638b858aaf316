"""A funnel with patterns among its steps, held to a search that tries one way after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from explorer.engine.local.inside.funnel import funnel
from explorer.errors import SpecError
from explorer.plan.check import check
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import PatternStep, Steps
from explorer.spec.expression.clause import Compare
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.engine.local.inside.beside_oracle import chosen
from tests.engine.local.inside.made_up import FRAME, VISIT
from tests.engines.making import Connect
from tests.strategies import definitions, inside_clauses, logs, patterns

STEP = st.one_of(
    patterns().map(PatternStep),
    st.sampled_from(["login", "view", "buy"]).map(lambda event: Compare("event", "=", event)),
    inside_clauses(),
)


@given(logs(), definitions(), st.lists(STEP, min_size=0, max_size=2), patterns())
def test_sessions_get_as_far_as_a_search_says(log, definition, others, pattern):
    log = replace(log, columns=log.columns.replace(event="event"))
    steps = Steps((*others, PatternStep(pattern)))
    engine, _, sessions = chosen(log, definition, 1)
    try:
        found = funnel(engine.session_table(definition), steps)
    except SpecError as error:
        assume("kinds of events" not in str(error))
        raise
    times = [oracle.funnel_of_patterns(session.events, steps, log.columns.event) for session in sessions]
    assert found.reached.tolist() == list(map(len, times))
    for at, waits in enumerate(found.waits):
        for place, (its, session) in enumerate(zip(times, sessions, strict=True)):
            if len(its) > at:
                assert waits[place] == its[at] - (its[at - 1] if at else session.events[0].time)


def asked(engine: Any, *steps: str, **fields: Any) -> pl.DataFrame:
    found: pl.DataFrame = engine.query(Chart("funnel", "visit", steps=steps, **fields), VISIT)
    return found


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (["pattern: login -> view", "event = 'buy'"], [2, 1]),
        (["pattern: view{2}", "pattern: buy -> view $"], [1, 1]),
        (["event = 'login'", "pattern: login -> view"], [3, 1]),
        (["pattern: [^login]+", "pattern: ^ login"], [3, 0]),
        (["n >= 0", "pattern: view -> buy"], [3, 1]),  # an event counts for one step
    ],
)
def test_a_pattern_is_a_step(engines: Connect, steps: list[str], wanted: list[int]):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    assert asked(engine, *steps)["value"].to_list() == wanted


def test_waits_end_with_the_last_event_of_each_part(engines: Connect):
    engine = engines(FRAME, actor="user", time="ts", event="event")
    found = asked(engine, "pattern: login -> view", "event = 'buy'")
    assert found["median_wait"].dt.total_seconds().to_list() == [90, 120]
    both = asked(engine, "pattern: login -> view", "event = 'buy'", by="first event")
    assert both.select("first event", "value").rows() == [("login", 2), ("login", 1), ("view", 0), ("view", 0)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"within": "10m"}, "within: With a pattern among its steps a funnel has none"),
        ({"order": "any"}, "order: With a pattern among its steps"),
        ({"across": True}, "across: With a pattern among its steps"),
        ({"steps": ["pattern: view ->"]}, r"steps\[0\]: The pattern `view ->` needs an event at the end"),
    ],
)
def test_what_does_not_go_with_patterns_is_refused(fields: dict[str, Any], said: str):
    with pytest.raises(SpecError, match=said):
        Chart("funnel", "visit", **{"steps": ["pattern: view -> buy"]} | fields)


def test_a_pattern_is_written_and_read_back_and_checked():
    chart = Chart("funnel", "visit", steps=["pattern:  view -> {n > 1} ", "event = 'buy'"])
    assert chart.plain()["steps"] == ["pattern: view -> {n > 1}", "event = 'buy'"]
    assert Chart(**chart.plain()) == chart
    analysis = Analysis({"actor": "user", "time": "ts"}, [SessionDefinition("visit", "30m")], [chart])
    schema = {"user": pl.String(), "ts": pl.Datetime(), "event": pl.String(), "n": pl.Int64()}
    (problem,) = check(analysis, schema)
    assert "No column says what happened in an event" in str(problem)
