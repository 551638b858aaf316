"""The filter builder by mouse and keyboard, in a real browser."""

from __future__ import annotations

from typing import Any

import panel as pn
import pytest
from playwright.sync_api import Locator, expect

from explorer.spec.expression.clause import parse
from tests.ui.axe import serious
from tests.ui.guards import GuardedPage
from tests.ui.helpers import box, eventually
from tests.ui.stage import Shelf
from tests.widgets.events import record
from widgets.filter_builder import FilterBuilder

NASTY = "<img src=x onerror=alert(1)> it's"
COLUMNS: dict[str, dict[str, Any]] = {
    "event": {
        "type": "text",
        "values": [("view", 5_204_311), ("login", 912_000), ("logout", 800), (NASTY, 3), ("", 2)],
    },
    "amount": {"type": "number", "low": 0, "high": 100, "whole": True, "example": "19"},
    "ts": {"type": "time", "low": "2024-01-01 00:00:00", "high": "2024-02-12 23:59:59"},
    "delay": {"type": "duration"},
    "bot": {"type": "bool"},
    NASTY: {"type": "text", "values": [("a", 1)]},
}


def rule(page: GuardedPage, number: str) -> Locator:
    return page.locator(f".rule[aria-label^='Condition {number}:'], .rule[aria-label='Condition {number}']")


def text(builder: FilterBuilder) -> str:
    return str(builder.value)


def choose(page: GuardedPage, name: str) -> None:
    page.get_by_role("listbox").get_by_role("option").filter(has_text=name).first.click()


def drag(page: GuardedPage, grip: Locator, to: tuple[float, float]) -> None:
    at = box(grip)
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(*to, steps=8)
    expect(page.locator(".drop")).to_be_visible()
    page.mouse.up()


def test_a_filter_is_built_from_nothing(shelf: Shelf) -> None:
    builder = FilterBuilder(columns=COLUMNS)
    said = record(builder, "value")
    page = shelf.show(builder)

    page.get_by_role("button", name="Add condition").click()
    page.get_by_role("option", name="event").click()
    expect(rule(page, "1").get_by_role("combobox", name="Value")).to_be_focused()
    page.keyboard.type("login")
    page.keyboard.press("Enter")
    eventually(lambda: text(builder) == "event = 'login'")
    page.get_by_role("button", name="More actions for Condition 1").click()
    page.get_by_role("menuitem", name="Put in a group").press("Enter")
    page.get_by_role("button", name="Add condition to group 1").press("Enter")
    expect(rule(page, "1.2").get_by_role("combobox", name="Column")).to_be_focused()
    page.keyboard.type("eve")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    rule(page, "1.2").get_by_label("Operator").select_option("is one of")
    values = rule(page, "1.2").get_by_role("combobox", name="Values")
    values.click()
    page.keyboard.type("purchase,sear")
    page.keyboard.type("ch")
    page.keyboard.press("Enter")
    eventually(lambda: text(builder) == "event = 'login' OR event IN ('purchase', 'search')")

    page.get_by_role("button", name="Add condition", exact=True).click()
    page.get_by_role("option", name="amount").click()
    rule(page, "2").get_by_label("Operator").select_option("is not between")
    rule(page, "2").get_by_role("textbox", name="From").or_(rule(page, "2").get_by_role("combobox", name="From")).fill(
        "10"
    )
    expect(rule(page, "2")).to_contain_text("Not applied yet: fill in both ends.")
    page.keyboard.press("Tab")
    rule(page, "2").get_by_label("To", exact=True).fill("20")
    wanted = "(event = 'login' OR event IN ('purchase', 'search')) AND NOT amount BETWEEN 10 AND 20"
    eventually(lambda: text(builder) == wanted)
    expect(rule(page, "2").get_by_text("Not applied yet")).to_have_count(0)
    assert [str(one) for one in said] == list(dict.fromkeys(map(str, said)))


