"""Shares in a real browser: while a brush is dragged, when it rests, and after all that the browser drew alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

import explorer
from explorer.charts.shares import RUNGS
from explorer.engine.local.engine import LocalEngine
from explorer.spec.analysis import Analysis
from tests.ui.figures import figure_box, figure_data
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes, number
from tests.ui.stage import Stage

VISIT = Analysis.from_yaml(SAMPLE.with_name("shop.yaml").read_text(encoding="utf-8")).sessions[0]
NAMES = ("duration", "event_count", "start", "time_in_session")
END = """(name) => Bokeh.documents.flatMap((each) => [...each._all_models.values()])
  .find((each) => each.type === "Figure" && each.name === name && Bokeh.index.find_one(each)).y_range.end"""


@pytest.fixture(scope="module")
def log() -> LocalEngine:
    return explorer.connect(SAMPLE)


@pytest.fixture
def opened(stage: Stage) -> Iterator[GuardedPage]:
    yield stage.open(SAMPLE)
    stage.page.idle()


def choose(page: GuardedPage, word: str) -> None:
    page.get_by_role("group", name="Heights are").get_by_role("button", name=word).click()


def are_shares(page: GuardedPage, name: str) -> bool:
    """Whether both layers of a chart are shares of their counts, below an axis that ends on a rung."""
    behind, front = (layer.data for layer in figure_data(page, name)[:2])
    drawn = zip((behind["top"], front["top"]), (front["total"], front["count"]), strict=True)
    right = all(np.allclose(tops, np.array(counts) / max(1, sum(counts))) for tops, counts in drawn)
    end = page.evaluate(END, name)
    highest = max(behind["top"] + front["top"])
    return right and end == min(rung for rung in RUNGS if rung > highest)


def are_counts(page: GuardedPage, name: str) -> bool:
    behind, front = (layer.data for layer in figure_data(page, name)[:2])
    end = page.evaluate(END, name)
    return bool(
        behind["top"] == front["total"]
        and front["top"] == front["count"]
        and np.isclose(end, 1.06 * max(front["total"]))
    )


def counted(page: GuardedPage, name: str) -> list[float]:
    return figure_data(page, name)[1].data["count"]


def test_shares_follow_a_drag_and_go_back_to_counts(opened: GuardedPage):
    switch = opened.get_by_role("group", name="Heights are")
    expect(switch).to_be_hidden()
    box = figure_box(opened, "duration")
    opened.mouse.move(*box.at(0.1))
    opened.mouse.down()
    opened.mouse.move(*box.at(0.3), steps=4)
    opened.mouse.up()
    expect(switch).to_be_visible()
    choose(opened, "Shares")
    assert comes(opened, lambda: "heights=shares" in opened.url)
    assert comes(opened, lambda: all(are_shares(opened, name) for name in NAMES))
    ends = {name: opened.evaluate(END, name) for name in NAMES}

    # Dragged still: the other side has not heard of it.
    opened.mouse.move(*box.at(0.68))
    opened.mouse.down()
    address, before = opened.url, counted(opened, "event_count")
    for to in (0.7, 0.74, 0.72):
        opened.mouse.move(*box.at(to), steps=3)
        assert comes(opened, lambda: are_shares(opened, "event_count") and are_shares(opened, "time_in_session"))
    assert counted(opened, "event_count") != before
    assert opened.url == address
    opened.mouse.up()
    assert comes(opened, lambda: opened.url != address)
    assert comes(opened, lambda: all(are_shares(opened, name) for name in NAMES))
    assert opened.evaluate(END, "time_in_session") != ends["time_in_session"]

    over = figure_box(opened, "event_count")
    opened.mouse.move(*over.at(0.3))
    opened.mouse.move(*over.at(0.301), steps=2)
    tip = opened.get_by_text(
        re.compile(r"events: [\d.]+ % of all sessions \([\d,]+\), [\d.]+ % of the selected \(\d+\)")
    )
    expect(tip).to_be_visible()
    opened.mouse.move(2, 2)

    # The axes that the browser moved come back, although Python never heard of it.
    opened.get_by_role("button", name="Clear all").click()
    assert comes(opened, lambda: all(are_shares(opened, name) for name in NAMES))
    expect(switch).to_be_visible()
    choose(opened, "Counts")
    assert comes(opened, lambda: all(are_counts(opened, name) for name in NAMES))
    expect(switch).to_be_hidden()
    assert comes(opened, lambda: "heights" not in opened.url)


def test_counts_are_zoomed_to_the_selection(opened: GuardedPage):
    """The axis ends a little above the bars in front that are held, while a brush is dragged, too."""
    whole = {name: opened.evaluate(END, name) for name in NAMES}

    def fits(name: str) -> bool:
        front = figure_data(opened, name)[1].data
        held = [top for top, alpha in zip(front["top"], front["alpha"], strict=True) if alpha == 1]
        end = opened.evaluate(END, name)
        return max(held) <= end / 1.06 * 1.0001 and end <= 1.06 * 1.5 * max(held) * 1.0001

    box = figure_box(opened, "duration")
    opened.mouse.move(*box.at(0.62))
    opened.mouse.down()
    opened.mouse.move(*box.at(0.7), steps=4)
    opened.mouse.up()
    choose(opened, "Zoom")
    assert comes(opened, lambda: "heights=zoomed" in opened.url)
    assert comes(opened, lambda: all(map(fits, NAMES)))
    assert all(opened.evaluate(END, name) < whole[name] for name in NAMES)
    opened.mouse.move(*box.at(0.8))
    opened.mouse.down()
    address = opened.url
    for to in (0.85, 0.83):
        opened.mouse.move(*box.at(to), steps=3)
        assert comes(opened, lambda: all(map(fits, NAMES)))
    assert opened.url == address
    opened.mouse.up()
    assert comes(opened, lambda: opened.url != address)
    choose(opened, "Counts")
    assert comes(opened, lambda: {name: opened.evaluate(END, name) for name in NAMES} == whole)
    opened.get_by_role("button", name="Clear all").click()
    opened.idle()


def test_the_selection_is_compared_to_the_rest_by_one_click(opened: GuardedPage, log: LocalEngine):
    box = figure_box(opened, "event_count")
    opened.mouse.move(*box.at(0.5))
    opened.mouse.down()
    opened.mouse.move(*box.at(0.8), steps=4)
    opened.mouse.up()
    assert comes(opened, lambda: "brush=event_count" in opened.url)
    opened.idle()
    selected, every = number(opened, "Sessions"), log.sessions(VISIT).height
    opened.get_by_role("button", name="Against rest").click()
    table = opened.get_by_role("table", name="Key numbers of what is compared")
    for name, wanted in (("visit selected", selected), ("visit rest", f"{every - int(selected.replace(',', '')):,}")):
        row = table.get_by_role("row").filter(has=opened.get_by_text(name, exact=True))
        expect(row.locator("td.right b").first).to_have_text(wanted)
    assert comes(opened, lambda: len(figure_data(opened, "compared duration")[1].data["ys"]) == 2)
    assert [round(sum(ys) / 2, 9) for ys in figure_data(opened, "compared duration")[1].data["ys"]] == [1, 1]
    opened.get_by_role("button", name=re.compile("^Undo")).click()
    expect(opened.get_by_role("tab", name="Charts")).to_have_attribute("aria-selected", "true")
    opened.idle()
    opened.get_by_role("tab", name="Compare").click()
    heights = opened.get_by_role("group", name="Heights are").get_by_role("button", name="Counts")
    expect(heights.last).to_have_attribute("aria-pressed", "true")
