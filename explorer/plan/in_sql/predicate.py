"""A clause as a SQL condition."""

from collections.abc import Mapping

import polars as pl
from sqlglot import exp

from explorer.plan.bound import Meaning
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.matching import matches
from explorer.plan.in_sql.value import Values
from explorer.plan.literal import typed
from explorer.plan.meaning import Schema, check_text, dtype_of
from explorer.spec.expression.clause import (
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
    is_simple,
)
from explorer.spec.expression.tree import Right, said

COMPARE = {"<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
TURNED = {"=": "!=", "!=": "="}


def predicate(
    clause: Clause,
    schema: Schema,
    dialect: Dialect,
    zone: str | None = None,
    columns: Mapping[str, exp.Expr] | None = None,
    definite: bool = False,
    now: int | None = None,
) -> exp.Expr:
    """A condition that is true where the clause holds and not true elsewhere; with `definite`, false there, never null.

    `columns` says what stands for a column, else its name does. Times without an offset are read in `zone` beside
    aware columns; durations are whole microseconds. Raises SpecError for an unknown column or an unfit value.

    >>> from explorer.spec.expression.clause import parse
    >>> condition = predicate(parse("NOT (a = 'x' OR b > 1)"), {"a": pl.String(), "b": pl.Int64()}, Dialect())
    >>> condition.sql("duckdb")
    "NOT (a IS NOT DISTINCT FROM 'x' OR COALESCE(b > 1, FALSE))"
    """
    return _Writer(schema, dialect, zone, columns or {}, now).condition(clause, definite)


def expression(
    node: Expression,
    schema: Schema,
    dialect: Dialect,
    zone: str | None = None,
    columns: Mapping[str, exp.Expr] | None = None,
    now: int | None = None,
) -> exp.Expr:
    """The value of an expression; durations are whole microseconds. Raises SpecError as `predicate` does.

    >>> from explorer.spec.expression.clause import parse_value
    >>> value = expression(parse_value("coalesce(a, b)"), {"a": pl.String(), "b": pl.String()}, Dialect())
    >>> value.sql("duckdb")
    'COALESCE(a, b)'
    """
    return _Writer(schema, dialect, zone, columns or {}, now).values.value(node)


class _Writer:
    def __init__(
        self,
        schema: Schema,
        dialect: Dialect,
        zone: str | None,
        columns: Mapping[str, exp.Expr],
        now: int | None = None,
    ) -> None:
        self.schema, self.dialect, self.zone, self.columns = schema, dialect, zone, columns
        meaning = Meaning(schema, zone, now)
        self.values = Values(meaning, dialect, lambda clause: self.condition(clause, definite=True), self.column)

    def condition(self, clause: Clause, definite: bool) -> exp.Expr:
        match clause:
            case All(inner):
                return exp.and_(*(self.condition(part, definite) for part in inner)) if inner else exp.true()
            case Any(inner):
                return exp.or_(*(self.condition(part, definite) for part in inner)) if inner else exp.false()
            case Compare() | Between() | In() | Matches() | IsNull() if not self.is_simple(clause):
                return self.values.leaf(clause, definite)
            case Not(Compare(column, op, value)) if op in TURNED:
                return self.condition(Compare(column, TURNED[op], value), definite)  # type: ignore[arg-type]
            case Not(part):
                return exp.not_(self.condition(part, definite=True))
        column = str(getattr(clause, "column", ""))
        match clause:
            case IsNull():
                return self.column(column).is_(exp.null())
            case In(_, ()):
                return exp.false()
            case Compare(_, "!=", value):
                return self.dialect.differs(self.comparable(column), self.literal(column, value))
            case Compare(_, "=", value) if definite and self.dialect.name != "clickhouse":
                return self.dialect.same(self.comparable(column), self.literal(column, value))
        found = self.leaf(clause, column)
        return exp.Coalesce(this=found, expressions=[exp.false()]) if definite else found

    def leaf(self, clause: Clause, column: str) -> exp.Expr:
        match clause:
            case Compare(_, op, value):
                kind = COMPARE.get(op, exp.EQ)
                return kind(this=self.comparable(column), expression=self.literal(column, value))
            case Between(_, low, high):
                ends = {"low": self.literal(column, low), "high": self.literal(column, high)}
                return exp.Between(this=self.comparable(column), **ends)
            case In(_, values):
                known = [self.literal(column, value) for value in values]
                return exp.In(this=self.comparable(column), expressions=known)
            case Matches(_, op, pattern):
                check_text(column, dtype_of(column, self.schema))
                return matches(self.column(column), op, str(pattern), self.dialect)
        raise TypeError(f"{type(clause).__name__} is not a clause")

    def is_simple(self, leaf: Compare | Between | In | Matches | IsNull) -> bool:
        return is_simple(leaf) and leaf.column in self.schema

    def column(self, column: str) -> exp.Expr:
        dtype_of(column, self.schema)
        return self.columns[column].copy() if column in self.columns else self.dialect.column(column)

    def comparable(self, column: str) -> exp.Expr:
        dtype = dtype_of(column, self.schema)
        found = self.column(column)
        return self.dialect.comparable(found, dtype) if isinstance(dtype, pl.Datetime | pl.Date) else found

    def literal(self, column: str, value: Right) -> exp.Expr:
        dtype = dtype_of(column, self.schema)
        found = typed(column, dtype, said(value), self.zone)
        if isinstance(found, str):
            return exp.Literal.string(found)
        if isinstance(found, bool):
            return exp.convert(found)
        if isinstance(dtype, pl.Datetime | pl.Date):
            return self.dialect.time(int(found), aware=getattr(dtype, "time_zone", None) is not None)
        return self.dialect.number(found)
