"""The view of who comes back, without a browser: cells, rows, columns and states brush, choices are in the document."""

from __future__ import annotations

import io

import polars as pl
import pytest

from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.answers.retention import STATES
from explorer.report import html
from explorer.report.static_charts import answered
from explorer.spec.analysis import Analysis
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.returns import ACTIVITY, RETURN
from tests.engine.local.different.made_up import VISIT, shop
from tests.engines.making import Connect
from widgets import SessionExplorer
from widgets.views.returning.view import ReturnView


@pytest.fixture
def opened(engines: Connect) -> tuple[SessionExplorer, ReturnView]:
    engine = shop(250, connect=engines)
    app = SessionExplorer(engine, Analysis(engine.columns, (VISIT,)))
    app.state.view = "return"
    view = app.viewing.views["return"]
    assert isinstance(view, ReturnView)
    return app, view


def test_it_says_what_the_engine_says(opened: tuple[SessionExplorer, ReturnView]) -> None:
    app, view = opened
    found = app.state.engine.retention(VISIT)
    shown = view.grid.shown
    assert shown["sentences"] == found.sentences
    assert [row["label"] for row in shown["rows"]] == [row.label for row in found.rows if row.actors]
    texts = [cell["text"] for cell in shown["total"]["cells"]]
    assert texts == [f"{100 * (found.total.share(at) or 0):.0f} %" for at in range(len(found.names))]
    last = next(row for row in reversed(shown["rows"]) if row["actors"] != "0")
    assert last["cells"][-1]["text"] == "not yet"
    assert not last["cells"][-1]["can"]
    assert view.activity.shown["columns"][1]["counts"] == [int(found.activity.of(state)[1]) for state in STATES]
    assert view.between.shown["said"].startswith(found.between.sentence)


def test_a_cell_brushes_its_actors_and_a_second_click_takes_it_back(opened: tuple[SessionExplorer, ReturnView]) -> None:
    app, view = opened
    found = app.state.engine.retention(VISIT)
    row = next(at for at, each in enumerate(found.rows) if each.back[0])
    view.hear({"cell": [row, 0]})
    assert app.state.selection == Selection().with_("first_start", found.rows[row].brush).with_(RETURN, Range(1, 2))
    assert app.selected["user"].n_unique() == found.rows[row].back[0]
    place = next(each for each in view.grid.shown["rows"] if each["place"] == row)
    assert place["cells"][0]["pressed"]
    assert not place["pressed"]
    assert [each["label"] for each in view.grid.shown["rows"]] == [each.label for each in found.rows if each.actors]
    view.hear({"cell": [row, -1]})  # all of the row
    assert app.selected["user"].n_unique() == found.rows[row].actors
    view.hear({"cell": [-1, 0]})  # all of the column
    assert app.selected["user"].n_unique() == found.total.back[0]
    view.hear({"cell": [-1, 0]})
    assert not app.state.selection
    view.hear({"cell": [10_000, 0]})  # what is not there
    assert not app.state.selection


def test_states_brush_and_the_grid_follows(opened: tuple[SessionExplorer, ReturnView]) -> None:
    app, view = opened
    whole = app.state.engine.retention(VISIT).activity
    at = next(at for at in range(len(whole.names)) if whole.dormant[at] and whole.resurrected[at])
    view.hear_activity({"part": [at, 3, False]})
    assert app.selected["user"].n_unique() == whole.dormant[at]
    assert view.grid.shown["of"].startswith(f"{whole.dormant[at]} of 250 actors have a selected session")
    assert view.activity.shown["columns"][at]["counts"] == [int(whole.of(state)[at]) for state in STATES]  # its own
    assert view.activity.shown["columns"][at]["held"] == [False, False, False, True]
    view.hear_activity({"part": [at, 2, True]})
    assert len(app.state.selection[ACTIVITY].values) == 2  # type: ignore[union-attr]
    assert app.selected["user"].n_unique() == whole.dormant[at] + whole.resurrected[at]
    view.hear_activity({"part": [at, 2, True]})
    view.hear_activity({"part": [at, 3, False]})
    assert not app.state.selection


def test_times_between_sessions_brush(opened: tuple[SessionExplorer, ReturnView]) -> None:
    app, view = opened
    view.hear_between({"from": 2, "to": 5})
    brush = app.state.selection["since_previous"]
    assert app.selected.height == sum(view.between.shown["counts"][2:5])
    assert view.between.shown["touched"][2:5] == [True] * 3
    view.hear_between({"from": 2, "to": 5})
    assert not app.state.selection
    assert isinstance(brush, Range)


