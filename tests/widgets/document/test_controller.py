"""Toolbar, keeper and hints without a browser: what they ask for, and what the explorer makes of it."""

from __future__ import annotations

import polars as pl
import pytest

from explorer.spec.analysis import Analysis
from tests.widgets.events import record
from widgets.document.autosave import Keeper
from widgets.document.controller import Habits
from widgets.document.hints import Hints
from widgets.document.saved_state import Kept
from widgets.document.toolbar import Toolbar, ToolbarButtons
from widgets.session_explorer import SessionExplorer

pytestmark = pytest.mark.slow

EVENTS = pl.DataFrame({"user": ["a", "a", "b"], "ts": [0, 4_000, 9_000], "event": ["x", "y", "x"]})


@pytest.fixture
def app() -> SessionExplorer:
    return SessionExplorer(EVENTS, actor="user", time="ts", event="event")


def changed(app: SessionExplorer, inactivity: str = "2h") -> Analysis:
    return app.analysis.with_session(app.analysis.sessions[0].replace(inactivity=inactivity))


def test_the_toolbar_follows_the_document(app: SessionExplorer):
    assert (app.toolbar.undoable, app.toolbar.redoable) == ("", "")
    app.analysis = changed(app)
    assert app.toolbar.undoable == "inactivity of session 30m to 2h"
    assert app.toolbar.yaml == app.analysis.to_yaml()
    app.toolbar.hear({"undo": True})
    assert str(app.analysis.sessions[0].inactivity) == "30m"
    assert (app.toolbar.undoable, app.toolbar.redoable) == ("", "inactivity of session 30m to 2h")
    app.toolbar.hear({"redo": True})
    assert app.toolbar.yaml == app.analysis.to_yaml() == changed(app).to_yaml()


def test_what_is_saved_is_told_when_it_is_there():
    toolbar = Toolbar(yaml="one")
    buttons = toolbar.__panel__()
    said = record(buttons, "yaml", "saved")
    toolbar.yaml = "two"
    toolbar.hear({"save": True})
    toolbar.hear({"save": True})
    assert said == ["two", 1, 2]


def test_the_same_file_opened_or_refused_twice_is_told_twice():
    toolbar = Toolbar()
    opened, refused, others = record(toolbar, "opened"), record(toolbar, "refused"), record(toolbar, "undo", "redo")
    for _ in range(2):
        toolbar.hear({"opened": "text", "name": "a.yaml"})
        toolbar.hear({"refused": "no"})
    assert opened == [("a.yaml", "text")] * 2
    assert refused == ["no"] * 2
    assert others == []


def test_an_opened_file_is_one_change_of_the_data_at_hand(app: SessionExplorer):
    wanted = changed(app)
    said = record(app.state, "analysis")
    app.toolbar.hear({"opened": wanted.replace(source="elsewhere.csv").to_yaml(), "name": "a.yaml"})
    assert said == [wanted]
    assert app.notice.value is None
    app.toolbar.hear({"undo": True})
    assert app.analysis != wanted


BAD = [
    ("sessions: [", "line "),
    ("[1, 2]", "Expected the fields of a Analysis, got [1, 2]."),
    ("", "Expected the fields of a Analysis, got None."),
    ("{version: 1, columns: {actor: user, time: t}, sessions: [{name: a, inactivity: 1h}]}", "no column 't'"),
    ("{version: 2, columns: {actor: user, time: ts}, sessions: [{name: a, inactivity: 1h}]}", "Version 2 cannot"),
    (
        "{columns: {actor: user, time: ts, event: event}, sessions: [{name: a, inactivity: 1h, where: evnt = 'x'}]}",
        "sessions[0].where: there is no column 'evnt'. Did you mean 'event'?",
    ),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_a_bad_file_says_why_and_changes_nothing(app: SessionExplorer, text: str, said: str):
    before = app.analysis
    app.toolbar.hear({"opened": text, "name": "a.yaml"})
    assert app.analysis is before
    assert app.notice.value
    assert app.notice.value.text.startswith("a.yaml could not be opened, and nothing has changed. ")
    assert said in app.notice.value.text


def test_a_refused_file_is_said(app: SessionExplorer):
    app.toolbar.hear({"refused": "a.csv is no analysis."})
    assert app.notice.value
    assert app.notice.value.text == "a.csv is no analysis."


def test_every_change_is_kept_as_what_can_be_restored(app: SessionExplorer):
    app.analysis = changed(app)
    kept = Kept.read(app.keeper.kept)
    assert kept == Kept.of(app.state)
    other = SessionExplorer(EVENTS, actor="user", time="ts", event="event")
    kept.restore(other.state)
    assert other.analysis == app.analysis
    assert Kept.of(other.state).mark == kept.mark == app.keeper.kept["mark"]
    assert kept.mark != Kept(kept.yaml, "duration:1m..").mark


@pytest.mark.parametrize("found", [{}, {"yaml": ""}, {"yaml": 3}, {"yaml": "a", "brush": None}])
def test_anything_may_stand_in_a_browser(found: dict[str, object]):
    assert Kept.read(found) is None


def test_the_keeper_hears_of_the_past_once_and_asks_once():
    keeper = Keeper(key="a")
    found, continued = record(keeper, "found"), record(keeper, "continued")
    keeper.hear({"found": {"yaml": "x"}})
    keeper.hear({"found": {"yaml": "y"}})
    assert found == [{"yaml": "x"}]
    keeper.offer = "3 definitions"
    keeper.hear({"dismissed": True})
    assert (keeper.offer, continued) == ("", [])
    keeper.offer = "3 definitions"
    keeper.hear({"continued": True})
    assert (keeper.offer, continued) == ("", [True])


@pytest.mark.parametrize("found", [None, [1], "text", 3])
def test_a_broken_past_is_none(found: object):
    keeper = Keeper(key="a")
    keeper.hear({"found": found})
    assert keeper.found == {}


def test_hints_that_were_done_are_told_once():
    hints = Hints(value=(("a", "A"), ("b", "B")))
    said = record(hints, "done")
    hints.did("a")
    hints.did("a")
    assert said == [("a",)]


def test_doing_it_takes_the_hint_away(app: SessionExplorer):
    app.analysis = changed(app)
    app.toolbar.hear({"listed": True})
    assert app.hints.done == ("inactivity", "keys")


def test_in_a_notebook_the_toolbar_stands_above_the_editors(app: SessionExplorer):
    assert app.toolbar.__panel__() in app.__panel__().select(ToolbarButtons)
    assert not app.toolbar.whole_page


def test_a_frame_is_saved_as_analysis_and_not_kept(app: SessionExplorer):
    assert app.toolbar.filename == "analysis.yaml"
    assert app.keeper.key == ""
    assert Habits(app.state, print, app.say, page=True).toolbar.whole_page
