"""The view of differences with mouse and keyboard; what is shown equals what the engine says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from playwright.sync_api import expect

import explorer
from explorer.charts.contrast_texts import what_text
from explorer.spec.analysis import Analysis
from tests.ui.helpers import SAMPLE, comes, shows
from tests.ui.stage import Stage

VISIT = Analysis.from_yaml(SAMPLE.with_name("shop.yaml").read_text(encoding="utf-8")).sessions[0]


def test_a_selection_is_explained_and_its_rows_brush(stage: Stage, tmp_path: Path):
    log = explorer.connect(SAMPLE)
    found = log.different(VISIT, "weekday of start:Saturday|Sunday")
    page = stage.open(SAMPLE, view="different", scheme="dark")
    page.get_by_text("Select sessions first").wait_for()
    page.get_by_role("button", name="Weekends against weekdays").click()
    page.get_by_text(found.sentences[0]).wait_for()
    assert shows(page, found.here.sessions)
    table = page.get_by_role("grid", name="What is different")
    rows = table.locator("tbody tr")
    names = [f"{what_text(row.name)}{row.text}" for row in found.rows[:3]]
    expect(rows.first).to_contain_text(found.rows[0].text)
    assert [rows.nth(at).locator("th").inner_text().replace("\n", "") for at in range(3)] == names
    aside = page.get_by_role("grid", name="What the selection is made of").locator("tbody tr")
    expect(aside).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    path = tmp_path / "differences.csv"
    download.value.save_as(path)
    assert pl.read_csv(path).height == len(found.rows) + len(found.means)
    page.idle()
    told = next(row for row in found.rows if row.name == "start")
    rows.nth(found.rows.index(told)).click()
    assert shows(page, told.count_here)
    expect(aside.filter(has_text=told.text)).to_have_attribute("aria-selected", "true")
    expect(rows.filter(has_text=told.text)).to_have_count(0)
    page.idle()
    aside.first.focus()
    page.keyboard.press("End")
    expect(aside.last).to_be_focused()
    page.keyboard.press("Home")
    aside.filter(has_text=told.text).focus()
    page.keyboard.press("Enter")
    assert shows(page, found.here.sessions)
    page.idle()


def test_two_groups_are_compared(stage: Stage):
    log = explorer.connect(SAMPLE)
    weekend, monday = "weekday of start:Saturday|Sunday", "weekday of start:Monday"
    found = log.different(VISIT, monday, weekend)
    page = stage.open(SAMPLE, view="different")
    page.get_by_role("button", name="Weekends against weekdays").click()
    page.get_by_role("button", name="Use as the other group").click()
    page.get_by_text("Now select the sessions to compare with").wait_for()
    release = page.get_by_role("button", name="Compared with weekday of start = Sat or Sun")
    expect(release).to_be_visible()
    page.idle()
    page.get_by_role("searchbox", name="Search differences").wait_for(state="hidden")
    page.get_by_role("tab", name="Charts").click()
    page.idle()
    page.get_by_role("button", name="Enter a range").click()
    page.get_by_label("Select by").select_option("weekday of start")
    page.get_by_label("Mon", exact=True).check()
    page.get_by_role("button", name="Select", exact=True).click()
    assert shows(page, found.here.sessions)
    page.get_by_role("tab", name="What is different").click()
    page.get_by_text(
        f"{found.here.sessions:,} selected sessions of {found.here.actors:,} actors, compared with"
    ).wait_for()
    there = page.get_by_text(f"{found.there.sessions:,} sessions (Weekday of start = Sat or Sun)")
    expect(there).to_be_visible()
    assert comes(page, lambda: "against=weekday+of+start:Saturday%7CSunday" in page.url)
    query = page.url.partition("?")[2]
    stage.open(SAMPLE)
    stage.do(lambda: stage.app.link.go(f"?{query}"))
    expect(there).to_be_visible()
    expect(release).to_be_visible()
    release.click()
    page.get_by_text("others of").wait_for()
    page.idle()
