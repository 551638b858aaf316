"""Conditions on a row, as a tree and as SQL text.

A condition is true or false, never null. Values are texts, numbers and truth values; what a text means
beside a time or a duration column (`'2024-03-01'`, `'1h'`) is decided where the column's type is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import sqlglot
from sqlglot import exp

Value = str | int | float | bool
CompareOp = Literal["=", "!=", "<", "<=", ">", ">="]
DIALECT = "duckdb"  # its SQL is the largest that all our engines' users write: ~, ILIKE, contains()
MatchOp = Literal["like", "ilike", "contains", "starts_with", "ends_with", "regexp"]


class Clause:
    """A condition; its text is `str(clause)`."""

    def __str__(self) -> str:
        return text(self)

    def __repr__(self) -> str:
        return f"parse({text(self)!r})"


@dataclass(frozen=True, repr=False)
class Compare(Clause):
    column: str
    op: CompareOp
    value: Value


@dataclass(frozen=True, repr=False)
class Between(Clause):
    """Both ends belong to it."""

    column: str
    low: Value
    high: Value


@dataclass(frozen=True, repr=False)
class In(Clause):
    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True, repr=False)
class Matches(Clause):
    column: str
    op: MatchOp
    pattern: str


@dataclass(frozen=True, repr=False)
class IsNull(Clause):
    column: str


@dataclass(frozen=True, repr=False)
class All(Clause):
    """True when every clause is; `All(())` is true."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, repr=False)
class Any(Clause):
    """True when one clause is; `Any(())` is false."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, repr=False)
class Not(Clause):
    clause: Clause


def columns(clause: Clause | None) -> tuple[str, ...]:
    """The columns that a clause reads, each once, in order.

    >>> from explorer.spec.expression.clause import parse
    >>> columns(parse("a > 1 AND (b IS NULL OR a < 9)"))
    ('a', 'b')
    """
    return tuple(dict.fromkeys(leaf.column for leaf in leaves(clause)))


def leaves(clause: Clause | None) -> Iterator[Compare | Between | In | Matches | IsNull]:
    """The conditions on single columns, from left to right."""
    match clause:
        case All(inner) | Any(inner):
            for part in inner:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Compare() | Between() | In() | Matches() | IsNull():
            yield clause


# ---- text out


def text(clause: Clause) -> str:
    """The SQL text of a clause; `parse` reads it back to an equal tree.

    >>> text(All((Compare("a", "=", "it's"), Not(IsNull("my col")))))
    'a = \\'it\\'\\'s\\' AND NOT "my col" IS NULL'
    """
    match clause:
        case Compare(column, op, value):
            return f"{name_text(column)} {op} {value_text(value)}"
        case Between(column, low, high):
            return f"{name_text(column)} BETWEEN {value_text(low)} AND {value_text(high)}"
        case In(column, values):
            return f"{name_text(column)} IN ({', '.join(map(value_text, values))})"
        case Matches(column, ("like" | "ilike") as op, pattern):
            return f"{name_text(column)} {op.upper()} {value_text(pattern)}"
        case Matches(column, "regexp", pattern):
            return f"{name_text(column)} ~ {value_text(pattern)}"
        case Matches(column, op, pattern):
            return f"{op}({name_text(column)}, {value_text(pattern)})"
        case IsNull(column):
            return f"{name_text(column)} IS NULL"
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


def name_text(column: str) -> str:
    """A column's name as SQL, in double quotes unless it is a plain word."""
    return column if _plain(column) else '"' + column.replace('"', '""') + '"'


def value_text(value: Value) -> str:
    """A value as SQL."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def _wrapped(clause: Clause, *kinds: type) -> str:
    inner = isinstance(clause, kinds) and clause.clauses  # type: ignore[attr-defined]
    return f"({text(clause)})" if inner else text(clause)


@cache
def _plain(column: str) -> bool:
    if not (column.isascii() and column.isidentifier()):
        return False
    try:
        tree = sqlglot.parse_one(column, dialect=DIALECT)
    except sqlglot.errors.SqlglotError:
        return False
    return isinstance(tree, exp.Column) and tree.sql() == column
