"""A clause as a Polars expression that is true or false, never null."""

import re
from collections.abc import Mapping

import polars as pl

from explorer.errors import SpecError, did_you_mean
from explorer.plan.literal import TEXTS, type_word, typed
from explorer.spec.clause import All, Any, Between, Clause, Compare, In, IsNull, Matches, Not, Value

Schema = Mapping[str, pl.DataType]


def predicate(clause: Clause, schema: Schema, zone: str | None = None) -> pl.Expr:
    """The rows where the clause holds. Times without an offset are read in `zone` beside aware columns.

    Raises SpecError for an unknown column or a value that does not fit.

    >>> from explorer.spec.clause import parse
    >>> frame = pl.DataFrame({"a": [1, None, 3]})
    >>> frame.select(predicate(parse("NOT a > 1"), frame.schema)).to_series().to_list()
    [True, True, False]
    """
    match clause:
        case All(inner):
            parts = [predicate(part, schema, zone) for part in inner]
            return pl.all_horizontal(parts) if parts else _always(True)
        case Any(inner):
            parts = [predicate(part, schema, zone) for part in inner]
            return pl.any_horizontal(parts) if parts else _always(False)
        case Not(part):
            return ~predicate(part, schema, zone)
        case IsNull(column):
            _dtype(column, schema)
            return pl.col(column).is_null()
        case Compare(column, op, value):
            return _compare(_column(column, schema), op, _literal(column, value, schema, zone))
        case Between(column, low, high):
            low_value, high_value = _literal(column, low, schema, zone), _literal(column, high, schema, zone)
            return _column(column, schema).is_between(low_value, high_value).fill_null(False)
        case In(column, values):
            parts = [_column(column, schema).eq_missing(_literal(column, value, schema, zone)) for value in values]
            return pl.any_horizontal(parts) if parts else _always(False)
        case Matches(column, op, pattern):
            return _matches(column, op, pattern, _dtype(column, schema))
    raise TypeError(f"{type(clause).__name__} is not a clause")


def _always(answer: bool) -> pl.Expr:
    # A literal has one row whatever the frame has, and would be counted as one.
    return (pl.int_range(pl.len()) >= 0) == answer


def _column(column: str, schema: Schema) -> pl.Expr:
    # Polars orders an Enum by its list, not as text, and refuses values that are not in the list.
    return pl.col(column).cast(pl.String) if isinstance(_dtype(column, schema), pl.Enum) else pl.col(column)


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
    if not isinstance(dtype, TEXTS):
        raise SpecError(f"'{column}' is a {type_word(dtype)}, not a text. Compare it with =, < or BETWEEN.")
    text = pl.col(column).cast(pl.String).str
    match op:
        case "contains":
            found = text.contains(pattern, literal=True)
        case "starts_with":
            found = text.starts_with(pattern)
        case "ends_with":
            found = text.ends_with(pattern)
        case "regexp":
            found = text.contains(_checked(pattern))
        case _:
            found = text.contains(like_pattern(pattern, any_case=op == "ilike"))
    return found.fill_null(False)


def like_pattern(pattern: str, any_case: bool = False) -> str:
    """A LIKE pattern as a regular expression: `%` is any text, `_` one character.

    >>> like_pattern("50%_")
    '(?s)^50.*.$'
    """
    parts = (".*" if char == "%" else "." if char == "_" else re.escape(char) for char in pattern)
    return f"(?{'is' if any_case else 's'})^{''.join(parts)}$"


def _checked(pattern: str) -> str:
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except pl.exceptions.ComputeError as error:
        said = [line.removeprefix("error: ") for line in str(error).splitlines() if line.startswith("error: ")]
        reason = said[0] if said else "it cannot be read"
        raise SpecError(f"'{pattern}' is not a regular expression: {reason}.") from None
    return pattern


def _literal(column: str, value: Value, schema: Schema, zone: str | None) -> pl.Expr:
    dtype = _dtype(column, schema)
    found = typed(column, dtype, value, zone)
    if isinstance(dtype, pl.Datetime | pl.Date):
        return pl.lit(found, dtype=pl.Int64).cast(pl.Datetime("us", getattr(dtype, "time_zone", None)))
    if isinstance(dtype, pl.Duration):
        return pl.lit(found, dtype=pl.Int64).cast(pl.Duration("us"))
    if isinstance(found, int) and not isinstance(found, bool) and not -(2**63) <= found < 2**63:
        return pl.lit(float(found))
    return pl.lit(found)


def _dtype(column: str, schema: Schema) -> pl.DataType:
    if column not in schema:
        raise SpecError(f"there is no column '{column}'. {did_you_mean(column, schema)}")
    return schema[column]
