"""Links and notes in the browser: what is typed, where it leads, and that data are only ever text."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from playwright.sync_api import expect

from explorer.sample import SAMPLE
from tests.ui.axe import serious
from tests.ui.stage import Stage

HOSTILE = ["<img src=x onerror='window.bad=1'>", "a/../../b?c#d", "javascript:window.bad=1", "ümläut & co"]


def test_links_lead_out_of_rows_and_of_a_session_and_data_choose_no_host(stage: Stage, tmp_path: Path) -> None:
    frame = pl.DataFrame({"user": HOSTILE, "ts": [1_700_000_000] * len(HOSTILE), "event": HOSTILE})
    frame.write_parquet(tmp_path / "hostile.parquet")
    page = stage.open(tmp_path / "hostile.parquet")
    page.get_by_role("button", name="Columns", exact=True).click()
    page.get_by_role("menuitem", name="Links to other tools …").click()
    page.get_by_label("Name, 1").fill("<b>CRM</b>")
    address = page.get_by_label("Address, 1")
    address.fill("https://{actor}/")
    address.press("Tab")
    expect(page.get_by_role("alert").filter(has_text="Data may not choose the host")).to_be_visible()
    address.fill("https://crm.example.com/{actor}/x?s={session_id}")
    address.press("Tab")
    expect(page.get_by_role("alert").filter(has_text="Data may not")).to_have_count(0)
    assert serious(page) == []
    page.keyboard.press("Escape")
    links = page.get_by_role("link", name="<b>CRM</b>")
    expect(links).to_have_count(len(HOSTILE))
    found = links.evaluate_all(
        "all => all.map((each) => [each.host, each.protocol, each.rel, each.target, each.pathname])"
    )
    assert {tuple(each[:4]) for each in found} == {("crm.example.com", "https:", "noopener noreferrer", "_blank")}
    assert all(path.count("/") == 2 for *_, path in found)
    page.locator("tr[data-place]").first.locator("td").first.click()
    expect(page.get_by_role("region", name="Session microscope").get_by_role("link", name="<b>CRM</b>")).to_be_visible()
    assert page.evaluate("window.bad") is None
    page.idle()


def test_a_note_is_drawn_in_charts_over_time_and_undone(stage: Stage) -> None:
    page = stage.open(SAMPLE)
    stage.do(lambda: stage.app.context.open("annotations"))
    when, text = page.get_by_label("When, 1"), page.get_by_label("What happened, 1")
    when.fill("2025-03-20")
    text.fill("<b>New checkout</b>")
    text.press("Tab")
    page.idle()
    page.keyboard.press("Escape")
    labels = """() => [...Bokeh.documents[0]._all_models.values()]
      .filter((each) => each.name === "moments" && each.data_source)
      .flatMap((each) => [...each.data_source.data.label])"""
    assert page.evaluate(labels) == ["<b>New checkout</b>"]
    assert page.locator("b", has_text="New checkout").count() == 0
    start = stage.app.sessions.filter(pl.col("start").cast(pl.String).str.starts_with("2025-03-20 "))["session_id"][0]
    stage.do(lambda: stage.app.microscope.open(start))
    page.idle()
    strip = page.get_by_role("region", name="Session microscope").get_by_role("application")
    for _ in range(12):
        if strip.locator("g.moment").count():
            break
        strip.press("-")
        page.idle()
    expect(strip.locator("g.moment text")).to_contain_text("<b>New checkout</b>")
    stage.do(stage.app.microscope.close)
    stage.do(stage.app.state.undo)
    page.idle()
    assert page.evaluate(labels) == []
    page.idle()
