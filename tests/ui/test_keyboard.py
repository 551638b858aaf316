"""Charts are brushed with the keyboard alone: what is drawn equals numpy, and what is selected is spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from explorer.crossfilter.selections.selection import Selection, Values
from tests.charts.made_up import VALUE_TITLES, made_up_values
from tests.ui.brushing import App, agrees, bins
from tests.ui.figures import figure_names
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes
from tests.ui.stage import Shelf, Stage

HEAT = "Sessions by hour of start and weekday of start"
POINTS = "Sessions by duration and event_count"
KINDS = """
version: 1
columns: {actor: user_id, time: ts, event: event}
sessions:
- {name: visit, inactivity: 30m}
charts:
- {kind: distribution, session: visit, of: event_count}
- {kind: bar, session: visit, by: [platform], measure: median duration}
- {kind: heatmap, session: visit, by: [hour of start, weekday of start]}
- {kind: line, session: visit, every: 1d, measure: mean event_count}
- {kind: area, session: visit, every: 1d, by: [platform]}
- {kind: scatter, session: visit, by: [duration, event_count]}
"""


def focus(page: GuardedPage, name: str) -> None:
    """Give the chart the keyboard, as Tab does."""
    page.get_by_role("application", name=f"{name}. Arrow").focus()


def press(page: GuardedPage, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def spoken(page: GuardedPage) -> str:
    return str(page.locator("#session-explorer-spoken").text_content())


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def opened(app: App, shelf: Shelf) -> GuardedPage:
    page = shelf.show(app.page)
    expect(page.get_by_role("figure", name="Session duration")).to_be_visible()
    return page


def test_arrows_take_a_bar_and_shift_extends(app: App, opened: GuardedPage) -> None:
    focus(opened, "Session duration")
    press(opened, "ArrowRight", "ArrowRight", "ArrowRight")
    agrees(opened, app, Selection().with_("duration", bins(app, "duration", 2, 3)))
    press(opened, "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    held = Selection().with_("duration", bins(app, "duration", 2, 5))
    agrees(opened, app, held)
    labels = app.crossfilter.dimensions["duration"].bins.labels
    first, last = labels[2].split(" to ")[0], labels[4].split(" to ")[-1]
    counted = f"{app.crossfilter.n_sessions(held):,} sessions · {app.crossfilter.n_actors(held):,} actors selected"
    assert comes(opened, lambda: spoken(opened) == f"Kept. Session duration: {first} to {last}. {counted}"), spoken(
        opened
    )
    press(opened, "Shift+ArrowLeft", "Shift+Home")
    agrees(opened, app, Selection().with_("duration", bins(app, "duration", 0, 3)))
    press(opened, "End")
    n = len(app.crossfilter.dimensions["duration"].bins)
    agrees(opened, app, Selection().with_("duration", bins(app, "duration", n - 1, n)))


def test_the_first_key_may_go_to_either_end(app: App, opened: GuardedPage) -> None:
    n = len(app.crossfilter.dimensions["duration"].bins)
    for key, at in (("End", n - 1), ("Home", 0), ("ArrowLeft", n - 1), ("ArrowRight", 0)):
        focus(opened, "Session duration")
        press(opened, key)
        agrees(opened, app, Selection().with_("duration", bins(app, "duration", at, at + 1)))
        press(opened, "Escape")
        agrees(opened, app, Selection())


def test_a_brush_that_stands_goes_on_from_where_it_is(app: App, opened: GuardedPage) -> None:
    app.do(lambda: app.linked.select(Selection().with_("start", bins(app, "start", 4, 9))))
    agrees(opened, app, Selection().with_("start", bins(app, "start", 4, 9)))
    focus(opened, "Session start")
    press(opened, "Shift+ArrowRight")
    agrees(opened, app, Selection().with_("start", bins(app, "start", 4, 10)))
    press(opened, "ArrowLeft")
    agrees(opened, app, Selection().with_("start", bins(app, "start", 8, 9)))


def test_escape_clears_the_chart_that_the_keys_brush(app: App, opened: GuardedPage) -> None:
    duration = Selection().with_("duration", bins(app, "duration", 0, 1))
    focus(opened, "Session duration")
    press(opened, "ArrowRight", "Enter")
    agrees(opened, app, duration)
    focus(opened, "Session start")
    press(opened, "ArrowLeft")
    n = len(app.crossfilter.dimensions["start"].bins)
    agrees(opened, app, duration.with_("start", bins(app, "start", n - 1, n)))
    press(opened, "Escape")
    agrees(opened, app, duration)
    assert comes(opened, lambda: spoken(opened).startswith("Session start: nothing selected"))
    press(opened, "Escape")
    agrees(opened, app, Selection())


def test_what_is_left_is_kept(app: App, opened: GuardedPage) -> None:
    focus(opened, "Session duration")
    press(opened, "ArrowRight", "Shift+ArrowRight", "Tab")
    agrees(opened, app, Selection().with_("duration", bins(app, "duration", 0, 2)))


def test_named_values_are_taken_passed_by_and_added(shelf: Shelf) -> None:
    app = App(made_up_values(4_000)[1], VALUE_TITLES)
    page = shelf.show(app.page)
    values = app.crossfilter.dimensions["platform"].bins.values

    def held(*places: int) -> Selection:
        return Selection().with_("platform", Values(frozenset(values[at] for at in places)))

    focus(page, "Platform")
    press(page, "ArrowRight", "Shift+ArrowRight")
    agrees(page, app, held(0, 1))
    press(page, "Control+ArrowRight", "Control+ArrowRight", " ")
    agrees(page, app, held(0, 1, 3))
    assert comes(page, lambda: f"Platform: {values[0]}, {values[1]} and {values[3]}." in spoken(page)), spoken(page)
    press(page, " ")
    agrees(page, app, held(0, 1))
    press(page, "ArrowLeft")
    agrees(page, app, held(2))
    press(page, "Escape")
    agrees(page, app, Selection())


def test_the_focus_is_seen(app: App, opened: GuardedPage) -> None:
    focus(opened, "Session duration")
    press(opened, "Tab", "Shift+Tab")
    ring = opened.get_by_role("application", name="Session duration.").evaluate(
        "element => getComputedStyle(element).outline"
    )
    assert "solid 2px" in ring


# ---- charts that follow, on the whole page


@pytest.fixture
def kinds(stage: Stage, tmp_path: Path) -> Iterator[GuardedPage]:
    file = tmp_path / "kinds.yaml"
    file.write_text(KINDS, encoding="utf-8")
    page = stage.open(SAMPLE, file)
    assert comes(page, lambda: len(figure_names(page)) >= 6)
    page.idle()
    yield page
    page.idle()


def brushed(stage: Stage) -> dict[str, str]:
    return {name: str(brush) for name, brush in stage.app.state.selection.items()}


@pytest.mark.parametrize(
    ("title", "keys", "names"),
    [
        ("Median duration by platform", ["ArrowRight", "Shift+ArrowRight"], {"platform"}),
        (HEAT, ["ArrowRight", "ArrowDown"], {"hour of start", "weekday of start"}),
        ("Mean event_count, per day", ["ArrowRight", "Shift+End"], {"start"}),
        ("Sessions by platform, per day", ["ArrowLeft", "Shift+ArrowLeft"], {"start"}),
        (POINTS, ["ArrowRight", "Shift+ArrowUp", "Shift+ArrowRight"], {"duration", "event_count"}),
    ],
)  # fmt: skip
def test_every_kind_of_chart(stage: Stage, kinds: GuardedPage, title: str, keys: list[str], names: set[str]) -> None:
    focus(kinds, title)
    press(kinds, *keys)
    assert comes(kinds, lambda: set(stage.app.state.selection) == names), brushed(stage)
    press(kinds, "Enter")
    kinds.idle()
    assert set(stage.app.state.selection) == names
    press(kinds, "Escape")
    assert comes(kinds, lambda: not stage.app.state.selection)


# ---- the stops of the Tab key

ACTIVE = """() => {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return element?.getAttribute("aria-label") || element?.textContent || ""
}"""


@pytest.fixture
def shop(stage: Stage) -> Iterator[GuardedPage]:
    page = stage.open(SAMPLE, SAMPLE.with_name("shop.yaml"))
    yield page
    page.idle()


def test_few_stops_lead_to_the_first_chart(shop: GuardedPage) -> None:
    shop.locator(".skip-link").focus()
    stops = [str(shop.evaluate(ACTIVE))]
    while not stops[-1].startswith("Session duration.") and len(stops) < 40:
        press(shop, "Tab")
        stops.append(str(shop.evaluate(ACTIVE)))
    assert len(stops) < 15, stops
    for _ in range(2):
        press(shop, "Shift+Tab")
    assert shop.evaluate(ACTIVE) == stops[-3], "back on the same way"


def test_a_link_skips_to_the_charts(shop: GuardedPage) -> None:
    link = shop.locator(".skip-link")
    link.focus()
    expect(link).to_have_text("Skip to charts")
    expect(link).to_be_in_viewport()
    press(shop, "Enter", "ArrowRight", "Enter")
    assert comes(shop, lambda: "brush=duration" in shop.url)
    press(shop, "Escape")
    assert comes(shop, lambda: "brush=" not in shop.url)
    shop.get_by_role("tab", name="Actors").click()
    shop.idle()
    link.focus()
    expect(link).to_have_text("Skip to what is shown")
    shop.get_by_role("tab", name="Charts").click()


def test_arrows_go_on_inside_a_group(shop: GuardedPage) -> None:
    shop.get_by_role("button", name="Open", exact=True).focus()
    press(shop, "ArrowRight")
    assert shop.evaluate(ACTIVE) == "Save"
    press(shop, "End")
    assert shop.evaluate(ACTIVE) == "Toggle theme"
    press(shop, "Tab", "Shift+Tab")
    assert shop.evaluate(ACTIVE) == "Toggle theme", "the group is left and entered where one was"
    shop.get_by_role("combobox", name=re.compile("^Actor")).focus()
    press(shop, "ArrowRight")
    expect(shop.get_by_role("combobox", name=re.compile("^Time"))).to_be_focused()
    shop.get_by_role("textbox", name="Inactivity").focus()
    press(shop, "ArrowLeft")
    expect(shop.get_by_role("textbox", name="Inactivity")).to_be_focused()


def test_escape_clears_the_brushes_from_wherever_the_focus_is(stage: Stage):
    """But closes first what is open."""
    page = stage.open(SAMPLE)
    chips = page.get_by_role("list", name="Brushes").get_by_role("listitem")
    focus(page, "Session duration")
    press(page, "ArrowRight", "Enter")
    expect(chips).to_have_count(1)
    page.get_by_role("button", name="Add chart").click()
    expect(page.get_by_role("menu")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    page.idle()
    expect(chips).to_have_count(1)
    page.get_by_role("tab", name="Charts").click()
    press(page, "Escape")
    expect(chips).to_have_count(0)
    assert comes(page, lambda: stage.app.state.selection == Selection())
