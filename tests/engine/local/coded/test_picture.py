"""Pictures bin only what is new; what is brushed becomes part of the definition."""

from __future__ import annotations

import pytest

from explorer.crossfilter.bins.binning import AUTOMATIC, Binning
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.local.coded.coded_cache import coded, is_coded
from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.metric import Metric
from explorer.state import Explorer
from tests.engine.local.coded.test_dimensions import VISIT, shop

CHARTS = (
    Chart("distribution", "visit", of="visit.paid"),
    Chart("distribution", "visit", of="user.time_in_session.visit"),
    Chart("line", "visit"),
    Chart("bar", "visit", by="first page", top=3),
    Chart("bar", "visit", by="page", measure="median duration"),
    Chart("distribution", "visit", of="duration", where="event_count > 1"),
)


def explored() -> Explorer:
    engine = shop(400)
    return Explorer(engine=engine, analysis=Analysis(engine.columns, (VISIT,), charts=CHARTS))


def test_charts_say_what_is_brushed() -> None:
    explorer = explored()
    assert explorer.dimensions == {
        "paid": AUTOMATIC,
        "time_in_session": AUTOMATIC,
        "start": AUTOMATIC,
        "first page": Binning(top=3),
        "page": AUTOMATIC,
        "duration": AUTOMATIC,
    }
    drawn = explorer.coded()
    assert list(drawn.crossfilter.dimensions) == list(explorer.dimensions)
    assert len(drawn.crossfilter.dimensions["first page"].bins) == 4


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


def test_a_dimension_that_is_not_there_leaves_the_others() -> None:
    drawn = coded(shop(50).session_table(VISIT), {"duration": AUTOMATIC, "gone": AUTOMATIC})
    assert list(drawn.crossfilter.dimensions) == ["duration"]
    assert "'gone'" in str(drawn.problems["gone"])
    alone = coded(shop(50).session_table(VISIT), {"gone": AUTOMATIC})
    assert alone.numbers(Selection()).sessions == alone.crossfilter.n_sessions(Selection()) == 50


def test_what_is_brushed_is_kept_or_left_out() -> None:
    explorer = explored()
    explorer.drawn = explorer.coded()
    explorer.selection = Selection.from_text("paid:10.0..30.0|~none;session_number:2..20")
    explorer.need("session_number")
    explorer.drawn = coded(explorer.engine.session_table(explorer.definition), explorer.dimensions)
    selected = explorer.selected()["session_id"].to_list()
    every = explorer.sessions()["session_id"].to_list()
    changes = []
    explorer.param.watch(lambda *events: changes.append([event.name for event in events]), ["analysis", "selection"])
    explorer.keep_only()
    assert explorer.sessions()["session_id"].to_list() == selected
    assert explorer.selection == Selection()
    assert changes == [["analysis", "selection"]]
    explorer.undo()
    explorer.exclude(Selection.from_text("paid:10.0..30.0|~none;session_number:2..20"))
    assert sorted([*explorer.sessions()["session_id"], *selected]) == sorted(every)
    before = explorer.analysis
    with pytest.raises(SpecError, match="cannot be part of the definition"):
        explorer.keep_only(Selection.from_text("nothing:1m.."))
    assert explorer.analysis == before


def test_one_switch_leaves_out_what_is_cut_off() -> None:
    explorer = explored()
    explorer.define(keep="session_number > 1")
    explorer.leave_out_cut_off(True)
    assert explorer.cut_off_left_out
    assert str(explorer.definition.keep) == "session_number > 1 AND cut_off IS NULL"
    assert explorer.sessions()["cut_off"].null_count() == explorer.sessions().height
    explorer.leave_out_cut_off(False)
    assert not explorer.cut_off_left_out
    assert str(explorer.definition.keep) == "session_number > 1"
    explorer.define(keep=None)
    explorer.leave_out_cut_off(True)
    explorer.leave_out_cut_off(False)
    assert explorer.definition.keep is None
