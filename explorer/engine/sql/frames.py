"""What a database answers as the frame that the engine would give."""

import numpy as np
import numpy.typing as npt
import polars as pl


def as_told(found: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    """The same values in the names and types of another frame, column by column."""
    columns = [
        _cast(column, dtype).alias(name)
        for column, (name, dtype) in zip(found.get_columns(), like.schema.items(), strict=True)
    ]
    return pl.DataFrame(columns)


def _cast(column: pl.Series, dtype: pl.DataType) -> pl.Series:
    if isinstance(dtype, pl.Duration):
        return column.cast(pl.Int64).cast(dtype)
    if isinstance(dtype, pl.Datetime) and isinstance(column.dtype, pl.Datetime):
        return column.dt.cast_time_unit("us").to_physical().cast(dtype)
    return column.cast(dtype)


def counted_lengths(found: pl.DataFrame) -> tuple[npt.NDArray[np.int64], int]:
    """Lengths that were counted, sorted and each as often as it is there, and how often there is none."""
    length, count = found.cast(pl.Int64).get_columns()
    none = int(count.filter(length.is_null()).sum())
    known = found.cast(pl.Int64).filter(length.is_not_null()).sort(length.name)
    return np.repeat(known.to_series(0).to_numpy(), known.to_series(1).to_numpy()), none
