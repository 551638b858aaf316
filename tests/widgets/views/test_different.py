"""The view of differences, without a browser: it follows the brushes, its rows brush, and another group can be kept."""

from __future__ import annotations

import io

import polars as pl
import pytest

from explorer.crossfilter.selections.selection import Selection, Values
from explorer.spec.analysis import Analysis
from explorer.spec.cohort import Cohort
from explorer.state import first_coded
from tests.engine.local.different.made_up import VISIT, shop
from tests.engines.making import Connect
from widgets import SessionExplorer
from widgets.document.saved_state import Kept
from widgets.views.different.view import FIRST, WEEKEND, DifferentView

SEARCH = Selection.from_text("first event:search")


@pytest.fixture
def opened(engines: Connect) -> tuple[SessionExplorer, DifferentView]:
    engine = shop(250, connect=engines)
    regulars = Cohort("regulars", "visit", "session_count > 2")
    app = SessionExplorer(engine, Analysis(engine.columns, (VISIT,), cohorts=(regulars,)))
    app.state.view = "different"
    view = app.viewing.views["different"]
    assert isinstance(view, DifferentView)
    return app, view


def select(app: SessionExplorer, selection: Selection) -> None:
    app.state.need(*selection)
    app.state.selection = selection


def test_it_asks_for_a_selection_and_offers_some(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    assert view.table.said["nothing"].startswith("Select sessions first")
    assert view.table.rows == []
    assert [text for _, text in view.table.starts] == [
        "Weekends against weekdays",
        "First sessions against later ones",
        "Sessions with bought",
        "Sessions with views",
        "The cohort regulars",
    ]
    for key, _ in view.table.starts:
        view.table.hear({"ask": f"start {key}"})
        assert app.state.selection == Selection.from_text(key)
        assert "nothing" not in view.table.said
        assert view.table.rows
        app.state.selection = Selection()
    assert {WEEKEND, FIRST} <= {key for key, _ in view.table.starts}
    view.table.hear({"ask": "start duration:1s.."})  # what is not offered
    assert not app.state.selection


def test_it_says_what_the_engine_says(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    select(app, SEARCH)
    found = app.state.on_page.different(SEARCH)
    said = view.table.said
    assert said["sentences"] == found.sentences
    assert said["compared"].startswith(
        f"{found.here.sessions} selected sessions of {found.here.actors} actors, compared"
    )
    assert said["counted"].startswith(f"{found.told} of {len(found.rows) + len(found.means)} differences are told")
    assert view.table.total == len(found.rows)
    first, row = view.table.rows[0], found.rows[0]
    assert (first["here"], first["told"]) == (f"{100 * row.here:.1f} %", True)
    assert first["low"] <= first["at"] <= first["high"]
    assert all(-1 <= each["low"] <= each["high"] <= 1 for each in view.table.rows)
    assert len(view.table.means) == len(found.means)
    assert [each["value"] for each in view.table.apart] == ["search", "search"]  # first, and so any
    assert [each["held"] for each in view.table.apart] == [True, False]


def test_a_row_brushes_and_a_second_click_takes_it_back(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    select(app, SEARCH)
    row = next(each for each in view.table.rows if each["what"] == "bought")
    view.table.hear({"pick": row["key"]})
    assert app.state.selection == SEARCH.with_("bought", Values(frozenset({"true"})))
    assert app.selected["bought"].all()
    assert all(each["what"] != "bought" for each in view.table.rows)
    held = next(each for each in view.table.apart if each["what"] == "bought")
    assert held["held"]
    view.table.hear({"pick": held["key"]})
    assert app.state.selection == SEARCH


def test_one_more_value_is_taken_and_given_back(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    select(app, Selection.from_text("first platform:ios"))
    view.table.hear({"pick": "first platform:web", "add": True})
    assert app.state.selection == Selection.from_text("first platform:ios|web")
    assert [each["value"] for each in view.table.apart if each["held"]] == ["ios", "web"]
    view.table.hear({"pick": "first platform:ios"})
    assert app.state.selection == Selection.from_text("first platform:web")
    view.table.hear({"pick": "first platform:tv"})
    assert app.state.selection == Selection.from_text("first platform:tv")
    view.table.hear({"pick": "first platform:~none", "add": True})
    assert app.state.selection == Selection.from_text("first platform:tv|~none")


def test_two_groups_are_compared(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    ios, web = (Selection.from_text(f"first platform:{name}") for name in ("ios", "web"))
    select(app, ios)
    assert view.table.keeps
    view.table.hear({"ask": "against"})
    assert not app.state.selection
    assert view.table.against == "First platform = ios"
    assert view.table.said["nothing"].startswith("Now select the sessions to compare with First platform = ios")
    select(app, web)
    found = app.state.on_page.different(web, ios)
    assert view.table.total == len(found.rows)
    assert "(First platform = ios)" in view.table.said["compared"]
    assert not view.table.keeps
    view.table.hear({"ask": "others"})
    assert view.table.against == ""
    assert view.table.total == len(app.state.on_page.different(web).rows)


def test_a_group_is_the_same_when_it_is_kept_and_restored(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    select(app, Selection.from_text("views:1..3"))
    view.table.hear({"ask": "against"})
    select(app, SEARCH)
    kept, words, total = Kept.read(Kept.of(app.state).record()), view.table.said["compared"], view.table.total
    assert kept is not None
    assert kept.against == "views:1..3"
    app.state.begin(app.state.engine, app.state.analysis, first_coded(app.state.engine, app.state.analysis))
    assert app.state.against is None
    assert view.table.against == ""
    kept.restore(app.state)
    assert view.table.against == "views 1 to 2"
    assert (view.table.said["compared"], view.table.total) == (words, total)
    assert Kept.read({"yaml": kept.yaml, "brush": "", "show": ""}) is not None  # as it was kept before


def test_a_group_of_what_is_gone_is_let_go(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    select(app, Selection.from_text("views:1..3"))
    view.table.hear({"ask": "against"})
    select(app, SEARCH)
    assert view.table.against
    app.state.define(metrics=[metric for metric in VISIT.metrics if metric.name != "views"])
    assert view.table.against == ""
    assert view.table.said["others"] == "Others"
    assert view.table.total == len(app.state.on_page.different(SEARCH).rows)


def test_rows_are_searched_ordered_and_turned(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    select(app, SEARCH)
    found = app.state.on_page.different(SEARCH)
    view.table.hear({"sort": ["difference", True], "page": 0})
    most = max(found.rows, key=lambda row: row.more)
    assert view.table.rows[0]["here"] == f"{100 * most.here:.1f} %"
    view.table.hear({"page": 1})
    assert len(view.table.rows) == min(view.table.page_size, len(found.rows) - view.table.page_size)
    view.table.hear({"query": "WEEKDAY", "page": 0})
    assert {row["what"] for row in view.table.rows} == {"Weekday of start"}
    view.table.hear({"query": "nowhere"})
    assert view.table.said["none"] == "No difference has 'nowhere' in its name."
    app.state.selection = Selection.from_text("first event:look")
    view.table.hear({"query": ""})
    assert view.table.page == 0


def test_all_differences_are_handed_over_as_csv(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    select(app, SEARCH)
    view.table.hear({"ask": "csv"})
    found = app.state.on_page.different(SEARCH)
    read = pl.read_csv(io.StringIO(view.table.handed["text"]))
    assert read.height == len(found.rows) + len(found.means)
    assert read["here"].to_list() == pytest.approx(found.frame()["here"].to_list())
    assert view.table.handed["name"] == "visit differences.csv"
    turn = view.table.handed["turn"]
    view.table.hear({"ask": "csv"})
    assert view.table.handed["turn"] == turn + 1


def test_nothing_to_tell_is_said(opened: tuple[SessionExplorer, DifferentView]) -> None:
    app, view = opened
    user = app.sessions["user"][0]
    select(app, Selection.from_text(f"user:{user}"))
    assert view.table.said["sentences"][0].startswith("Nothing is told from chance: the ")
    assert all(row["low"] is None for row in view.table.rows)
    select(app, Selection.from_text("event_count:1000.."))
    assert view.table.said["nothing"].startswith("No session is selected")
