"""The microscope without a browser: it opens, steps, follows and closes, and shows what the engine says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from explorer.crossfilter.selections.selection import Selection
from explorer.engine.microscope.window import POINTS
from tests.factories import FRAME
from widgets import SessionExplorer

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def app() -> SessionExplorer:
    return SessionExplorer(FRAME, actor="user", time="ts", event="event")


def head(app: SessionExplorer) -> dict[str, Any]:
    return app.microscope.panel.head  # type: ignore[union-attr]


def shows(app: SessionExplorer, session_id: str) -> bool:
    """Whether it shows that session, with the events that the engine gives it."""
    panel = app.microscope.panel
    assert panel is not None
    own = app.state.engine.events(app.state.definition).filter(pl.col("session_id") == session_id)
    column = panel.events["columns"].index("event")
    assert [row[column] for row in panel.events["rows"]] == own["event"].to_list()[:25]
    assert panel.events["total"] == own.height
    assert app.microscope.place.visible
    return app.microscope.value == panel.head["id"] == session_id


def test_a_row_opens_and_a_second_click_closes(app: SessionExplorer):
    assert app.microscope.panel is None
    assert not app.microscope.place.visible
    ids = app.sessions["session_id"]
    app.table.hear({"selected": 2})
    assert shows(app, ids[2])
    app.table.hear({"selected": 0})
    assert shows(app, ids[0])
    assert app.table.selected == 0
    app.table.hear({"selected": None})
    assert not app.microscope.place.visible
    assert app.microscope.value == ""
    app.table.hear({"selected": 0})
    assert shows(app, ids[0])


def test_it_says_what_it_shows(app: SessionExplorer):
    app.microscope.open("u0/2")
    row = app.sessions.filter(pl.col("session_id") == "u0/2").row(0, named=True)
    assert head(app)["title"].startswith("Session 2 of ")
    assert head(app)["title"].endswith(" of user u0")
    assert head(app)["sentence"].startswith(f"{row['event_count']} events in ")
    assert "after a gap of 1h 58m, more than 30m" in head(app)["sentence"]
    assert head(app)["begins"] == "After a gap of 1h 58m, more than 30m"
    strip = app.microscope.panel.strip  # type: ignore[union-attr]
    assert strip["step"] == 0
    own = [point for point in strip["points"] if head(app)["first"] <= point[2] <= head(app)["last"]]
    assert len(own) == row["event_count"]


def test_it_steps_through_the_actor_s_and_the_selected_sessions(app: SessionExplorer):
    app.microscope.open("u1/2")
    app.microscope.hear({"open": 1})
    assert shows(app, "u1/1")
    assert head(app)["begins"] == "The actor's first event"
    app.table.hear({"sort": ["duration", True], "page": 0})
    order = app.sessions.sort("duration", descending=True, maintain_order=True)["session_id"].to_list()
    ids = [row[0] for row in app.table.rows]
    assert sorted(ids) == sorted(order)
    at = ids.index("u1/1")
    assert app.microscope.panel.walk["text"] == f"{at + 1} of {len(ids)} shown"  # type: ignore[union-attr]
    step = 1 if at + 1 < len(ids) else -1
    app.microscope.hear({"walk": step})
    assert shows(app, ids[at + step])
    assert app.table.selected == at + step


def test_the_first_of_the_selected_is_opened_by_a_button_beside_the_brushes(app: SessionExplorer):
    least = app.sessions["event_count"].min()
    app.state.selection = Selection.from_text(f"event_count:{least}..{least + 1}")  # type: ignore[operator]
    app.chips.hear({"act": "look"})
    chosen = app.selected["session_id"]
    assert shows(app, chosen[0])
    walk = app.microscope.panel.walk  # type: ignore[union-attr]
    assert walk["text"] == f"1 of {len(chosen)} selected"
    app.state.selection = Selection.from_text("event_count:1000..2000")
    walk = app.microscope.panel.walk  # type: ignore[union-attr]
    assert (walk["text"], walk["next"]) == ("not one of 0 selected", False)
    app.microscope.close()
    app.chips.hear({"act": "look"})
    assert app.microscope.value == ""
    assert "hold no session" in app.notice.value.text


def test_it_follows_the_definition_by_the_first_event(app: SessionExplorer):
    app.microscope.open("u0/2")
    first = app.state.engine.events(app.state.definition).filter(pl.col("session_id") == "u0/2").row(0, named=True)
    app.state.define(inactivity="7m")
    now = app.state.engine.events(app.state.definition)
    (wanted,) = now.filter((pl.col("user") == "u0") & (pl.col("ts") == first["ts"]))["session_id"]
    assert wanted != "u0/2"
    assert shows(app, wanted)
    app.state.undo()
    assert shows(app, "u0/2")


def test_it_says_so_and_closes_when_the_first_event_is_gone(app: SessionExplorer):
    app.microscope.open("u0/2")
    first = app.state.engine.events(app.state.definition).filter(pl.col("session_id") == "u0/2").row(0, named=True)
    app.state.define(where=f"event != '{first['event']}'")
    assert not app.microscope.place.visible
    assert app.microscope.value == ""
    assert "is gone" in app.notice.value.text


def test_a_change_that_cuts_nothing_anew_leaves_what_is_seen_as_it_is(app: SessionExplorer):
    app.microscope.open("u0/2")
    app.microscope.hear({"window": [0, 1]})
    seen = app.microscope.panel.strip  # type: ignore[union-attr]
    app.chart_choice.hear({"toggle": "session_number"})
    assert app.microscope.panel.strip is seen  # type: ignore[union-attr]


def test_the_longest_inactivity_and_a_single_event():
    app = SessionExplorer(FRAME.head(1), actor="user", time="ts", event="event")
    app.state.define(inactivity="7000000w")
    app.microscope.open("u0/1")
    assert (
        head(app)["sentence"]
        == "1 event. It began with the actor's first event, and ended with the actor's last event."
    )
    assert [point[0] for point in app.microscope.panel.strip["points"]] == head(app)["whole"][:1]  # type: ignore[union-attr]


def test_an_id_that_is_not_there_is_an_error_on_the_page(app: SessionExplorer):
    app.microscope.open("nobody/1")
    assert "has no session of 'nobody'" in app.notice.value.text
    assert app.microscope.value == ""


def test_events_lanes_and_windows_come_page_by_page():
    count = 3 * POINTS
    begin = datetime(2024, 1, 1)
    frame = pl.DataFrame(
        {
            "user": ["a"] * count,
            "ts": [begin + timedelta(seconds=at + 3_600 * (at // 300)) for at in range(count)],
            "event": [f"e{at % 3}" for at in range(count)],
        }
    )
    app = SessionExplorer(frame, actor="user", time="ts", event="event")
    app.microscope.open("a/13")
    panel = app.microscope.panel
    assert panel is not None
    assert (panel.lanes["page"], panel.lanes["total"]) == (1, 20)
    assert [row["number"] for row in panel.lanes["rows"]] == [9, 10, 11, 12, 13, 14, 15, 16]
    app.microscope.hear({"lanes": 2})
    assert [row["number"] for row in panel.lanes["rows"]] == [17, 18, 19, 20]
    app.microscope.hear({"page": 11})
    assert (panel.events["page"], len(panel.events["rows"])) == (11, 25)
    app.microscope.hear({"size": 100})
    app.microscope.hear({"row": panel.head["last"]})
    assert (panel.events["page"], panel.events["places"][-1]) == (2, panel.head["last"])
    app.microscope.hear({"window": panel.head["whole"]})
    assert panel.strip["step"] > 0
    assert sum(sum(counts) for _, counts in panel.strip["bins"]) == count
    app.microscope.hear({"point": panel.head["last"] + 1})
    assert (panel.detail["number"], panel.detail["gap"]) == (14, "1h")
    app.microscope.hear({"at": panel.head["last"] + 1})
    assert app.microscope.value == "a/14"
    assert len(panel.events["rows"]) == 100


@pytest.mark.parametrize("event", ["event", None])
def test_texts_from_the_data_stay_texts(event: str | None):
    times = [datetime(2024, 1, 1)] * 2
    frame = pl.DataFrame({HOSTILE: [HOSTILE, HOSTILE], "ts": times, event or "x": [HOSTILE, None]})
    app = SessionExplorer(frame, actor=HOSTILE, time="ts", event=event)
    app.microscope.open(f"{HOSTILE}/1")
    panel = app.microscope.panel
    assert panel is not None
    assert panel.head["title"] == f"Session 1 of 1 of {HOSTILE} {HOSTILE}"
    assert [row[0] for row in panel.events["rows"]] == [HOSTILE, HOSTILE]
    assert panel.head["legend"] == ([[0, HOSTILE], [9, "none"]] if event else [])
    assert "may have begun earlier and gone on" in panel.head["notes"][0]


def test_what_the_definition_leaves_out_is_shown_when_it_is_asked_for(app: SessionExplorer):
    app.state.define(where="event != 'login'")
    app.microscope.open("u0/1")
    panel = app.microscope.panel
    assert panel is not None
    assert panel.head["where"] == "event != 'login'"
    assert panel.strip["left"] == []
    app.microscope.hear({"left_out": True})
    app.microscope.hear({"window": panel.head["whole"]})
    logins = FRAME.filter((pl.col("user") == "u0") & (pl.col("event") == "login"))["ts"].to_physical()
    inside = logins.filter(logins.is_between(panel.strip["low"], panel.strip["high"])).to_list()
    assert [time for time, _ in panel.strip["left"]] == inside
    assert inside
    app.microscope.hear({"open": 2})
    assert "left" in panel.strip


def test_split_definitions_keep_and_several_rules_are_said():
    frame = FRAME.with_columns(pl.lit("x").alias("tenant"))
    app = SessionExplorer(frame, actor=["tenant", "user"], time="ts", event="event")
    app.state.define(split_by="event", restart="event = 'login'", keep="event_count > 1")
    every = app.state.engine.sessions(app.state.definition.replace(keep=None))
    hidden = every.filter(pl.col("event_count") == 1)["session_id"]
    app.microscope.open(hidden[-1])
    notes = " ".join(head(app)["notes"])
    assert "The definition does not show it" in notes
    assert "cut by themselves" in notes
    login = every.filter((pl.col("event") == "login") & (pl.col("started_by") == "restart"))["session_id"]
    app.microscope.open(login[0])
    assert "with a start event: event is 'login'" in head(app)["sentence"]
    assert "tenant x, user" in head(app)["title"]
    lanes = app.microscope.panel.lanes["rows"]  # type: ignore[union-attr]
    assert {row["split"] for row in lanes} <= {"login", "view", "purchase"}


def test_matches_of_a_pattern_are_marked_and_a_stretch_becomes_a_metric_and_a_brush(app: SessionExplorer):
    app.state.define(metrics=[{"name": "looks", "aggregate": "any", "pattern": "view"}])
    app.microscope.open("u0/2")
    panel = app.microscope.panel
    assert panel is not None
    own = app.state.engine.events(app.state.definition).filter(pl.col("session_id") == "u0/2")["event"].to_list()
    first = panel.head["first"]
    assert panel.matches["names"] == ["looks"]
    assert [begin - first for begin, _ in panel.matches["spans"]] == [
        at for at, name in enumerate(own) if name == "view"
    ]
    app.microscope.hear({"mark": [first + 1, first]})
    marked = panel.marked
    assert (marked["first"], marked["last"], marked["problem"]) == (first, first + 1, "")
    assert marked["ways"][0]["pattern"] == f"{own[0]} -> {own[1]}"
    counts = [int(way["text"].split(" ")[0].replace(",", "")) for way in marked["ways"]]
    assert counts == sorted(counts)
    app.microscope.hear({"take": [0, True]})
    metric = app.state.definition.metrics[-1]
    assert (metric.aggregate, str(metric.pattern)) == ("any", marked["ways"][0]["pattern"])
    assert app.state.selection == Selection.from_text(f"{metric.name}:true")
    assert app.selected.height == counts[0]
    assert panel.matches["chosen"] == metric.name
    app.microscope.hear({"mark": None})
    assert panel.marked == {}
    app.microscope.hear({"take": [0, False]})
    assert app.state.definition.metrics[-1] == metric
