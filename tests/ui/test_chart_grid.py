"""Every kind of chart in the grid, in a browser: what it shows and brushes is what Polars and NumPy say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import expect

import explorer
from explorer.engine.local.engine import LocalEngine
from tests.ui.figures import brush, figure_box, figure_data, figure_names
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes, shows
from tests.ui.stage import Stage

ANALYSIS = """
version: 1
columns: {actor: user_id, time: ts, event: event}
sessions:
- {name: visit, inactivity: 30m}
charts:
- {kind: distribution, session: visit, of: event_count}
- {kind: heatmap, session: visit, by: [hour of start, weekday of start]}
- {kind: line, session: visit, every: 1d, measure: mean event_count}
- {kind: scatter, session: visit, by: [duration, event_count]}
- {kind: number, session: visit, measure: median event_count}
"""


@pytest.fixture(scope="module")
def sessions() -> pl.DataFrame:
    log: LocalEngine = explorer.connect(SAMPLE)
    return log.sessions(explorer.SessionDefinition(name="visit", inactivity="30m"))


@pytest.fixture
def opened(stage: Stage, tmp_path: Path) -> Iterator[GuardedPage]:
    file = tmp_path / "charts.yaml"
    file.write_text(ANALYSIS, encoding="utf-8")
    page = stage.open(SAMPLE, file)
    expect(page.get_by_role("figure", name="Events per session")).to_be_visible()
    yield page
    page.idle()


def named(page: GuardedPage, kind: str) -> str:
    assert comes(page, lambda: any(f'"{kind}"' in str(name) for name in figure_names(page)))
    return next(name for name in figure_names(page) if name and f'"{kind}"' in name)


def cells(page: GuardedPage) -> dict[tuple[int, int], int]:
    """The coloured cells of the heat map: (hour, weekday) -> sessions."""
    front = next(layer.data for layer in figure_data(page, named(page, "heatmap")) if "said" in layer.data)
    places = zip(front["left"], front["bottom"], front["said"], strict=True)
    return {(round(x - 0.04), round(y - 0.04)): int(text.replace(",", "")) for x, y, text in places}


def _only(page: GuardedPage, wanted: dict[tuple[int, int], int]) -> bool:
    return {at: n for at, n in cells(page).items() if n} == wanted


def said(url: str, sessions: pl.DataFrame) -> pl.DataFrame:
    """The sessions that the address says are brushed."""
    first, end = (int(float(text)) for text in url.split("event_count:")[1].split("&")[0].split(".."))
    return sessions.filter((pl.col("event_count") >= first) & (pl.col("event_count") < end))


def counted(sessions: pl.DataFrame) -> dict[tuple[int, int], int]:
    keys = sessions.select(hour=pl.col("start").dt.hour(), day=pl.col("start").dt.weekday() - 1)
    return {(hour, day): n for hour, day, n in keys.group_by("hour", "day").len().rows()}


def test_all_kinds_follow_a_drag_and_its_end(opened: GuardedPage, sessions: pl.DataFrame):
    assert comes(opened, lambda: cells(opened) == counted(sessions))
    box = figure_box(opened, "event_count")
    for low, high in ((0.05, 0.32), (0.11, 0.58)):
        opened.mouse.move(*box.at(low))
        opened.mouse.down()
        opened.mouse.move(*box.at(high), steps=5)
        assert comes(opened, lambda: sum(cells(opened).values()) < sessions.height)
        opened.mouse.up()
        assert comes(opened, lambda: "brush=event_count" in opened.url)
        opened.idle()
        # The address may be that of the brush before still.
        assert comes(opened, lambda: _only(opened, counted(said(opened.url, sessions))))
        held = said(opened.url, sessions)
        expect(opened.get_by_text("of the selected; of all: 5", exact=False)).to_be_visible()
        front = next(layer.data for layer in figure_data(opened, named(opened, "line")) if "said" in layer.data)
        daily = held.group_by(pl.col("start").dt.date()).agg(pl.col("event_count").mean()).sort("start")
        np.testing.assert_allclose(front["y"], daily["event_count"].to_numpy())
        points = figure_data(opened, named(opened, "scatter"))[1].data
        assert len(points["x"]) == held.height


def test_cells_lines_and_points_are_brushed(opened: GuardedPage, sessions: pl.DataFrame):
    heat = named(opened, "heatmap")
    opened.idle()  # until then charts are still being placed
    box = figure_box(opened, heat)
    opened.mouse.click(*box.at(20.5 / 24, 1 - 0.5 / 7))
    evening = (pl.col("start").dt.hour() == 20) & (pl.col("start").dt.weekday() == 1)
    assert shows(opened, sessions.filter(evening).height)
    expect(opened.get_by_role("list", name="Brushes").get_by_role("listitem")).to_have_count(2)
    opened.keyboard.down("Shift")
    opened.mouse.click(*box.at(21.5 / 24, 1 - 0.5 / 7))
    opened.keyboard.up("Shift")
    both = pl.col("start").dt.hour().is_in([20, 21]) & (pl.col("start").dt.weekday() == 1)
    assert shows(opened, sessions.filter(both).height)
    opened.get_by_role("button", name="Clear all").click()
    assert shows(opened, sessions.height)
    brush(opened, named(opened, "line"), 0.3, 0.5)
    assert comes(opened, lambda: "brush=start" in opened.url)
    first, end = opened.url.split("start:")[1].split("&")[0].split("..")
    start = pl.col("start").cast(pl.Datetime("us"))
    low, high = (pl.lit(text).str.to_datetime("%Y-%m-%dT%H:%M", time_unit="us") for text in (first, end))
    assert shows(opened, sessions.filter((start >= low) & (start < high)).height)


def test_an_exact_range_is_typed_and_inverted_and_a_chart_is_moved(opened: GuardedPage, sessions: pl.DataFrame):
    opened.get_by_role("button", name="Enter a range").click()
    opened.get_by_label("Select by").select_option("event_count")
    opened.get_by_role("textbox", name="from", exact=True).fill("3")
    opened.get_by_label("to", exact=True).fill("x")
    opened.keyboard.press("Enter")
    expect(opened.get_by_text("'x' is not a whole number", exact=False)).to_be_visible()
    opened.get_by_label("to", exact=True).fill("4")
    opened.keyboard.press("Enter")
    held = sessions.filter(pl.col("event_count").is_in([3, 4]))
    assert shows(opened, held.height)
    opened.get_by_role("button", name="3 to 4 events", exact=True).click()
    opened.get_by_role("button", name="Invert").click()
    assert shows(opened, sessions.height - held.height)
    opened.get_by_role("button", name="Clear all").click()
    switch = opened.get_by_role("switch", name="truncated")
    switch.click()
    assert shows(opened, sessions["cut_off"].null_count())
    switch.click()
    grips = opened.get_by_role("button", name="Move this chart")
    grips.nth(0).focus()
    opened.keyboard.press("ArrowRight")
    assert comes(opened, lambda: opened.get_by_role("heading", level=2).nth(0).inner_text().startswith("Sessions by"))
    opened.get_by_role("button", name="Show its numbers").nth(0).click()
    expect(opened.get_by_role("columnheader", name="weekday of start")).to_be_visible()


SCOPED = """
version: 1
columns: {actor: user_id, time: ts, event: event}
sessions:
- name: visit
  inactivity: 30m
  metrics:
  - {name: seen, aggregate: count, scope: {where: visit.session_number = 1}}
