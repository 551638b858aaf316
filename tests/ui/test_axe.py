"""The page with every editor open has no serious fault for screen readers and keyboards."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.ui import axe
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, add_rule
from tests.ui.stage import Stage


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opened(scheme: str, stage: Stage) -> Iterator[GuardedPage]:
    page = stage.open(SAMPLE, scheme=scheme)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.idle()
    yield page
    page.idle()


def test_the_page_and_its_editors(opened: GuardedPage, scheme: str):
    serious = partial(axe.serious, colors_only=scheme == "dark")
    assert serious(opened) == []
    opened.get_by_role("button", name="Events: event").click()
    opened.idle()
    assert serious(opened, axe.SIDEBAR) == []
    opened.get_by_role("button", name="Add a rule").click()
    assert serious(opened, axe.SIDEBAR) == []
    opened.keyboard.press("Escape")
    for rule in ("Separate sessions by", "Max duration", "Split at midnight", "Gap of exactly", "Session filter"):
        add_rule(opened, rule)
        opened.idle()
        assert serious(opened, axe.SIDEBAR) == [], rule
    opened.get_by_role("button", name="Use another tool's rules").click()
    opened.idle()
    assert serious(opened, axe.SIDEBAR) == []
    opened.get_by_role("button", name="Add a metric").click()
    opened.idle()
    assert serious(opened, axe.SIDEBAR) == []
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
    opened.get_by_role("tab", name="Return", exact=True).click()
    expect(opened.get_by_role("table", name="Who comes back").get_by_role("row").nth(2)).to_be_visible()
    opened.idle()
    assert serious(opened) == []
    opened.get_by_role("tab", name="What is different").click()
    opened.get_by_role("button", name="Weekends against weekdays").click()
    expect(opened.get_by_role("grid", name="What is different").get_by_role("row").nth(2)).to_be_visible()
    opened.idle()
    assert serious(opened) == []
