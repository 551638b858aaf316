"""The page with every editor open has no serious fault for screen readers and keyboards."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.ui import axe
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.helpers import SAMPLE, add_rule
from tests.ui.serving import ServeApp
from widgets.page.serve import app


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opened(scheme: Any, browser: Browser, serve_app: ServeApp) -> Iterator[GuardedPage]:
    with guarded_page(browser, color_scheme=scheme, viewport={"width": 1280, "height": 800}) as page:
        page.goto(serve_app(lambda: app(SAMPLE)))
        expect(page.get_by_role("figure", name="Sessions over time")).to_be_visible()
        page.wait_for_selector("#skeleton", state="detached")
        page.idle()
        yield page
        page.idle()


def test_the_page_and_its_editors(opened: GuardedPage, scheme: str):
    serious = partial(axe.serious, colors_only=scheme == "dark")
    assert serious(opened) == []
    opened.get_by_role("button", name="Events: event").click()
    opened.idle()
    assert serious(opened) == []
    opened.get_by_role("button", name="Add a rule").click()
    assert serious(opened) == []
    opened.keyboard.press("Escape")
    for rule in ("Separate sessions by", "Max duration", "Split at midnight", "Gap of exactly", "Session filter"):
        add_rule(opened, rule)
        opened.idle()
        assert serious(opened) == [], rule
    opened.get_by_role("button", name="Use another tool's rules").click()
    opened.idle()
    assert serious(opened) == []
    opened.get_by_role("button", name="Add a metric").click()
    opened.idle()
    assert serious(opened) == []
    opened.get_by_role("button", name="Other data, columns, quality").click()
    expect(opened.get_by_role("heading", name="Data quality")).to_be_visible()
    opened.idle()
    assert serious(opened) == []
    opened.get_by_role("button", name="Add chart", exact=True).click()
    assert serious(opened) == []
    opened.keyboard.press("Escape")
    opened.get_by_role("tab", name="Inside sessions").click()
    opened.idle()
    assert serious(opened) == []
