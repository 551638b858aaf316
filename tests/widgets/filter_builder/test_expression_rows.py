"""Rows compare with another column or an expression; what rows cannot show is a row of text."""

from itertools import count
from typing import Any

import pytest

from explorer.spec.expression.clause import parse
from widgets.filter_builder.clause_to_draft import read
from widgets.filter_builder.draft import TEXT, Group, Kept, Rule, node_of, plain
from widgets.filter_builder.draft_to_clause import say

COLUMNS: dict[str, dict[str, Any]] = {
    "amount": {"type": "number"},
    "budget": {"type": "number"},
    "page": {"type": "text"},
    "ts": {"type": "time"},
    "ok": {"type": "bool"},
}


def draft(text: str) -> Group:
    numbers = count()
    return read(parse(text), COLUMNS, lambda: f"n{next(numbers)}")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("amount > budget", (Kept("budget", "column"),)),
        ("amount >= budget * 2", (Kept("budget * 2", "expression"),)),
        ("ts >= now() - '28d'", (Kept("now() - '28d'", "expression"),)),
        ("amount BETWEEN budget AND 10", (Kept("budget", "column"), "10")),
    ],
)
def test_a_row_shows_what_a_column_is_compared_with(text: str, values: tuple[object, ...]):
    found = draft(text)
    (rule,) = found.items
    assert isinstance(rule, Rule)
    assert rule.values == values
    assert say(found, COLUMNS).value == parse(text)
    assert node_of(plain(found)) == found


@pytest.mark.parametrize(
    "text", ["lower(page) = 'x'", "contains(lower(page), 'a')", "amount + 1 > 2", "page IN ('a', upper(page))"]
)
def test_the_rest_is_a_row_of_text(text: str):
    found = draft(f"amount > 1 AND NOT {text}")
    rule = found.items[1]
    assert isinstance(rule, Rule)
    assert (rule.op, rule.values, rule.negated) == (TEXT, (text,), True)
    assert say(found, COLUMNS).value == parse(f"amount > 1 AND NOT {text}")
    assert node_of(plain(found)) == found


@pytest.mark.parametrize(
    ("rule", "missing", "wrong"),
    [
        (Rule("a", op=TEXT, values=("",)), "write a condition", ""),
        (Rule("a", op=TEXT, values=("lower(pge) = 'x'",)), "", "no column 'pge'. Did you mean 'page'?"),
        (Rule("a", op=TEXT, values=("lower(",)), "", "cannot be read"),
        (Rule("a", "amount", ">", (Kept("", "expression"),)), "write an expression", ""),
        (Rule("a", "amount", ">", (Kept("page", "column"),)), "", "a number beside a text"),
        (Rule("a", "amount", ">", (Kept("budget *", "expression"),)), "", "cannot be read"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_row(rule: Rule, missing: str, wrong: str):
    said = say(Group("g", "and", (rule,)), COLUMNS).nodes["a"]
    assert said.missing == missing
    assert wrong in said.wrong
    assert bool(said.wrong) == bool(wrong)
