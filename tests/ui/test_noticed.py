"""What the page notices by itself can be made use of in one click, and stays dismissed for that data."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from playwright.sync_api import expect

from tests.ui.guards import GuardedPage
from tests.ui.serving import ServeApp
from widgets.page.serve import app


def test_session_ids_are_noticed_compared_and_dismissed(page: GuardedPage, serve_app: ServeApp, tmp_path: Path):
    rows = [
        {"user_id": f"u{at % 3}", "ts": 1_700_000_000 + 50_000 * (at // 9) + 40 * (at % 9), "event": "view",
         "session_id": f"s{at // 9}-{at % 3}"}
        for at in range(360)
    ]  # fmt: skip
    pl.DataFrame(rows).write_csv(tmp_path / "ours.csv")
    page.goto(serve_app(lambda: app(tmp_path / "ours.csv")))
    line = page.get_by_role("button", name="3 notices")
    expect(line).to_be_visible()
    page.idle()
    chart = page.get_by_role("figure", name="Session duration").bounding_box()
    line.click()
    ids = page.get_by_role("dialog", name="Notices").get_by_text("Your data have session ids: session_id, 120 of them.")
    expect(ids).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("gives the same sessions")).to_be_visible()
    assert page.get_by_role("figure", name="Session duration").bounding_box() == chart, "charts stay where they are"
    page.get_by_role("button", name="Check the ids").click()
    expect(page.get_by_role("tab", name="Compare")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("radio", name="Measure the others by session_id")).to_be_checked()
    line = page.get_by_role("button", name="2 notices")
    line.click()
    kept = page.locator(".notice").filter(has_text="gives the same sessions")
    kept.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("button", name="1 notice")).to_be_visible()
    page.idle()
    page.reload()
    expect(page.get_by_role("button", name="1 notice")).to_be_visible()
    page.idle()
    expect(page.get_by_role("button", name="1 notice")).to_be_visible()
