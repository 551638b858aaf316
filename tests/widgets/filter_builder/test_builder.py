"""The filter builder without a browser: a value in, a value out, one event per change."""

from __future__ import annotations

from typing import Any as Anything

import pytest

from explorer.errors import SpecError
from explorer.spec.expression.clause import parse
from tests.widgets.events import record
from tests.widgets.filter_builder.made_up import COLUMNS
from widgets.filter_builder import FilterBuilder


def builder(value: str | None = None, **params: Anything) -> FilterBuilder:
    return FilterBuilder(columns=COLUMNS, value=value, **params)


def shown(one: FilterBuilder) -> dict[str, Anything]:
    return one.__panel__().shown


def draft(one: FilterBuilder) -> dict[str, Anything]:
    return shown(one)["draft"]


def rule(column: str | None, op: str = "=", *values: Anything, id: str = "r", **more: Anything) -> dict[str, Anything]:
    flags = {"negated": False, "muted": False, "kind": ""}
    return {"id": id, "column": column, "op": op, "values": list(values), **flags, **more}


def group(join: str, *items: Anything, id: str = "g", **more: Anything) -> dict[str, Anything]:
    return {"id": id, "join": join, "items": list(items), "negated": False, "muted": False, **more}


def sent(one: FilterBuilder, *items: Anything, join: str = "and", turn: Anything = None) -> None:
    one.hear({"draft": group(join, *items, id=draft(one)["id"]), "turn": turn})


# ---- what the browser sends


def test_a_group_whose_rules_are_all_muted_changes_nothing() -> None:
    one = builder()
    muted = rule("event", "=", "a", muted=True, id="m")
    sent(one, rule("ok", "true"), group("or", muted))
    assert str(one.value) == "ok = TRUE AND (TRUE OR FALSE AND event = 'a')"
    sent(one, rule("ok", "true"), group("or", muted, negated=True))
    assert str(one.value) == "ok = TRUE AND NOT (FALSE AND event = 'a')"


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (rule("event", "=", "login"), "event = 'login'"),
        (rule("event", "!=", "it's"), "event != 'it''s'"),
        (rule("event", "in", "a", "b"), "event IN ('a', 'b')"),
        (rule("event", "not_in", "a"), "NOT event IN ('a')"),
        (rule("event", "contains", "log"), "contains(event, 'log')"),
        (rule("event", "not_contains", "log"), "NOT contains(event, 'log')"),
        (rule("event", "starts_with", "log"), "starts_with(event, 'log')"),
        (rule("event", "ends_with", "in"), "ends_with(event, 'in')"),
        (rule("event", "like", "l%"), "event LIKE 'l%'"),
        (rule("event", "ilike", "L%"), "event ILIKE 'L%'"),
        (rule("event", "regexp", "^l"), "event ~ '^l'"),
        (rule("event", "null", "left over"), "event IS NULL"),
        (rule("event", "not_null"), "NOT event IS NULL"),
        (rule("amount", ">", "1,000"), "amount > 1000"),
        (rule("amount", "<=", "2.5"), "amount <= 2.5"),
        (rule("amount", ">", "10", negated=True), "NOT amount > 10"),
        (rule("amount", "between", "10", "20"), "amount BETWEEN 10 AND 20"),
        (rule("amount", "not_between", "10", "20"), "NOT amount BETWEEN 10 AND 20"),
        (rule("amount", "in", "1", "2"), "amount IN (1, 2)"),
        (rule("ts", ">=", "2024-03-01 12:30"), "ts >= '2024-03-01 12:30'"),
        (rule("delay", "<", "1h 30m"), "delay < '1h 30m'"),
        (rule("ok", "true"), "ok = TRUE"),
        (rule("ok", "false"), "ok = FALSE"),
        (rule("event", "=", {"text": "", "kept": "text"}), "event = ''"),
        (rule("event", "=", "a", muted=True), "TRUE OR event = 'a'"),
    ],
    ids=lambda found: found if isinstance(found, str) else "",
)
def test_a_complete_rule_is_said_once_and_can_be_shown_again(row: dict[str, Anything], text: str) -> None:
    one = builder()
    said = record(one, "value")
    sent(one, row)
    sent(one, row)
    assert [str(value) for value in said] == [text]
    (again,) = draft(builder(text))["items"]
    assert (again["op"], again["negated"], again["muted"]) == (row["op"], row["negated"], row["muted"])


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        (rule(None), "choose a column"),
        (rule("event"), "choose a value"),
        (rule("event", "=", None), "choose a value"),
        (rule("event", "in"), "choose at least one value"),
        (rule("amount", "between", "1"), "fill in both ends"),
        (rule("amount", "between", None, "1"), "fill in both ends"),
    ],
)
def test_what_is_not_complete_is_not_said(row: dict[str, Anything], missing: str) -> None:
    one = builder("event = 'login'")
    said = record(one, "value")
    sent(one, rule("event", "=", "login", id="first"), row)
    assert (said, shown(one)["notes"]["r"]["missing"]) == ([], missing)
    sent(one, row, group("or"))
    assert said == [None]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (rule("amount", ">", "ten"), "'ten' is not a number. Write it like 10 or 2.5."),
        (rule("ts", ">", "soon"), "'soon' is not a time. Write 2024-03-01 or 2024-03-01 12:30:00."),
        (rule("delay", ">", "90"), "'90' has no unit. Write 90s, 90m, 90h or 90d."),
        (rule("event", "regexp", "("), "'(' is not a regular expression: unclosed group."),
        (rule("amount", "like", "1%"), "'amount' is a number, not a text. Choose another operator."),
    ],
)
def test_a_wrong_value_says_why_and_the_last_good_value_stays(row: dict[str, Anything], wrong: str) -> None:
    one = builder("event = 'login'")
    said = record(one, "value")
    sent(one, rule("event", "=", "logout", id="first"), row)
    assert (said, shown(one)["notes"]["r"]["wrong"]) == ([], wrong)
    sent(one, rule("event", "=", "logout", id="first"))
    assert ([str(value) for value in said], shown(one)["notes"]) == (["event = 'logout'"], {})


