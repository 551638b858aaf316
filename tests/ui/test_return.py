"""The view of who comes back with mouse and keyboard; what is shown equals what the engine says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from playwright.sync_api import expect

import explorer
from explorer.spec.analysis import Analysis
from tests.ui.helpers import SAMPLE, comes, number, shows
from tests.ui.stage import Stage

VISIT = Analysis.from_yaml(SAMPLE.with_name("shop.yaml").read_text(encoding="utf-8")).sessions[0]


def test_cells_rows_and_columns_brush(stage: Stage, tmp_path: Path):
    log = explorer.connect(SAMPLE)
    found = log.retention(VISIT)
    page = stage.open(SAMPLE, view="return", scheme="dark")
    page.get_by_text(found.sentences[0]).wait_for()
    table = page.get_by_role("table", name="Who comes back")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(len(found.rows))
    second = found.rows[1]
    expect(rows.nth(1)).to_contain_text(second.label)
    expect(rows.nth(1).locator("td").nth(1)).to_have_text(f"{100 * (second.share(0) or 0):.0f} %")
    expect(rows.nth(4).locator("td").last).to_have_text("not yet")
    cell = rows.nth(1).locator("td button").first
    cell.click()
    assert comes(page, lambda: number(page, "Actors") == f"{second.back[0]:,}")
    expect(cell).to_have_attribute("aria-pressed", "true")
    page.idle()
    expect(page.get_by_text("Actors who came back in the week after their first")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert comes(page, lambda: number(page, "Actors") == f"{second.back[1]:,}")
    page.idle()
    rows.nth(1).locator("th button").click()
    assert comes(page, lambda: number(page, "Actors") == f"{second.actors:,}")
    page.idle()
    table.locator("thead button").nth(1).click()
    assert comes(page, lambda: number(page, "Actors") == f"{found.total.back[1]:,}")
    page.idle()
    table.locator("thead button").nth(1).click()
    assert shows(page, log.sessions(VISIT).height)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    path = tmp_path / "return.csv"
    download.value.save_as(path)
    assert pl.read_csv(path).height == found.frame().height
    page.idle()


def test_choices_states_and_times(stage: Stage):
    log = explorer.connect(SAMPLE)
    page = stage.open(SAMPLE, view="return")
    whole = log.retention(VISIT)
    page.get_by_text(whole.sentences[0]).wait_for()
    page.get_by_role("combobox", name="Rows", exact=True).select_option("first platform")
    by_platform = log.retention(VISIT, by="first platform")
    page.get_by_text(by_platform.sentences[1]).wait_for()
    page.get_by_role("combobox", name="Count", exact=True).select_option("times")
    page.get_by_role("combobox", name="Within", exact=True).select_option("1w")
    times = log.retention(VISIT, by="first platform", returns="times", within="1w")
    page.get_by_text(times.sentences[0]).wait_for()
    page.idle()
    at = 2
    part = page.get_by_role("button", name=f"{whole.activity.labels[at]}: {whole.activity.dormant[at]} dormant")
    part.click()
    assert comes(page, lambda: number(page, "Actors") == f"{whole.activity.dormant[at]:,}")
    expect(part).to_have_attribute("aria-pressed", "true")
    page.idle()
    part.press("Enter")
    assert shows(page, log.sessions(VISIT).height)
    page.get_by_text(whole.between.sentence).wait_for()
    page.locator("summary", has_text="Table").last.click()
    expect(page.get_by_role("columnheader", name="Since the session before")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text(log.retention(VISIT, by="first platform", returns="times").sentences[0]).wait_for()
    page.idle()
