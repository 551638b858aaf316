"""The explorer writes its analysis as a report."""

from pathlib import Path

from explorer.report import read_back
from tests.report.made_up import analysis, log
from widgets import SessionExplorer


def test_the_report_is_of_the_analysis_and_the_definition_that_are_shown(tmp_path: Path):
    engine = log(100)
    app = SessionExplorer(engine, analysis(engine))
    app.state.session = "short visit"
    text = app.report(tmp_path / "out.html").read_text(encoding="utf-8")
    assert read_back(text) == app.analysis
    assert '<h2 id="first">short visit</h2>' in text