def test_the_place_of_a_wrong_value_is_told() -> None:
    one = builder()
    sent(one, rule("amount", "between", "1", "x"))
    assert shown(one)["notes"]["r"]["place"] == 1


def test_a_text_takes_the_place_of_a_wrong_draft() -> None:
    one = builder("event = 'login'")
    sent(one, rule("event", "=", "logout", id="first"), rule("amount", ">", "ten"))
    one.hear({"sql": "event = 'logout'"})
    assert (str(one.value), shown(one)["notes"], len(draft(one)["items"])) == ("event = 'logout'", {}, 1)


def test_text_is_taken_and_a_bad_one_says_why() -> None:
    one = builder("event = 'login'")
    said = record(one, "value")
    one.hear({"sql": "event = "})
    assert shown(one)["problem"].startswith("Cannot be read near '=' (character 7).")
    one.hear({"sql": "amount > 'x'"})
    assert shown(one)["problem"].startswith("'amount' is a number and 'x' is not.")
    assert (said, shown(one)["sql"]) == ([], "event = 'login'")
    one.hear({"sql": "event='login'"})
    one.hear({"sql": "amount>1 and amount<2"})
    one.hear({"sql": "  "})
    assert ([str(value) for value in said], shown(one)["problem"]) == (["amount > 1 AND amount < 2", "None"], "")
    assert draft(one)["items"] == []


def test_a_text_that_changes_nothing_keeps_what_is_not_complete() -> None:
    one = builder()
    sent(one, rule("event", "=", "login"), rule("amount", id="open"))
    one.hear({"sql": "event = 'login'"})
    assert [item["id"] for item in draft(one)["items"]] == ["r", "open"]


# ---- values from outside


def test_text_may_be_assigned_and_an_equal_value_is_no_event() -> None:
    one = builder()
    said = record(one, "value")
    one.value = "event = 'login'"
    one.value = parse("event='login'")
    one.value = ""
    assert said == [parse("event = 'login'"), None]
    with pytest.raises(SpecError):
        one.value = "event ="


def test_ids_stay_when_a_value_comes_from_outside() -> None:
    one = builder("event = 'a' AND amount > 1 AND ok = TRUE")
    before = [item["id"] for item in draft(one)["items"]]
    one.value = "event = 'a' AND ok = TRUE AND amount > 2"
    assert [item["id"] for item in draft(one)["items"]] == [before[0], before[2], before[1]]


