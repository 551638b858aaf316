"""The inactivity studio without a browser: the line is let go, and the definition is another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from explorer.charts.robustness_texts import sentences, title_of
from explorer.spec.charts.chart import Chart
from explorer.spec.duration import Duration
from tests.engines.making import Connect
from widgets import SessionExplorer
from widgets.views.inactivity.inactivity_texts import compared
from widgets.views.inactivity.view import InactivityView

BEGIN = datetime(2024, 3, 1)
FRAME = pl.DataFrame(
    [
        {"user": f"u{at % 3}", "ts": BEGIN + timedelta(minutes=(at // 3) ** 2), "event": ("view", "login")[at % 7 == 0]}
        for at in range(120)
    ]
)


@pytest.fixture
def app(engines: Connect) -> SessionExplorer:
    return SessionExplorer(engines(FRAME, actor="user", time="ts", event="event"))


@pytest.fixture
def view(app: SessionExplorer) -> InactivityView:
    app.viewing.tabs.value = "inactivity"
    return app.viewing.views["inactivity"]


def test_a_line_that_is_let_go_is_one_step_of_undo(app: SessionExplorer, view: InactivityView):
    assert view.studio.value == "30m"
    assert view.studio.before == ""
    view.studio.hear({"take": "1h"})
    assert app.state.definition.inactivity == Duration.parse("1h")
    assert (view.studio.value, view.studio.before) == ("1h", "30m")
    assert view.studio.answer["sessions"] == app.sessions.height
    app.state.undo()
    assert app.state.definition.inactivity == Duration.parse("30m")
    assert app.state.undoable == ""
    assert (view.studio.value, view.studio.before) == ("30m", "1h")


def test_where_the_line_rests_is_answered_and_nothing_is_changed(app: SessionExplorer, view: InactivityView):
    view.studio.hear({"ask": "11m"})
    assert view.studio.answer["text"] == "11m"
    wanted = app.state.engine.sessions(app.state.definition.replace(inactivity="11m"))
    assert view.studio.answer["sessions"] == wanted.height
    assert view.studio.answer["share"] == (wanted["event_count"] == 1).mean()
    assert app.state.definition.inactivity == Duration.parse("30m")


@pytest.mark.parametrize(
    ("typed", "said"), [("10", "has no unit"), ("0s", "longer than 0s"), ("soon", "not a duration")]
)
def test_what_is_no_inactivity_is_said_and_the_last_one_stands(
    app: SessionExplorer, view: InactivityView, typed: str, said: str
):
    view.studio.hear({"take": typed})
    assert said in view.studio.error
    assert view.studio.value == "30m"
    assert app.state.definition.inactivity == Duration.parse("30m")
    view.studio.hear({"take": "45m"})
    assert view.studio.error == ""


def test_the_table_is_exact_at_the_steps(app: SessionExplorer, view: InactivityView):
    canvas = view.studio.canvas
    sessions = dict(zip(canvas.table["lengths"], canvas.table["sessions"], strict=True))
    for length in canvas.steps["lengths"]:
        wanted = app.state.engine.sessions(app.state.definition.replace(inactivity=str(Duration(length))))
        assert sessions[length] == wanted.height


def test_it_says_what_its_numbers_are_not(app: SessionExplorer, view: InactivityView):
    assert view.studio.canvas.notes == ()
    app.state.define(keep="event_count > 1", max_duration="1h", restart="event = 'login'", where="event != 'none'")
    first, second, third = view.studio.canvas.notes
    assert "begin whatever the inactivity: 3 with a first event" in first
    assert "by restart" in first
    assert "the least there can be" in second
    assert "before the condition that keeps only some of them" in third
    assert not view.studio.canvas.exact
    assert view.studio.before == ""
    assert view.studio.canvas.of.endswith("of the same user that this definition looks at.")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"max_events": 2}, "What 'Max events' does depends on"),
        ({"max_events": 2, "max_duration": "1h"}, "What 'Max duration' and 'Max events' does depends on"),
        ({"restart_on_change": ("event",)}, "What 'New value' does depends on"),
        ({"opens_with": "event = 'login'"}, "What 'Opens with' does depends on"),
    ],
)
def test_it_names_the_rules_that_its_line_leaves_out(
    app: SessionExplorer, view: InactivityView, rules: dict[str, Any], said: str
):
    app.state.define(**rules)
    assert [note.split(" the sessions")[0] for note in view.studio.canvas.notes] == [said]


def test_a_log_without_gaps_says_so(engines: Connect):
    app = SessionExplorer(engines(FRAME.head(3), actor="user", time="ts"))
    app.state.view = "inactivity"
    assert app.viewing.views["inactivity"].studio.canvas.notes == (
        "Every event of the same user begins a session anyway: the inactivity decides nothing.",
    )
    app.state.define(where="user = 'nobody'")
    assert app.viewing.views["inactivity"].studio.canvas.notes == ("There is no event that this definition looks at.",)


def test_other_tools_are_on_the_axis_once_each():
    marks = compared()
    assert len({length for length, _, _ in marks}) == len(marks)
    assert any("Google Analytics 4" in who and "Matomo" in who for _, _, who in marks)


# ---- how much it matters


def test_everything_is_tried_and_said(app: SessionExplorer, view: InactivityView):
    table, engine = view.robustness.table, app.state.engine
    if engine.is_table:
        assert (table.offered, table.rows) == ("Try 16 inactivities", [])
        table.hear({"ask": "begin"})
    assert table.offered == ""
    found = engine.robustness(app.state.definition, app.state.analysis.charts)
    assert [row["what"] for row in table.rows] == [title_of(row) for row in found.rows]
    assert table.said == sentences(found, engine.zone)
    assert table.progress == (0, 0)
    (sessions,) = (row for row in table.rows if row["what"] == "Sessions")
    wanted = [engine.sessions(app.state.definition.replace(inactivity=text)).height for _, text in table.lengths]
    assert sessions["texts"] == [f"{each:,}" for each in wanted]
    assert sessions["now"] == sessions["texts"][table.now]


def test_it_follows_the_definition_and_the_share(app: SessionExplorer, view: InactivityView):
    table = view.robustness.table
    table.hear({"ask": "begin"})
    before = [row["holds"] for row in table.rows]
    view.robustness.share.value = "0.1"
    assert [row["holds"] for row in table.rows] != before
    app.state.define(inactivity="1h")
    table.hear({"ask": "begin"})
    assert table.lengths[table.now][1] == "1h"
    table.hear({"ask": "csv"})
    assert table.handed["name"] == "session inactivities.csv"
    assert table.handed["text"].startswith("name,inactivity,value,group,now\nsessions,5m,")


def test_it_is_not_tried_while_nobody_looks(app: SessionExplorer, view: InactivityView):
    rows = view.robustness.table.rows
    app.viewing.tabs.value = "charts"
    app.state.define(inactivity="10m")
    assert view.robustness.table.rows == rows
    app.viewing.tabs.value = "inactivity"
    view.robustness.table.hear({"ask": "begin"})
    assert view.robustness.table.lengths[view.robustness.table.now][1] == "10m"


def test_a_chart_that_says_nothing_is_named(view: InactivityView, app: SessionExplorer):
    points = Chart("scatter", app.state.definition.name, by=["duration", "event_count"], title="Long <b>and</b> many")
    app.state.analysis = app.state.analysis.replace(charts=(*app.state.analysis.charts, points))
    view.robustness.table.hear({"ask": "begin"})
    assert view.robustness.table.notes == ["Not followed: Long <b>and</b> many."]


def test_an_answer_that_comes_late_takes_nothing_back(app: SessionExplorer, view: InactivityView):
    late = view.work()()
    app.state.define(inactivity="7m")
    view.show(late)
    assert app.state.definition.inactivity == Duration.parse("7m")
    assert view.studio.value == "7m"