def test_choices_are_in_the_document_and_clear_what_meant_something_else(
    opened: tuple[SessionExplorer, ReturnView],
) -> None:
    app, view = opened
    view.hear({"cell": [-1, 0]})
    view.hear({"field": ["by", "first platform"]})
    assert app.analysis.charts[-1] == Chart("return", "visit", by="first platform")
    assert not app.state.selection
    assert {row["label"] for row in view.grid.shown["rows"]} == {"ios", "web", "tv", "none"}
    view.hear({"field": ["returns", "times"]})
    view.hear({"field": ["within", "1w"]})
    view.hear({"field": ["where", "bought = true"]})
    chart = app.state.retention
    assert (chart.returns, str(chart.within), str(chart.where)) == ("times", "1w", "bought = TRUE")
    found = app.state.engine.cut(VISIT).retention(chart)
    assert view.grid.shown["sentences"] == found.sentences
    assert dict(view.grid.asks["where"]["options"])["bought = TRUE"] == "One with bought"
    row = next(at for at, each in enumerate(found.rows) if each.back[0])
    view.hear({"cell": [row, 0]})
    assert app.selected["user"].n_unique() == found.rows[row].back[0]
    app.state.undo()
    assert app.state.retention.where is None
    view.hear({"field": ["every", "1h"]})  # refused: said, and nothing changes
    assert app.state.retention.every is None


def test_it_is_added_to_the_report_once(opened: tuple[SessionExplorer, ReturnView]) -> None:
    app, view = opened
    assert view.grid.keeps
    view.hear({"ask": "keep"})
    assert [chart.kind for chart in app.analysis.charts].count("return") == 1
    assert not view.grid.keeps
    assert len(app.state.charts) == 4  # the others stay
    app.state.set_funnel("funnel", ["event = 'view'"])
    assert [chart.kind for chart in app.analysis.charts if chart.kind in ("return", "funnel")] == ["return", "funnel"]


def test_numbers_are_handed_over_as_csv(opened: tuple[SessionExplorer, ReturnView]) -> None:
    app, view = opened
    found = app.state.engine.retention(VISIT)
    view.hear({"ask": "csv"})
    assert pl.read_csv(io.StringIO(view.grid.handed["text"])).height == found.frame().height
    assert view.grid.handed["name"] == "visit return.csv"
    view.hear_activity({"ask": "csv"})
    assert pl.read_csv(io.StringIO(view.activity.handed["text"])).height == len(found.activity.names)
    view.hear_between({"ask": "csv"})
    read = pl.read_csv(io.StringIO(view.between.handed["text"]))
    assert read["sessions"].sum() == found.between.times


def test_a_link_brings_a_brush_back(engines: Connect) -> None:
    engine = shop(120, connect=engines)
    app = SessionExplorer(engine, Analysis(engine.columns, (VISIT,)))
    whole = engine.retention(VISIT).total
    app.state.selection = Selection.from_text(f"{RETURN}:1..2")
    assert app.selected["user"].n_unique() == whole.back[0]
    app.state.selection = Selection.from_text("first platform of the first session:ios")
    assert app.selected["user"].n_unique() > 0


def test_weeks_in_which_nobody_came_first_have_no_row(engines: Connect) -> None:
    times = ["2024-01-01", "2024-01-09", "2024-02-20", "2024-02-27", "2024-03-15"]
    frame = pl.DataFrame({"user": ["a", "a", "b", "b", "a"], "ts": times, "event": ["x"] * 5})
    engine = engines(frame, actor="user", time="ts", event="event")
    app = SessionExplorer(engine, Analysis(engine.columns, (VISIT.replace(metrics=()),)))
    chart = Chart("return", "visit", every="1w")
    app.state.analysis = app.state.analysis.replace(charts=(chart,))
    app.state.view = "return"
    shown = app.viewing.views["return"].grid.shown
    found = app.state.engine.retention(VISIT.replace(metrics=()), every="1w")
    empty = sum(not row.actors for row in found.rows)
    assert empty > 5
    assert [row["place"] for row in shown["rows"]] == [at for at, row in enumerate(found.rows) if row.actors]
    assert shown["more"] == f"In {empty} weeks nobody came for the first time: they have no row."
    text = html(engine, app.state.analysis)
    assert shown["more"] in text
    labels = [label for label, _ in answered(engine, chart, VISIT.replace(metrics=())).drawn["grid"]["rows"]]
    assert labels == [*(row.label for row in found.rows if row.actors), "all actors"]
