"""One session looked at by mouse and keyboard; what is shown equals what the core says."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from playwright.sync_api import Locator, expect

import explorer
from tests.ui.axe import serious
from tests.ui.figures import brush
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes, visit
from tests.ui.stage import Stage

HOSTILE = "<img src=x onerror=alert(1)>"


def microscope(page: GuardedPage) -> Locator:
    return page.get_by_role("region", name="Session microscope")


def told(page: GuardedPage, session: str) -> bool:
    """Whether the heading says that session's number and actor."""
    who, number = session.split("/")
    title = microscope(page).get_by_role("heading", level=2).inner_text()
    return title.startswith(f"Session {number} of ") and title.endswith(who)


def test_a_stretch_of_events_is_marked_by_keys_and_becomes_a_metric_and_a_brush(stage: Stage):
    page = stage.open(SAMPLE)
    log = explorer.connect(SAMPLE)
    sessions = log.sessions(visit())
    at = next(at for at, n in enumerate(sessions["event_count"][:25]) if 3 < n < 20)
    page.get_by_role("table").locator("tbody tr").nth(at).click()
    rows = microscope(page).get_by_role("table", name="Events of the session").locator("tbody tr")
    expect(rows).to_have_count(sessions["event_count"][at])
    rows.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    expect(microscope(page).locator("tr.marked")).to_have_count(2)
    own = log.events(visit()).filter(pl.col("session_id") == sessions["session_id"][at])["event"].to_list()
    proposed = microscope(page).get_by_role("region", name="Pattern of the marked events")
    pattern = f"{own[0]} -> {own[1]}"
    expect(proposed.locator("code").first).to_have_text(pattern)
    metric = explorer.Metric("m", "any", pattern=pattern)
    held = log.sessions(visit().replace(metrics=(metric,)))["m"].sum()
    expect(proposed.locator("b").first).to_contain_text(f"{held:,} sessions")
    assert serious(page) == []
    proposed.locator("li").first.get_by_role("button", name="Select").click()
    assert comes(page, lambda: "brush=has_" in page.url)
    expect(microscope(page).get_by_label("Highlight matches of")).to_have_value(f"has_{own[0]}_then_{own[1]}")
    expect(microscope(page).locator("tr.in-match").first).to_be_visible()


def test_enter_opens_a_row_keys_move_the_strip_and_escape_goes_back(stage: Stage):
    page = stage.open(SAMPLE)
    log = explorer.connect(SAMPLE)
    session = log.sessions(visit()).row(7, named=True)
    row = page.get_by_role("table").locator("tbody tr").nth(7)
    row.focus()
    page.keyboard.press("Enter")
    expect(microscope(page)).to_be_visible()
    assert told(page, session["session_id"])
    expect(microscope(page).locator(".sentence")).to_contain_text(f"{session['event_count']} events in")
    events = log.events(visit()).filter(pl.col("session_id") == session["session_id"])
    shown = microscope(page).get_by_role("table").locator("tbody tr")
    expect(shown).to_have_count(min(25, events.height))
    expect(shown.first).to_contain_text(events["page"][0])
    page.idle()
    assert serious(page) == []
    strip = microscope(page).get_by_role("application")
    strip.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(microscope(page).locator(".tip")).to_contain_text("app_version")
    expect(microscope(page).locator("tbody tr.now")).to_have_count(1)
    said = microscope(page).locator(".below")
    actor = log.events(visit()).filter(pl.col("user_id") == session["user_id"]).height
    page.keyboard.press("End")
    expect(said).to_contain_text(f"{actor} events in view: each mark is one.")
    page.keyboard.press("Home")
    expect(said).to_contain_text(f"{events.height} events in view")
    shown.nth(4).hover()
    expect(strip.locator("circle")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(microscope(page)).to_be_hidden()
    expect(row).to_be_focused()


def test_brushed_sessions_are_walked_through_and_lanes_open_the_others(stage: Stage):
    page = stage.open(SAMPLE)
    brush(page, "duration", 0.5, 0.75)
    page.idle()
    page.get_by_role("button", name="View events").click()
    expect(microscope(page)).to_be_visible()
    ids = page.locator("td.of-id").all_inner_texts()
    assert told(page, ids[0])
    expect(microscope(page).locator(".walk")).to_contain_text("1 of ")
    page.get_by_role("button", name="Next of these sessions").click()
    assert comes(page, lambda: told(page, ids[1]))
    expect(page.locator("tr[aria-selected=true]")).to_contain_text(ids[1])
    lane = microscope(page).locator(".lane:not(.own)").first
    number, who = lane.locator("b").inner_text(), ids[1].split("/")[0]
    lane.click()
    assert comes(page, lambda: told(page, f"{who}/{number}"))
    page.get_by_role("button", name="Close the microscope").click()
    expect(microscope(page)).to_be_hidden()


def test_an_actor_of_many_events_and_hostile_texts(stage: Stage, tmp_path: Path):
    count, start = 30_000, datetime(2024, 1, 1)
    times = [start + timedelta(seconds=at + 3_600 * (at // 3_000)) for at in range(count)]
    events = [HOSTILE if at % 7 else f"e{at % 5}" for at in range(count)]
    path = tmp_path / "many.parquet"
    pl.DataFrame({"user": [HOSTILE] * count, "ts": times, "event": events}).write_parquet(path)
    page = stage.open(path)
    page.get_by_role("table").locator("tbody tr").nth(2).click()
    expect(microscope(page).get_by_role("heading", level=2)).to_have_text(f"Session 3 of 10 of user {HOSTILE}")
    said = microscope(page).locator(".below")
    expect(said).to_contain_text("counted per")
    page.get_by_role("button", name="All of the actor's time (End)").click()
    expect(said).to_contain_text("30,000 events in view: counted per 2m, not drawn one by one.")
    page.get_by_role("button", name="This session (Home)").click()
    for _ in range(4):
        page.get_by_role("button", name="Zoom in (+)").click()
    expect(said).to_contain_text("each mark is one")
    strip = microscope(page).get_by_role("application")
    box = strip.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 80)
    expect(microscope(page).locator(".tip")).to_contain_text("user")
    assert page.locator("img").count() == 0
