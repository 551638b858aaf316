from __future__ import annotations

from typing import Any

import pytest

from explorer.errors import SpecError
from explorer.spec import clause
from tests.widgets.events import record
from widgets.condition import ConditionEditor

COLUMNS = {
    "event": {"type": "text", "values": [("login", 9), ("it's", 2)]},
    "amount": {"type": "number"},
    "ts": {"type": "time"},
    "bot": {"type": "bool"},
    "odd name": {"type": "text"},
}


def editor(value: str | None = None) -> ConditionEditor:
    return ConditionEditor(columns=COLUMNS, value=value)


def shown(one: ConditionEditor) -> dict[str, Any]:
    return one.__panel__().shown


def row(column: str, op: str, value: str = "") -> dict[str, Any]:
    return {"draft": {"column": column, "op": op, "value": value}}


@pytest.mark.parametrize(
    ("column", "op", "value", "text"),
    [
        ("event", "=", "login", "event = 'login'"),
        ("event", "!=", "it's", "event != 'it''s'"),
        ("odd name", "=", "a", "\"odd name\" = 'a'"),
        ("event", "contains", "log", "contains(event, 'log')"),
        ("event", "starts_with", "log", "starts_with(event, 'log')"),
        ("event", "null", "", "event IS NULL"),
        ("event", "not_null", "", "NOT event IS NULL"),
        ("amount", ">", "10", "amount > 10"),
        ("amount", "<=", "2.5", "amount <= 2.5"),
        ("ts", ">=", "2024-03-01", "ts >= '2024-03-01'"),
        ("bot", "=", "true", "bot = TRUE"),
    ],
)
def test_a_complete_row_is_said_once_and_can_be_shown_again(column: str, op: str, value: str, text: str) -> None:
    one = editor()
    said = record(one, "value")
    one.hear(row(column, op, value))
    one.hear(row(column, op, value))
    assert said == [text]
    assert shown(editor(text))["draft"] == row(column, op, value)["draft"]


def test_what_is_not_complete_is_not_said() -> None:
    one = editor("event = 'login'")
    said = record(one, "value")
    one.hear(row("amount", "="))
    assert said == []
    assert shown(one)["draft"] == row("amount", "=")["draft"]


def test_adding_opens_an_empty_row_and_removing_it_is_no_event() -> None:
    one = editor()
    said = record(one, "value")
    one.hear({"add": True})
    assert shown(one)["draft"] == row("event", "=")["draft"]
    one.hear({"remove": True})
    assert (said, shown(one)["draft"]) == ([], None)


def test_removing_a_condition_is_one_event() -> None:
    one = editor("event = 'login'")
    said = record(one, "value")
    one.hear({"remove": True})
    assert (said, shown(one)["draft"], shown(one)["text"]) == ([None], None, None)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (row("amount", ">", "ten"), "'ten' is not a number. Write it like 10 or 2.5."),
        (row("amount", ">", "nan"), "'nan' is not a number. Write it like 10 or 2.5."),
        (row("ts", ">", "soon"), "'soon' is not a time. Write it like 2024-03-01 12:30."),
    ],
)
def test_a_value_that_does_not_fit_shows_an_error_and_keeps_the_last_good_value(
    message: dict[str, Any], error: str
) -> None:
    one = editor("event = 'login'")
    said = record(one, "value")
    one.hear(message)
    assert (said, shown(one)["error"]) == ([], error)
    one.hear(row("event", "=", "login"))
    assert (said, shown(one)["error"]) == ([], "")


@pytest.mark.parametrize(
    "text",
    ["event = 'a' OR amount > 3", "gone = 'x'", "event < 'm'", "event LIKE 'a%'", "amount = 'many'"],
)
def test_what_the_row_cannot_say_is_shown_as_text(text: str) -> None:
    one = editor(text)
    assert shown(one)["draft"] is None
    assert shown(one)["text"] == one.value == str(clause.parse(text))


def test_columns_that_come_later_bring_the_controls() -> None:
    one = ConditionEditor(value="event = 'login'")
    assert shown(one)["draft"] is None
    one.columns = COLUMNS
    assert shown(one)["draft"] == row("event", "=", "login")["draft"]


def test_an_error_from_outside_is_shown_below() -> None:
    one = editor("event = 'login'")
    one.error = "No event matches."
    assert shown(one)["error"] == "No event matches."


def test_a_value_from_outside_that_is_no_condition_is_refused() -> None:
    with pytest.raises(SpecError):
        editor().value = "event ="
