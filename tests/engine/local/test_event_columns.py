"""What every event knows of its session: on every engine, beside a source's own columns, and where it is not known."""

from datetime import datetime, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest

import explorer
from explorer.code.plain.known import WRITTEN
from explorer.code.polars import polars_code
from explorer.engine.local.cut.known import KNOWN
from explorer.engine.local.engine import LocalEngine
from explorer.engine.sql.remote_engine import RemoteEngine
from explorer.errors import ExplorerError
from explorer.plan.check import check
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.code.running import check as check_script
from tests.code.running import run
from tests.parity import check as check_parity

START = datetime(2024, 3, 1, 10)
SECONDS = [0, 20, 20, 200, 5_000, 5_010]
PAGES = ["/a", "/b", "/a", "/c", "/a", "/a"]
FRAME = pl.DataFrame(
    {"user": ["ann"] * 6, "ts": [START + timedelta(seconds=second) for second in SECONDS], "page": PAGES}
)


def visit(*metrics: dict[str, Any], **rules: Any) -> SessionDefinition:
    named = [{"name": f"m{at}", **metric} for at, metric in enumerate(metrics)]
    return SessionDefinition("visit", **({"inactivity": "30m", "metrics": named} | rules))


def values(engine: Any, *metrics: dict[str, Any], **rules: Any) -> list[list[Any]]:
    definition = visit(*metrics, **rules)
    found = engine.sessions(definition)
    return [found[metric.name].to_list() for metric in definition.metrics]


def seconds(*said: float) -> list[timedelta]:
    return [timedelta(seconds=each) for each in said]


@pytest.fixture
def log() -> LocalEngine:
    return explorer.connect(FRAME, actor="user", time="ts")


def test_dwell_engaged_time_and_depth(log: LocalEngine):
    found = values(
        log,
        {"aggregate": "sum", "column": "until_next", "where": "page = '/a'"},
        {"aggregate": "sum", "column": "least(until_next, '30s')"},
        {"aggregate": "max", "column": "event_number"},
        {"aggregate": "count", "where": "since_previous IS NULL"},
        {"aggregate": "first", "column": "page", "where": "since_start > '100s'"},
    )
    assert found == [seconds(200, 10), seconds(50, 10), [4, 2], [1, 1], ["/c", None]]


def test_every_engine_knows_every_one_of_them(log: LocalEngine):
    assert [*EVENT_COLUMNS] == [*KNOWN] == [*WRITTEN] == [*oracle.EVENT_COLUMNS]
    metrics = [{"aggregate": "n_unique", "column": name} for name in EVENT_COLUMNS]
    remote = RemoteEngine.of(duckdb.from_arrow(FRAME.to_arrow()), "log", actor="user", time="ts")
    check_parity(log, remote, visit(*metrics))


def test_events_carry_what_they_know(log: LocalEngine):
    found = log.events(visit())
    assert found["event_number"].to_list() == [1, 2, 3, 4, 1, 2]
    assert found["since_previous"].to_list() == [None, *seconds(20, 0, 180), None, *seconds(10)]
    assert found["until_next"].to_list() == [*seconds(20, 0, 180), None, *seconds(10), None]
    assert found["since_start"].to_list() == seconds(0, 20, 20, 200, 0, 10)
    some = log.events(visit(), "until_next > '15s'", slice(1, 2))
    assert some.rows() == [found.row(2)]


def test_charts_and_funnels_ask_for_it(log: LocalEngine):
    found = log.query(Chart("bar", "visit", by="any event_number"), visit())
    assert found["value"].to_list() == [2, 2, 1, 1]
    steps = ("event_number = 2", "until_next IS NULL")
    found = log.query(Chart("funnel", "visit", steps=steps), visit())
    assert found["value"].to_list() == [2, 1]


def test_another_cut_is_another_answer_and_nothing_else_is_made_again(log: LocalEngine):
    depth = {"aggregate": "max", "column": "event_number"}
    assert values(log, depth) == [[4, 2]]
    assert values(log, depth, inactivity="100s") == [[3, 1, 2]]
    assert log.stages.made["known"] == 2
    assert values(log, depth, {"aggregate": "count", "where": "page = '/a'"}) == [[4, 2], [2, 2]]
    assert log.stages.made["known"] == 2


def test_metrics_that_do_not_ask_make_nothing_of_it(log: LocalEngine):
    values(log, {"aggregate": "sum", "column": "length(page)", "where": "page != '/b'"}, keep="since_previous IS NULL")
    assert not {"known", "known value", "known mask"} & log.stages.made.keys()


# ---- a source's own columns of these names

