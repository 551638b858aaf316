"""Files, code and pictures leave through a real browser."""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from playwright.sync_api import Download, expect

import explorer
from explorer.exports import read_back
from tests.code.running import run
from tests.ui.figures import brush
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes
from tests.ui.stage import Stage

ANALYSIS = explorer.Analysis.from_yaml(SAMPLE.with_name("shop.yaml").read_text(encoding="utf-8"))
DEFINITION = ANALYSIS.sessions[0]


@pytest.fixture
def opened(stage: Stage) -> Iterator[GuardedPage]:
    yield stage.open(SAMPLE)
    stage.page.idle()


def fetched(page: GuardedPage, folder: Path) -> tuple[Path, Download]:
    dialog = page.get_by_role("dialog", name="Export")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path, download.value


def test_sessions_and_events_are_exported_once(opened: GuardedPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sessions = explorer.connect(SAMPLE).sessions(DEFINITION)
    brush(opened, "event_count", 0.1, 0.3)
    assert comes(opened, lambda: "brush=event_count" in opened.url)
    opened.idle()
    low, high = (int(float(text)) for text in opened.url.split("event_count:")[1].split("&")[0].split(".."))
    held = sessions.filter(pl.col("event_count").is_between(low, high - 1))
    opened.get_by_role("button", name="Export", exact=True).click()
    dialog = opened.get_by_role("dialog", name="Export")
    dialog.get_by_text("Selected", exact=True).click()
    expect(dialog.get_by_text(f"{held.height:,} sessions, one row for each", exact=False)).to_be_visible()
    path, download = fetched(opened, tmp_path)
    assert pl.read_parquet(path)["session_id"].to_list() == held["session_id"].to_list()
    assert read_back(path).sessions == ANALYSIS.sessions
    dialog.get_by_text("Events", exact=True).click()
    dialog.get_by_text("CSV", exact=True).click()
    path, _ = fetched(opened, tmp_path)
    assert pl.read_csv(path, infer_schema_length=None).height == held["event_count"].sum()
    expect(dialog.get_by_text("the download has begun", exact=False)).to_be_visible()
    # Nobody fetches it a second time, and nothing of it is left.
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(download.url)
    assert not list(tmp_path.glob("session-explorer-export-*"))
    opened.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_code_is_copied(opened: GuardedPage):
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.get_by_role("button", name="Code", exact=True).click()
    dialog = opened.get_by_role("dialog", name="Code")
    dialog.get_by_role("tab", name="Python").press("ArrowRight")
    expect(dialog.get_by_text("import polars as pl", exact=False)).to_be_visible()
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_text("Copied", exact=True)).to_be_visible()
    text = opened.evaluate("navigator.clipboard.readText()")
    wanted = explorer.connect(SAMPLE).sessions(DEFINITION)
    assert run(text)["sessions"]["session_id"].to_list() == wanted["session_id"].to_list()
    dialog.get_by_role("tab", name="SQL").click()
    dialog.get_by_label("Database").select_option("bigquery")
    expect(dialog.get_by_role("alert")).to_contain_text("BigQuery does not keep the order of rows")


def test_a_chart_leaves_as_numbers_and_as_a_picture(opened: GuardedPage, tmp_path: Path):
    for name in ("Numbers as CSV", "Picture as PNG", "Picture as SVG"):
        opened.wait_for_timeout(350)  # a menu that has just been closed by a click is not opened by it
        opened.get_by_role("button", name="More about this chart").first.click()
        with opened.expect_download() as download:
            opened.get_by_role("menuitem", name=name).click()
        download.value.save_as(tmp_path / download.value.suggested_filename)
    sessions = explorer.connect(SAMPLE).sessions(DEFINITION)
    assert pl.read_csv(tmp_path / "session-duration.csv")["sessions"].sum() == sessions.height
    root = ElementTree.parse(tmp_path / "session-duration.svg").getroot()
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[:2] == ["Session duration", "How long are sessions, from the first to the last event?"]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 20
    size = opened.evaluate(
        "async (url) => { const image = new Image(); image.src = url; await image.decode(); return image.width }",
        "data:image/png;base64," + b64encode((tmp_path / "session-duration.png").read_bytes()).decode(),
    )
    assert size == 2 * float(root.get("width", "0"))
