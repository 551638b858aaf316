"""Clauses: the tree of conditions, and its SQL text in."""

from __future__ import annotations

from math import isfinite
from typing import Any as Anything

import sqlglot
from sqlglot import exp

from explorer.errors import SpecError, outside, quoted
from explorer.spec.expression.clause_tree import (
    DIALECT,
    All,
    Any,
    Between,
    Clause,
    Compare,
    CompareOp,
    In,
    IsNull,
    Matches,
    MatchOp,
    Not,
    Value,
    columns,
    leaves,
    name_text,
    text,
    value_text,
)
from explorer.spec.expression.nesting import deep_enough

__all__ = [
    "DIALECT",
    "All",
    "Any",
    "Between",
    "Clause",
    "Compare",
    "CompareOp",
    "In",
    "IsNull",
    "MatchOp",
    "Matches",
    "Not",
    "Value",
    "columns",
    "leaves",
    "name_text",
    "optional",
    "parse",
    "text",
    "value_text",
]

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
        raise SpecError(f"A condition is a text such as event = 'login', not {quoted(source)}.")
    with outside("This condition"), deep_enough(source):
        return _parsed(source)


def _parsed(source: str) -> Clause:
    try:
        tree = sqlglot.parse_one(source, into=exp.Condition, dialect=DIALECT)
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
