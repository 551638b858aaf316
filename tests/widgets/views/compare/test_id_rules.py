"""The rules of session ids on the Compare tab: found at a click, added at another, held against the ids."""

from __future__ import annotations

import polars as pl
import pytest

import explorer
from explorer.spec.session import SessionDefinition
from tests.engine.local.compare.vendor import VISIT, frame, with_ids
from tests.engines.making import in_duckdb
from widgets import SessionExplorer
from widgets.views.compare.view import CompareView

ROWS = with_ids(frame(2, 30), VISIT.replace(calendar="UTC"))


@pytest.fixture
def app() -> SessionExplorer:
    return SessionExplorer(explorer.connect(ROWS, actor="user", time="ts", event="event"))


def opened(app: SessionExplorer, column: str = "vendor_id") -> CompareView:
    app.viewing.tabs.value = "compare"
    view: CompareView = app.viewing.views["compare"]
    view.table.hear({"column": column})
    return view


def test_rules_are_looked_for_and_added(app: SessionExplorer) -> None:
    view = opened(app)
    shown = view.diff.rules.shown
    assert (shown.visible, shown.column, shown.steps) == (True, "vendor_id", [])
    shown.hear({"ask": "find"})
    assert [step["what"] for step in shown.steps] == ["30m of inactivity", "a new day in UTC"]
    assert shown.steps[-1]["share"] == 1.0
    assert shown.said[0].startswith("30m of inactivity, a new day in UTC: this reproduces all ")
    assert not shown.taken
    shown.hear({"ask": "csv"})
    lines = shown.handed["text"].splitlines()
    assert shown.handed["name"] == "vendor_id rules.csv"
    assert lines[0].removeprefix("\ufeff") == "rules,same,sessions,missed,extra"
    assert lines[2].startswith("a new day in UTC,")
    assert lines[2].endswith(",0,0")
    shown.hear({"ask": "take"})
    name = app.analysis.sessions[-1].name
    assert name == "from ids"
    assert app.analysis.sessions[-1] == SessionDefinition("from ids", "30m", calendar="UTC")
    assert [row.kind for row in view.diff.kinds.shown.rows if any(row.sessions)] == ["unchanged"]
    assert shown.taken
    shown.hear({"ask": "take"})
    assert len(app.analysis.sessions) == 2
    app.state.undo()
    assert not shown.taken


def test_without_a_column_nothing_is_offered(app: SessionExplorer) -> None:
    view = opened(app)
    view.table.hear({"column": ""})
    assert not view.diff.rules.shown.visible


def test_of_a_table_they_are_found_too() -> None:
    app = SessionExplorer(in_duckdb(ROWS, actor="user", time="ts", event="event"))
    view = opened(app)
    shown = view.diff.rules.shown
    shown.hear({"ask": "find"})
    assert [step["what"] for step in shown.steps] == ["30m of inactivity", "a new day in UTC"]
    shown.hear({"ask": "take"})
    assert [row.kind for row in view.diff.kinds.shown.rows if any(row.sessions)] == ["unchanged"]


def test_why_none_are_found_is_said() -> None:
    rows = ROWS.with_row_index("n").with_columns(vendor_id=pl.format("id {}", "n"))
    app = SessionExplorer(explorer.connect(rows, actor="user", time="ts", event="event"))
    view = opened(app)
    view.diff.rules.shown.hear({"ask": "find"})
    assert "these are no ids of sessions" in app.notice.value.text
    assert not view.diff.rules.shown.busy
