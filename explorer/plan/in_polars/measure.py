"""An aggregate over the events of each session, as a Polars expression inside a group."""

import polars as pl

from explorer.errors import SpecError
from explorer.plan.literal import type_word
from explorer.spec.metric import PERCENTILE, Metric

NUMERIC = ("sum", "mean", "median")
EMPTY = {"count": 0, "n_unique": 0, "sum": 0, "any": False}


def aggregate(metric: Metric, dtype: pl.DataType) -> pl.Expr:
    """The aggregate of the column VALUE within one session; nulls are not values.

    Percentiles interpolate linearly between the two nearest values. Raises SpecError for a type that has none.
    """
    check_type(metric, dtype)
    value, name = pl.col(VALUE), metric.aggregate
    match name:
        case "n_unique":
            return value.drop_nulls().n_unique()
        case "sum":
            return value.sum()
        case "mean":
            return value.mean()
        case "median":
            return value.median()
        case "min":
            return value.min()
        case "max":
            return value.max()
        case "first":
            return value.drop_nulls().first()
        case "last":
            return value.drop_nulls().last()
    return value.quantile(int(name[1:]) / 100, "linear")


def check_type(metric: Metric, dtype: pl.DataType) -> None:
    """Raises SpecError when the aggregate needs numbers and the column holds none."""
    name = metric.aggregate
    if (name in NUMERIC or PERCENTILE.fullmatch(name)) and type_word(dtype) not in ("number", "duration"):
        raise SpecError(
            f"'{name}' needs numbers, and '{metric.column}' is a {type_word(dtype)}. Use n_unique or first."
        )


def result_type(metric: Metric, dtype: pl.DataType) -> pl.DataType:
    """The type of the aggregate of a column of this type; raises SpecError."""
    return pl.DataFrame(schema={VALUE: dtype}).select(aggregate(metric, dtype)).schema[VALUE]


VALUE = "@value"
