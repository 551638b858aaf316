"""Uploads are gone with their page, with their process however that ends, and at last when the next one starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bokeh.document import Document
from panel.io.document import MockSessionContext
from panel.io.state import set_curdoc

from explorer.engine import shared
from explorer.events.machine.workplace import UPLOADS, Workplace, cache_folder, is_upload, sweep
from explorer.events.store import cache
from widgets.data.source import SourceChooser

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SENDS = """
import sys, time
from widgets.data.upload import Upload
upload = Upload("events.csv", 5)
print(upload.take(b"12345"), flush=True)
Upload("half.csv", 5).take(b"12")
time.sleep(60)
"""


def uploading(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", SENDS], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_a_process_that_is_told_to_end_leaves_no_upload(tmp_path: Path) -> None:
    process, path = uploading(tmp_path)
    with process:
        assert path.read_bytes() == b"12345"
        process.terminate()
        assert process.wait(timeout=120) == -signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    process, path = uploading(tmp_path)
    with process:
        sweep(tmp_path, UPLOADS)
        assert path.exists()  # it is at work still
        process.kill()
        process.wait(timeout=120)
        assert path.exists()
    other = tmp_path / "somebody-elses"
    other.mkdir()
    sweep(tmp_path, UPLOADS)
    assert list(tmp_path.iterdir()) == [other]


def test_only_this_user_can_read_uploads(tmp_path: Path) -> None:
    with Workplace(tmp_path, UPLOADS) as work:
        assert work.path.stat().st_mode & 0o077 == 0


def test_an_upload_goes_with_its_page() -> None:
    document, other = Document(), SourceChooser()
    context = MockSessionContext(document=document)
    document._session_context = lambda: context
    with set_curdoc(document):
        chooser = SourceChooser()
    for each in (chooser, other):
        each.hear({"upload": {"name": "events.csv", "size": 5}})
        each.hear({"piece": b"12345", "turn": 1})
    kept, gone = Path(other.value), Path(chooser.value)
    assert is_upload(gone)
    assert gone.exists()
    gone.write_text("user,ts\nann,2024-01-01 10:00\n")
    shared.connect_once(gone)
    for ended in document.session_destroyed_callbacks:
        ended(context)
    assert not gone.parent.exists()
    assert not [engine for engine in shared._engines.values() if engine.source == gone]
    assert kept.read_bytes() == b"12345"


def test_nothing_of_an_upload_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SMALL", 0)
    rows = "user,ts\nann,2024-01-01 10:00\n"
    for folder in (f"{UPLOADS}x", "others"):
        path = tmp_path / folder / "y" / "events.csv"
        path.parent.mkdir(parents=True)
        path.write_text(rows)
        home = cache_folder()
        assert home
        before = set(home.glob("*.arrow"))
        shared.connect_once(path)
        cache.settle()
        assert bool(set(home.glob("*.arrow")) - before) == (folder == "others")
