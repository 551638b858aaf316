"""What can be found by typing, and what each thing leads to."""

from __future__ import annotations

import pytest

from explorer.crossfilter.selections.selection import Selection, Values
from explorer.guide import sections
from explorer.spec.metric import Metric
from explorer.spec.rules import RULES
from tests.factories import FRAME
from widgets import SessionExplorer
from widgets.views.view_tabs import VIEWS


@pytest.fixture
def app() -> SessionExplorer:
    app = SessionExplorer(FRAME, actor="user", time="ts", event="event")
    app.state.define(metrics=(Metric("buys", "count", where="event = 'buy'"),))
    app.toolbar.hear({"finding": True})
    return app


def keys(app: SessionExplorer, kind: str) -> dict[str, str]:
    return {entry["title"]: entry["key"] for entry in app.toolbar.entries if entry["kind"] == kind}


def choose(app: SessionExplorer, key: str) -> None:
    app.toolbar.hear({"chosen": key})


def test_everything_that_has_a_name_is_there(app: SessionExplorer):
    assert {*keys(app, "Fields")} == {*app.state.engine.schema}
    assert {*keys(app, "Metrics")} == {"buys"}
    assert {f"Rule: {rule.label}" for rule in RULES} <= {*keys(app, "Actions")}
    assert [entry["title"] for entry in app.toolbar.entries if entry["kind"] == "Guide"] == [
        s.title for s in sections()
    ]
    assert {title for title, _ in VIEWS.values()} <= {*keys(app, "Views")}
    assert {face.title for face in app.grid.value.values()} <= {*keys(app, "Charts")}
    assert all(entry["title"] for entry in app.toolbar.entries)


def test_every_entry_leads_somewhere_without_a_problem(app: SessionExplorer):
    for entry in list(app.toolbar.entries):
        choose(app, entry["key"])
        assert app.notice.value is None, entry


def test_a_view_is_opened_and_left(app: SessionExplorer):
    choose(app, keys(app, "Views")["Actors"])
    assert app.state.view == "actors"
    choose(app, keys(app, "Views")["Charts"])
    assert app.state.view == ""


def test_a_chart_that_is_there_is_not_added_again(app: SessionExplorer):
    before = app.state.charts
    choose(app, keys(app, "Charts")["Session duration"])
    choose(app, "chart duration")
    assert app.state.charts == before
    choose(app, keys(app, "Charts")["buys"])
    choose(app, "chart buys")
    assert [chart.of for chart in app.state.charts].count("buys") == 1


def test_fields_become_charts_and_what_has_none_a_metric(app: SessionExplorer):
    choose(app, keys(app, "Fields")["event"])
    assert app.state.charts[-1].by == ("any event",)
    choose(app, keys(app, "Fields")["ts"])
    assert app.state.charts[-1].by == ("any event",)  # sessions over time is there already


def test_values_are_searched_and_selected(app: SessionExplorer):
    app.toolbar.hear({"sought": "PUR"})
    (entry,) = app.toolbar.found["values"]
    assert (app.toolbar.found["text"], entry["title"]) == ("PUR", "purchase")
    choose(app, entry["key"])
    assert app.state.selection == Selection().with_("any event", Values(frozenset({"purchase"})))
    with_one = app.state.engine.events(app.state.definition, "event = 'purchase'")["session_id"].n_unique()
    assert 0 < app.selected.height == with_one


def test_actors_are_found_and_selected(app: SessionExplorer):
    actor = FRAME["user"][0]
    app.toolbar.hear({"sought": actor})
    choose(app, next(e["key"] for e in app.toolbar.found["values"] if e["title"] == actor))
    assert {*app.selected["user"]} == {actor}


def test_the_same_choice_twice_is_heard_twice(app: SessionExplorer):
    choose(app, "view actors")
    app.state.view = ""
    choose(app, "view actors")
    assert app.state.view == "actors"


def test_the_guide_opens_at_the_heading(app: SessionExplorer):
    choose(app, keys(app, "Guide")["Cohorts"])
    assert (app.guide.value, app.guide.panel.anchor, app.guide.panel.turn) == ("metrics", "Cohorts", 1)
    app.toolbar.hear({"place": "inactivity#Heartbeats"})
    assert (app.guide.value, app.guide.panel.anchor, app.guide.panel.turn) == ("inactivity", "Heartbeats", 2)
