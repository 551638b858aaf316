"""Links and notes on the page: their dialog, the rows, the microscope, undo."""

from __future__ import annotations

import pytest

from explorer.charts.figure.moments import moments_of
from explorer.crossfilter.selections.selection import Selection
from explorer.spec.context.annotation import Annotation
from explorer.spec.context.link import Link
from tests.factories import FRAME
from widgets import SessionExplorer

GOOD = {"name": "CRM", "url": "https://crm.example.com/{actor}?s={session_id}"}


@pytest.fixture
def app() -> SessionExplorer:
    return SessionExplorer(FRAME, actor="user", time="ts", event="event")


def test_a_link_is_typed_stands_in_rows_and_undo_takes_it_away(app: SessionExplorer) -> None:
    app.table.hear({"linked": True})
    assert (app.context.dialog.turn, app.context.dialog.asked) == (1, "links")
    assert "actor" in app.context.dialog.places
    assert app.table.columns[-1]["name"] != "@links"
    app.context.hear({"kept": {"links": [GOOD], "annotations": []}})
    assert app.analysis.links == (Link(**GOOD),)
    assert app.table.columns[-1]["name"] == "@links"
    first = app.sessions.row(0, named=True)
    wanted = [("CRM", f"https://crm.example.com/{first['user']}?s={first['session_id'].replace('/', '%2F')}")]
    assert app.table.rows[0][-1] == wanted
    app.microscope.open(first["session_id"])
    assert app.microscope.panel.head["links"] == wanted
    app.context.hear({"kept": {"links": [GOOD | {"name": "People"}], "annotations": []}})
    assert app.microscope.panel.head["links"][0][0] == "People"
    assert app.state.undoable == "link CRM renamed to People"
    app.context.hear({"kept": {"links": [GOOD, GOOD], "annotations": []}})
    assert app.context.dialog.problems["links[1]"] == ["name", "'CRM' is taken already. Choose another name."]
    app.state.undo()
    app.state.undo()
    assert app.analysis.links == ()
    assert app.table.columns[-1]["name"] != "@links"


def test_what_cannot_be_is_said_beside_its_row_and_changes_nothing(app: SessionExplorer) -> None:
    before = app.analysis
    rows = {
        "links": [GOOD, {"name": "Bad", "url": "https://{actor}.example.com/"}],
        "annotations": [{"at": "soon", "text": "x"}],
    }
    app.context.hear({"kept": rows})
    problems = app.context.dialog.problems
    assert problems["links[1]"][0] == "url"
    assert "Data may not choose the host" in problems["links[1]"][1]
    assert problems["annotations[0]"] == ["at", "'soon' is not a time. Write 2026-03-01 or 2026-03-01 12:30."]
    app.context.hear({"kept": {"links": [{"name": "x", "url": "https://a.example/{nothing}"}], "annotations": []}})
    assert "sessions have no column 'nothing'" in app.context.dialog.problems["links[0]"][1]
    assert app.analysis == before
    app.context.hear({"kept": {"links": [], "annotations": []}})
    assert app.context.dialog.problems == {}


def test_a_note_begins_where_time_is_brushed_and_is_counted_where_it_lies_outside(app: SessionExplorer) -> None:
    start = app.sessions["start"].sort()[3]
    app.state.selection = Selection.from_text(f"start:{start.isoformat()}..")
    key = next(card.key for card in app.state.cards if card.dimension == "start")
    assert app.grid.cards[key].value.timed
    app.charting._hear(key, {"act": "annotate"})
    assert app.context.dialog.asked == "annotations"
    assert app.context.dialog.fresh["at"].startswith(str(start)[:10])
    rows = [{"at": str(start), "text": "New"}, {"at": "1999-01-01", "text": "old"}]
    app.context.hear({"kept": {"links": [], "annotations": rows}})
    assert app.analysis.annotations == (Annotation(str(start), "New"), Annotation("1999-01-01", "old"))
    assert app.grid.cards[key].value.legend == (("transparent", "1 note lies outside of these times"),)
    assert app.state.undoable == "note New added, and 1 more change"
    app.state.undo()
    assert app.grid.cards[key].value.legend == ()


def test_the_palette_leads_to_both(app: SessionExplorer) -> None:
    app.finder.offer()
    keys = {entry["key"] for entry in app.toolbar.entries}
    assert {"context links", "context annotations"} <= keys
    app.toolbar.chosen = "context annotations"
    assert app.context.dialog.asked == "annotations"


def test_a_still_picture_has_them(app: SessionExplorer) -> None:
    start = app.sessions["start"].sort()[3]
    app.analysis = app.analysis.replace(annotations=[{"at": str(start), "text": "<New>"}])
    from base64 import b64decode

    pictures = [b64decode(part.partition('"')[0]).decode() for part in app.still().split("base64,")[1:]]
    assert any("&lt;New&gt;" in picture for picture in pictures)


def test_a_funnel_over_time_and_actors_over_time_have_them(app: SessionExplorer) -> None:
    start = app.sessions["start"].sort()[3]
    app.state.view = "inside"
    view = app.viewing.views["inside"]
    view.hear(view.funnel, {"apply": {"steps": ["event = 'view'"]}})
    view.hear(view.funnel, {"field": ["every", "1d"]})
    app.analysis = app.analysis.replace(
        annotations=[{"at": str(start), "text": "New"}, {"at": "1999-01-01", "text": "old"}]
    )
    trend = view.funnel.shown["trend"]
    assert [line["label"] for line in trend["moments"]["lines"]] == ["New"]
    assert trend["note"].endswith("1 note lies outside of these times.")


def test_the_microscope_has_notes_on_moments(app: SessionExplorer) -> None:
    app.microscope.open(app.sessions["session_id"][0])
    assert app.microscope.panel.head["moments"] == []
    note = {"at": "2024-03-01 10:00", "text": "<b>Relaunch</b>"}
    app.context.hear({"kept": {"links": [], "annotations": [note]}})
    (moment,) = moments_of(app.analysis.annotations, app.state.engine.zone)
    assert app.microscope.panel.head["moments"] == [[moment.us, "<b>Relaunch</b>", moment.said]]
    app.state.undo()
    assert app.microscope.panel.head["moments"] == []
