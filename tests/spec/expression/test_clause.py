"""Clauses: text to tree to text, and errors that say what instead."""

import pytest
from hypothesis import given

from explorer.errors import SpecError
from explorer.spec.expression.clause import (
    All,
    Any,
    Between,
    Cast,
    Clause,
    Column,
    Compare,
    Constant,
    In,
    IsNull,
    Matches,
    Not,
    columns,
    parse,
)
from tests.strategies import clauses

READ = [
    ("event = 'login'", Compare("event", "=", "login")),
    ("event == 'login'", Compare("event", "=", "login")),
    ("a <> 3", Compare("a", "!=", 3)),
    ("load > 3 AND a = 1", All((Compare("load", ">", 3), Compare("a", "=", 1)))),
    ("3 < a", Compare("a", ">", 3)),
    ("(3) < a", Compare(Constant(3), "<", Column("a"))),
    ("a > CAST('5' AS DOUBLE)", Compare("a", ">", Cast(Constant("5"), "number"))),
    ("a >= -1.5", Compare("a", ">=", -1.5)),
    ("flag", Compare("flag", "=", True)),
    ("a IS DISTINCT FROM 3", Compare("a", "!=", 3)),
    ("note = 'it''s'", Compare("note", "=", "it's")),
    ('"my col" = 1', Compare("my col", "=", 1)),
    ("ts >= TIMESTAMP '2024-01-01'", Compare("ts", ">=", "2024-01-01")),
    ("duration > INTERVAL '90 minutes'", Compare("duration", ">", "90 minutes")),
    ("a BETWEEN 1 AND 2", Between("a", 1, 2)),
    ("a IN ('x', 'y')", In("a", ("x", "y"))),
    ("a NOT IN (1)", Not(In("a", (1,)))),
    ("a NOT LIKE 'x%'", Not(Matches("a", "like", "x%"))),
    ("contains(a, 'x')", Matches("a", "contains", "x")),
    ("a ~ '^x'", Matches("a", "regexp", "^x")),
    ("a IS NOT NULL", Not(IsNull("a"))),
    (
        "(a = 1 AND b = 2) AND c = 3",
        All((All((Compare("a", "=", 1), Compare("b", "=", 2))), Compare("c", "=", 3))),
    ),
    ("a = 1 AND b = 2 AND c = 3", All((Compare("a", "=", 1), Compare("b", "=", 2), Compare("c", "=", 3)))),
    ("NOT (a = 1 OR b = 2)", Not(Any((Compare("a", "=", 1), Compare("b", "=", 2))))),
    ("TRUE", All(())),
]


@pytest.mark.parametrize(("text", "tree"), READ, ids=[text for text, _ in READ])
def test_read(text: str, tree: Clause):
    assert parse(text) == tree
    assert parse(str(tree)) == tree


@given(clauses())
def test_text_and_tree_are_the_same(tree: Clause):
    again = parse(str(tree))
    assert again == tree
    assert str(again) == str(tree)


REFUSED = [
    ("amount >", "cannot be read near '>'"),
    ("a = 'x", "a quote or bracket is not closed"),
    ("a = NULL", "write IS NULL"),
    ('event = "login"', "single quotes: 'login'"),
    ("a = 1; DROP TABLE x", "cannot be read near 'DROP'"),
    ("a IN (SELECT 1)", "is not a condition"),
    ("amount + 1", "is not a condition"),
    ("a = 1e999", "too large"),
    ("a LIKE 'x!%' ESCAPE '!'", "is not a condition"),
    ("", "A condition is a text"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[text for text, _ in REFUSED])
def test_refused(text: str, said: str):
    with pytest.raises(SpecError) as error:
        parse(text)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "name",
    ["order", "null", "current_date", "a b", 'a"b', "größe", "a.b", "select", "load", "copy", "set", "show", "comment"],
)
def test_any_column_name_survives(name: str):
    assert parse(str(Compare(name, "=", 1))) == Compare(name, "=", 1)


def test_columns_are_named_once_in_order():
    assert columns(parse("b = 1 AND (a = 1 OR NOT b = 2)")) == ("b", "a")
