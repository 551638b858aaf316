"""The tree as SQL text that is read back to an equal tree."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

from explorer.spec.expression.tree import (
    All,
    Any,
    Between,
    Call,
    Case,
    Cast,
    Clause,
    Column,
    Compare,
    Constant,
    Expression,
    In,
    IsNull,
    Left,
    Matches,
    Not,
    Right,
    Truth,
    Value,
    left,
    right,
)

DIALECT = "duckdb"  # its SQL is the largest that all our engines' users write: ~, ILIKE, contains()
BINDING = {"||": 1, "+": 2, "-": 2, "*": 3, "/": 3, "%": 3}
CASTS = {
    "text": "VARCHAR",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "truth": "BOOLEAN",
    "time": "TIMESTAMP",
    "instant": "TIMESTAMPTZ",
    "day": "DATE",
    "duration": "INTERVAL",
}
READ_BESIDE = ("time", "instant", "day", "duration")
"""The kinds whose texts mean something by the column that they stand beside: `ts >= DATE '2024-03-01'`."""


def text(clause: Clause) -> str:
    """The SQL text of a clause; `parse` reads it back to an equal tree.

    >>> text(All((Compare("a", "=", "it's"), Not(IsNull("my col")))))
    'a = \\'it\\'\\'s\\' AND NOT "my col" IS NULL'
    """
    match clause:
        case Compare(column, op, value):
            first = _left(column)
            return f"{f'({first})' if _is_said(left(column)) else first} {op} {_right(value)}"
        case Between(column, low, high):
            return f"{_left(column)} BETWEEN {_right(low)} AND {_right(high)}"
        case In(column, values):
            return f"{_left(column)} IN ({', '.join(map(_right, values))})"
        case Matches(column, ("like" | "ilike") as op, pattern):
            return f"{_left(column)} {op.upper()} {_right(pattern)}"
        case Matches(column, "regexp", pattern):
            return f"{_left(column)} ~ {_right(pattern)}"
        case Matches(column, op, pattern):
            return f"{op}({_left(column)}, {_right(pattern)})"
        case IsNull(column):
            return f"{_left(column)} IS NULL"
        case All(()):
            return "TRUE"
        case Any(()):
            return "FALSE"
        case All(inner):
            return " AND ".join(_wrapped(part, All, Any) for part in inner)
        case Any(inner):
            return " OR ".join(_wrapped(part, Any) for part in inner)
        case Not(part):
            return f"NOT {_wrapped(part, All, Any)}"
    raise TypeError(f"{type(clause).__name__} is not a clause")


def expression_text(node: Expression) -> str:
    """The SQL text of a value; `parse_value` reads it back to an equal tree.

    >>> expression_text(Call("*", (Call("+", (Column("a"), Constant(1))), Column("b"))))
    '(a + 1) * b'
    """
    match node:
        case Column(name):
            return name_text(name)
        case Constant(None):
            return "NULL"
        case Constant(value) if value is not None:
            return value_text(value)
        case Call(op, (one, other)) if op in BINDING:
            return f"{_bound(one, BINDING[op])} {op} {_bound(other, BINDING[op] + 1)}"
        case Call("negate", (value,)):
            return f"-({expression_text(value)})"
        case Call("||", values):
            return f"concat({', '.join(map(expression_text, values))})"
        case Call(function, arguments):
            return f"{function}({', '.join(map(expression_text, arguments))})"
        case Cast(value, kind):
            return f"CAST({expression_text(value)} AS {CASTS[kind]})"
        case Case(branches, otherwise):
            pieces = [f"WHEN {text(condition)} THEN {expression_text(value)}" for condition, value in branches]
            pieces += [] if otherwise is None else [f"ELSE {expression_text(otherwise)}"]
            return f"CASE {' '.join(pieces)} END"
        case Truth(clause):
            return f"({text(clause)})"
    raise TypeError(f"{type(node).__name__} is not an expression")


def _bound(node: Expression, binding: int) -> str:
    """A value beside a sign, in brackets where the sign would take it apart."""
    inner = expression_text(node)
    if isinstance(node, Call) and len(node.arguments) == 2 and BINDING.get(node.function, 9) < binding:
        return f"({inner})"
    return inner


def _left(operand: Left) -> str:
    return expression_text(left(operand))


def _right(operand: Right) -> str:
    """What is read as it stands only in brackets stands in them."""
    node = right(operand)
    inner = expression_text(node)
    match node:
        case Constant(None):
            return f"({inner})"
        case Cast(Constant(str()), kind) if kind in READ_BESIDE:
            return f"({inner})"
    return inner


def _is_said(node: Expression) -> bool:
    """Whether a value is turned around with the one that it is compared with: `3 < a` is read as `a > 3`."""
    return isinstance(node.value if isinstance(node, Cast) else node, Constant)


def name_text(column: str) -> str:
    """A column's name as SQL, in double quotes unless it is a plain word."""
    return column if is_plain_name(column) else '"' + column.replace('"', '""') + '"'


def value_text(value: Value) -> str:
    """A value as SQL."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def _wrapped(clause: Clause, *kinds: type) -> str:
    inner = isinstance(clause, kinds) and clause.clauses  # type: ignore[attr-defined]
    return f"({text(clause)})" if inner else text(clause)


@cache
def is_plain_name(column: str) -> bool:
    """Whether a name is a word that needs no quotes."""
    if not (column.isascii() and column.isidentifier()):
        return False
    try:
        tree = sqlglot.parse_one(column, dialect=DIALECT)
    except sqlglot.errors.SqlglotError:
        return False
    return isinstance(tree, exp.Column) and tree.sql() == column
