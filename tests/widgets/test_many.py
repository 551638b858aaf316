"""Pages that were opened and closed, or asked for and never connected to, leave nothing behind in the server."""

from __future__ import annotations

import gc
import logging
import time
import urllib.request
from pathlib import Path

import pytest
from bokeh.client import pull_session

from tests.ui.serving import servers
from tests.widgets.live_objects import alive
from widgets.page import filling
from widgets.page.serve import app
from widgets.parts import unexpected

pytestmark = pytest.mark.slow

SOON = {"unused_session_lifetime_milliseconds": 200, "check_unused_sessions_milliseconds": 100}


def ends_as_it_was(before: dict[str, int]) -> bool:
    for _ in range(150):
        if alive() == before:
            return True
        time.sleep(0.2)
    return False


def test_closed_pages_leave_no_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "panel")
    monkeypatch.setattr(filling, "LATE", 2.0)
    events = tmp_path / "events.csv"
    events.write_text("user,ts\nann,2024-01-01 10:00\n")
    with servers() as start:
        url = start(lambda: app(events), **SOON)
        before, pages = alive(), len(unexpected._pages)
        for _ in range(3):
            session = pull_session(url=url)
            assert len(list(session.document.models)) > 100
            session.close()
            with urllib.request.urlopen(url, timeout=60) as answer:  # whoever asks for the page and never connects
                assert answer.status == 200
        assert ends_as_it_was(before), (alive(), before)
        gc.collect()
        assert len(unexpected._pages) == pages


def test_a_page_whose_reader_was_gone_before_anybody_looked_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "panel")
    monkeypatch.setattr(filling, "LOOK", 3.0)
    events = tmp_path / "events.csv"
    events.write_text("user,ts\nann,2024-01-01 10:00\n")
    with servers() as start:
        url = start(lambda: app(events), **SOON)
        before = alive()
        pull_session(url=url).close()
        assert ends_as_it_was(before), (alive(), before)
