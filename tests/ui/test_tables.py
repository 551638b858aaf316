"""Tables: columns are chosen, the first one stands, edges say where there is more, and rows do not scroll."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.ui.helpers import SAMPLE
from tests.ui.stage import Stage


def heads(table: Locator) -> list[str]:
    return [text.strip() for text in table.locator("thead th").all_inner_texts()]


def test_columns_are_left_out_and_come_back(stage: Stage):
    page = stage.open(SAMPLE)
    stage.app.table.hidden = []
    page.idle()
    table = page.get_by_role("table", name="sessions")
    before = heads(table)
    first = table.locator("tbody tr").first.locator("td").all_inner_texts()
    page.get_by_role("button", name="Columns", exact=True).click()
    menu = page.get_by_role("menu", name="Columns")
    expect(menu.get_by_role("menuitemcheckbox", name=before[0])).to_have_count(0)
    menu.get_by_role("menuitemcheckbox", name="End", exact=True).click()
    menu.get_by_role("menuitemcheckbox", name="Number").press("Enter")
    expect(table.get_by_role("columnheader", name="Number")).to_have_count(0)
    expect(menu).to_be_visible()
    left = [name for name in before if name not in ("End", "Number")]
    assert heads(table) == left
    shown = table.locator("tbody tr").first.locator("td").all_inner_texts()
    assert shown == [text for name, text in zip([*before, ""], first, strict=True) if name not in ("End", "Number")]
    menu.get_by_role("menuitem", name="Show all columns").click()
    expect(table.get_by_role("columnheader", name="End")).to_be_visible()
    assert heads(table) == before


def test_the_first_column_stands_and_the_edges_say_where_there_is_more(stage: Stage):
    page = stage.open(SAMPLE)
    page.set_viewport_size({"width": 900, "height": 900})
    table = page.get_by_role("table", name="sessions")
    edges = page.locator(".edges").filter(has=table)
    expect(edges).to_contain_class("behind")
    expect(edges).not_to_contain_class("before")
    cell = table.locator("tbody tr").first.locator("td").first
    at = cell.bounding_box()
    table.evaluate("table => { table.parentNode.scrollLeft = 90 }")
    expect(edges).to_contain_class("before behind")
    assert cell.bounding_box() == at
    table.evaluate("table => { table.parentNode.scrollLeft = 10_000 }")
    expect(edges).not_to_contain_class("behind")


def test_rows_do_not_scroll_inside_of_the_page(stage: Stage):
    page = stage.open(SAMPLE)
    table = page.get_by_role("table", name="sessions")
    inside = table.evaluate("table => [table.parentNode.scrollHeight, table.parentNode.clientHeight]")
    assert inside[0] <= inside[1]


def test_rows_are_walked_by_keys_to_both_ends(stage: Stage):
    page = stage.open(SAMPLE)
    rows = page.get_by_role("table", name="sessions").locator("tbody tr[data-place]")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    page.keyboard.press("Home")
    expect(rows.first).to_be_focused()


def test_key_numbers_stand_in_even_rows(stage: Stage):
    page = stage.open(SAMPLE)
    cards = page.locator(".strip").get_by_role("listitem")
    for width in (800, 960, 1440, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(150)
        boxes = [box for box in (card.bounding_box() for card in cards.all()) if box]
        rows = {round(box["y"]) for box in boxes}
        right = {round(max(box["x"] + box["width"] for box in boxes if round(box["y"]) == row)) for row in rows}
        assert len(boxes) == 7
        assert len(rows) <= 2, width
        assert max(right) - min(right) <= 2, (width, right)
        assert len({round(box["height"]) for box in boxes}) == 1
        assert max(box["width"] for box in boxes) < 1.5 * min(box["width"] for box in boxes), width
