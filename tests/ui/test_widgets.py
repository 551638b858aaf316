"""The building blocks of the page in a real browser."""

from __future__ import annotations

import gc
import re
import time
import weakref
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
from playwright.sync_api import Route, expect

from explorer.events.files.folders import Folders
from tests.ui.guards import GuardedPage
from tests.ui.helpers import NASTY, box, eventually
from tests.ui.serving import ServeApp
from tests.ui.stage import Shelf
from tests.widgets.events import record
from widgets.data.source import SourceChooser
from widgets.definition.duration import DurationSlider
from widgets.page.page import Parts, page_later
from widgets.page.page import page as explorer_page
from widgets.parts.notice import Message, Notice
from widgets.sessions.brush_chips import Chip, Chips
from widgets.sessions.key_numbers import KeyNumber, KeyNumbers
from widgets.sessions.sessions_table import SessionsTable


def test_a_duration_is_typed_and_a_bad_one_says_why(shelf: Shelf) -> None:
    slider = DurationSlider(value="30m")
    said = record(slider, "value")
    page = shelf.show(slider)
    field = page.get_by_role("textbox", name="Inactivity")
    field.fill("30")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("'30' has no unit. Write 30s, 30m, 30h or 30d.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("30")
    field.fill("90 min")
    field.press("Enter")
    expect(field).to_have_value("1h 30m")
    page.keyboard.press("Tab")
    page.idle()
    assert said == ["1h 30m"]


def test_a_path_that_is_typed_stays_when_that_of_the_data_comes(shelf: Shelf, tmp_path: Path) -> None:
    for name in ("aaa.csv", "bbb.csv"):
        (tmp_path / name).write_text("user,ts\n")
    chooser = SourceChooser(folders=Folders((tmp_path,)))
    page = shelf.show(chooser)
    field = page.get_by_role("combobox", name="Path")
    field.fill("bbb.csv")
    shelf.do(lambda: chooser.param.update(value=str(tmp_path / "aaa.csv")))
    page.idle()
    expect(field).to_have_value("bbb.csv")
    field.press("Enter")
    eventually(lambda: chooser.value == str(tmp_path / "bbb.csv"))
    shelf.do(lambda: chooser.param.update(value=str(tmp_path / "aaa.csv")))
    expect(field).to_have_value("aaa.csv")


def test_a_duration_is_dragged_with_the_caption_following(shelf: Shelf) -> None:
    slider = DurationSlider(value="30m", caption="nothing yet")
    said, dragged = record(slider, "value"), record(slider, "dragging")
    slider.param.watch(lambda event: slider.param.update(caption=f"{event.new}!"), "dragging")
    page = shelf.show(slider)
    track = page.get_by_role("slider", name="Inactivity")
    where = box(track)
    middle = where["y"] + where["height"] / 2
    page.mouse.move(where["x"] + where["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(where["x"] + where["width"] * 0.6, middle, steps=12)
    eventually(lambda: len(dragged) > 2)
    assert said == []
    expect(page.get_by_text("!", exact=False)).to_be_visible()
    page.mouse.up()
    eventually(lambda: len(said) == 1)
    page.idle()
    assert said == [slider.value] == [dragged[-1]]
    expect(track).to_have_attribute("aria-valuetext", slider.value)


def test_a_duration_moves_by_arrow_keys(shelf: Shelf) -> None:
    slider = DurationSlider(value="30m")
    said = record(slider, "value")
    page = shelf.show(slider)
    page.get_by_role("slider", name="Inactivity").focus()
    page.keyboard.press("ArrowRight")
    eventually(lambda: said == ["35m"])


def test_a_page_of_sessions_is_sorted_turned_and_clicked(shelf: Shelf) -> None:
    table = SessionsTable(
        columns=[
            {"name": "id", "title": "Session", "kind": "id"},
            {"name": "n", "title": "Events", "kind": "number"},
            {"name": "by", "title": "Started by", "kind": "tag", "sortable": False},
        ],
        rows=[[NASTY, str(n), "restart"] for n in range(25)],
        total=3605,
        sort=("id", False),
        sizing_mode="stretch_width",
    )
    page = shelf.show(table)
    expect(page.get_by_text("1–25 of 3,605")).to_be_visible()
    expect(page.get_by_title(NASTY).first).to_have_text(NASTY)
    expect(page.get_by_role("columnheader", name="Session")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("button", name="Previous page")).to_be_disabled()

    page.get_by_role("button", name="Events").press("Enter")
    eventually(lambda: table.sort == ("n", True))
    expect(page.get_by_role("columnheader", name="Events")).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("button", name="Events")).to_be_focused()
    page.get_by_role("button", name="Last page").click()
    eventually(lambda: table.page == 144)
    expect(page.get_by_text("3,601–3,605 of 3,605")).to_be_visible()
    page.get_by_label("Rows per page").select_option("100")
    eventually(lambda: (table.page_size, table.page) == (100, 0))

    rows = page.locator("tbody tr")
    rows.nth(2).click()
    eventually(lambda: table.selected == 2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    eventually(lambda: table.selected == 3)
    expect(rows.nth(3)).to_have_attribute("aria-selected", "true")
    expect(rows.nth(3)).to_be_focused()

    table.param.update(rows=[], total=0)
    expect(page.get_by_text("No session matches the brushes. Clear one to see sessions.")).to_be_visible()
    table.loading = True
    expect(page.get_by_text("No session matches")).to_be_hidden()


def test_chips_come_and_go_without_a_jump(shelf: Shelf) -> None:
    chips = Chips(value=(Chip("a", NASTY), Chip("b", "platform web")))
    below = pn.pane.HTML("below")

    def act(event: Any) -> None:
        left = tuple(chip for chip in chips.value if chip.name != event.new.get("name"))
        chips.value = () if event.new["act"] == "clear" else left

    chips.param.watch(act, "asked")
    page = shelf.show(chips, below)
    before = box(page.get_by_text("below"))["y"]
    page.get_by_role("button", name=f"Clear the brush {NASTY}").click()
    expect(page.get_by_text(NASTY)).to_have_count(0)
    expect(page.get_by_role("button", name="Clear the brush platform web")).to_be_visible()
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("Drag across a chart to select sessions")).to_be_visible()
    assert box(page.get_by_text("below"))["y"] == before


def test_a_notice_is_read_out_and_dismissed(shelf: Shelf) -> None:
    notice = Notice(value=Message("error", NASTY, ("in row 7",)))
    page = shelf.show(notice)
    alert = page.get_by_role("alert").filter(has_text=NASTY)
    expect(alert).to_be_visible()
    page.get_by_text("Details").click()
    expect(page.get_by_text("in row 7")).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()
    expect(alert).to_be_hidden()
    eventually(lambda: notice.value is None)


def test_key_numbers_change_in_place(shelf: Shelf) -> None:
    numbers = [KeyNumber(f"Number {n}", "1,204,331", "of 2.1M", 0.5, "How many") for n in range(7)]
    strip = KeyNumbers(value=numbers)
    page = shelf.show(strip)
    items = page.get_by_role("listitem")
    assert len({box(items.nth(n))["y"] for n in range(7)}) == 1
    before = [box(items.nth(n)) for n in range(7)]
    strip.value = [KeyNumber(f"Number {n}", "–") for n in range(7)]
    expect(items.first).to_contain_text("–")
    assert [box(items.nth(n)) for n in range(7)] == before
    page.set_viewport_size({"width": 600, "height": 900})
    page.idle()
    assert len({box(items.nth(n))["y"] for n in range(7)}) == 2


def test_the_skeleton_needs_no_script_and_follows_the_system(page: GuardedPage, serve_app: ServeApp) -> None:
    url = serve_app(lambda: explorer_page(pn.pane.HTML("x"), title="shop.parquet"))
    context = page.context.browser.new_context(java_script_enabled=False, color_scheme="dark")  # type: ignore[union-attr]
    still = context.new_page()
    still.goto(url)
    expect(still.locator("#skeleton .card").first).to_be_visible()
    color = "e => getComputedStyle(e).backgroundColor"
    assert still.locator("#skeleton").evaluate(color) == "rgb(14, 19, 24)"
    context.close()

    page.emulate_media(color_scheme="dark")
    page.goto(url)
    page.wait_for_selector("#skeleton", state="detached")
    expect(page).to_have_title("shop.parquet – Session Explorer")
    expect(page.locator("body")).to_have_css("background-color", "rgb(14, 19, 24)")
    page.get_by_role("button", name="Toggle theme").click()
    expect(page.locator("body")).to_have_css("background-color", "rgb(245, 247, 250)")
    page.reload()
    page.wait_for_selector("#skeleton", state="detached")
    expect(page.locator("body")).to_have_css("background-color", "rgb(245, 247, 250)")


def test_a_page_that_is_built_later_keeps_its_skeleton_until_then(page: GuardedPage, serve_app: ServeApp) -> None:
    def read() -> str:
        time.sleep(1)
        return "here it is"

    def build(read: str) -> Parts:
        return Parts(pn.pane.HTML(read), [DurationSlider()])

    page.goto(serve_app(lambda: page_later(read, build)))
    expect(page.locator("#skeleton")).to_be_visible()
    page.wait_for_selector("#skeleton", state="detached")
    expect(page.get_by_text("here it is")).to_be_visible(timeout=1)
    expect(page.get_by_role("slider", name="Inactivity")).to_be_visible(timeout=1)


def test_a_session_made_anew_after_a_slow_start_stays_offline(page: GuardedPage, serve_app: ServeApp) -> None:
    made: list[str] = []

    def app() -> Any:
        made.append("one")
        return explorer_page(pmui.Column(pn.widgets.IntSlider(), DurationSlider()))

    def late(route: Route) -> None:
        time.sleep(3)  # the server forgets a session that nobody uses for a second
        route.continue_()

    page.route("**/bokeh.min.js*", late)
    page.goto(serve_app(app, unused_session_lifetime_milliseconds=1_000))
    page.wait_for_selector("#skeleton", state="detached")
    expect(page.get_by_role("slider", name="Inactivity")).to_be_visible()
    page.idle()
    assert len(made) == 2


def test_a_closed_page_lets_go_of_its_session(page: GuardedPage, serve_app: ServeApp) -> None:
    alive: list[weakref.ref[Any]] = []

    def app() -> Any:
        slider = DurationSlider()
        shell = explorer_page(pmui.Column(slider))
        alive.extend((weakref.ref(shell), weakref.ref(slider)))
        return shell

    page.goto(serve_app(app, unused_session_lifetime_milliseconds=1_000))
    page.wait_for_selector("#skeleton", state="detached")
    # Where the browser took its time, an earlier session ended before it came, and a later one was made.
    assert all(one() is not None for one in alive[-2:])
    page.goto("about:blank")

    def gone() -> bool:
        gc.unfreeze()  # what is put aside while the process is at work is not looked at
        gc.collect()
        page.wait_for_timeout(200)  # nothing else is done while it is collected, as ending a session is
        return all(one() is None for one in alive)

    eventually(gone)


def test_everything_has_a_name_and_can_be_reached_by_keys(shelf: Shelf) -> None:
    chips = Chips(value=(Chip("a", "duration"),))
    page = shelf.show(DurationSlider(), chips, Notice(value=Message("info", "Hello.")))
    for button in page.get_by_role("button").all():
        assert re.search(r"\w", button.get_attribute("aria-label") or button.inner_text())
    reached = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => {
                  let e = document.activeElement
                  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement
                  return e?.getAttribute("aria-label") || e?.textContent || e?.id
                }"""
            )
        )
    assert {"field", "Inactivity", "Clear all", "Filter to selection", "Filter out selection", "Dismiss"} <= reached
