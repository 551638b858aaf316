"""Files, code and the numbers of charts without a browser: what is asked for is what is written."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest

from explorer.crossfilter.selections.selection import Range, Selection
from explorer.errors import SourceError, SpecError
from explorer.exports import read_back
from tests.code.running import run
from tests.factories import FRAME
from tests.widgets.events import record
from widgets import SessionExplorer
from widgets.export.controller import file_stem
from widgets.export.export_dialog import KINDS, ExportDialog, Wanted

pytestmark = pytest.mark.slow


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionExplorer:
    monkeypatch.chdir(tmp_path)
    return SessionExplorer(FRAME, actor="user", time="ts", event="event")


def brush(app: SessionExplorer) -> None:
    app.state.selection = Selection().with_("event_count", Range(2, 6))


def ask(app: SessionExplorer, what: str, selected: bool, kind: str) -> str:
    app.leaving.exports.hear({"export": {"what": what, "selected": selected, "format": kind}})
    return str(app.leaving.exports.fields.state["text"])


def test_the_dialog_says_how_many_there_are(app: SessionExplorer):
    fields = app.leaving.exports.fields
    app.toolbar.hear({"export": True})
    assert fields.turn == 1
    assert fields.counts["sessions"] == f"{app.sessions.height} sessions"
    assert fields.selected is None
    brush(app)
    app.toolbar.hear({"export": True})
    assert fields.turn == 2
    assert fields.selected["sessions"].split()[0] == str(app.selected.height)
    app.state.selection = Selection().with_("event_count", Range(10_000, None))
    app.toolbar.hear({"export": True})
    assert fields.selected == {"sessions": "0 sessions", "actors": "0 actors", "events": "0 events"}


@pytest.mark.parametrize("selected", [False, True])
def test_a_file_is_written_beside_the_notebook(app: SessionExplorer, tmp_path: Path, selected: bool):
    brush(app)
    for what in ("sessions", "actors", "events"):
        said = ask(app, what, selected, "parquet")
        name = file_stem(None, app.state.definition.name, what, selected)
        assert said.endswith(f"written to {tmp_path / name}.parquet")
        assert read_back(tmp_path / f"{name}.parquet") == app.analysis
    sessions, end = (app.selected, "_selected") if selected else (app.sessions, "")
    assert pl.read_parquet("session_selected.parquet" if selected else "session_sessions.parquet").equals(sessions)
    events = pl.read_parquet(f"session_events{end}.parquet")
    assert set(events["session_id"]) == set(sessions["session_id"])
    assert pl.read_parquet(f"session_actors{end}.parquet").height == sessions["user"].n_unique()


def test_nothing_is_overwritten_and_errors_are_said(app: SessionExplorer, tmp_path: Path):
    ask(app, "sessions", False, "csv")
    assert "session_sessions-2.csv" in ask(app, "sessions", False, "csv")
    assert "session_sessions-3.csv" in ask(app, "sessions", False, "spreadsheet")
    assert "Did you mean 'sessions'?" in ask(app, "session", False, "csv")
    assert app.leaving.exports.fields.state["phase"] == "failed"
    assert len(list(tmp_path.iterdir())) == 3


def test_the_same_asked_twice_is_told_twice():
    dialog = ExportDialog()
    told = record(dialog, "asked")
    for _ in range(2):
        dialog.hear({"export": {"what": "sessions", "selected": False, "format": "csv"}})
    assert told == [Wanted("sessions", False, KINDS["csv"])] * 2


def test_export_and_code_by_name(app: SessionExplorer, tmp_path: Path):
    brush(app)
    assert app.export("out.arrow", "events", selected=True) == Path("out.arrow")
    assert pl.read_ipc("out.arrow").height == app.selected["event_count"].sum()
    with pytest.raises(SourceError, match="no format"):
        app.export("out.xls")
    found = run(app.code(), events=FRAME)
    assert found["sessions"].equals(app.sessions)
    assert found["selected"].equals(app.selected)
    assert run(app.code("polars"), events=FRAME)["selected"].height == app.selected.height
    with pytest.raises(SpecError, match="Did you mean 'sql'"):
        app.code("sqll")


@pytest.mark.parametrize(("tongue", "sign"), [("python", "# "), ("polars", "# "), ("sql", "-- "), ("shell", "# ")])
def test_a_selection_that_code_cannot_say_is_said(app: SessionExplorer, tongue: str, sign: str):
    app.state.selection = Selection().with_("time_in_session", Range(0, 60_000_000, "duration"))
    first, *_ = text = app.code(tongue).splitlines()
    assert first.startswith(f"{sign}What is selected is not said here. 'time_in_session' cannot")
    assert all(line.startswith(sign) for line in text[:2])
    if tongue == "polars":
        assert run(app.code(tongue), events=FRAME)["sessions"].height == app.sessions.height


def test_the_code_dialog_shows_each_tongue(app: SessionExplorer):
    panel = app.leaving.codes.panel
    app.toolbar.hear({"code": True})
    assert (panel.turn, panel.tongue) == (1, "python")
    assert panel.text == app.code()
    for tongue in ("polars", "sql", "shell", "yaml"):
        app.leaving.codes.hear({"tongue": tongue, "dialect": "spark"})
        assert panel.tongue == tongue
        expected = app.code(tongue, dialect="spark") if tongue != "sql" else panel.text
        assert panel.text == expected
    app.leaving.codes.hear({"tongue": "sql", "dialect": "postgres"})
    app.state.define(restart="event IS NOT NULL")
    app.leaving.codes.hear({"tongue": "sql", "dialect": "postgres"})
    assert panel.text == ""
    assert "Postgres" in panel.problem
    app.leaving.codes.hear({"tongue": "cobol", "dialect": "postgres"})
    assert panel.tongue == "sql"
    app.leaving.codes.hear({"tongue": "yaml", "dialect": "postgres"})
    assert panel.problem == ""


def test_the_numbers_of_every_card(app: SessionExplorer):
    for kind in ("number", "line", "heatmap", "scatter", "table"):
        app.chart_choice.hear({"toggle": f"new {kind}"})
    brush(app)
    for key, card in app.grid.cards.items():
        card.hear({"act": "numbers"})
        turn = card._head.handed["turn"]
        read = pl.read_csv(io.StringIO(card._head.handed["text"]))
        assert read.height > 0, key
        card.hear({"act": "numbers"})
        assert card._head.handed["turn"] == turn + 1
    assert app.analysis.charts[-1].kind == "table"
