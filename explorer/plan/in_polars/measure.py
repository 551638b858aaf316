"""An aggregate over the events of each session, as a Polars expression inside a group."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from explorer.errors import SpecError
from explorer.plan.literal import type_word
from explorer.spec.aggregates import AGGREGATES, Aggregate
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import BESIDES

VALUE = "@value"


def aggregate(metric: Metric, dtype: pl.DataType) -> pl.Expr:
    """The aggregate of the column VALUE within one session; nulls are not values.

    Percentiles interpolate linearly between the two nearest values. Raises SpecError for a type that has none.
    """
    check_type(metric, dtype)
    return of_values(AGGREGATES[metric.aggregate], pl.col(VALUE).drop_nulls(), dtype)


def of_values(row: Aggregate, values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """An aggregate of values without nulls, inside a group; durations in whole microseconds, texts as texts sort."""
    if row.polars is None:
        raise TypeError(f"'{row.name}' is not an aggregate of a column")
    if sorts_by_its_list(row, dtype):
        return row.polars(values.cast(pl.String)).cast(dtype)
    if row.between and isinstance(dtype, pl.Duration):
        return row.polars(values.to_physical()).round().cast(pl.Int64).cast(dtype)
    return row.polars(values)


def sorts_by_its_list(row: Aggregate, dtype: pl.DataType) -> bool:
    """Whether the least and greatest of these texts would be by a list, as of an Enum, and not as texts.

    >>> [sorts_by_its_list(AGGREGATES["max"], pl.Enum(texts)) for texts in (["low", "high"], ["high", "low"])]
    [True, False]
    """
    if row.name not in ("min", "max") or not isinstance(dtype, pl.Enum):
        return False
    return not dtype.categories.is_sorted()


def check_type(metric: Metric, dtype: pl.DataType) -> None:
    """Raises SpecError when the aggregate needs numbers and the column holds none."""
    takes = AGGREGATES[metric.aggregate].takes
    if takes and type_word(dtype) not in takes:
        raise SpecError(
            f"'{metric.aggregate}' needs numbers, and '{metric.column}' is a {type_word(dtype)}. Use n_unique or first."
        )


def result_type(metric: Metric, dtype: pl.DataType) -> pl.DataType:
    """The type of the aggregate of a column of this type; raises SpecError."""
    return pl.DataFrame(schema={VALUE: dtype}).select(aggregate(metric, dtype)).schema[VALUE]


def may_overflow(values: pl.Series, count: Any) -> bool:
    """Whether a sum of so many of these whole numbers may not fit into 64 bits."""
    low: Any = values.min()
    high: Any = values.max()
    return low is not None and max(abs(int(low)), abs(int(high))) * int(count or 0) >= 2**63


def dtype_of_actors(metric: ActorMetric, schema: Mapping[str, pl.DataType]) -> pl.DataType:
    """The type of an actor metric's values, from those of the columns of sessions; Null where there is no such column.

    >>> dtype_of_actors(ActorMetric("longest", "max", "duration"), {"duration": pl.Duration("us")})
    Duration(time_unit='us')
    """
    row = AGGREGATES[metric.aggregate]
    if row.needs == "events":
        return pl.UInt32() if row.name == "count" else pl.Boolean()
    known = {**schema, **dict.fromkeys(BESIDES, pl.Duration("us")), "session_id": pl.String()}
    dtype = known.get(metric.column or "", pl.Null())
    if dtype == pl.Null or (row.takes and type_word(dtype) not in row.takes):
        return pl.Null()
    frame = pl.DataFrame({VALUE: pl.Series([], dtype=pl.Int64() if dtype.is_integer() else dtype)})
    return frame.select(of_values(row, pl.col(VALUE), frame.schema[VALUE])).to_series().dtype
