"""A clause as Polars code that is true or false, never null."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from explorer.code.plain.literals import bracketed, length_code, time_code
from explorer.code.plain.recorder import Written
from explorer.code.plain.recorder import quoted as quoted
from explorer.plan.bound import Meaning
from explorer.plan.column_text import expression_of, type_of
from explorer.plan.in_polars.like import like_pattern
from explorer.plan.in_polars.predicate import expression, predicate
from explorer.plan.in_polars.value import Values
from explorer.plan.literal import typed
from explorer.plan.meaning import Schema, dtype_of
from explorer.spec.expression.tree import (
    All,
    Any,
    Between,
    Clause,
    Compare,
    Expression,
    In,
    IsNull,
    Matches,
    Not,
    Right,
    is_simple,
    said,
)

PARTS = {"contains": "contains", "starts_with": "starts_with", "ends_with": "ends_with"}


class Conditions:
    """Writes conditions over columns of these types; `names` is what a column is called in the script.

    `always` is a column that is never null.
    """

    def __init__(
        self,
        schema: Schema,
        zone: str | None,
        always: str,
        names: Mapping[str, str] | None = None,
        now: int | None = None,
    ) -> None:
        self.schema, self.zone, self.always, self.names, self.now = schema, zone, always, names or {}, now
        self.values = Values(
            Meaning(schema, zone, now),
            lambda clause: Written(bracketed(self._code(clause))),
            Written("pl"),
            lambda name: Written(self.column(name)),
        )

    def code(self, clause: Clause) -> str:
        """The rows where the clause holds, in brackets where it is joined; raises SpecError as `predicate` does.

        >>> from explorer.spec.expression.clause import parse
        >>> print(Conditions({"a": pl.Int64()}, None, "a").code(parse("NOT a > 1")))
        ~(pl.col("a") > 1).fill_null(False)
        """
        predicate(clause, self.schema, self.zone, self.now)
        return self._code(clause)

    def value(self, node: Expression) -> str:
        """The value of an expression; raises SpecError as `expression` does.

        >>> from explorer.spec.expression.clause import parse_value
        >>> print(Conditions({"a": pl.String()}, None, "a").value(parse_value("lower(a)")))
        pl.col("a").str.to_lowercase()
        """
        expression(node, self.schema, self.zone, self.now)
        return self.values.value(node).text

    def asked(self, clause: Clause) -> str:
        """The same, so that a method can be called on it: `~a.any()` would turn around what `any` says.

        >>> from explorer.spec.expression.clause import parse
        >>> print(Conditions({"a": pl.Int64()}, None, "a").asked(parse("NOT a IS NULL")))
        (~pl.col("a").is_null())
        """
        code = self.code(clause)
        return bracketed(code) if code.startswith("~") else code

    def said(self, text: str) -> str:
        """A column by its name, or an expression by its text; raises SpecError."""
        if text in self.schema:
            return self.column(text)
        return bracketed(self.value(expression_of(text, self.schema)))

    def type_of(self, text: str) -> pl.DataType:
        """The type of a column, or of an expression."""
        return type_of(text, self.schema, self.zone, self.now)

    def column(self, name: str) -> str:
        """A column by its name in the script."""
        return f"pl.col({quoted(self.names.get(name, name))})"

    def _code(self, clause: Clause) -> str:
        match clause:
            case All(inner) | Any(inner) if len(inner) == 1:
                return self._code(inner[0])
            case All(inner) if inner:
                return bracketed(" & ".join(map(self._code, inner)))
            case Any(inner) if inner:
                return bracketed(" | ".join(map(self._code, inner)))
            case All():
                return f"{self.column(self.always)}.is_not_null()"
            case Any():
                return f"{self.column(self.always)}.is_null()"
            case Not(part):
                return f"~{self._code(part)}"
            case Compare() | Between() | In() | Matches() | IsNull() if not (
                is_simple(clause) and clause.column in self.schema
            ):
                return self.values.leaf(clause).text
        return self._simple(clause, str(getattr(clause, "column", "")))

    def _simple(self, clause: Clause, column: str) -> str:
        """A condition on one column and values that are said."""
        match clause:
            case IsNull():
                return f"{self.column(column)}.is_null()"
            case Matches():
                return self._matches(clause)
            case Compare(_, ("=" | "!=") as op, value):
                method = "eq_missing" if op == "=" else "ne_missing"
                return f"{self._compared(column)}.{method}({self._value(column, value)})"
            case Compare(_, op, value):
                return f"({self._compared(column)} {op} {self._value(column, value)}).fill_null(False)"
            case Between(_, low, high):
                ends = ", ".join(self._value(column, end, literal=True) for end in (low, high))
                return f"{self._compared(column)}.is_between({ends}).fill_null(False)"
            case In(_, values):
                return self._among(column, values)
        raise TypeError(f"{type(clause).__name__} is not a clause")

    def _among(self, column: str, values: tuple[Right, ...]) -> str:
        left = self._compared(column)
        if all(isinstance(value, str) for value in values) and self._is_text(column):
            return f"{left}.is_in([{', '.join(quoted(str(value)) for value in values)}]).fill_null(False)"
        parts = [f"{left}.eq_missing({self._value(column, value)})" for value in values]
        return parts[0] if len(parts) == 1 else bracketed(" | ".join(parts))

    def _matches(self, clause: Matches) -> str:
        text, pattern = f"{self._compared(str(clause.column))}.str", str(clause.pattern)
        match clause.op:
            case "contains":
                found = f"{text}.contains({quoted(pattern)}, literal=True)"
            case "starts_with" | "ends_with":
                found = f"{text}.{clause.op}({quoted(pattern)})"
            case "regexp":
                found = f"{text}.contains({quoted(pattern)})"
            case _:
                found = f"{text}.contains({quoted(like_pattern(pattern, clause.op == 'ilike'))})"
        return f"{found}.fill_null(False)"

    def _is_text(self, column: str) -> bool:
        return dtype_of(column, self.schema) in (pl.String, pl.Categorical, pl.Enum)

    def _compared(self, column: str) -> str:
        # Polars orders categories by their list, not as texts.
        dtype = dtype_of(column, self.schema)
        coded = isinstance(dtype, pl.Categorical | pl.Enum)
        return self.column(column) + (".cast(pl.String)" if coded else "")

    def _value(self, column: str, value: Right, literal: bool = False) -> str:
        dtype = dtype_of(column, self.schema)
        found = typed(column, dtype, said(value), self.zone)
        if isinstance(dtype, pl.Duration):
            return length_code(timedelta(microseconds=int(found)))
        if isinstance(dtype, pl.Datetime | pl.Date):
            return time_code(int(found), getattr(dtype, "time_zone", None))
        if isinstance(found, str):
            return f"pl.lit({quoted(found)})" if literal else quoted(found)
        if isinstance(found, float) and repr(found) in ("inf", "-inf", "nan"):
            return f'float("{found}")'
        return repr(found)