charts:
- {kind: distribution, session: visit, of: seen}
- {kind: bar, session: visit, by: seen, measure: median duration}
- {kind: heatmap, session: visit, by: [seen, weekday of start]}
"""


def test_sessions_without_a_value_are_a_footnote_that_shows_them(stage: Stage, tmp_path: Path, sessions: pl.DataFrame):
    file = tmp_path / "scoped.yaml"
    file.write_text(SCOPED, encoding="utf-8")
    page = stage.open(SAMPLE, file)
    without = sessions.filter(pl.col("session_number") != 1).height
    notes = page.get_by_text(f"{without:,} sessions have no value")
    expect(notes).to_have_count(3)
    ends = """() => Bokeh.documents.flatMap(d => [...d._all_models.values()])
      .filter(m => m.type === "Figure" && Bokeh.index.find_one(m)).map(m => [m.x_range.end, m.renderers.length])"""
    before = sorted(end for end, _ in page.evaluate(ends))
    for at in range(3):
        page.get_by_role("button", name="Show those without a value").first.click()
        expect(page.get_by_role("button", name="Hide those without a value")).to_have_count(at + 1)
    assert comes(page, lambda: sorted(end for end, _ in page.evaluate(ends)) == [end + 1 for end in before])
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Hide those without a value")).to_have_count(2)


NAMED = """
version: 1
columns: {actor: user_id, time: ts, event: event}
sessions:
- {name: visit, inactivity: 30m}
charts:
- {kind: distribution, session: visit, of: duration}
- {kind: distribution, session: visit, of: event_count}
- {kind: bar, session: visit, by: weekday of start}
"""


def test_the_dialog_begins_with_what_was_touched_last_and_a_chip_of_names_opens_its_values(
    stage: Stage, tmp_path: Path, sessions: pl.DataFrame
):
    file = tmp_path / "named.yaml"
    file.write_text(NAMED, encoding="utf-8")
    page = stage.open(SAMPLE, file)
    brush(page, "event_count", 0.1, 0.3)
    assert comes(page, lambda: "brush=event_count" in page.url)
    page.get_by_role("button", name="Enter a range").click()
    expect(page.get_by_label("Select by")).to_have_value("event_count")
    page.get_by_label("Select by").select_option("weekday of start")
    days = page.get_by_role("group", name="Values").get_by_role("checkbox")
    expect(days).to_have_count(7)
    days.nth(5).check()
    days.nth(6).check()
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_role("button", name="Clear the brush").first.click()
    weekend = pl.col("start").dt.weekday() > 5
    assert shows(page, sessions.filter(weekend).height)
    page.get_by_role("button", name="weekday of start", exact=False).first.click()
    expect(days.nth(5)).to_be_checked()
    days.nth(5).uncheck()
    page.get_by_role("button", name="Select", exact=True).click()
    assert shows(page, sessions.filter(pl.col("start").dt.weekday() == 7).height)
