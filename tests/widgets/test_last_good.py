"""What cannot be computed leaves the whole last good picture: document, captions, brushes, numbers."""

from __future__ import annotations

import polars as pl
import pytest

import explorer
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.factories import made
from widgets import SessionExplorer

pytestmark = pytest.mark.slow

VISIT = SessionDefinition("visit", "30m", metrics=[Metric("n", "count")])
BAD = {
    "a name of the source": VISIT.replace(metrics=[Metric("amount", "count")]),
    "no such column": VISIT.replace(where="evnt = 'x'", inactivity="1h"),
    "a circle": VISIT.replace(
        metrics=[Metric("a", "ratio", "b / n"), Metric("b", "ratio", "a / n"), *VISIT.metrics], inactivity="1h"
    ),
}


@pytest.fixture
def app() -> SessionExplorer:
    log = explorer.connect(made(), actor="user", time="ts", event="event")
    return SessionExplorer(log, Analysis(log.columns, (VISIT,)))


def shown(app: SessionExplorer) -> tuple[object, ...]:
    state = app.state
    return (
        *(state.analysis, state.session, state.selection, state.drawn.definition, state.undoable, state.redoable),
        *(app.inactivity.value, app.inactivity.caption, app.key_numbers.param.values().get("values")),
        app.sessions.height,
    )


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_the_last_good_picture_stands(app: SessionExplorer, bad: SessionDefinition):
    app.state.define(inactivity="45m")
    app.state.selection = Selection.from_text("event_count:2..5")
    before = shown(app)
    app.analysis = app.analysis.with_session(bad)
    assert app.notice.value is not None
    assert shown(app) == before
    app.state.undo()
    assert str(app.state.drawn.definition.inactivity) == "30m"
    assert app.notice.value is None
    app.state.redo()
    assert shown(app)[:4] == before[:4]


def test_a_change_that_failed_is_not_undone_into(app: SessionExplorer):
    app.state.define(inactivity="45m")
    app.state.undo()
    app.state.define(where="evnt = 'x'")
    assert str(app.state.definition.inactivity) == "30m"
    assert app.state.undoable == ""


def test_a_document_that_does_not_fit_the_engine_is_refused_where_it_is_given():
    log = explorer.connect(made(), actor="user", time="ts", event="event")
    with pytest.raises(SpecError, match=r"sessions\[0\]\.metrics\[0\]\.name: 'amount' is a column of the events"):
        SessionExplorer(log, Analysis(log.columns, (BAD["a name of the source"],)))
    with pytest.raises(SpecError, match=r"sessions\[0\]\.where: there is no column 'evnt'"):
        SessionExplorer(log, Analysis(log.columns, (BAD["no such column"],)))


def test_columns_that_cannot_be_read_leave_those_that_can(app: SessionExplorer):
    before = shown(app)
    app.columns.value = app.analysis.columns.replace(time="page")
    assert shown(app) == before
    assert isinstance(app.sessions, pl.DataFrame)
