"""Undo and redo of every change of the document, however it came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from explorer.crossfilter.selections.selection import Range, Selection
from explorer.history import MOST, History, Step
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition
from explorer.state import Explorer
from tests.widgets.events import record

BASE = Analysis(Columns(actor="user", time="ts"), (SessionDefinition(name="visit", inactivity="30m"),))
TWO = BASE.replace(sessions=(*BASE.sessions, SessionDefinition(name="web", inactivity="20m")))


def at(minutes: int) -> Analysis:
    return BASE.with_session(BASE.sessions[0].replace(inactivity=f"{minutes + 1}m"))


def explorer(analysis: Analysis = BASE) -> Explorer:
    return Explorer(analysis=analysis, session=analysis.sessions[0].name)


def test_a_view_that_a_change_opened_is_left_with_it() -> None:
    """And no other: what was done in one view can be undone in another."""
    state = explorer()
    state.param.update(analysis=TWO, view="compare")
    state.undo()
    assert (state.analysis, state.view) == (BASE, "")
    state.redo()
    assert (state.analysis, state.view) == (TWO, "compare")
    state.define(inactivity="45m")
    state.view = "actors"
    state.undo()
    assert (state.analysis, state.view) == (TWO, "actors")


def test_undo_and_redo_say_what_they_would_do() -> None:
    state = explorer()
    assert (state.undoable, state.redoable) == ("", "")
    state.define(inactivity="45m")
    assert (state.undoable, state.redoable) == ("inactivity of visit 30m to 45m", "")
    state.undo()
    assert (state.undoable, state.redoable) == ("", "inactivity of visit 30m to 45m")
    assert state.analysis == BASE
    state.redo()
    assert (state.undoable, state.redoable) == ("inactivity of visit 30m to 45m", "")
    assert str(state.definition.inactivity) == "45m"


def test_nothing_to_undo_is_no_event() -> None:
    state = explorer()
    said = record(state, "analysis", "session")
    state.undo()
    state.redo()
    assert said == []


def test_a_step_is_one_event() -> None:
    state = explorer()
    state.define(name="stay")
    heard: list[tuple[str, str]] = []
    state.param.watch(
        lambda *_: heard.append((state.analysis.sessions[0].name, state.session)), ["analysis", "session"]
    )
    state.undo()
    state.redo()
    assert heard == [("visit", "visit"), ("stay", "stay")]


def test_a_change_after_undo_drops_what_could_be_redone() -> None:
    state = explorer()
    state.define(inactivity="45m")
    state.undo()
    state.define(inactivity="1h")
    assert state.redoable == ""
    state.redo()
    assert str(state.definition.inactivity) == "1h"
    state.undo()
    assert state.analysis == BASE


def test_an_equal_document_is_no_step() -> None:
    state = explorer()
    state.define(inactivity="1800s")
    state.analysis = Analysis.from_yaml(BASE.to_yaml())
    assert state.undoable == ""


def test_what_is_shown_and_brushed_is_no_change_of_the_document() -> None:
    state = explorer(TWO)
    state.session = "web"
    state.selection = Selection().with_("event_count", Range(2, 6))
    assert state.undoable == ""


def test_undo_shows_where_the_change_was_made() -> None:
    state = explorer(TWO)
    state.session = "web"
    state.define(inactivity="1h")
    state.session = "visit"
    state.undo()
    assert (state.session, state.analysis) == ("web", TWO)
    state.session = "visit"
    state.redo()
    assert (state.session, str(state.definition.inactivity)) == ("web", "1h")


def test_a_document_put_in_from_outside_can_be_undone() -> None:
    state = explorer(TWO)
    state.session = "web"
    state.param.update(analysis=BASE, session="visit")
    assert state.undoable == "session definition web removed"
    state.undo()
    assert (state.analysis, state.session) == (TWO, "web")


def test_the_oldest_goes_when_there_are_too_many() -> None:
    history = History()
    for turn in range(MOST + 2):
        history.record(Step(at(turn), "visit"))
    steps = [step.analysis for step in iter(history.undo, None)]
    assert len(steps) == MOST
    assert steps[-1] == at(1)


@given(st.lists(st.sampled_from(["undo", "redo", *range(4)]), max_size=30))
def test_it_is_two_lists_of_documents(acts: list[str | int]) -> None:
    state, past, now, future = explorer(at(0)), [], at(0), []
    for act in acts:
        if act == "undo":
            state.undo()
            if past:
                future.append(now)
                now = past.pop()
        elif act == "redo":
            state.redo()
            if future:
                past.append(now)
                now = future.pop()
        else:
            state.analysis = at(int(act))
            if now != at(int(act)):
                past.append(now)
                now, future = at(int(act)), []
        assert state.analysis == now
        assert (bool(state.undoable), bool(state.redoable)) == (bool(past), bool(future))
