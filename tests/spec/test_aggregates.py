"""The table of aggregates: each row has its words and gives the same numbers on every engine and in the code."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

import explorer
from explorer.code.languages import code
from explorer.code.polars import polars_code
from explorer.errors import SpecError
from explorer.spec.aggregates import AGGREGATES, Aggregate
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart, Measure
from explorer.spec.metric import Metric
from explorer.spec.prose import metric_sentence
from explorer.spec.session import SessionDefinition
from tests import oracle, parity, strategies
from tests.code.running import check, run
from tests.told import assert_same
from widgets.charts.chart_fields import MEASURES
from widgets.definition.metric_editor import ActorMetricEditor, MetricEditor
from widgets.definition.value_editor import PERCENT

NOON = datetime(2024, 5, 1, 12)
ROWS = [
    {"user": "ann", "ts": NOON + timedelta(minutes=at), "page": page, "amount": amount, "n": n}
    for at, (page, amount, n) in enumerate(
        [("a", 1.5, 2), ("b", None, 7), ("b", 4.0, 7), (None, 2.5, None), ("a", 0.5, 3), ("c", 4.0, 1)]
    )
] + [
    {"user": "bob", "ts": NOON, "page": None, "amount": None, "n": None},
    {"user": "bob", "ts": NOON + timedelta(hours=2), "page": "z", "amount": 7.0, "n": 0},
]
FRAME = pl.DataFrame(ROWS)
COLUMNS = {"text": ["page"], "number": ["amount", "n"], "time": ["ts"]}


def log() -> Any:
    return explorer.connect(FRAME, actor="user", time="ts")


def columns_of(row: Aggregate) -> list[str | None]:
    if row.needs in ("events", "pattern"):
        return [None]
    if row.needs == "metrics":
        return ["n0 / n0"]
    return [column for kind in row.takes or COLUMNS for column in COLUMNS.get(kind, [])]


def metric(name: str, row: Aggregate, column: str | None, where: str | None = None) -> Metric:
    pattern = "{page = 'a'} .. {page = 'b'}" if row.needs == "pattern" else None
    return Metric(name, row.name, column, where, pattern=pattern)


def definition(row: Aggregate) -> SessionDefinition:
    metrics = [Metric("n0", "sum", "amount")]
    for at, column in enumerate(columns_of(row), start=1):
        where = None if row.needs == "metrics" else "page != 'c'"
        metrics += [metric(f"m{at}", row, column), metric(f"w{at}", row, column, where)]
    return SessionDefinition("visit", "30m", metrics=metrics)


PERCENTILES = {f"p{at:02}" for at in range(1, 100)} - {"p01", "p50", "p99"}  # made by one function
SOME = [row for row in AGGREGATES.values() if row.name not in PERCENTILES]
OF_METRICS = [row for row in SOME if row.metric]
OF_CHARTS = [row for row in SOME if row.measure]


@pytest.mark.parametrize("row", AGGREGATES.values(), ids=lambda row: row.name)
def test_a_row_has_its_words_and_a_place_in_a_menu(row: Aggregate):
    assert row.sentence
    assert row.metric or row.measure
    percentile = row.name in {f"p{at:02}" for at in range(1, 100)}
    if row.metric and not percentile:
        assert MetricEditor.labels[row.label] == row.name
        assert not row.of_actors or ActorMetricEditor.labels[row.actor_label or row.label] == row.name
    if row.measure and not percentile:
        assert MEASURES[row.name]
    assert MetricEditor.labels["Percentile of"] == ActorMetricEditor.labels["Percentile of"] == PERCENT
    if row.needs == "column":
        assert row.polars is not None
        assert row.code
        assert "{}" in row.sentence
    if row.metric:
        said = [metric_sentence(each) for each in definition(row).metrics[1:]]
        assert len(set(said)) == len(said)


@pytest.mark.parametrize("row", OF_METRICS, ids=lambda row: row.name)
def test_a_metric_is_the_same_everywhere(row: Aggregate):
    asked, engine = definition(row), log()
    found = engine.sessions(asked)
    assert_same(found, oracle.sessions(ROWS, engine.columns, asked), ("user", "session_number"))
    parity.check(*parity.both(FRAME, engine.columns), asked)
    check(engine, asked, run(polars_code(engine, asked), events=FRAME))
    analysis = Analysis(engine.columns, (asked,))
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Analysis.from_query(analysis.to_query()) == analysis


@pytest.mark.parametrize("row", [row for row in OF_METRICS if row.needs != "metrics"], ids=lambda row: row.name)
def test_of_nothing(row: Aggregate):
    """`count`, `n_unique` and `sum` are 0, `any` is false, the others null."""
    metrics = [metric(f"m{at}", row, column, "page = 'none'") for at, column in enumerate(columns_of(row))]
    found = log().sessions(SessionDefinition("visit", "30m", metrics=metrics))
    for each in metrics:
        assert found[each.name].to_list() == [row.nothing] * found.height


@pytest.mark.parametrize("row", OF_METRICS, ids=lambda row: row.name)
def test_the_random_definitions_know_it(row: Aggregate):
    known = {name for name in strategies.FITTING if not name.startswith("p")}
    assert row.name in known or row.needs in ("metrics", "pattern") or row.name.startswith("p")


@pytest.mark.parametrize("row", OF_CHARTS, ids=lambda row: row.name)
def test_a_measure_answers(row: Aggregate):
    alone = row.name in ("count", "actors", "share")
    measure = row.name if alone else f"{row.name} spent"
    asked = SessionDefinition("visit", "30m", metrics=[Metric("spent", "sum", "amount")])
    engine = log()
    for kind, by in (("number", []), ("table", ["user"]), ("bar", ["user"])):
        found = engine.query(Chart(kind, "visit", measure=measure, by=by), asked)
        assert found["value"].null_count() < found.height or row.name == "std"
    assert str(Measure.parse(measure)) == measure


def test_measures_of_known_sessions():
    """ann has one session with 12.5, bob two with 0 and 7."""
    asked = SessionDefinition("visit", "30m", metrics=[Metric("spent", "sum", "amount"), Metric("n", "count")])
    engine = log()

    def value(measure: str) -> Any:
        return engine.query(Chart("number", "visit", measure=measure), asked)["value"].item()

    assert value("actors") == 2
    assert value("std spent") == pytest.approx(6.264982043070834)
    assert value("mode n") == 1
    assert value("std duration") == timedelta(microseconds=173205081)
    by = engine.query(Chart("table", "visit", measure="actors", by=["user"]), asked)
    assert dict(by.select("user", "value").iter_rows()) == {"ann": 1, "bob": 1}


@pytest.mark.parametrize("measure", ["actors spent", "std", "mode", "nonsense x"])
def test_what_is_no_measure(measure: str):
    with pytest.raises(SpecError, match="measure"):
        Measure.parse(measure)


@pytest.mark.parametrize("aggregate", ["actors", "share"])
def test_what_counts_sessions_is_no_metric(aggregate: str):
    with pytest.raises(SpecError, match="aggregate"):
        Metric("m", aggregate, "amount")


def test_no_mode_where_a_database_breaks_ties_otherwise():
    engine = log()
    asked = SessionDefinition("visit", "30m", metrics=[Metric("m", "mode", "page")])
    analysis = Analysis(engine.columns.replace(order=("n",)), (asked,))
    with pytest.raises(explorer.EngineError, match="'mode' is not written for Spark"):
        code(engine, analysis, "sql", dialect="spark")
