"""A clause as Polars code that is true or false, never null."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from explorer.code.plain.literals import bracketed, length_code, time_code
from explorer.plan.in_polars.predicate import like_pattern, predicate
from explorer.plan.literal import typed
from explorer.plan.meaning import Schema, dtype_of
from explorer.spec.expression.clause import All, Any, Clause, Compare, In, IsNull, Matches, Not, Value
from explorer.spec.expression.clause_tree import Between

PARTS = {"contains": "contains", "starts_with": "starts_with", "ends_with": "ends_with"}


class Conditions:
    """Writes conditions over columns of these types; `names` is what a column is called in the script.

    `always` is a column that is never null.
    """

    def __init__(self, schema: Schema, zone: str | None, always: str, names: Mapping[str, str] | None = None) -> None:
        self.schema, self.zone, self.always, self.names = schema, zone, always, names or {}

    def code(self, clause: Clause) -> str:
        """The rows where the clause holds, in brackets where it is joined; raises SpecError as `predicate` does.

        >>> from explorer.spec.expression.clause import parse
        >>> print(Conditions({"a": pl.Int64()}, None, "a").code(parse("NOT a > 1")))
        ~(pl.col("a") > 1).fill_null(False)
        """
        predicate(clause, self.schema, self.zone)
        return self._code(clause)

    def asked(self, clause: Clause) -> str:
        """The same, so that a method can be called on it: `~a.any()` would turn around what `any` says.

        >>> from explorer.spec.expression.clause import parse
        >>> print(Conditions({"a": pl.Int64()}, None, "a").asked(parse("NOT a IS NULL")))
        (~pl.col("a").is_null())
        """
        code = self.code(clause)
        return bracketed(code) if code.startswith("~") else code

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
            case IsNull(column):
                return f"{self.column(column)}.is_null()"
            case Matches():
                return self._matches(clause)
            case Compare(column, ("=" | "!=") as op, value):
                method = "eq_missing" if op == "=" else "ne_missing"
                return f"{self._compared(column)}.{method}({self._value(column, value)})"
            case Compare(column, op, value):
                return f"({self._compared(column)} {op} {self._value(column, value)}).fill_null(False)"
            case Between(column, low, high):
                ends = ", ".join(self._value(column, end, literal=True) for end in (low, high))
                return f"{self._compared(column)}.is_between({ends}).fill_null(False)"
            case In(column, values):
                return self._among(column, values)
        raise TypeError(f"{type(clause).__name__} is not a clause")

    def _among(self, column: str, values: tuple[Value, ...]) -> str:
        left = self._compared(column)
        if all(isinstance(value, str) for value in values) and self._is_text(column):
            return f"{left}.is_in([{', '.join(quoted(str(value)) for value in values)}]).fill_null(False)"
        parts = [f"{left}.eq_missing({self._value(column, value)})" for value in values]
        return parts[0] if len(parts) == 1 else bracketed(" | ".join(parts))

    def _matches(self, clause: Matches) -> str:
        text = f"{self._compared(clause.column)}.str"
        match clause.op:
            case "contains":
                found = f"{text}.contains({quoted(clause.pattern)}, literal=True)"
            case "starts_with" | "ends_with":
                found = f"{text}.{clause.op}({quoted(clause.pattern)})"
            case "regexp":
                found = f"{text}.contains({quoted(clause.pattern)})"
            case _:
                found = f"{text}.contains({quoted(like_pattern(clause.pattern, clause.op == 'ilike'))})"
        return f"{found}.fill_null(False)"

    def _is_text(self, column: str) -> bool:
        return dtype_of(column, self.schema) in (pl.String, pl.Categorical, pl.Enum)

    def _compared(self, column: str) -> str:
        # Polars orders categories by their list, not as texts.
        dtype = dtype_of(column, self.schema)
        coded = isinstance(dtype, pl.Categorical | pl.Enum)
        return self.column(column) + (".cast(pl.String)" if coded else "")

    def _value(self, column: str, value: Value, literal: bool = False) -> str:
        dtype = dtype_of(column, self.schema)
        found = typed(column, dtype, value, self.zone)
        if isinstance(dtype, pl.Duration):
            return length_code(timedelta(microseconds=int(found)))
        if isinstance(dtype, pl.Datetime | pl.Date):
            return time_code(int(found), getattr(dtype, "time_zone", None))
        if isinstance(found, str):
            return f"pl.lit({quoted(found)})" if literal else quoted(found)
        if isinstance(found, float) and repr(found) in ("inf", "-inf", "nan"):
            return f'float("{found}")'
        return repr(found)


def quoted(text: str) -> str:
    """A text as Python code, in double quotes where that is as short.

    >>> print(quoted("it's"), quoted('a"b'), quoted("a\\\\b"))
    "it's" 'a"b' "a\\\\b"
    """
    single = repr(text)
    if single.startswith('"') or '"' in text:
        return single
    return '"' + single[1:-1].replace("\\'", "'") + '"'
