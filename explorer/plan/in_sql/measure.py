"""An aggregate over the events of each session, as SQL inside a group."""

import polars as pl
from sqlglot import exp

from explorer.errors import EngineError
from explorer.plan.in_polars.measure import check_type
from explorer.plan.in_sql.dialect import Dialect
from explorer.spec.aggregates import AGGREGATES, Aggregate
from explorer.spec.metric import Metric


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
    row = AGGREGATES[name]

    def whole(found: exp.Expr) -> exp.Expr:
        return dialect.whole(found) if row.between and isinstance(dtype, pl.Duration) else found

    if row.only_in and dialect.name not in row.only_in:
        raise EngineError(f"'{name}' is not written for {dialect.spoken}. Use n_unique, first or last there.")
    if row.keeps_order:
        known = exp.and_(*([condition] if condition else []), exp.not_(value.is_(exp.null())))
        return _in_order(row, value, known, place, dialect)
    if dtype == pl.Boolean and row.takes:  # counted as 1 and 0
        value = exp.cast(value, "int")
    if row.sql is not None:
        found = _filtered(row.sql(value), condition, dialect)
        if row.name == "std" and dialect.name == "clickhouse":  # of one value it is no number there, and null elsewhere
            number: exp.Expr = exp.Anonymous(this="ifNotFinite", expressions=[found.copy(), exp.Literal.number(0)])
            found = exp.Case().when(exp.not_(exp.IsNan(this=found)), whole(number))
        else:
            found = whole(found)
        return found if row.nothing is None else exp.Coalesce(this=found, expressions=[exp.convert(row.nothing)])
    number = exp.cast(value, "double") if isinstance(dtype, pl.Decimal) else value
    percent = 50 if name == "median" else int(name[1:])
    return whole(_filtered(_quantile(number, percent, dialect), condition, dialect))


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


def _in_order(row: Aggregate, value: exp.Expr, known: exp.Expr, place: exp.Expr, dialect: Dialect) -> exp.Expr:
    """An aggregate that depends on the order of events, of the values where `known` holds."""
    assert row.sql is not None
    if row.name == "mode":
        return _filtered(row.sql(value, place), known, dialect)
    if dialect.name == "postgres":
        by = dialect.ordered(place, descending=row.name == "last")
        listed = exp.ArrayAgg(this=exp.Order(this=value, expressions=[by]))
        found = exp.Filter(this=listed, expression=exp.Where(this=known))
        return exp.Bracket(this=exp.Paren(this=found), expressions=[exp.Literal.number(1)], offset=1)
    if dialect.name in ("duckdb", "spark"):
        return _filtered(row.sql(value, place), known, dialect)
    return row.sql(value, exp.Case().when(known, place))


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
