"""What is drawn is made again only when what is drawn changes."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

import explorer
from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.engine.local.coded.coded_cache import coded, is_coded
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SpecError
from explorer.spec.charts.chart import Chart
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition
from tests.engine.local.coded.shop import VISIT, shop


@pytest.fixture
def engine() -> LocalEngine:
    begin = datetime(2024, 3, 1)
    rows = [{"user": f"u{at % 3}", "ts": begin + timedelta(minutes=5 * at + 60 * (at // 12))} for at in range(30)]
    return explorer.connect(pl.DataFrame(rows), actor="user", time="ts")


def visit(**rules: object) -> SessionDefinition:
    return SessionDefinition(**({"name": "visit", "inactivity": "30m"} | rules))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "other"},
        {"color": "#2f7de1"},
        {"description": "What most tools mean."},
        {"metrics": (Metric("n", "count"),)},
    ],
)
def test_a_new_look_or_metric_bins_nothing_again(engine: LocalEngine, changes: dict[str, object]):
    first, changed = coded(engine.session_table(visit())), visit(**changes)
    again = coded(engine.session_table(changed))
    assert again.definition == changed
    assert again.crossfilter is first.crossfilter
    assert again.table.equals(engine.table(changed))
    assert engine.stages.made["coded sessions"] == engine.stages.made["cut"] == 1
    assert coded(engine.session_table(changed)) is again


@pytest.mark.parametrize("changes", [{"inactivity": "1h"}, {"keep": "event_count > 1"}, {"where": "user = 'u1'"}])
def test_other_sessions_are_binned_again(engine: LocalEngine, changes: dict[str, object]):
    first, again = coded(engine.session_table(visit())), coded(engine.session_table(visit(**changes)))
    assert again.crossfilter is not first.crossfilter
    assert again.table.equals(engine.table(visit(**changes)))


@pytest.mark.parametrize("name", ["longest", "user.longest.visit", "longest / 2", "n * 2"])
def test_a_value_that_is_changed_is_drawn_again(engine: LocalEngine, name: str):
    def of(aggregate: str, column: str, where: str | None) -> SessionDefinition:
        metrics = (Metric("n", "count", where=where),)
        return visit(metrics=metrics, actor_metrics=(ActorMetric("longest", aggregate, column),))

    definitions = [of("max", "event_count", None), of("min", "event_count", None), of("min", "n", "user = 'u1'")]
    asked = [(Chart("number", "visit", measure="sum longest"), each) for each in definitions]
    fresh = [explorer.connect(engine.source, actor="user", time="ts").query(*each) for each in asked]
    assert [engine.query(*each)["value"].to_list() for each in asked] == [each["value"].to_list() for each in fresh]
    for each in definitions:
        drawn = coded(engine.session_table(each), {name: AUTOMATIC}).crossfilter
        alone = explorer.connect(engine.source, actor="user", time="ts")
        wanted = coded(alone.session_table(each), {name: AUTOMATIC}).crossfilter
        (one,), (other,) = drawn.dimensions.values(), wanted.dimensions.values()
        assert one.values.tolist() == other.values.tolist()


def test_a_metric_that_keep_reads_counts(engine: LocalEngine):
    few, many = (visit(metrics=(Metric("n", aggregate, "ts"),), keep="n > 3") for aggregate in ("n_unique", "n_unique"))
    assert coded(engine.session_table(few)) is coded(engine.session_table(many))
    other = visit(metrics=(Metric("n", "count", where="user = 'u1'"),), keep="n > 3")
    assert coded(engine.session_table(other)).table.height < coded(engine.session_table(few)).table.height


def test_it_is_known_whether_drawing_takes_a_while(engine: LocalEngine):
    assert not is_coded(engine.session_table(visit()))
    coded(engine.session_table(visit()))
    assert is_coded(engine.session_table(visit()))
    assert is_coded(engine.session_table(visit(color="#2f7de1")))
    assert not is_coded(engine.session_table(visit(metrics=(Metric("n", "count"),))))


def test_a_name_that_a_condition_says_is_read(engine: LocalEngine):
    """`visit.duration` is a column of `visit` and of no other definition, remembered or not."""
    long = {
        "keep": "visit.duration > '1m'",
        "metrics": (Metric("n", "count", scope={"where": "visit.duration > '1m'"}),),
    }
    assert engine.table(visit(**long)).height
    with pytest.raises(SpecError, match=r"no column 'visit\.duration'"):
        engine.table(visit(**long, name="other"))


def test_a_metric_keeps_its_values_under_another_name(engine: LocalEngine):
    definition = visit(metrics=(Metric("n", "n_unique", "ts"),))
    values = engine.table(definition)["n"]
    renamed = engine.table(visit(metrics=(Metric("m", "n_unique", "ts"),)))["m"]
    assert renamed.to_list() == values.to_list()
    assert engine.stages.made["metric"] == 1


def test_one_more_chart_or_metric_bins_only_what_is_new() -> None:
    engine = shop(400)
    some = {"duration": AUTOMATIC, "page": AUTOMATIC}
    coded(engine.session_table(VISIT), some)
    assert engine.stages.made["dimension"] == 2
    assert is_coded(engine.session_table(VISIT), some)
    coded(engine.session_table(VISIT), some | {"paid": AUTOMATIC})
    assert engine.stages.made["dimension"] == 3
    more = VISIT.replace(metrics=(*VISIT.metrics, Metric("events", "count")), description="more")
    coded(engine.session_table(more), some | {"paid": AUTOMATIC, "visit.events": AUTOMATIC})
    assert engine.stages.made["dimension"] == 4
    other = more.replace(metrics=tuple(m.replace(aggregate="last") if m.name == "paid" else m for m in more.metrics))
    coded(engine.session_table(other), some | {"paid": AUTOMATIC})
    assert engine.stages.made["dimension"] == 5