def test_what_comes_back_as_it_was_sent_redraws_nothing() -> None:
    one = builder()
    one.param.watch(lambda event: one.param.update(value=str(event.new)), "value")
    sent(one, rule("event", "=", "a"), rule("amount", id="open"), turn=["me", 3])
    assert (shown(one)["heard"], shown(one)["redraw"]) == (["me", 3], False)
    assert len(draft(one)["items"]) == 2


def test_an_owner_who_takes_the_change_back_is_shown() -> None:
    one = builder("ok = TRUE")
    one.param.watch(lambda _: one.param.update(value="ok = TRUE", error="No."), "value")
    sent(one, rule("event", "=", "a"), turn=["me", 1])
    assert (str(one.value), one.error, shown(one)["redraw"]) == ("ok = TRUE", "No.", True)
    assert draft(one)["items"][0]["column"] == "ok"


def test_an_error_from_outside_goes_with_the_next_change() -> None:
    one = builder("ok = TRUE", error="No event matches.")
    assert one.__panel__().error == "No event matches."
    sent(one, rule("event", "=", "a"))
    assert one.error == ""


# ---- counts


def test_what_is_asked_is_every_part_and_the_whole_last() -> None:
    one = builder("event = 'a' AND (TRUE OR ok = TRUE) AND (amount > 1 OR amount > 2)")
    assert list(map(str, one.asked)) == [
        "event = 'a'",
        "ok = TRUE",
        "amount > 1 OR amount > 2",
        "amount > 1",
        "amount > 2",
        "event = 'a' AND (TRUE OR ok = TRUE) AND (amount > 1 OR amount > 2)",
    ]
    asked = record(one, "asked")
    sent(one, rule("event", "=", "a"), rule("amount", id="open"))
    sent(one, rule("event", "=", "a"), rule("amount", "null", id="open"), rule(None, id="new"))
    assert [list(map(str, clauses)) for clauses in asked] == [
        ["event = 'a'"],
        ["event = 'a'", "amount IS NULL", "event = 'a' AND amount IS NULL"],
    ]


def test_counts_may_be_late_and_partial() -> None:
    one = builder("event = 'a' AND ok = TRUE", total=10_000_000)
    first, second = (item["id"] for item in draft(one)["items"])
    assert one.__panel__().tallies == {first: None, second: None, "whole": None}
    one.counts = {parse("event = 'a'"): 1_204_311, one.value: 0}
    tallies = one.__panel__().tallies
    assert tallies[first]["text"] == "1,204,311 of 10,000,000 · 12.0 %"
    assert tallies[first]["short"] == "1.2M · 12.0 %"
    assert (tallies[second], tallies["whole"]["zero"]) == (None, "matches no event")
    one.param.update(noun="sessions", total=None)
    assert one.__panel__().tallies[first]["text"] == "1,204,311 sessions"
    assert one.__panel__().tallies["whole"]["zero"] == "matches no session"


def test_without_a_total_and_counts_nothing_is_counted() -> None:
    assert builder("ok = TRUE").__panel__().tallies == {}


def test_of_none_nothing_is_said_to_be_missing() -> None:
    one = builder("ok = TRUE", total=0)
    one.counts = {one.value: 0}
    assert one.__panel__().tallies["whole"] == {"text": "0 events", "short": "0", "share": None, "zero": ""}


def test_columns_that_come_later_bring_their_types() -> None:
    one = FilterBuilder(value="amount > 'ten'")
    assert shown(one)["notes"] == {}
    one.columns = COLUMNS
    assert [note["wrong"] for note in shown(one)["notes"].values()] == [
        "'amount' is a number and 'ten' is not. Write a number such as 10."
    ]
    assert str(one.value) == "amount > 'ten'"


def test_what_was_read_without_columns_says_the_same_with_them() -> None:
    one = FilterBuilder(value="amount = '10' AND NOT ok = 'yes' AND delay IN (1, 2) AND gone > 3")
    said = record(one, "value")
    sent(one, *draft(one)["items"], rule(None))
    one.columns = COLUMNS
    sent(one, *draft(one)["items"][:1], rule(None))
    assert [item["values"] for item in draft(one)["items"]] == [[{"text": "10", "kept": "text"}], []]
    assert said == []
