"""The tab of actors with mouse and keyboard; what is shown equals what Polars says."""

from __future__ import annotations

import polars as pl
from playwright.sync_api import expect

import explorer
from explorer.crossfilter.formats import count_text
from tests.ui.stage import Stage
from tests.ui.test_app import SAMPLE, shows, visit


def test_actors_are_picked_and_brushed_by_their_time(stage: Stage):
    log = explorer.connect(SAMPLE)
    sessions, actors = log.sessions(visit()), log.actors(visit()).sort("time_in_session", descending=True)

    def of(some: pl.Series) -> int:
        return sessions.filter(pl.col("user_id").is_in(some.implode())).height

    page = stage.open(SAMPLE, view="actors")
    table = page.get_by_role("grid", name="Actors", exact=True)
    rows = table.locator("tbody tr")
    expect(rows.first).to_contain_text(actors["user_id"][0])
    page.idle()
    rows.nth(1).click()
    assert shows(page, of(actors["user_id"][1:2]))
    rows.nth(3).click(modifiers=["Control"])
    assert shows(page, of(actors["user_id"].gather([1, 3])))
    expect(table.locator("[aria-selected=true]")).to_have_count(2)
    rows.nth(3).focus()
    page.keyboard.press("Enter")
    assert shows(page, of(actors["user_id"][3:4]))
    page.get_by_role("button", name="Clear all").click()
    assert shows(page, sessions.height)
    page.get_by_role("button", name="Top 1 % (25)").click()
    assert shows(page, of(actors["user_id"][:25]))
    expect(
        page.get_by_text(f"25 actors with one of the {count_text(of(actors['user_id'][:25]))} selected sessions")
    ).to_be_visible()
    page.get_by_role("button", name="Top 1 % (25)").click()
    assert shows(page, sessions.height)
    bars = page.get_by_role("group", name="2,503 actors, by the durations")
    bars.focus()
    for key in ("Home", "Enter"):
        page.keyboard.press(key)
    none = actors.filter(pl.col("time_in_session") == pl.duration())["user_id"]
    assert shows(page, of(none))
    page.get_by_role("searchbox", name="Search actors").fill("u99")
    expect(rows).to_have_count(none.str.contains("u99").sum())
    page.idle()
