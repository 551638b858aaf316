"""Find anything: Ctrl+K, and everything by keys alone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.ui.helpers import SAMPLE, comes, number
from tests.ui.stage import Stage


def opened(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Find anything")).to_be_visible()


def test_a_value_is_found_and_selected_by_keys_alone(stage: Stage):
    page = stage.open(SAMPLE)
    opened(page)
    page.keyboard.type("add_to_c")
    option = page.get_by_role("option", name=re.compile("add_to_cart.*event"))
    expect(option).to_be_visible()
    for _ in range(12):
        if option.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Find anything")).to_be_hidden()
    expect(page.get_by_role("list", name="Brushes")).to_contain_text("add_to_cart")
    state = stage.app.state
    wanted = state.engine.events(state.definition, "event = 'add_to_cart'")["session_id"].n_unique()
    assert comes(page, lambda: number(page, "Sessions") == f"{wanted:,}")


def test_escape_closes_it_keeps_the_brushes_and_gives_the_focus_back(stage: Stage):
    page = stage.open(SAMPLE)
    field = page.get_by_role("textbox", name="Inactivity")
    field.focus()
    opened(page)
    expect(page.get_by_role("combobox", name="Find", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Find", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Find anything")).to_be_hidden()
    expect(field).to_be_focused()


def test_a_second_time_begins_anew_and_what_is_not_there_is_said(stage: Stage):
    page = stage.open(SAMPLE)
    opened(page)
    page.keyboard.type("zzqx")
    expect(page.get_by_text("Nothing is called that, and no value contains it.")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    opened(page)
    expect(page.get_by_role("combobox", name="Find", exact=True)).to_have_value("")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")


def test_the_guide_opens_at_its_heading(stage: Stage):
    page = stage.open(SAMPLE)
    opened(page)
    page.keyboard.type("counts and sh")
    page.get_by_role("option", name=re.compile("^Counts and shares")).click()
    guide = page.get_by_role("complementary", name="Guide")
    heading = guide.get_by_role("heading", name="Counts and shares")
    expect(heading).to_be_in_viewport()
    top = guide.get_by_role("article").bounding_box()
    at = heading.bounding_box()
    assert top is not None
    assert at is not None
    assert at["y"] - top["y"] < 60
    page.keyboard.press("Escape")
    expect(guide).to_be_hidden()


def test_a_question_mark_opens_the_guide_at_what_it_means(stage: Stage):
    page = stage.open(SAMPLE, view="inactivity")
    page.get_by_role("button", name=re.compile("median over actors of the durations")).focus()
    page.keyboard.press("Enter")
    guide = page.get_by_role("complementary", name="Guide")
    expect(guide.get_by_role("heading", name="What every definition brings")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(guide).to_be_hidden()


def test_the_bar_keeps_all_its_tools_at_every_width(stage: Stage):
    page = stage.open(SAMPLE)
    tools = page.get_by_role("toolbar", name="Analysis").get_by_role("button")
    expect(tools).to_have_count(11)
    theme = page.get_by_role("button", name="Toggle theme")
    for width in (800, 960, 1100, 1181, 1340, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        page.idle()
        for tool in [*tools.all(), theme]:
            box = tool.bounding_box()
            assert box is not None
            assert 0 <= box["x"] < box["x"] + box["width"] <= width, (width, tool.get_attribute("aria-label"))
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.get_by_role("toolbar", name="Analysis").get_by_text("Report", exact=True)).to_be_visible()
