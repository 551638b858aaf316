"""The report dialog without a browser: every page is what its words say, and the words stay in the document."""

from __future__ import annotations

import pytest

import explorer
from explorer.report import read_back
from tests.engine.local.compare.vendor import VISIT as VENDOR
from tests.engine.local.compare.vendor import frame, with_ids
from tests.factories import FRAME
from widgets import SessionExplorer
from widgets.export.report_dialog import ReportDialog, ReportFields

pytestmark = pytest.mark.slow
OFF = {"inactivities": False, "ids": False}


@pytest.fixture
def app() -> SessionExplorer:
    return SessionExplorer(FRAME, actor="user", time="ts", event="event")


@pytest.fixture
def fields(app: SessionExplorer) -> ReportFields:
    app.toolbar.hear({"report": True})
    return dialog(app).fields


def dialog(app: SessionExplorer) -> ReportDialog:
    return next(each for each in app.dialogs if isinstance(each, ReportDialog))


def hear(app: SessionExplorer, verb: str, title: str = "", notes: str = "", session: str = "session") -> None:
    dialog(app).hear({verb: {"title": title, "notes": notes, "session": session}})


def test_it_opens_with_the_page_of_what_is_there(app: SessionExplorer, fields: ReportFields):
    assert fields.turn == 1
    assert fields.words == {"title": "", "notes": "", "session": "session", "brushed": False, **OFF}
    assert fields.sessions == ["session"]
    assert fields.heading == "Sessions of a data frame"
    assert read_back(fields.page["text"]) == app.analysis
    assert fields.page["filename"] == "analysis.html"
    assert fields.page["about"].startswith("analysis.html, 1.")


def test_what_is_typed_is_on_the_page_and_kept_when_it_closes(app: SessionExplorer, fields: ReportFields):
    hear(app, "show", "A <title>", "*Why*")
    assert fields.page["turn"] == 2
    found = read_back(fields.page["text"])
    assert (found.title, found.notes) == ("A <title>", "*Why*")
    assert "A &lt;title&gt;" in fields.page["text"]
    assert app.analysis.title == ""
    hear(app, "keep", "A <title>", "*Why*")
    assert (app.analysis.title, app.analysis.notes) == ("A <title>", "*Why*")
    app.toolbar.hear({"report": True})
    assert fields.words["title"] == "A <title>"
    app.state.undo()
    assert app.analysis.title == ""


def test_how_much_the_inactivity_matters_is_in_it_where_it_is_ticked(app: SessionExplorer, fields: ReportFields):
    assert 'id="inactivities"' not in fields.page["text"]
    dialog(app).hear({"show": {"title": "", "notes": "", "session": "session", "inactivities": True}})
    assert 'id="inactivities"' in fields.page["text"]
    app.toolbar.hear({"report": True})
    assert fields.words["inactivities"] is True


def test_the_ids_of_the_data_are_in_it_where_it_is_ticked():
    rows = with_ids(frame(2, 30), VENDOR).rename({"vendor_id": "session_id"})
    app = SessionExplorer(explorer.connect(rows, actor="user", time="ts", event="event"))
    app.toolbar.hear({"report": True})
    assert dialog(app).fields.ids == "session_id"
    assert 'id="ids"' not in dialog(app).fields.page["text"]
    dialog(app).hear({"show": {"title": "", "notes": "", "session": "session", "ids": True}})
    assert 'id="ids"' in dialog(app).fields.page["text"]


def test_nothing_typed_is_no_change(app: SessionExplorer, fields: ReportFields):
    hear(app, "keep")
    assert not app.state.undoable
    assert fields.page


def test_a_closed_dialog_holds_no_page(app: SessionExplorer, fields: ReportFields):
    dialog(app).hear({"keep": {"title": "", "notes": "", "session": "session"}, "closed": True})
    assert fields.page == {}
    app.toolbar.hear({"report": True})
    assert fields.page["text"]


def test_what_cannot_be_is_said_and_the_page_stays(app: SessionExplorer, fields: ReportFields):
    before = fields.page
    hear(app, "show", session="other")
    assert "other" in fields.problem
    assert fields.page == before
    hear(app, "show", "now")
    assert fields.problem == ""
