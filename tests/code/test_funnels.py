"""The code that counts a funnel, run without anything of ours."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.code.funnels import LEFT_OUT, Counted, funnels_of
from explorer.code.languages import code
from explorer.code.polars import polars_code
from explorer.code.sql import sql_code
from explorer.plan.in_polars.pattern import LETTERS, OTHER, reaching_expression
from explorer.plan.in_sql.sequences.words import of_posix
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.steps import PatternStep, Steps
from explorer.spec.charts.sequences.told_apart import TOGETHER
from explorer.spec.expression.clause import parse
from explorer.spec.session import SessionDefinition
from tests.code.running import run
from tests.code.told_apart import APART, PATTERNED, WHERES, chart_apart, check_told, expected, told
from tests.engine.local.inside.made_up import FRAME, VISIT
from tests.examples import examples
from tests.factories import connect
from tests.strategies import Log, definitions, funnels, logs, patterns

LOGIN, VIEW, BUY = (f"event = '{event}'" for event in ("login", "view", "buy"))
SPLIT = ";\n\n"
ANY_FUNNEL = st.booleans().flatmap(funnels)


def chart_of(funnel: Counted) -> Chart:
    steps = funnel.steps
    limits = {"within": steps.within, "without": steps.without, "order": steps.order, "across": steps.across}
    return Chart("funnel", "visit", steps=steps.conditions, where=funnel.where, **limits)


def counted(steps: Steps, where: str | None) -> Counted:
    """Across sessions no condition on sessions is written."""
    return Counted(steps, None if where is None or steps.across else parse(where))


@examples(30)
@given(logs(), definitions(), ANY_FUNNEL, WHERES)
def test_the_polars_script_counts_what_the_engine_does(
    log: Log, definition: SessionDefinition, steps: Steps, where: str | None
):
    engine, funnel = connect(log), counted(steps, where)
    found = run(polars_code(engine, definition, funnels=(funnel,)), events=log.frame)
    assert found["funnel"]["reached"].to_list() == engine.query(chart_of(funnel), definition)["value"].to_list()


@examples(20)
@given(logs(), definitions(), ANY_FUNNEL, WHERES)
def test_the_sql_counts_what_the_engine_does(log: Log, definition: SessionDefinition, steps: Steps, where: str | None):
    engine, funnel = connect(log), counted(steps, where)
    relation = duckdb.connect().from_arrow(log.frame.to_arrow())
    _, query = sql_code(engine, definition, funnels=(funnel,)).split(SPLIT)
    (found,) = relation.query("events", query).pl().rows()
    assert list(found) == engine.query(chart_of(funnel), definition)["value"].to_list()


@examples(30)
@given(logs(), definitions(), PATTERNED, WHERES)
def test_steps_that_are_patterns_are_counted_too(
    log: Log, definition: SessionDefinition, steps: Steps, where: str | None
):
    engine, funnel = connect(log), counted(steps, where)
    expected = engine.query(chart_of(funnel), definition)["value"].to_list()
    found = run(polars_code(engine, definition, funnels=(funnel,)), events=log.frame)
    assert found["funnel"]["reached"].to_list() == expected
    relation = duckdb.connect().from_arrow(log.frame.to_arrow())
    _, query = sql_code(engine, definition, funnels=(funnel,)).split(SPLIT)
    (row,) = relation.query("events", query).pl().rows()
    assert list(row) == expected


@examples(25)
@given(logs(), definitions(), st.one_of(funnels(False), PATTERNED), WHERES, APART)
def test_what_tells_funnels_apart_is_in_the_code(
    log: Log, definition: SessionDefinition, steps: Steps, where: str | None, asked: Any
):
    engine = connect(log)
    chart = chart_apart(steps, where, *asked)
    found = funnels_of(engine, [chart], definition, ())
    assert not found.more
    (funnel,) = found.counted
    assert (funnel.apart.by, funnel.apart.every) == (asked[0] or "", asked[1] or "")
    if not engine.sessions(funnel.of(definition)).height:
        return
    wanted, every = expected(engine, chart, definition), bool(chart.every)
    made = run(polars_code(engine, definition, funnels=(funnel,)), events=log.frame)
    check_told(told(made["funnel"], len(steps)), wanted, len(steps), every)
    assert made["sessions"].columns == engine.sessions(definition).columns
    relation = duckdb.connect()
    relation.execute(f"SET TimeZone = '{engine.zone or 'UTC'}'")
    _, query = sql_code(engine, definition, funnels=(funnel,)).split(SPLIT)
    frame = relation.from_arrow(log.frame.to_arrow()).query("events", query).pl()
    check_told(told(frame, len(steps)), wanted, len(steps), every)


@pytest.mark.parametrize(
    "fields",
    [
        {"by": "any event"},
        {"by": "since_previous"},
        {"by": "session_count"},
        {"by": "first event", "across": True},
        {"every": "1h"},
        {"every": "1d", "across": True},
    ],
    ids=str,
)
def test_what_is_no_condition_on_sessions_is_left_out(fields: dict[str, Any]):
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    chart = Chart("funnel", "visit", steps=(LOGIN, VIEW), **fields)
    found = funnels_of(engine, [chart], VISIT, ())
    assert found.more
    assert [funnel.apart for funnel in found.counted] == [TOGETHER]


def test_names_of_columns_that_would_be_one_name_are_told_apart():
    frame = FRAME.with_columns(pl.col("event").alias("a b"), pl.col("n").cast(pl.String).alias("a_b"))
    engine = explorer.connect(frame, actor="user", time="ts", event="event")
    charts = [Chart("funnel", "visit", steps=(LOGIN, VIEW), by=by) for by in ("first a b", "first a_b", "first a b")]
    found = funnels_of(engine, charts, VISIT, ())
    assert len(found.counted) == 2
    made = run(polars_code(engine, VISIT, funnels=found.counted), events=frame)
    for chart, name in zip(charts, ("funnel", "funnel_2"), strict=False):
        assert told(made[name], 2) == expected(engine, chart, VISIT)


@given(st.lists(patterns(), min_size=1, max_size=3), st.text(LETTERS[:3] + OTHER, max_size=8))
def test_expressions_of_posix_find_the_same_words(every: list[Any], letters: str):
    trees = [pattern.tree for pattern in every]
    regex = reaching_expression(trees, len(trees))
    plain, word = of_posix(regex), letters * len(trees)
    assert "(?" not in plain
    assert re.search(r"[*+?}]\?", plain) is None
    assert (re.search(plain, word) is None) == (re.search(regex, word) is None)


def test_snowflake_looks_for_patterns_anywhere_in_a_session():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event", order="n")
    steps = Steps((PatternStep.parse("pattern: login -> view"), parse(BUY)))
    text = sql_code(engine, VISIT, "snowflake", funnels=(Counted(steps),)).split(SPLIT)[1]
    assert "REGEXP_INSTR(word, '^(.{2})*((a.{1})(b.{1}))') > 0" in text
    assert "REGEXP_LIKE" not in text


@pytest.mark.parametrize("dialect", ["clickhouse", "postgres", "spark"])
def test_other_dialects_have_it_too(dialect: str):
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event", order="n")
    steps = Chart("funnel", "visit", steps=(LOGIN, VIEW), across=True).funnel
    text = sql_code(engine, VISIT.replace(keep="event_count > 1"), dialect, funnels=(Counted(steps),))
    assert text.count(SPLIT) == 1
    assert "step_2" in text
    steps = Steps((PatternStep.parse("pattern: login -> view"), parse(BUY)))
    text = sql_code(engine, VISIT, dialect, funnels=(Counted(steps),)).split(SPLIT)[1]
    assert {"clickhouse": "match(", "postgres": " ~ ", "spark": " RLIKE "}[dialect] in text
    chart = Chart("funnel", "visit", steps=(LOGIN, VIEW), by="first event", every="1w")
    text = sql_code(engine, VISIT, dialect, funnels=funnels_of(engine, [chart], VISIT, ()).counted).split(SPLIT)[1]
    assert "THEN 'login'" in text
    assert "LEFT JOIN" in text


def test_all_funnels_of_a_definition_are_in_the_code():
    engine = explorer.connect(FRAME, actor="user", time="ts", event="event")
    charts = [
        Chart("funnel", "visit", steps=(LOGIN, VIEW)),
        Chart("funnel", "visit", steps=(LOGIN, VIEW), by="first event"),
        Chart("funnel", "visit", steps=(VIEW, BUY), within="1m", across=True),
        Chart("funnel", "visit", steps=(LOGIN, VIEW), where="event_count > 99"),
        Chart("funnel", "visit", steps=(LOGIN, VIEW), where="session_count > 1"),
        Chart("funnel", "other", steps=(BUY,)),
    ]
    analysis = Analysis({"actor": "user", "time": "ts", "event": "event"}, [VISIT, VISIT.replace(name="other")], charts)
    text = code(engine, analysis, "polars")
    found = run(text, events=FRAME)
    assert found["funnel"].rows() == [(1, 3), (2, 2)]
    assert found["funnel_2"].rows() == [("login", 2, 2, 2), ("view", 1, 1, 0)]
    assert "# Sessions by first event that reach these steps in this order: login, view." in text
    assert found["funnel_3"].rows() == [(1, 3), (2, 1)]
    assert "# Sessions that reach these steps in this order: login, view." in text
    assert "# Actors that reach these steps in this order within 1m across sessions: view, buy." in text
    assert LEFT_OUT in text
    assert found["funnel_4"].rows() == [(1, 0), (2, 0)]
    assert "# Sessions where event_count > 99 that reach these steps in this order: login, view." in text
    assert "funnel_5" not in text
    assert found["sessions"].height == 3
    sql = code(engine, analysis, "sql", session="other")
    assert sql.count(SPLIT) == 1
    assert LEFT_OUT not in sql
    assert "steps_reached" not in code(engine, analysis.replace(charts=()), "polars")
