"""The app as an analyst uses it, in a real browser; what is shown equals what Polars says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import expect

import explorer
from explorer.crossfilter.formats import count_text
from explorer.engine.local.engine import LocalEngine
from tests.ui.figures import brush, figure_data
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, bars, comes, number, rows, shows, visit
from tests.ui.serving import ServeApp
from tests.ui.stage import Stage
from widgets.data import open_source
from widgets.page.serve import app

MINUTE = 60_000_000
NAMES = ("duration", "event_count", "time_in_session", "start")


@pytest.fixture(scope="module")
def log() -> LocalEngine:
    return explorer.connect(SAMPLE)


@pytest.fixture
def opened(stage: Stage) -> Iterator[GuardedPage]:
    yield stage.open(SAMPLE)
    stage.page.idle()


@pytest.fixture
def loaded(page: GuardedPage, serve_app: ServeApp) -> Iterator[GuardedPage]:
    """A page of its own."""
    page.goto(serve_app(lambda: app(SAMPLE)))
    expect(page.get_by_role("figure", name="Sessions over time")).to_be_visible()
    page.idle()
    yield page
    page.idle()


def test_the_first_look_and_how_its_link_brings_it_all_back(loaded: GuardedPage, log: LocalEngine):
    sessions = log.sessions(visit())
    assert number(loaded, "Sessions") == count_text(sessions.height)
    assert number(loaded, "Actors") == count_text(sessions["user_id"].n_unique())
    assert number(loaded, "Events") == count_text(sessions["event_count"].sum())
    assert number(loaded, "Median duration") == "2m 20s"
    for name in ("duration", "event_count", "start"):
        assert sum(bars(loaded, name)) == sessions.height
    assert sum(bars(loaded, "time_in_session")) == sessions["user_id"].n_unique()
    left_out = re.compile(r"^\d notices?: 48 rows have no user_id and 36 rows have no readable ts")
    expect(loaded.get_by_role("button", name=left_out)).to_be_visible()
    assert rows(loaded)[0][0] == sessions["session_id"][0]
    expect(loaded).to_have_title("shop.csv.gz – Session Explorer")

    brush(loaded, "duration", 0.5, 0.75)
    assert comes(loaded, lambda: "brush=duration" in loaded.url)
    loaded.get_by_role("textbox", name="Inactivity").fill("45m")
    loaded.keyboard.press("Enter")
    assert comes(loaded, lambda: "inactivity=45m" in loaded.url)
    loaded.idle()
    before = [number(loaded, label) for label in ("Sessions", "Actors", "Events")]
    drawn = [bars(loaded, name) for name in NAMES]
    loaded.reload()
    expect(loaded.get_by_role("figure", name="Sessions over time")).to_be_visible()
    assert comes(loaded, lambda: [number(loaded, label) for label in ("Sessions", "Actors", "Events")] == before)
    assert comes(loaded, lambda: [bars(loaded, name) for name in NAMES] == drawn)
    expect(loaded.get_by_role("textbox", name="Inactivity")).to_have_value("45m")


def test_a_brush_is_exact_in_charts_numbers_and_table(opened: GuardedPage, log: LocalEngine):
    brush(opened, "duration", 0.5, 0.75)
    assert comes(opened, lambda: "brush=duration" in opened.url)
    low, high = re.search(r"duration:(\w+)\.\.(\w+)", opened.url).groups()  # type: ignore[union-attr]
    low_us, high_us = explorer.Duration.parse(low).us, explorer.Duration.parse(high).us
    every = log.sessions(visit())
    wanted = every.filter((pl.col("duration").to_physical() >= low_us) & (pl.col("duration").to_physical() < high_us))
    assert 0 < wanted.height < every.height
    assert shows(opened, wanted.height)
    assert number(opened, "Actors") == count_text(wanted["user_id"].n_unique())
    assert sum(bars(opened, "event_count")) == wanted.height
    assert sum(bars(opened, "start")) == wanted.height
    assert sum(bars(opened, "time_in_session")) == wanted["user_id"].n_unique()
    expect(opened.get_by_text(f"1–25 of {count_text(wanted.height)}", exact=True)).to_be_visible()
    opened.get_by_role("button", name="Duration", exact=True).click()
    longest = wanted.sort("duration", descending=True)["session_id"].head(3).to_list()
    assert comes(opened, lambda: rows(opened)[0][0] in longest)


def test_several_brushes_chips_and_clearing(opened: GuardedPage, log: LocalEngine):
    total = log.sessions(visit()).height
    brush(opened, "duration", 0.5, 0.75)
    brush(opened, "start", 0.2, 0.5)
    assert comes(opened, lambda: "start:" in opened.url and "duration:" in opened.url)
    expect(opened.get_by_role("button", name=re.compile(r"^Duration .* to "))).to_be_visible()
    opened.get_by_role("button", name=re.compile("Clear the brush Duration")).click()
    assert comes(opened, lambda: "duration:" not in opened.url and "start:" in opened.url)
    opened.get_by_role("button", name="Clear all").click()
    assert shows(opened, total)
    assert comes(opened, lambda: "brush" not in opened.url)
    brush(opened, "event_count", 0.2, 0.5)
    assert comes(opened, lambda: "brush=event_count" in opened.url)
    opened.keyboard.press("Escape")
    assert shows(opened, total)


def test_back_and_forward_go_through_the_changes(opened: GuardedPage, log: LocalEngine):
    field = opened.get_by_role("textbox", name="Inactivity")
    counts = {text: log.sessions(visit(inactivity=text)).height for text in ("30m", "1m", "2h")}
    for text in ("1m", "2h"):
        field.fill(text)
        opened.keyboard.press("Enter")
        assert shows(opened, counts[text])
    brush(opened, "start", 0.2, 0.5)
    assert comes(opened, lambda: "brush=start" in opened.url)
    opened.idle()
    opened.go_back()
    assert shows(opened, counts["2h"])
    opened.go_back()
    assert shows(opened, counts["1m"])
    opened.go_back()
    assert shows(opened, counts["30m"])
    expect(field).to_have_value("30m")
    opened.go_forward()
    assert shows(opened, counts["1m"])


def test_inactivity_counts_while_dragging_and_cuts_on_release(opened: GuardedPage, log: LocalEngine):
    slider = opened.get_by_role("slider", name="Inactivity")
    opened.idle()  # the curve of gaps is counted behind the page
    box = slider.bounding_box()
    assert box
    opened.mouse.move(box["x"] + box["width"] * 0.33, box["y"] + box["height"] / 2)
    opened.mouse.down()
    opened.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] / 2, steps=4)
    caption = opened.locator(".caption")
    now = f"{count_text(log.sessions(visit()).height)} sessions"
    assert comes(opened, lambda: caption.inner_text().splitlines()[0] != now)
    opened.idle()
    while_dragging, about = caption.inner_text().splitlines()
    assert re.fullmatch(r"about [\d.]+ % of one event, median \S.*", about)
    assert number(opened, "Sessions") == count_text(log.sessions(visit()).height)
    opened.mouse.up()
    assert comes(opened, lambda: "inactivity=" in opened.url)
    inactivity = re.search(r"inactivity=(\w+)", opened.url)[1]  # type: ignore[index]
    wanted = log.sessions(visit(inactivity=inactivity))
    assert while_dragging == f"{count_text(wanted.height)} sessions"
    assert shows(opened, wanted.height)
    assert comes(opened, lambda: sum(bars(opened, "duration")) == wanted.height)


def test_the_gaps_suggest_an_inactivity(opened: GuardedPage, log: LocalEngine):
    expect(opened.get_by_text("Suggested: 30m")).to_be_visible()
    expect(opened.get_by_role("button", name=re.compile("30m separates them"))).to_be_visible()
    expect(opened.get_by_role("button", name="Use 30m")).to_be_hidden()
    opened.get_by_role("textbox", name="Inactivity").fill("3h")
    opened.keyboard.press("Enter")
    assert shows(opened, log.sessions(visit(inactivity="3h")).height)
    opened.get_by_role("button", name="Use 30m").click()
    assert shows(opened, log.sessions(visit()).height)
    expect(opened.get_by_role("textbox", name="Inactivity")).to_have_value("30m")


def test_a_text_that_is_no_duration_changes_nothing(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("textbox", name="Inactivity").fill("30")
    opened.keyboard.press("Enter")
    expect(opened.get_by_text("'30' has no unit. Write 30s, 30m, 30h or 30d.")).to_be_visible()
    assert number(opened, "Sessions") == count_text(log.sessions(visit()).height)
    assert "inactivity" not in opened.url


def test_other_columns_are_read_again_and_bad_ones_keep_the_picture(opened: GuardedPage, log: LocalEngine):
    opened.get_by_role("combobox", name="Actor").click()
    opened.get_by_role("menuitem", name="country").click()
    by_country = explorer.connect(SAMPLE, actor="country")
    assert shows(opened, by_country.sessions(visit()).height)
    opened.get_by_role("combobox", name="Time").click()
    opened.get_by_role("menuitem", name="page", exact=True).click()
    expect(opened.get_by_text("Column 'page' holds no time that can be read")).to_be_visible()
    assert number(opened, "Sessions") == count_text(by_country.sessions(visit()).height)
    expect(opened.get_by_role("combobox", name="Time")).to_have_text("ts")
    opened.get_by_role("combobox", name="Actor").click()
    opened.get_by_role("menuitem", name="user_id").click()
    assert shows(opened, log.sessions(visit()).height)
    expect(opened.get_by_text("Column 'page' holds no time that can be read")).to_be_hidden()


def test_the_table_pages(opened: GuardedPage, log: LocalEngine):
    sessions = log.sessions(visit())
    expect(opened.get_by_text(f"1–25 of {count_text(sessions.height)}")).to_be_visible()
    opened.get_by_role("button", name="Next page").click()
    assert comes(opened, lambda: rows(opened)[0][0] == sessions["session_id"][25])
    opened.get_by_role("button", name="Events", exact=True).click()
    assert comes(opened, lambda: rows(opened)[0][6] == count_text(sessions["event_count"].max()))
    opened.get_by_role("button", name="Events", exact=True).click()
    assert comes(opened, lambda: rows(opened)[0][6] == "1")


BAD_LINKS = [
    ("sessions.0.inactivity=30", "sessions[0].inactivity: '30' has no unit"),
    ("brush=duration:x..y", "'x' is not a duration"),
    ("show=nothing", "There is no session definition 'nothing'"),
    ("sessions.0.where=evnt+%3D+'x'", "where: there is no column 'evnt'. Did you mean 'event'?"),
]


def test_a_bad_link_says_so(page: GuardedPage, serve_app: ServeApp):
    query, said = BAD_LINKS[0]
    page.goto(f"{serve_app(lambda: app(SAMPLE))}?{query}")
    expect(page.get_by_text(said)).to_be_visible()


@pytest.mark.parametrize(("query", "said"), BAD_LINKS, ids=[query for query, _ in BAD_LINKS])
def test_so_does_one_that_the_browser_goes_back_to(opened: GuardedPage, stage: Stage, query: str, said: str):
    stage.do(lambda: stage.app.link.go(f"?{query}"))
    expect(opened.get_by_text(said)).to_be_visible()


def test_a_filter_that_matches_nothing_says_so(opened: GuardedPage, stage: Stage):
    page = opened
    stage.do(lambda: stage.app.link.go("?sessions.0.where=event+%3D+'nothing'&brush=duration:1m..1h"))
    expect(page.get_by_text("There is no session: no event has event = 'nothing'.")).to_be_visible()
    assert comes(page, lambda: number(page, "Sessions") == "0")
    page.get_by_role("button", name="Clear all").click()
    assert comes(page, lambda: "brush" not in page.url)


def test_a_bad_file_is_said_on_the_page(page: GuardedPage, serve_app: ServeApp, tmp_path: Path):
    path = tmp_path / "times.csv"
    path.write_text("user_id,ts\na,soon\n")
    page.goto(serve_app(lambda: app(path)))
    expect(page.get_by_text("No column holds times.")).to_be_visible()


def test_one_event_is_enough_and_a_large_file_is_read_behind_a_waiting_page(
    page: GuardedPage, serve_app: ServeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(open_source, "AT_ONCE", 10)
    path = tmp_path / "large.csv"
    path.write_text("user_id,ts\n<b>ann</b>,2024-01-01 10:00\n")
    page.goto(serve_app(lambda: app(path)))
    expect(page.get_by_role("figure", name="Sessions over time")).to_be_visible()
    assert comes(page, lambda: number(page, "Sessions") == "1")
    assert rows(page)[0][1] == "<b>ann</b>"
    expect(page.get_by_text("Guessed from the data. Choose others if they are wrong.")).to_be_visible()


def test_the_axis_of_counts_has_no_gaps(opened: GuardedPage):
    left = figure_data(opened, "event_count")[0].data["left"]
    assert np.allclose(np.diff(left), 1)


def test_a_narrow_page_shows_charts_and_all_tools_at_once(opened: GuardedPage):
    opened.set_viewport_size({"width": 800, "height": 900})
    opened.idle()
    expect(opened.get_by_role("heading", name="Events per session")).to_be_in_viewport()
    opened.evaluate("document.activeElement?.blur()")
    tabs = [opened.get_by_role("tab", name=name) for name in ("Charts", "Inside sessions", "Actors", "Inactivity")]
    for each in (*tabs, opened.get_by_role("button", name="Report"), opened.get_by_role("button", name="Add chart")):
        expect(each).to_be_in_viewport()


def test_printing_the_page_prints_its_charts(opened: GuardedPage):
    opened.emulate_media(media="print")
    try:
        content = opened.locator(".main-content")
        cut = "e => e.scrollHeight - e.clientHeight"
        assert comes(opened, lambda: content.evaluate(cut) <= 1 and content.evaluate("e => e.clientHeight") > 1_200)
        expect(opened.get_by_role("button", name="Report")).to_be_hidden()
        expect(opened.get_by_text("Filter events", exact=True)).to_be_hidden()
    finally:
        opened.emulate_media(media="screen")
