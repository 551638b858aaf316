"""A clause as a Polars expression that is true or false, never null."""

import polars as pl

from explorer.plan.bound import Meaning
from explorer.plan.in_polars.like import like_pattern
from explorer.plan.in_polars.value import Values
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
from explorer.spec.expression.regexp import checked_regexp
from explorer.spec.expression.tree import Right, said


def expression(node: Expression, schema: Schema, zone: str | None = None, now: int | None = None) -> pl.Expr:
    """The value of an expression for every row; raises SpecError for an unknown column or a kind that does not fit.

    Times without an offset are read in `zone` beside aware columns; `now` is in microseconds since 1970.

    >>> from explorer.spec.expression.clause import parse_value
    >>> frame = pl.DataFrame({"user": ["ann", None], "device": ["d1", "d2"]})
    >>> frame.select(expression(parse_value("coalesce(user, device)"), frame.schema)).to_series().to_list()
    ['ann', 'd2']
    """
    found: pl.Expr = _values(schema, zone, now).value(node)
    return found


def _values(schema: Schema, zone: str | None, now: int | None) -> Values:
    return Values(Meaning(schema, zone, now), lambda clause: predicate(clause, schema, zone, now))


def predicate(clause: Clause, schema: Schema, zone: str | None = None, now: int | None = None) -> pl.Expr:
    """The rows where the clause holds. Times without an offset are read in `zone` beside aware columns.

    Raises SpecError for an unknown column or a value that does not fit.

    >>> from explorer.spec.expression.clause import parse
    >>> frame = pl.DataFrame({"a": [1, None, 3]})
    >>> frame.select(predicate(parse("NOT a > 1"), frame.schema)).to_series().to_list()
    [True, True, False]
    """
    match clause:
        case All(inner):
            parts = [predicate(part, schema, zone, now) for part in inner]
            return pl.all_horizontal(parts) if parts else _always(True)
        case Any(inner):
            parts = [predicate(part, schema, zone, now) for part in inner]
            return pl.any_horizontal(parts) if parts else _always(False)
        case Not(part):
            return ~predicate(part, schema, zone, now)
        case Compare() | Between() | In() | Matches() | IsNull() if not (is_simple(clause) and clause.column in schema):
            found: pl.Expr = _values(schema, zone, now).leaf(clause)
            return found
    return _simple(clause, schema, zone)


def _simple(clause: Clause, schema: Schema, zone: str | None) -> pl.Expr:
    """A condition on one column and values that are said."""
    column = str(getattr(clause, "column", ""))
    match clause:
        case IsNull():
            return pl.col(column).is_null()
        case Compare(_, op, value):
            return _compare(_column(column, schema), op, _literal(column, value, schema, zone))
        case Between(_, low, high):
            low_value, high_value = _literal(column, low, schema, zone), _literal(column, high, schema, zone)
            return _column(column, schema).is_between(low_value, high_value).fill_null(False)
        case In(_, values):
            parts = [_column(column, schema).eq_missing(_literal(column, value, schema, zone)) for value in values]
            return pl.any_horizontal(parts) if parts else _always(False)
        case Matches(_, op, pattern):
            return _matches(column, op, str(pattern), dtype_of(column, schema))
    raise TypeError(f"{type(clause).__name__} is not a clause")


def _always(answer: bool) -> pl.Expr:
    # A literal has one row whatever the frame has, and would be counted as one.
    return (pl.int_range(pl.len()) >= 0) == answer


def _column(column: str, schema: Schema) -> pl.Expr:
    # Polars orders an Enum by its list, not as text, and refuses values that are not in the list.
    return pl.col(column).cast(pl.String) if isinstance(dtype_of(column, schema), pl.Enum) else pl.col(column)


def _compare(left: pl.Expr, op: str, value: pl.Expr) -> pl.Expr:
    match op:
        case "=":
            return left.eq_missing(value)
        case "!=":
            return left.ne_missing(value)
        case "<":
            return (left < value).fill_null(False)
        case "<=":
            return (left <= value).fill_null(False)
        case ">":
            return (left > value).fill_null(False)
    return (left >= value).fill_null(False)


def _matches(column: str, op: str, pattern: str, dtype: pl.DataType) -> pl.Expr:
    check_text(column, dtype)
    text = pl.col(column).cast(pl.String).str
    match op:
        case "contains":
            found = text.contains(pattern, literal=True)
        case "starts_with":
            found = text.starts_with(pattern)
        case "ends_with":
            found = text.ends_with(pattern)
        case "regexp":
            found = text.contains(checked_regexp(pattern))
        case _:
            found = text.contains(like_pattern(pattern, any_case=op == "ilike"))
    return found.fill_null(False)


def _literal(column: str, value: Right, schema: Schema, zone: str | None) -> pl.Expr:
    dtype = dtype_of(column, schema)
    found = typed(column, dtype, said(value), zone)
    if isinstance(dtype, pl.Datetime | pl.Date):
        return pl.lit(found, dtype=pl.Int64).cast(pl.Datetime("us", getattr(dtype, "time_zone", None)))
    if isinstance(dtype, pl.Duration):
        return pl.lit(found, dtype=pl.Int64).cast(pl.Duration("us"))
    return pl.lit(found)
