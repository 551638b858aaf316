"""The explorer writes its analysis as a report."""

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from explorer.crossfilter.selections.brushes import Range
from explorer.crossfilter.selections.selection import Selection
from explorer.report import read_back
from tests.report.made_up import analysis, log
from widgets import SessionExplorer
from widgets.export.report_dialog import ReportDialog

pytestmark = pytest.mark.slow


def standing(file: Path) -> Any:
    """The brushes that stand when a report is opened."""
    found = re.search(r'id="layout">([^<]*)<', file.read_text(encoding="utf-8"))
    assert found
    return json.loads(zlib.decompress(base64.b64decode(found[1])))["brushes"]


def test_the_report_is_of_the_analysis_and_the_definition_that_are_shown(tmp_path: Path):
    engine = log(100)
    app = SessionExplorer(engine, analysis(engine))
    app.state.session = "short visit"
    text = app.report(tmp_path / "out.html").read_text(encoding="utf-8")
    assert read_back(text) == app.analysis
    assert '<h2 id="first">short visit</h2>' in text


def test_the_dialog_offers_the_brushes_and_the_file_has_them(tmp_path: Path):
    engine = log(100)
    app = SessionExplorer(engine, analysis(engine))
    dialog = next(each for each in app.dialogs if isinstance(each, ReportDialog))
    app.toolbar.param.trigger("report")
    assert (dialog.fields.selected, dialog.fields.words["brushed"]) == ("", False)
    app.state.selection = Selection().with_("event_count", Range(2, 5, "count"))
    app.toolbar.param.trigger("report")
    n = app.state.on_page.n_sessions(app.state.selection)
    assert (dialog.fields.selected, dialog.fields.words["brushed"]) == (f"{n:,} sessions selected", True)
    plain, brushed = (standing(app.report(tmp_path / "out.html", brushed=each)) for each in (False, True))
    assert (plain, brushed) == ({}, {"event_count": [1, 4]})
