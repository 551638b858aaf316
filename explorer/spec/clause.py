"""Conditions on a row, as a tree and as SQL text.

A condition is true or false, never null. Values are texts, numbers and truth values; what a text means
beside a time or a duration column (`'2024-03-01'`, `'1h'`) is decided where the column's type is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any as Anything
from typing import Literal

import sqlglot
from sqlglot import exp

from explorer.errors import SpecError

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


# ---- text in

COMPARISONS: dict[type[exp.Expression], CompareOp] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.NullSafeNEQ: "!=",
    exp.NullSafeEQ: "=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
MIRRORED: dict[CompareOp, CompareOp] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
MATCHES: dict[type[exp.Expression], MatchOp] = {
    exp.Like: "like",
    exp.ILike: "ilike",
    exp.Contains: "contains",
    exp.StartsWith: "starts_with",
    exp.EndsWith: "ends_with",
    exp.RegexpLike: "regexp",
}
FORMS = (
    "Write column = 'value', <, BETWEEN, IN (...), LIKE, contains(column, 'x'), ~ 'regex', IS NULL, "
    "joined with AND, OR, NOT."
)


def parse(source: object) -> Clause:
    """Read a clause from SQL text; raises SpecError that says what cannot be read and where.

    >>> parse("platform IN ('ios', 'android') AND amount > 10")
    parse("platform IN ('ios', 'android') AND amount > 10")
    """
    if isinstance(source, Clause):
        return source
    if not isinstance(source, str) or not source.strip():
        raise SpecError(f"A condition is a text such as event = 'login', not {source!r}.")
    try:
        tree = sqlglot.parse_one(source, dialect=DIALECT)
    except sqlglot.errors.ParseError as error:
        first = error.errors[0] if error.errors else {}
        near, col = first.get("highlight") or source.strip()[-1], first.get("col", len(source))
        raise SpecError(f"`{source}` cannot be read near '{near}' (character {col}). {FORMS}") from None
    except sqlglot.errors.TokenError:
        raise SpecError(f"`{source}` cannot be read: a quote or bracket is not closed. {FORMS}") from None
    return _Reader(source).clause(tree)


def optional(source: object) -> Clause | None:
    """`parse`, where nothing at all is allowed too."""
    return None if source is None or source == "" else parse(source)


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source

    def refuse(self, node: exp.Expression, why: str) -> SpecError:
        piece = node.sql(dialect=DIALECT)
        return SpecError(f"`{self.source}`: `{piece}` {why}" if piece != self.source else f"`{piece}` {why}")

    def clause(self, node: Anything) -> Clause:
        match node:
            case exp.Paren():
                return self.clause(node.this)
            case exp.And():
                return All(tuple(self.clause(part) for part in _chain(node)))
            case exp.Or():
                return Any(tuple(self.clause(part) for part in _chain(node)))
            case exp.Not():
                return Not(self.clause(node.this))
            case exp.Boolean():
                return All(()) if node.this else Any(())
            case exp.Column():
                return Compare(self.column(node), "=", True)
        found = self.leaf(node)
        return Not(found) if node.args.get("negate") else found

    def leaf(self, node: Anything) -> Clause:
        kind = type(node)
        if kind in COMPARISONS:
            return self.compare(node, COMPARISONS[kind])
        if kind in MATCHES:
            pattern = self.value(node.expression)
            if not isinstance(pattern, str):
                raise self.refuse(node, f"matches a text: write '{pattern}' in single quotes.")
            return Matches(self.column(node.this), MATCHES[kind], pattern)
        if kind is exp.Between and not node.args.get("symmetric"):
            return Between(self.column(node.this), self.value(node.args["low"]), self.value(node.args["high"]))
        if kind is exp.In and node.expressions:
            return In(self.column(node.this), tuple(map(self.value, node.expressions)))
        if kind is exp.Is and isinstance(node.expression, exp.Null):
            return IsNull(self.column(node.this))
        if kind is exp.Is and isinstance(node.expression, exp.Boolean):
            return Compare(self.column(node.this), "=", node.expression.this)
        raise self.refuse(node, f"is not a condition that is known here. {FORMS}")

    def compare(self, node: Anything, op: CompareOp) -> Clause:
        left, right = node.this, node.expression
        if isinstance(right, exp.Column) and right.args["this"].args.get("quoted") and isinstance(left, exp.Column):
            raise self.refuse(node, f"compares two columns; texts go in single quotes: '{right.name}'.")
        if isinstance(right, exp.Column) and not isinstance(left, exp.Column):
            left, right, op = right, left, MIRRORED.get(op, op)
        if isinstance(right, exp.Null):
            raise self.refuse(node, "is never asked with a comparison: write IS NULL or IS NOT NULL.")
        return Compare(self.column(left), op, self.value(right))

    def column(self, node: Anything) -> str:
        if not isinstance(node, exp.Column):
            raise self.refuse(node, "stands where a column should stand. Write the column first: column = 'value'.")
        return ".".join(part.name for part in node.parts)

    def value(self, node: Anything) -> Value:
        match node:
            case exp.Paren():
                return self.value(node.this)
            case exp.Literal() if node.is_string:
                return str(node.this)
            case exp.Literal():
                return self.number(node, str(node.this))
            case exp.Neg() if isinstance(node.this, exp.Literal) and not node.this.is_string:
                return -self.number(node, str(node.this.this))
            case exp.Boolean():
                return bool(node.this)
            case exp.Cast() if isinstance(node.this, exp.Literal):
                return str(node.this.this)
            case exp.Interval() if isinstance(node.this, exp.Literal):
                return f"{node.this.this} {node.args['unit'].name.lower()}" if node.args.get("unit") else node.this.this
            case exp.Null():
                raise self.refuse(node, "cannot be a value: write IS NULL or IS NOT NULL.")
            case exp.Column():
                raise self.refuse(node, f"stands where a value should stand. Texts go in single quotes: '{node.name}'.")
        raise self.refuse(node, "stands where a value should stand. Nothing is computed in a condition.")

    def number(self, node: exp.Expression, digits: str) -> int | float:
        if digits.isdigit():
            return int(digits)
        if not isfinite(float(digits)):
            raise self.refuse(node, "is too large for a number.")
        return float(digits)


def _chain(node: Anything) -> list[Anything]:
    """The parts of `a AND b AND c`; a group in brackets stays a group."""
    parts = []
    kind = type(node)
    while type(node) is kind:
        parts.append(node.expression)
        node = node.this
    return [node, *reversed(parts)]
