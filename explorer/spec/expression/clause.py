"""Conditions and values: the tree, and its SQL text in and out."""

from __future__ import annotations

from explorer.errors import SpecError, quoted
from explorer.spec.expression.reader import read_clause, read_expression
from explorer.spec.expression.text import DIALECT, expression_text, name_text, text, value_text
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
    CompareOp,
    Constant,
    Expression,
    In,
    IsNull,
    Matches,
    MatchOp,
    Not,
    Truth,
    Value,
    columns,
    is_simple,
    leaves,
    operands,
)

__all__ = [
    "DIALECT",
    "All",
    "Any",
    "Between",
    "Call",
    "Case",
    "Cast",
    "Clause",
    "ClauseLike",
    "Column",
    "Compare",
    "CompareOp",
    "Constant",
    "Expression",
    "In",
    "IsNull",
    "MatchOp",
    "Matches",
    "Not",
    "Truth",
    "Value",
    "columns",
    "expression_text",
    "is_simple",
    "leaves",
    "name_text",
    "operands",
    "optional",
    "parse",
    "parse_value",
    "text",
    "value_text",
]

ClauseLike = Clause | str
"""What `parse` reads."""


def parse(source: object) -> Clause:
    """Read a clause from SQL text; raises SpecError that says what cannot be read and where.

    >>> parse("platform IN ('ios', 'android') AND amount > budget * 2")
    parse("platform IN ('ios', 'android') AND amount > budget * 2")
    """
    if isinstance(source, Clause):
        return source
    if not isinstance(source, str) or not source.strip():
        raise SpecError(f"A condition is a text such as event = 'login', not {quoted(source)}.")
    return read_clause(source)


def optional(source: object) -> Clause | None:
    """`parse`, where nothing at all is allowed too."""
    return None if source is None or source == "" else parse(source)


def parse_value(source: object) -> Expression:
    """Read a value from SQL text; raises SpecError that says what cannot be read and where.

    >>> parse_value("lower(split_part(page, '?', 1))")
    parse_value("lower(split_part(page, '?', 1))")
    """
    if isinstance(source, Expression):
        return source
    if not isinstance(source, str) or not source.strip():
        raise SpecError(f"An expression is a text such as lower(page), not {quoted(source)}.")
    return read_expression(source)