CLASHING = FRAME.with_columns(
    until_next=pl.int_range(6),
    event_number=pl.lit("x"),
    since_start_in_source=pl.lit(1),
    until_next_in_source=pl.lit(2),
)
CLASHES = visit(
    {"aggregate": "sum", "column": "until_next"},
    {
        "aggregate": "sum",
        "column": "until_next_in_source",
        "where": "event_number_in_source = 'x' AND event_number > 1",
    },
    {"aggregate": "max", "column": "until_next_in_source + event_number"},
    {"aggregate": "sum", "column": "since_start_in_source_in_source"},
    {"aggregate": "sum", "column": "until_next_in_source_in_source"},
    where="until_next < 5 AND event_number = 'x'",
)


def test_a_sources_own_columns_have_another_name_inside_sessions():
    engine = explorer.connect(CLASHING, actor="user", time="ts")
    found = engine.sessions(CLASHES)
    assert found.select("m0", "m1", "m2", "m3", "m4").rows() == [
        (timedelta(seconds=200), 6, 7, 4, 8),
        (timedelta(0), 0, 5, 1, 2),
    ]
    said = [each.sentence for each in engine.quality.how_read]
    assert "Column until_next: called until_next_in_source in sessions, whose events know another until_next." in said
    assert engine.events(CLASHES)["until_next_in_source"].to_list() == [0, 1, 2, 3, 4]
    found = engine.query(Chart("bar", "visit", by="last until_next_in_source"), CLASHES)
    assert found["sessions"].sum() == 2


def test_a_derived_column_has_none_of_these_names():
    with pytest.raises(ExplorerError, match=r"columns\.derived\.until_next: 'until_next' is what events know of their"):
        explorer.connect(FRAME, actor="user", time="ts", derived={"until_next": "ts"})


def test_every_engine_says_the_same_of_them():
    engine = explorer.connect(CLASHING, actor="user", time="ts")
    remote = RemoteEngine.of(duckdb.from_arrow(CLASHING.to_arrow()), "log", actor="user", time="ts")
    check_parity(engine, remote, CLASHES)
    check_script(engine, CLASHES, run(polars_code(engine, CLASHES), events=CLASHING))
    where = "until_next > '10s' AND until_next_in_source < 4"
    some = slice(0, 9)
    assert engine.events(CLASHES, where, some).rows() == remote.events(CLASHES, where, some).rows()


# ---- where it is not known

CUTTING = ("where", "restart", "end", "opens_with", "passive")


@pytest.mark.parametrize("rule", CUTTING)
def test_what_cuts_sessions_cannot_ask_for_it(log: LocalEngine, rule: str):
    with pytest.raises(ExplorerError, match=f"{rule}: 'until_next' is known of the events of a session only"):
        log.sessions(visit(**{rule: "until_next > '5m'"}))
    (problem,) = check(Analysis(log.columns, (visit(**{rule: "least(until_next, '1m') > '5m'"}),)), log.schema)
    assert str(problem).startswith(f"sessions[0].{rule}: 'until_next' is known of the events of a session only")


@pytest.mark.parametrize("rule", ["split_by", "restart_on_change"])
def test_columns_that_cut_sessions_are_the_sources(log: LocalEngine, rule: str):
    with pytest.raises(ExplorerError, match=f"{rule}: .*'event_number'"):
        log.sessions(visit(**{rule: ["event_number"]}))


def test_a_derived_column_cannot_ask_for_it():
    with pytest.raises(ExplorerError, match=r"columns\.derived\.slow: .*'since_previous' is known of the events of a"):
        explorer.connect(FRAME, actor="user", time="ts", derived={"slow": "since_previous > '1m'"})


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ({"aggregate": "sum", "column": "until_nxt"}, "metrics[0].column: .*'until_nxt'. Did you mean 'until_next'"),
        ({"aggregate": "count", "where": "until_next > 3"}, "metrics[0].*'until_next' is a duration and 3 is not"),
        ({"aggregate": "sum", "column": "until_next_in_source"}, "Did you mean 'until_next'"),
        (
            {"aggregate": "count", "scope": {"where": "event_number = 1"}},
            "scope.*: sessions have no column 'event_number'",
        ),
    ],
)
def test_what_is_wrong_with_a_metric_is_said(log: LocalEngine, metric: dict[str, Any], said: str):
    definition = visit(metric)
    for ask in (
        lambda: log.sessions(definition),
        lambda: _raised(check(Analysis(log.columns, (definition,)), log.schema)),
    ):
        with pytest.raises(ExplorerError, match=said.replace("[0]", r"\[0\]")):
            ask()


def _raised(problems: list[ExplorerError]) -> None:
    raise problems[0]
