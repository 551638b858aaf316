"""What is brushed by the charts, and how it becomes part of the definition."""

from __future__ import annotations

import pytest

from explorer.crossfilter.bins.binning import AUTOMATIC, Binning
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.state import Explorer
from tests.engine.local.coded.shop import VISIT, shop
from tests.engines.making import Connect

CHARTS = (
    Chart("distribution", "visit", of="visit.paid"),
    Chart("distribution", "visit", of="user.time_in_session.visit"),
    Chart("line", "visit"),
    Chart("bar", "visit", by="first page", top=3),
    Chart("bar", "visit", by="page", measure="median duration"),
    Chart("distribution", "visit", of="duration", where="event_count > 1"),
)


def explored(connect: Connect) -> Explorer:
    engine = shop(400, connect=connect)
    return Explorer(engine=engine, analysis=Analysis(engine.columns, (VISIT,), charts=CHARTS))


def test_charts_say_what_is_brushed(engines: Connect) -> None:
    explorer = explored(connect=engines)
    assert explorer.dimensions == {
        "paid": AUTOMATIC,
        "time_in_session": AUTOMATIC,
        "start": AUTOMATIC,
        "first page": Binning(top=3),
        "page": AUTOMATIC,
        "duration": AUTOMATIC,
    }
    drawn = explorer.coded()
    assert list(drawn.dimensions) == list(explorer.dimensions)
    assert len(drawn.dimensions["first page"].bins) == 4


def test_a_dimension_that_is_not_there_leaves_the_others(engines: Connect) -> None:
    drawn = shop(50, connect=engines).cut(VISIT).coded({"duration": AUTOMATIC, "gone": AUTOMATIC})
    assert list(drawn.dimensions) == ["duration"]
    assert "'gone'" in str(drawn.problems["gone"])
    alone = shop(50, connect=engines).cut(VISIT).coded({"gone": AUTOMATIC})
    assert alone.numbers(Selection()).sessions == alone.n_sessions(Selection()) == 50


def test_what_is_brushed_is_kept_or_left_out(engines: Connect) -> None:
    explorer = explored(connect=engines)
    explorer.drawn = explorer.coded()
    explorer.selection = Selection.from_text("paid:10.0..30.0|~none;session_number:2..20")
    explorer.need("session_number")
    explorer.drawn = explorer.coded()
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


def test_one_switch_leaves_out_what_is_cut_off(engines: Connect) -> None:
    explorer = explored(connect=engines)
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
