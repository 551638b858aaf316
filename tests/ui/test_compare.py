"""Definitions side by side, in a real browser: what is read is what the engine says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

import explorer
from explorer.crossfilter.formats import count_text
from explorer.engine.local.engine import LocalEngine
from explorer.spec.analysis import Analysis
from tests.ui.axe import serious
from tests.ui.figures import figure_box, figure_data
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes
from tests.ui.stage import Stage

SHOP = Analysis.from_yaml(SAMPLE.with_name("shop.yaml").read_text(encoding="utf-8"))
VISIT, LOGIN, FOREGROUND = SHOP.sessions


@pytest.fixture(scope="module")
def log() -> LocalEngine:
    return explorer.connect(SAMPLE)


@pytest.fixture
def opened(stage: Stage) -> Iterator[GuardedPage]:
    page = stage.open(SAMPLE, view="compare")
    expect(page.get_by_role("table", name="Kinds of differences").get_by_role("button", name="Split")).to_be_visible()
    page.idle()
    yield page
    page.idle()


def numbers(page: GuardedPage, name: str) -> Locator:
    table = page.get_by_role("table", name="Key numbers of what is compared")
    return table.get_by_role("row").filter(has=page.get_by_text(name, exact=True)).locator("td.right b")


def heights(page: GuardedPage) -> list[float]:
    """Of every line all heights together; each bin has two corners."""
    return [round(sum(corners) / 2, 9) for corners in figure_data(page, "compared duration")[1].data["ys"]]


def test_numbers_charts_and_base(opened: GuardedPage, log: LocalEngine):
    found = {each.name: log.sessions(each) for each in (VISIT, LOGIN, FOREGROUND)}
    for name, sessions in found.items():
        expect(numbers(opened, name).first).to_have_text(count_text(sessions.height))
        expect(numbers(opened, name).nth(2)).to_have_text(count_text(sessions["event_count"].sum()))
    assert heights(opened) == [sessions.height for sessions in found.values()]
    box = figure_box(opened, "compared duration")
    opened.mouse.move(*box.at(0.3))
    opened.mouse.move(*box.at(0.5), steps=3)
    expect(opened.get_by_text("app in the foreground", exact=True).last).to_be_visible()
    opened.get_by_role("button", name="Shares").click()
    assert comes(opened, lambda: heights(opened) == [1, 1, 1])
    opened.get_by_role("radio", name="Measure the others by login visit").check()
    expect(numbers(opened, "visit").first.locator("xpath=..")).to_contain_text("−1,959")
    opened.get_by_role("checkbox", name="Compare app in the foreground").uncheck()
    assert comes(opened, lambda: len(heights(opened)) == 2)
    opened.idle()
    assert serious(opened) == []


def test_from_a_kind_to_the_events(opened: GuardedPage, log: LocalEngine):
    diff = log.diff(VISIT, LOGIN)
    opened.get_by_role("table", name="Kinds of differences").get_by_role("button", name="Split").click()
    split = diff.one.filter(kind="split")
    table = opened.get_by_role("table", name="sessions of this kind")
    expect(table.locator("tbody tr").first).to_contain_text(split["session_id"][0])
    expect(opened.get_by_text(f"1–25 of {count_text(split.height)}")).to_be_visible()
    table.locator("tbody tr").nth(1).press("Enter")
    events = diff.events(split["session_id"][1])
    region = opened.get_by_role("region", name="Events of the session")
    expect(region.get_by_role("heading")).to_contain_text(f"{split['session_id'][1]}: {events.height} events")
    expect(region.locator(".differs").first).to_have_text("A new session in 'login visit'; 'visit' goes on")
    assert region.locator("tbody tr:not(.border):not(.skipped)").count() == events.height
    assert serious(opened) == []
    opened.get_by_label("Compared with").select_option("app in the foreground")
    wanted = log.diff(VISIT, FOREGROUND).sentence
    expect(opened.get_by_text(wanted)).to_have_count(2)  # beside the numbers, and above the kinds
    opened.get_by_label("A column with session ids").select_option("page")
    expect(opened.get_by_role("button", name="Do not compare with page")).to_be_visible()