@pytest.mark.parametrize("entered", [False, True])
def test_columns_that_come_late_are_offered_for_what_was_typed_meanwhile(shelf: Shelf, entered: bool) -> None:
    builder = FilterBuilder(columns={})
    page = shelf.show(builder)
    page.get_by_role("button", name="Add condition").press("Enter")
    page.keyboard.type("eve" if entered else "a")
    if entered:
        page.keyboard.press("Enter")
    page.idle()
    shelf.do(lambda: builder.param.update(columns=COLUMNS))
    if not entered:
        page.get_by_role("option", name="amount").click()
    column, value = ("event", "login") if entered else ("amount", "19")
    expect(rule(page, "1").get_by_label("Column")).to_have_value(column)
    expect(rule(page, "1").get_by_label("Value", exact=True)).to_be_focused()
    page.keyboard.type(value)
    page.keyboard.press("Enter")
    eventually(lambda: text(builder) == ("event = 'login'" if entered else "amount = 19"))


def test_the_text_face_says_the_same_and_is_edited(shelf: Shelf) -> None:
    builder = FilterBuilder(columns=COLUMNS, value="event = 'login'")
    said = record(builder, "value")
    page = shelf.show(builder)
    page.get_by_role("button", name="SQL").click()
    sql = page.get_by_role("textbox", name="Condition as SQL")
    expect(sql).to_be_focused()
    expect(sql).to_have_value("event = 'login'")
    sql.fill("event = 'login' and not (amount > 3 or bot")
    expect(page.get_by_text("Not applied yet: ")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="Cannot be read near")).to_be_visible()
    expect(sql).to_have_attribute("aria-invalid", "true")
    expect(sql).to_have_value("event = 'login' and not (amount > 3 or bot")
    page.keyboard.press("End")
    page.keyboard.type(")")
    eventually(lambda: len(said) == 1)
    expect(sql).not_to_have_attribute("aria-invalid", "true")
    expect(sql).to_have_value("event = 'login' and not (amount > 3 or bot)")
    sql.fill("amount > 'ten'")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="'amount' is a number and 'ten' is not")).to_be_visible()
    sql.fill("event = 'login' and not (amount > 3 or bot)")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="number")).to_have_count(0)
    page.get_by_role("button", name="Rules").click()
    expect(page.get_by_role("group", name="Group 2: not any of")).to_be_visible()
    rule(page, "2.1").get_by_label("Value", exact=True).fill("4")
    eventually(lambda: len(said) == 2)
    assert text(builder) == "event = 'login' AND NOT (amount > 4 OR bot = TRUE)"
    page.get_by_role("button", name="SQL").click()
    expect(sql).to_have_value("event = 'login' AND NOT (amount > 4 OR bot = TRUE)")
    sql.fill("bot=true")
    page.get_by_role("button", name="Rules").click()
    expect(page.get_by_role("group", name="Condition 1: bot")).to_be_visible()


def test_a_wrong_value_says_why_beside_its_field_and_nothing_is_lost(shelf: Shelf) -> None:
    builder = FilterBuilder(columns=COLUMNS, value="delay > '1m' AND amount > 3")
    said = record(builder, "value")
    page = shelf.show(builder)
    field = rule(page, "1").get_by_label("Value", exact=True)
    field.fill("90")
    expect(rule(page, "1").get_by_role("alert")).to_contain_text("'90' has no unit.")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("90")
    assert said == []
    field.fill("90 min")
    eventually(lambda: [str(one) for one in said] == ["delay > '90 min' AND amount > 3"])
    expect(field).to_have_value("90 min")
    expect(rule(page, "1").get_by_role("alert")).to_have_count(0)


