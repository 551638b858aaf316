"""A metric of a pattern of events as SQL inside a group: a letter for each event, and a regular expression."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from explorer.errors import EngineError
from explorer.plan.in_polars.pattern import LETTERS, OTHER, regular_expression
from explorer.plan.in_sql.dialect import Dialect
from explorer.spec.metric import Metric
from explorer.spec.pattern import Pattern


def of_pattern(
    metric: Metric,
    pattern: Pattern,
    elements: Sequence[exp.Expr],
    condition: exp.Expr | None,
    time_us: exp.Expr,
    place: exp.Expr,
    dialect: Dialect,
) -> exp.Expr:
    """What a metric of a pattern is in each session; `elements` say which events match each. Raises EngineError.

    Only DuckDB's regular expressions are known to take the same of several matches as those that count here.
    """
    if dialect.name != "duckdb":
        raise EngineError(
            f"The pattern of '{metric.name}' is not written for {dialect.spoken}. Use the SQL for DuckDB, or the "
            "Polars code."
        )
    word, regex = put_together(letter(elements), place, dialect, condition), regular_expression(pattern)
    match metric.aggregate:
        case "any":
            return exp.func("regexp_matches", word, exp.Literal.string(regex))
        case "matches":
            return exp.func("len", exp.func("regexp_extract_all", word, exp.Literal.string(regex)))
    order = exp.Order(this=time_us, expressions=[exp.Ordered(this=place.copy(), nulls_first=False)])
    times: exp.Expr = exp.Anonymous(this="list", expressions=[order])
    if condition is not None:
        times = exp.Filter(this=times, expression=exp.Where(this=condition.copy()))

    def length(expression: str, group: int) -> exp.Expr:
        found = exp.Anonymous(
            this="regexp_extract", expressions=[word.copy(), exp.Literal.string(expression), exp.Literal.number(group)]
        )
        return exp.func("length", found)

    before, its = length(rf"^([\s\S]*?)(?:{regex})", 1), length(f"({regex})", 1)
    one = exp.Literal.number(1)
    first = exp.Anonymous(this="list_extract", expressions=[times, exp.Add(this=before, expression=one)])
    last = exp.Anonymous(this="list_extract", expressions=[times.copy(), exp.Add(this=before.copy(), expression=its)])
    there = exp.func("regexp_matches", word.copy(), exp.Literal.string(regex))
    return exp.Case().when(there, exp.Sub(this=last, expression=first))


def letter(elements: Sequence[exp.Expr]) -> exp.Expr:
    """The letter of an event."""
    found = exp.Case()
    for sign, element in zip(LETTERS, elements, strict=False):
        found = found.when(element, exp.Literal.string(sign))
    return found.else_(exp.Literal.string(OTHER))


def put_together(
    value: exp.Expr, place: exp.Expr, dialect: Dialect, condition: exp.Expr | None = None, between: str = ""
) -> exp.Expr:
    """The texts of a group in the order of a place, as one."""
    if dialect.name in ("clickhouse", "spark"):
        return _of_list(value, place, dialect, between)
    order = exp.Order(this=value, expressions=[exp.Ordered(this=place.copy(), nulls_first=False)])
    found: exp.Expr = exp.GroupConcat(this=order, separator=exp.Literal.string(between))
    if condition is not None:
        found = exp.Filter(this=found, expression=exp.Where(this=condition.copy()))
    return exp.Coalesce(this=found, expressions=[exp.Literal.string("")])


def _of_list(value: exp.Expr, place: exp.Expr, dialect: Dialect, between: str) -> exp.Expr:
    """The same where texts are put together from a list, which is sorted by the place."""

    def call(name: str, *values: exp.Expr) -> exp.Expr:
        return exp.Anonymous(this=name, expressions=list(values))

    each, sign = exp.to_identifier("each"), exp.Literal.string(between)
    if dialect.name == "clickhouse":
        listed = call("arraySort", call("groupArray", call("tuple", place.copy(), value)))
        text = exp.Lambda(this=call("tupleElement", exp.column(each), exp.Literal.number(2)), expressions=[each])
        return call("arrayStringConcat", call("arrayMap", text, listed), sign)
    fields = (exp.Literal.string("place"), place.copy(), exp.Literal.string("text"), value)
    listed = call("SORT_ARRAY", call("COLLECT_LIST", call("NAMED_STRUCT", *fields)))
    its = exp.Lambda(this=exp.Dot(this=each.copy(), expression=exp.to_identifier("text")), expressions=[each])
    return call("ARRAY_JOIN", call("TRANSFORM", listed, its), sign)
