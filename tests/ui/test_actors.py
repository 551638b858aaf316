"""The tab of actors with mouse and keyboard; what is shown equals what Polars says."""

from __future__ import annotations

import polars as pl
from playwright.sync_api import expect

import explorer
from explorer.crossfilter.formats import count_text
from tests.ui.helpers import SAMPLE, shows, visit
from tests.ui.stage import Stage

LOG = SAMPLE.with_name("access.log.gz")


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


def test_bots_are_found_looked_at_and_left_out(stage: Stage):
    # The analysis beside the file says who actors are, and leaves bots out of its first definition.
    log = explorer.connect(LOG, actor=["host", "user_agent"], time="time", event="path")
    every = explorer.SessionDefinition("all requests", "30m")
    sessions = log.sessions(every)
    agents = log.events(every).group_by("session_id").agg(pl.col("user_agent").first())
    page = stage.open(LOG)
    page.get_by_role("button", name="Other data, columns, quality").click()
    item = page.get_by_role("listitem").filter(has_text="3 actors look automated")
    item.get_by_role("button", name="Look at them").click()
    named = agents.filter(pl.col("user_agent").str.contains("(?i)bot|uptime"))
    assert shows(page, named.height)
    expect(page.get_by_role("tab", name="Actors")).to_have_attribute("aria-selected", "true")
    table = page.get_by_role("grid", name="Actors by property")
    page.get_by_label("By", exact=True).select_option("user_agent")
    expect(table.locator("[aria-selected=true]")).to_have_count(3)
    page.get_by_role("button", name="Clear all").click()
    row = table.locator("tr").filter(has_text="uptime-watch/3")
    row.click()
    assert shows(page, agents.filter(pl.col("user_agent") == "uptime-watch/3").height)
    expect(row).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Filter out selection").click()
    assert shows(page, sessions.height - agents.filter(pl.col("user_agent") == "uptime-watch/3").height)
    row = table.locator("tbody tr").first
    row.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Brushes").get_by_role("listitem")).to_have_count(1)
    page.idle()
