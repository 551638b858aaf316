"""A table is joined in a real browser: picked, tried, joined, undone."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
from playwright.sync_api import expect

from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes
from tests.ui.serving import ServeApp
from widgets.page.serve import app


def test_a_table_is_joined_and_undone(page: GuardedPage, serve_app: ServeApp, tmp_path: Path):
    data = Path(shutil.copy(SAMPLE, tmp_path))
    users = pl.read_csv(data, infer_schema_length=0)["user_id"].drop_nulls().unique().sort()
    pl.DataFrame({"id": users.head(100), "plan": ["pro", "free"] * 50}).write_csv(tmp_path / "users.csv")
    page.goto(serve_app(lambda: app(data)))
    page.wait_for_selector("#skeleton", state="detached")
    page.idle()
    page.get_by_role("button", name="Other data, columns, quality").click()
    page.get_by_role("button", name="Join a table").click()
    path = page.get_by_role("combobox", name="Path").nth(1)
    path.fill("users.csv")
    path.press("Enter")
    said = page.get_by_role("status").filter(has_text="find their row")
    expect(said).to_contain_text("100 of 100 rows are found")
    expect(page.get_by_role("table", name="Columns it brings")).to_contain_text("plan")
    # The panel is taller than the window, and lies upon nothing.
    panel, tabs = (
        page.get_by_text("What is in the columns").bounding_box(),
        page.get_by_role("tab").first.bounding_box(),
    )
    assert panel is not None
    assert tabs is not None
    assert tabs["y"] > panel["y"] + 300
    page.get_by_role("button", name="Join table").click()
    expect(page.get_by_role("button", name="Change users")).to_be_visible()
    assert comes(page, lambda: "lookups.users.file=users.csv" in page.url)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Change users")).to_be_hidden()
    assert comes(page, lambda: "lookups" not in page.url)
    page.idle()
