"""Clauses to drafts and back: nothing is lost on the way."""

from __future__ import annotations

from itertools import count
from typing import Any as Anything

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.spec.expression.clause import All, Any, Between, Clause, Compare, In, IsNull, Matches, Not, parse
from tests.spec.expression.muted_clauses import with_muted
from tests.widgets.events import record
from tests.widgets.filter_builder.made_up import COLUMNS
from widgets.filter_builder import FilterBuilder
from widgets.filter_builder.clause_to_draft import read
from widgets.filter_builder.draft import Group, Rule, node_of, plain, same_ids, walk
from widgets.filter_builder.draft_to_clause import say
from widgets.filter_builder.operators import OPERATORS

MENUS: list[dict[str, dict[str, Anything]]] = [
    COLUMNS,
    {},
    {name: {"type": "number"} for name in COLUMNS},
    {name: {"type": "duration"} for name in COLUMNS},
    {name: {"type": "text"} for name in COLUMNS},
]


def new_ids(first: int = 0) -> Anything:
    numbers = count(first)
    return lambda: f"n{next(numbers)}"


@given(with_muted(smallest=2), st.sampled_from(MENUS))
def test_a_draft_says_the_clause_that_it_was_read_from(clause: Clause, columns: dict[str, Anything]) -> None:
    made = read(clause, columns, new_ids())
    assert say(made, columns).value == clause
    assert node_of(plain(made)) == made
    assert len({node.id for node in walk(made)}) == len(list(walk(made)))


@given(with_muted(), with_muted())
def test_ids_stay_with_what_stays(before: Clause, after: Clause) -> None:
    old, new = read(before, COLUMNS, new_ids()), read(after, COLUMNS, new_ids(1000))
    kept = same_ids(new, old)
    assert say(kept, COLUMNS).value == say(new, COLUMNS).value  # type: ignore[arg-type]
    assert len({node.id for node in walk(kept)}) == len(list(walk(kept)))
    assert same_ids(read(before, COLUMNS, new_ids()), old) == old


@pytest.mark.parametrize(
    "clause",
    [
        All(()),
        Any(()),
        All((Compare("ok", "=", True),)),
        Compare("amount", "=", float("inf")),
        Compare("amount", "=", "ten"),
        Compare("amount", "=", "10"),
        Compare("event", "=", 10),
        Compare("event", "=", True),
        Compare("event", "=", ""),
        Compare("event", "=", "TRUE"),
        Compare("ok", "!=", True),
        Compare("ok", "=", "yes"),
        Compare("gone", "<", 3),
        Compare("gone", "=", "3"),
        In("gone", (1, "1", True, "")),
        Between("event", "a", "m"),
        Matches("amount", "like", "1%"),
        Not(Not(IsNull("event"))),
        Not(Not(Not(Compare("amount", ">", 10)))),
        Not(All(())),
        Not(Any((All(()), IsNull("event")))),
        Any((All((Any(()), IsNull("event"))), All((Any(()), IsNull("page"))))),
    ],
    ids=repr,
)
def test_nothing_that_a_clause_can_say_is_lost(clause: Clause) -> None:
    for columns in MENUS:
        one = FilterBuilder(columns=columns, value=clause)
        said = record(one, "value")
        one.hear({"draft": one.__panel__().shown["draft"]})
        assert (said, one.value) == ([], clause)
        again = say(read(clause, columns, new_ids()), columns).value
        assert str(again) == str(clause)


def test_one_of_nothing_is_no_row() -> None:
    assert str(say(read(In("event", ()), COLUMNS, new_ids()), COLUMNS).value) == "FALSE"


@pytest.mark.parametrize(
    ("text", "muted"),
    [
        ("TRUE OR event = 'a'", [True]),
        ("(TRUE OR event = 'a') AND ok = TRUE", [True, False]),
        ("event = 'a' OR FALSE AND ok = TRUE", [False, True]),
        ("TRUE OR (FALSE AND event = 'a' OR FALSE AND ok = TRUE)", [True, True]),
        ("TRUE OR (event = 'a' OR ok = TRUE)", [True, False, False]),
        ("TRUE OR NOT (TRUE OR event = 'a')", [True]),
        ("NOT (TRUE OR event = 'a')", [False, False]),
        ("(TRUE OR event = 'a') OR ok = TRUE", [False, False, False, False]),
    ],
)
def test_what_is_muted_is_read_as_muted_where_that_says_the_same(text: str, muted: list[bool]) -> None:
    made = read(parse(text), COLUMNS, new_ids())
    assert [node.muted for node in walk(made) if node is not made] == muted
    assert str(say(made, COLUMNS).value) == text


def test_every_type_has_operators_and_no_key_is_used_twice() -> None:
    assert len({operator.key for operator in OPERATORS}) == len(OPERATORS)
    for kind in ("text", "number", "time", "duration", "bool"):
        assert len([operator for operator in OPERATORS if kind in operator.words]) >= 4
    assert isinstance(read(None, {}, new_ids()), Group)
    assert isinstance(read(IsNull("a"), {}, new_ids()).items[0], Rule)
