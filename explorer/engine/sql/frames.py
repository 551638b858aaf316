"""What a database answers as the frame that the engine would give."""

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
