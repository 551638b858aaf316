"""A file in which no column says who opens on the page, which says what was taken for it; a script is refused."""

from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.errors import SourceError
from explorer.events.files.folders import Folders
from widgets.data.open_source import opened_somehow
from widgets.session_explorer import SessionExplorer


@pytest.fixture
def nobody(tmp_path: Path) -> Path:
    frame = pl.DataFrame(
        {"Wann": ["2024-03-01 10:00", "2024-03-01 10:05"], "Wer": ["ann", "bob"], "Betrag": [1.5, 2.5]}
    )
    frame.write_csv(tmp_path / "wer.csv")
    return tmp_path / "wer.csv"


def test_the_page_takes_a_column_and_says_which(nobody: Path):
    engine, document, doubt = opened_somehow(nobody)
    assert (engine.columns.actor_name, document) == ("Wer", None)
    assert str(doubt) == "No column says who: 'Wer' is taken. If it was another, choose the actor at the left."
    app = SessionExplorer(engine, doubt=doubt)
    assert app.notice.value is not None
    assert "'Wer' is taken" in app.notice.value.text


def test_so_does_the_data_panel(nobody: Path, tmp_path: Path):
    app = SessionExplorer(pl.DataFrame({"user": ["a"], "ts": ["2024-03-01 10:00"]}), folders=Folders((tmp_path,)))
    app.data_toggle.value = True
    assert app.opening.panel is not None
    app.opening.panel.source = str(nobody)
    assert app.state.engine.columns.actor_name == "Wer"
    assert app.notice.value is not None
    assert "'Wer' is taken" in app.notice.value.text


def test_a_script_is_refused_and_so_is_a_file_where_nothing_can_be_one(nobody: Path, tmp_path: Path):
    with pytest.raises(SourceError, match="No column says who"):
        explorer.connect(nobody)
    pl.read_csv(nobody).drop("Wer").write_csv(tmp_path / "b.csv")
    with pytest.raises(SourceError, match="No column says who"):
        opened_somehow(tmp_path / "b.csv")
