"""Functions that choose among values, and those about nulls."""

from typing import Any

from sqlglot import exp

from explorer.spec.expression.functions.building import call, where
from explorer.spec.expression.functions.table import SKIPS_NULLS, Function, forms


def _known(p: Any, values: tuple[Any, ...]) -> Any:
    return p.all_horizontal(*(value.is_not_null() for value in values))


def _known_sql(name: str) -> Any:
    def written(to: str, *values: exp.Expr) -> exp.Expr:
        found = call(name, *values)
        asked = [value for value in values if not isinstance(value, exp.Literal)]
        if not asked or to in ("bigquery", "snowflake"):  # where one null is enough for null
            return found
        return where(exp.and_(*(exp.not_(value.copy().is_(exp.null())) for value in asked)), found)

    return written


GROUP = "Choices"
CHOICES = (
    Function(
        "least", GROUP, "smallest of several", "the smallest of {*}", "least(3, 2)", 2, forms("XX>X"), many=True,
        polars=lambda p, *values: p.when(_known(p, values)).then(p.min_horizontal(*values)), sql=_known_sql("LEAST"),
    ),
    Function(
        "greatest", GROUP, "largest of several", "the largest of {*}", "greatest(3, 2)", 3, forms("XX>X"), many=True,
        polars=lambda p, *values: p.when(_known(p, values)).then(p.max_horizontal(*values)),
        sql=_known_sql("GREATEST"),
    ),
    Function(
        "coalesce", GROUP, "first that is there", "the first of {*} that is not null", "coalesce(NULL, 'b')", "b",
        forms("X>X"), many=True, nulls=SKIPS_NULLS, also=("ifnull",), polars=lambda p, *values: p.coalesce(*values),
        sql=lambda to, first, *others: exp.Coalesce(this=first, expressions=list(others)) if others else first,
    ),
    Function(
        "nullif", GROUP, "null for one value", "{0}, but null for {1}", "nullif('a', 'a')", None, forms("XX>X"),
        polars=lambda p, value, other: p.when(value.ne_missing(other)).then(value),
        sql=lambda to, value, other: exp.Nullif(this=value, expression=other),
        nulls="null where the first value is null or both are equal",
    ),
)  # fmt: skip
