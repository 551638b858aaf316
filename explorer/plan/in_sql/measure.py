"""An aggregate over the events of each session, as SQL inside a group."""

import polars as pl
from sqlglot import exp

from explorer.errors import EngineError
from explorer.plan.in_polars.measure import EMPTY, check_type
from explorer.plan.in_sql.dialect import Dialect
from explorer.spec.metric import Metric

SIMPLE = {"sum": exp.Sum, "mean": exp.Avg, "min": exp.Min, "max": exp.Max}


def aggregate(
    metric: Metric,
    value: exp.Expr | None,
    dtype: pl.DataType | None,
    condition: exp.Expr | None,
    time_us: exp.Expr,
    place: exp.Expr,
    dialect: Dialect,
) -> exp.Expr:
    """The aggregate of `value` over a session's events where `condition` holds; nulls are not values.

    Durations, also that of `time_to`, are whole microseconds. Raises SpecError for a type that has none, EngineError
    where the dialect has none.
    """
    name = metric.aggregate
    if value is None or dtype is None:
        return _over_events(name, condition, time_us, dialect)
    check_type(metric, dtype)
    match name:
        case "n_unique":
            return _filtered(exp.Count(this=exp.Distinct(expressions=[value])), condition, dialect)
        case "first" | "last":
            known = exp.and_(*([condition] if condition else []), exp.not_(value.is_(exp.null())))
            return _at_place(value, known, place, name == "last", dialect)
    if name in SIMPLE:
        found = _filtered(SIMPLE[name](this=value), condition, dialect)
        return exp.Coalesce(this=found, expressions=[exp.Literal.number(0)]) if name in EMPTY else found
    number = exp.cast(value, "double") if isinstance(dtype, pl.Decimal) else value
    percent = 50 if name == "median" else int(name[1:])
    return _filtered(_quantile(number, percent, dialect), condition, dialect)


def happened(condition: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Whether a session has an event where the condition holds."""
    return exp.GT(this=count(condition, dialect), expression=exp.Literal.number(0))


def count(condition: exp.Expr, dialect: Dialect) -> exp.Expr:
    """How many rows there are where the condition holds."""
    if dialect.name in ("bigquery", "snowflake"):
        return exp.CountIf(this=condition)
    # DuckDB's count_if is null, not 0, where every condition is.
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition))


def _over_events(name: str, condition: exp.Expr | None, time_us: exp.Expr, dialect: Dialect) -> exp.Expr:
    if name == "time_to":
        first = _filtered(exp.Min(this=time_us), condition, dialect)
        return exp.Sub(this=first, expression=exp.Min(this=time_us.copy()))
    if name == "any":
        return exp.true() if condition is None else happened(condition, dialect)
    return exp.Count(this=exp.Star()) if condition is None else count(condition, dialect)


def _filtered(function: exp.Expr, condition: exp.Expr | None, dialect: Dialect) -> exp.Expr:
    if condition is None:
        return function
    if dialect.name != "clickhouse":
        return exp.Filter(this=function, expression=exp.Where(this=condition))
    # ClickHouse answers 0 for the least of no numbers, and null only for the least of nulls.
    inner = function.args["params"][0] if isinstance(function, exp.ParameterizedAgg) else function.this
    value = inner.expressions[0] if isinstance(inner, exp.Distinct) else inner
    value.replace(exp.Case().when(condition, value.copy()))
    return function


def _at_place(value: exp.Expr, known: exp.Expr, place: exp.Expr, last: bool, dialect: Dialect) -> exp.Expr:
    if dialect.name == "postgres":
        listed = exp.ArrayAgg(this=exp.Order(this=value, expressions=[dialect.ordered(place, descending=last)]))
        found = exp.Filter(this=listed, expression=exp.Where(this=known))
        return exp.Bracket(this=exp.Paren(this=found), expressions=[exp.Literal.number(1)], offset=1)
    function = exp.ArgMax if last else exp.ArgMin
    if dialect.name in ("duckdb", "spark"):
        return _filtered(function(this=value, expression=place), known, dialect)
    return function(this=value, expression=exp.Case().when(known, place))


def _quantile(value: exp.Expr, percent: int, dialect: Dialect) -> exp.Expr:
    """An exact percentile with linear interpolation."""
    share = exp.Literal.number(percent / 100)
    match dialect.name:
        case "duckdb" if percent == 50:
            return exp.Median(this=value)
        case "duckdb":
            return exp.func("QUANTILE_CONT", value, share)
        case "clickhouse":
            return exp.ParameterizedAgg(this="quantileExactInclusive", expressions=[share], params=[value])
        case "spark":
            return exp.Anonymous(this="PERCENTILE", expressions=[value, share])
        case "bigquery":
            raise EngineError("BigQuery has no exact percentile of a group. Use mean, min or max there.")
    ordered = exp.Order(expressions=[dialect.ordered(value)])
    return exp.WithinGroup(this=exp.PercentileCont(this=share), expression=ordered)
