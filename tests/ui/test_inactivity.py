"""The line through the gaps, dragged, moved by keys and typed; what is shown equals what a cut gives."""

from __future__ import annotations

from playwright.sync_api import expect

import explorer
from explorer.crossfilter.formats import count_text
from tests.ui.helpers import SAMPLE, number, shows, visit
from tests.ui.stage import Stage


def test_how_much_it_matters_is_tried_and_read_along_its_lines(stage: Stage):
    """The page is opened here: what is found while it is drawn is not lost."""
    page = stage.open(SAMPLE, view="inactivity")
    table = page.get_by_role("region", name="What the choice of inactivity changes")
    row = table.get_by_role("row", name="Sessions").first
    expect(row.locator("td").last).to_have_text("15m to 2h", timeout=60_000)
    expect(page.get_by_text("Everything here is true for any choice from")).to_be_visible(timeout=60_000)
    line = row.get_by_role("img")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    expect(row.locator("small")).to_have_text("at 2h")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 200)
    expect(row.locator("small")).to_have_text("at 30m")
    page.get_by_text("1 %", exact=True).click()
    expect(row.locator("td").last).not_to_have_text("15m to 2h")


def test_the_line_is_dragged_moved_and_typed(stage: Stage):
    log = explorer.connect(SAMPLE)

    def sessions(inactivity: str) -> int:
        return log.sessions(visit(inactivity=inactivity)).height

    page = stage.open(SAMPLE, view="inactivity")
    studio = page.get_by_role("region", name="Inactivity studio")
    line, field = studio.get_by_role("slider"), studio.get_by_role("textbox", name="Exact inactivity")
    expect(line).to_have_attribute(
        "aria-valuetext", f"30m: {count_text(sessions('30m'))} sessions, median 2m 20s, 23.7 % of one event"
    )
    page.idle()
    cover = studio.locator(".cover")
    box = cover.bounding_box()
    assert box
    y = box["y"] + 150
    page.mouse.move(box["x"] + box["width"] * 0.5, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, y, steps=6)
    dragged = field.input_value()
    assert dragged not in ("30m", "")
    expect(studio.locator(".numbers strong").first).to_have_text(count_text(sessions(dragged)))
    expect(studio.locator(".ghost text")).to_have_text("now 30m")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(field).to_have_value("30m")
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, y, steps=6)
    page.mouse.up()
    page.idle()
    landed = field.input_value()
    assert shows(page, sessions(landed))
    assert landed != "30m"
    assert f"inactivity={landed}" in page.url
    page.get_by_role("button", name="Undo").click()
    assert shows(page, sessions("30m"))
    expect(field).to_have_value("30m")
    line.press("ArrowRight")
    assert shows(page, sessions("45m"))
    expect(field).to_have_value("45m")
    field.fill("28m 10s")
    field.press("Enter")
    assert shows(page, sessions("28m 10s"))
    field.fill("7m")
    field.press("Enter")
    assert shows(page, sessions("7m"))
    expect(studio.locator(".numbers")).to_contain_text(number(page, "Median duration"))
    assert number(page, "Median duration") == "2m 09s"
    studio.get_by_role("button", name="Use 30m").click()
    assert shows(page, sessions("30m"))
    page.idle()