def test_rules_move_by_drag_and_by_keys(shelf: Shelf) -> None:
    builder = FilterBuilder(columns=COLUMNS, value="amount > 1 AND (amount > 2 OR amount > 3) AND amount > 4")
    page = shelf.show(builder)
    inner = box(rule(page, "2.2"))
    drag(page, page.get_by_role("button", name="Move Condition 1", exact=True), (inner["x"] + 20, inner["y"] - 5))
    eventually(lambda: text(builder) == "(amount > 2 OR amount > 1 OR amount > 3) AND amount > 4")
    last = box(rule(page, "2"))
    drag(
        page,
        page.get_by_role("button", name="Move Condition 1.1", exact=True),
        (last["x"] + 20, last["y"] + last["height"] + 3),
    )
    eventually(lambda: text(builder) == "(amount > 1 OR amount > 3) AND amount > 4 AND amount > 2")

    value = rule(page, "3").get_by_label("Value", exact=True)
    value.focus()
    page.keyboard.press("Alt+ArrowUp")
    eventually(lambda: text(builder) == "(amount > 1 OR amount > 3) AND amount > 2 AND amount > 4")
    expect(rule(page, "2").get_by_label("Value", exact=True)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    eventually(lambda: text(builder) == "(amount > 1 OR amount > 3 OR amount > 2) AND amount > 4")
    expect(page.get_by_role("status").filter(has_text="Moved to place 3 of 3.")).to_have_count(1)
    grip = box(page.get_by_role("button", name="Move Condition 2", exact=True))
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(grip["x"], grip["y"] - 100, steps=5)
    page.keyboard.press("Escape")
    expect(page.locator(".drop")).to_be_hidden()
    page.mouse.up()
    page.idle()
    assert text(builder) == "(amount > 1 OR amount > 3 OR amount > 2) AND amount > 4"


def test_clone_mute_negate_remove(shelf: Shelf) -> None:
    builder = FilterBuilder(columns=COLUMNS, value="amount > 1 AND bot = TRUE")
    page = shelf.show(builder)
    rule(page, "1").hover()
    page.get_by_role("button", name="Clone Condition 1").click()
    eventually(lambda: text(builder) == "amount > 1 AND amount > 1 AND bot = TRUE")
    page.get_by_role("button", name="Mute Condition 2").click()
    eventually(lambda: text(builder) == "amount > 1 AND (TRUE OR amount > 1) AND bot = TRUE")
    expect(page.get_by_role("group", name="Condition 2: amount (muted)")).to_be_visible()
    page.get_by_role("button", name="Unmute Condition 2").click()
    eventually(lambda: "TRUE OR" not in text(builder))
    page.get_by_role("button", name="More actions for Condition 3").click()
    page.get_by_role("menuitem", name="Turn around").click()
    eventually(lambda: text(builder) == "amount > 1 AND amount > 1 AND NOT bot = TRUE")
    page.get_by_role("button", name="NOT the whole").click()
    eventually(lambda: text(builder) == "NOT (amount > 1 AND amount > 1 AND NOT bot = TRUE)")
    page.get_by_role("button", name="Any of: the whole").click()
    eventually(lambda: text(builder) == "NOT (amount > 1 OR amount > 1 OR NOT bot = TRUE)")
    for _ in range(3):
        page.get_by_role("button", name="Remove Condition 1").click()
    eventually(lambda: builder.value is None)
    expect(page.get_by_role("button", name="Add condition")).to_be_focused()


def test_values_suggest_themselves_with_counts_and_hostile_texts_stay_texts(shelf: Shelf) -> None:
    builder = FilterBuilder(columns=COLUMNS, value="event = 'x'")
    page = shelf.show(builder)
    value = rule(page, "1").get_by_role("combobox", name="Value")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    value.click()
    expect(options).to_have_count(5)
    expect(options.first).to_have_text("view5,204,311")
    value.fill("LOGO")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    value.click()
    choose(page, "img")
    eventually(lambda: text(builder) == "event = '<img src=x onerror=alert(1)> it''s'")
    value.click()
    choose(page, "empty text")
    eventually(lambda: text(builder) == "event = ''")

    rule(page, "1").get_by_label("Operator").select_option("is none of")
    values = rule(page, "1").get_by_role("combobox", name="Values")
    values.click()
    values.evaluate(
        """field => {
          const clipboardData = new DataTransfer()
          clipboardData.setData("text", "a, b\\nc")
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, cancelable: true, bubbles: true}))
        }"""
    )
    eventually(lambda: text(builder) == "NOT event IN ('', 'a', 'b', 'c')")
    page.keyboard.press("Backspace")
    page.get_by_role("button", name="Remove empty text").click()
    eventually(lambda: text(builder) == "NOT event IN ('a', 'b')")

    column = rule(page, "1").get_by_role("combobox", name="Column")
    column.click()
    choose(page, "img")
    expect(column).to_have_value(NASTY)
    rule(page, "1").get_by_role("combobox", name="Values").fill("a")
    page.keyboard.press("Tab")
    eventually(lambda: text(builder) == f"NOT \"{NASTY}\" IN ('a')")


def test_enter_takes_the_only_value_that_fits(shelf: Shelf) -> None:
    known = {"type": "text", "values": [("view", 9), ("purchase", 3), ("purge", 1)], "distinct": 3}
    some = {"type": "text", "values": [("/shop", 9)], "distinct": 700}
    builder = FilterBuilder(columns={"event": known, "page": some}, value=parse("event = 'view' AND page = '/'"))
    page = shelf.show(builder)
    fields = page.get_by_role("combobox", name="Value")
    fields.first.fill("purch")
    page.keyboard.press("Enter")
    eventually(lambda: text(builder) == "event = 'purchase' AND page = '/'")
    fields.first.fill("pur")
    page.keyboard.press("Enter")
    eventually(lambda: text(builder) == "event = 'pur' AND page = '/'")
    # Of this column not all values are known: what was typed is meant.
    fields.nth(1).fill("/sho")
    page.keyboard.press("Enter")
    eventually(lambda: text(builder) == "event = 'pur' AND page = '/sho'")


def test_numbers_slide_and_times_are_picked(shelf: Shelf) -> None:
    builder = FilterBuilder(columns=COLUMNS, value="amount BETWEEN 10 AND 20 AND ts >= '2024-01-05T10:00:00+02:00'")
    page = shelf.show(builder)
    page.get_by_role("slider", name="To slider").focus()
    page.keyboard.press("End")
    eventually(lambda: text(builder).startswith("amount BETWEEN 10 AND 100"))
    expect(rule(page, "1").get_by_label("To", exact=True)).to_have_value("100")
    page.get_by_role("slider", name="From slider").press("ArrowRight")
    eventually(lambda: text(builder).startswith("amount BETWEEN 11 AND 100"))
    when = rule(page, "2").get_by_label("Value", exact=True)
    expect(when).to_have_value("2024-01-05T10:00:00+02:00")
    when.fill("")
    page.keyboard.press("Tab")
    rule(page, "2").get_by_label("Operator").select_option("is before")
    when = rule(page, "2").get_by_label("Value", exact=True)
    expect(when).to_have_attribute("type", "datetime-local")
    when.fill("2024-01-07T12:30:05")
    eventually(lambda: text(builder) == "amount BETWEEN 11 AND 100 AND ts < '2024-01-07 12:30:05'")


def test_counts_are_shown_when_they_come(shelf: Shelf) -> None:
    builder = FilterBuilder(columns=COLUMNS, value="amount > 1 AND (bot = TRUE OR amount > 9)", total=10_000_000)
    page = shelf.show(builder)
    expect(rule(page, "1").locator(".shimmer")).to_be_visible()
    builder.counts = dict(zip(builder.asked, (1_204_311, 0, 5, 3, 2), strict=True))
    assert [str(clause) for clause in builder.asked] == [
        "amount > 1",
        "bot = TRUE OR amount > 9",
        "bot = TRUE",
        "amount > 9",
        "amount > 1 AND (bot = TRUE OR amount > 9)",
    ]
    expect(rule(page, "1")).to_contain_text("1,204,311 of 10,000,000 · 12.0 %")
    expect(page.get_by_role("group", name="Group 2: any of").locator(".zero")).to_contain_text("matches no event")
    expect(page.locator(".whole")).to_contain_text("2 of 10,000,000 · < 0.1 %")
    rule(page, "1").get_by_label("Value", exact=True).fill("2")
    expect(rule(page, "1").locator(".waiting")).to_contain_text("1,204,311")
    eventually(lambda: str(builder.asked[0]) == "amount > 2")


def test_a_value_from_outside_is_drawn_and_focus_stays(shelf: Shelf) -> None:
    builder = FilterBuilder(columns=COLUMNS, value="amount > 1 AND bot = TRUE")
    page = shelf.show(builder)
    value = rule(page, "1").get_by_label("Value", exact=True)
    value.focus()
    page.keyboard.press("End")
    builder.value = "amount > 5 AND bot = FALSE AND delay > '1m'"
    expect(value).to_have_value("5")
    expect(value).to_be_focused()
    expect(rule(page, "3")).to_be_visible()
    page.keyboard.type("67")
    builder.columns = {**COLUMNS, "later": {"type": "text"}}
    page.keyboard.type("89")
    eventually(lambda: text(builder) == "amount > 56789 AND bot = FALSE AND delay > '1m'")
    expect(value).to_have_value("56789")
    builder.error = "No event matches."
    expect(page.get_by_role("alert").filter(has_text="No event matches.")).to_be_visible()
    builder.value = None
    expect(page.get_by_role("button", name="Add condition")).to_be_visible()


def test_the_helper_finds_what_is_serious(shelf: Shelf) -> None:
    page = shelf.show(pn.pane.HTML("<input>"))
    (found,) = serious(page)
    assert found.startswith("label: ")


@pytest.mark.parametrize(("scheme", "width"), [("light", 900), ("dark", 280)])
def test_axe_finds_nothing_serious(shelf: Shelf, scheme: str, width: int) -> None:
    builder = FilterBuilder(
        columns=COLUMNS,
        total=100,
        value="event IN ('a', 'b') AND (TRUE OR amount BETWEEN 1 AND 2) AND "
        "NOT (ts > '2024-01-01' OR bot = TRUE OR delay > '3')",
    )
    builder.counts = {clause: at for at, clause in enumerate(builder.asked)}
    page = shelf.show(lambda: pn.Column(builder, width=width), scheme=scheme)
    assert serious(page) == []
    page.get_by_role("button", name="Add condition", exact=True).click()
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    page.idle()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More actions for Condition 1").click()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="SQL").click()
    page.idle()
    assert serious(page) == []


def test_a_column_is_compared_with_another_and_what_rows_cannot_show_is_text(shelf: Shelf) -> None:
    columns = {**COLUMNS, "budget": {"type": "number"}}
    builder = FilterBuilder(columns=columns, value="amount > 10 AND lower(event) = 'view'")
    builder.tallies = {}
    page = shelf.show(builder)

    first, second = rule(page, "1"), rule(page, "2")
    expect(second.get_by_label("Written condition")).to_have_value("lower(event) = 'view'")
    first.get_by_label("Compared with").select_option("column")
    expect(first.get_by_label("Other column")).to_have_value("budget")
    eventually(lambda: text(builder) == "amount > budget AND lower(event) = 'view'")

    first.get_by_label("Compared with").select_option("expression")
    first.get_by_label("Expression").fill("budget * 2")
    eventually(lambda: text(builder) == "amount > budget * 2 AND lower(event) = 'view'")

    second.get_by_label("Written condition").fill("length(evnt) > 3")
    expect(second.get_by_role("alert")).to_contain_text("Did you mean 'event'?")
    second.get_by_label("Written condition").fill("length(event) > 3")
    eventually(lambda: text(builder) == "amount > budget * 2 AND length(event) > 3")
    first.get_by_label("Compared with").select_option("value")
    first.get_by_label("Value", exact=True).fill("7")
    eventually(lambda: text(builder) == "amount > 7 AND length(event) > 3")
