"""Charts of any column come and go, and brush each other; the numbers are Polars'."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest
from playwright.sync_api import expect

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.spec.analysis import Analysis
from tests.ui.figures import brush, figure_data
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, bars, comes, shows
from tests.ui.stage import Stage

SHOP = Analysis.from_yaml(SAMPLE.with_name("shop.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def log() -> LocalEngine:
    return explorer.connect(SAMPLE)


@pytest.fixture
def opened(stage: Stage) -> Iterator[GuardedPage]:
    yield stage.open(SAMPLE)
    stage.page.idle()


def toggle(page: GuardedPage, *titles: str) -> None:
    page.get_by_role("button", name="Add chart", exact=True).click()
    for title in titles:
        page.get_by_role("menuitemcheckbox", name=title, exact=True).click()
    page.keyboard.press("Escape")


def test_a_metric_is_charted_and_brushed(opened: GuardedPage, log: LocalEngine):
    toggle(opened, "revenue")
    expect(opened.get_by_role("figure", name="revenue")).to_be_visible()
    sessions = log.sessions(SHOP.sessions[0])
    assert comes(opened, lambda: sum(bars(opened, "revenue")) == sessions.height)
    assert "of=revenue" in opened.url
    brush(opened, "revenue", 0.5, 1.0)
    chip = opened.get_by_role("list", name="Brushes").get_by_role("listitem")
    expect(chip).to_contain_text("revenue")
    assert comes(opened, lambda: "brush=revenue" in opened.url)
    low = float(opened.url.split("revenue:")[1].split("..")[0])
    wanted = sessions.filter(pl.col("revenue") >= low)
    assert 0 < wanted.height < sessions.height
    assert shows(opened, wanted.height)
    assert sum(bars(opened, "duration")) == wanted.height
    opened.get_by_role("button", name="Filter to selection").click()
    assert comes(opened, lambda: sum(bars(opened, "revenue")) == wanted.height)
    expect(opened.get_by_role("button", name="Session filter: revenue >= ")).to_be_visible()
    opened.keyboard.press("Control+z")
    assert shows(opened, sessions.height)


def test_named_values_are_charted_and_clicked(opened: GuardedPage, log: LocalEngine):
    toggle(opened, "First platform")
    expect(opened.get_by_role("figure", name="First platform")).to_be_visible()
    sessions = log.sessions(SHOP.sessions[0])
    counts = dict(sessions["platform"].value_counts().iter_rows())
    assert comes(opened, lambda: sum(bars(opened, "first platform")) == sessions.height)
    labels = figure_data(opened, "first platform")[1].data["label"]
    assert dict(zip(labels, bars(opened, "first platform"), strict=True)) == counts


def test_charts_go_and_the_last_one_stays(opened: GuardedPage):
    toggle(opened, "Session duration", "Events per session", "Sessions over time")
    expect(opened.get_by_role("figure")).to_have_count(1)
    opened.get_by_role("button", name="Add chart", exact=True).click()
    expect(opened.get_by_role("menuitemcheckbox", name="Time in session per actor")).to_be_disabled()
    opened.keyboard.press("Escape")
    opened.keyboard.press("Control+z")
    expect(opened.get_by_role("figure")).to_have_count(2)


def test_each_definition_has_its_charts(opened: GuardedPage):
    toggle(opened, "pages")
    expect(opened.get_by_role("figure", name="pages")).to_be_visible()
    opened.get_by_role("button", name="login visit").first.click()
    expect(opened.get_by_role("figure", name="pages")).to_have_count(0)
    opened.get_by_role("button", name="visit", exact=False).first.click()
    expect(opened.get_by_role("figure", name="pages")).to_be_visible()
