"""Formulas of measures: numbers, groups, brushes, words; what does not fit is said."""

import polars as pl
import pytest

import explorer
from explorer import Chart, Metric, SessionDefinition
from explorer.crossfilter.measured import Cells
from explorer.engine.local.coded.measured_under_brush import follow
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SpecError
from explorer.spec.charts.measure import Measure
from explorer.spec.editing.edits import with_metric

VISIT = SessionDefinition("visit", "30m", metrics=[Metric("revenue", "sum", "amount * quantity")])


@pytest.fixture
def log() -> LocalEngine:
    rows = {
        "user": ["a", "a", "b", "b", "c"],
        "ts": ["2024-03-01 10:00", "2024-03-01 10:10", "2024-03-01 10:00", "2024-03-02 10:00", "2024-03-03"],
        "amount": [1.0, 2.0, 3.0, 4.0, None],
        "quantity": [2, 1, 1, 2, 1],
        "device": ["x", "x", "y", "x", "z"],
    }
    return explorer.connect(pl.DataFrame(rows), actor="user", time="ts")


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("sum revenue / count", 15 / 4),
        ("sum(revenue) / count()", 15 / 4),
        ("sum revenue / actors", 5.0),
        ("(sum revenue - max revenue) * 2", 14.0),
        ("100 * share revenue / count", 25.0),
        ("sum revenue / (count - 4)", None),
        ("sum(revenue)", 15.0),
    ],
)
def test_a_formula_of_all_sessions(log: LocalEngine, measure: str, value: float | None):
    assert log.query(Chart("number", "visit", measure=measure), VISIT)["value"].to_list() == [value]


def test_lengths_keep_their_unit(log: LocalEngine):
    found = log.query(Chart("number", "visit", measure="sum duration / count"), VISIT)["value"]
    assert found.dtype == pl.Duration("us")
    assert found.dt.total_seconds().to_list() == [150]


def test_groups_and_brushes(log: LocalEngine):
    chart = Chart("bar", "visit", measure="sum revenue / count", by=["first device"])
    found = log.query(chart, VISIT)
    assert dict(zip(found["first device"], found["value"], strict=True)) == {"x": 6.0, "y": 3.0, "z": 0.0}
    cells = follow(log.session_table(VISIT), chart, "user", pl.Series([0, 1]))
    assert isinstance(cells, Cells)
    assert sorted(cells.all.tolist()) == [0.0, 3.0, 6.0]
    assert cells.selected is not None
    assert sorted(value for value in cells.selected.tolist() if value == value) == [3.0, 4.0]


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("upper(device)", {"X": 2, "Y": 1, "Z": 1}),
        ("last upper(device)", {"X": 2, "Y": 1, "Z": 1}),
        ("CASE WHEN event_count > 1 THEN 'more' ELSE 'one' END", {"more": 1, "one": 3}),
        ("CASE WHEN visit.revenue >= 4 THEN 'big' ELSE started_by END", {"big": 2, "first": 2}),
    ],
)
def test_dimensions_are_expressions_too(log: LocalEngine, by: str, groups: dict[str, int]):
    chart = Chart("bar", "visit", by=[by])
    found = log.query(chart, VISIT)
    assert dict(zip(found[by], found["value"], strict=True)) == groups
    assert isinstance(follow(log.session_table(VISIT), chart, "user", None), Cells)


def test_the_text_is_kept_and_renamed(log: LocalEngine):
    assert str(Measure.parse("sum revenue / count")) == "sum revenue / count"
    chart = Chart("bar", "visit", measure="sum revenue / count", by=["device"])
    assert Chart.read(chart.plain()) == chart
    renamed = Measure.parse("sum revenue / count").renamed(lambda name: "income" if name == "revenue" else name)
    assert str(renamed) == "sum income / count"
    assert with_metric(VISIT, 0, Metric("income", "sum", "amount")).metrics[0].name == "income"


@pytest.mark.parametrize(
    "text", ["sum / count", "sum duration / started_by", "sum nope / count", "count / sum started_by"]
)
def test_what_does_not_fit_is_said(log: LocalEngine, text: str):
    with pytest.raises(SpecError) as error:
        log.query(Chart("number", "visit", measure=text), VISIT)
    assert "measure" in str(error.value)


def test_a_metric_with_a_sign_in_its_name_is_no_formula():
    assert Measure.parse("mean add / view") == Measure("mean", "add / view")
    assert Measure.parse("share where a / b > 2").where is not None
