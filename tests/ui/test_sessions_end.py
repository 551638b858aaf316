"""A closed browser session leaves nothing behind in the server's process."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.ui.guards import guarded_page
from tests.ui.serving import ServeApp
from tests.widgets.live_objects import alive
from widgets.page.serve import app

SAMPLE = Path(__file__).parents[2] / "sample_data" / "shop.csv.gz"


def test_closed_sessions_leave_no_live_objects(browser: Browser, serve_app: ServeApp, caplog: pytest.LogCaptureFixture):
    # Panel logs every message of a component, and pytest keeps what is logged: the message, its model, the document.
    caplog.set_level(logging.WARNING, "panel")
    url = serve_app(lambda: app(SAMPLE))
    before = alive()
    for _ in range(2):
        with guarded_page(browser) as page:
            page.goto(url)
            expect(page.get_by_role("figure", name="Sessions over time")).to_be_visible()
            page.idle()
    with guarded_page(browser) as page:  # somewhere to wait in
        for _ in range(300):
            if alive() == before:
                return
            page.wait_for_timeout(200)
    assert alive() == before
