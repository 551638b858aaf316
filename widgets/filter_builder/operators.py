"""The one table of operators: their words, the types they fit, the clause that each makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any as Anything
from typing import Literal, cast

import polars as pl

from explorer.errors import SpecError
from explorer.plan.literal import typed
from explorer.spec.expression.clause import (
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
    is_simple,
)
from explorer.spec.expression.regexp import checked_regexp
from explorer.spec.expression.tree import Leaf, Right, said, sides

DTYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "number": pl.Float64(),
    "time": pl.Datetime("us"),
    "duration": pl.Duration("us"),
    "bool": pl.Boolean(),
}
Takes = Literal["nothing", "one", "two", "many"]


@dataclass(frozen=True)
class Operator:
    """A row of the operator menu; beside a type that has no words here it is shown only where it stands already."""

    key: str
    make: Callable[..., Clause]
    words: dict[str, str]
    takes: Takes = "one"
    pattern: bool = False

    def plain(self) -> dict[str, Anything]:
        other = next(iter(self.words.values()))
        return {"key": self.key, "takes": self.takes, "pattern": self.pattern, "words": self.words, "other": other}


def _compare(op: str, column: str, value: Value) -> Clause:
    return Compare(column, cast(CompareOp, op), value)


def _match(op: str, column: str, pattern: str) -> Clause:
    return Matches(column, cast(MatchOp, op), pattern)


def _among(column: str, *values: Value) -> Clause:
    return In(column, values)


def _not(make: Callable[..., Clause]) -> Callable[..., Clause]:
    return lambda column, *values: Not(make(column, *values))


def _comparing(op: str, **words: str) -> Operator:
    return Operator(op, partial(_compare, op), words)


def _matching(op: str, words: str) -> Operator:
    return Operator(op, partial(_match, op), {"text": words}, pattern=True)


def _every(words: str, *types: str) -> dict[str, str]:
    return dict.fromkeys(types or DTYPES, words)


SIZED = ("number", "duration", "time")
LISTED = ("text", "number")
OPERATORS = (
    _comparing("=", number="=", duration="=", text="is", time="is exactly"),
    _comparing("!=", number="≠", duration="≠", text="is not", time="is not"),
    _comparing("<", number="<", duration="<", time="is before"),
    _comparing("<=", number="≤", duration="≤", time="is up to"),
    _comparing(">", number=">", duration=">", time="is after"),
    _comparing(">=", number="≥", duration="≥", time="is from"),
    Operator("between", Between, _every("is between", *SIZED), "two"),
    Operator("not_between", _not(Between), _every("is not between", *SIZED), "two"),
    Operator("in", _among, _every("is one of", *LISTED), "many"),
    Operator("not_in", _not(_among), _every("is none of", *LISTED), "many"),
    _matching("contains", "contains"),
    Operator("not_contains", _not(partial(_match, "contains")), {"text": "does not contain"}, pattern=True),
    _matching("starts_with", "starts with"),
    _matching("ends_with", "ends with"),
    _matching("like", "is like (% and _)"),
    _matching("ilike", "is like, any case"),
    _matching("regexp", "matches regex"),
    Operator("true", lambda column: Compare(column, "=", True), {"bool": "is true"}, "nothing"),
    Operator("false", lambda column: Compare(column, "=", False), {"bool": "is false"}, "nothing"),
    Operator("null", IsNull, _every("is empty"), "nothing"),
    Operator("not_null", _not(IsNull), _every("is not empty"), "nothing"),
)
BY_KEY = {operator.key: operator for operator in OPERATORS}


def taken_apart(clause: Clause) -> tuple[str, str, tuple[Right, ...]] | None:
    """The operator, the column and the values that say a clause; None where it takes more than one rule."""
    match clause:
        case Compare() | Between() | In() | Matches() | IsNull() if _is_a_row(clause):
            column, values = str(clause.column), sides(clause)
            match clause:
                case Compare(_, "=", bool() as truth):
                    return ("true" if truth else "false"), column, ()
                case Compare(_, op, _) | Matches(_, op, _):
                    return op, column, values
                case Between():
                    return "between", column, values
                case In():
                    return "in", column, values
            return "null", column, ()
        case Not(Between() | In() | IsNull() | Matches(_, "contains", _) as inner) if _is_a_row(inner):
            key, column, values = cast(tuple[str, str, tuple[Right, ...]], taken_apart(inner))
            return f"not_{key}", column, values
    return None


def _is_a_row(clause: Leaf) -> bool:
    """Whether a rule can show it: a column, and values, other columns or expressions where one or two are compared."""
    return is_simple(clause) or (isinstance(clause, Compare | Between) and isinstance(clause.column, str))


def problems(clause: Clause, kind: str) -> Iterator[tuple[int, str]]:
    """What does not fit a column of that type, each with the place of the value."""
    key, column, values = cast(tuple[str, str, tuple[Right, ...]], taken_apart(clause))
    for place, value in enumerate(values):
        try:
            if not BY_KEY[key].pattern:
                typed(column, DTYPES[kind], said(value))
            elif kind != "text":
                raise SpecError(f"'{column}' is a {kind}, not a text. Choose another operator.")
            elif key == "regexp":
                checked_regexp(cast(str, value))
        except SpecError as error:
            yield place, str(error)
