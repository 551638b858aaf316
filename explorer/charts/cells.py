"""The values of a column as they are written in a table."""

import polars as pl

from explorer.crossfilter.formats import count_text, duration_text, local_time, number_text


def column_texts(values: pl.Series, zone: str | None) -> list[str]:
    """One text per value; times in a zone (None: as they are), and nothing for null.

    >>> column_texts(pl.Series([1204, None]), None)
    ['1,204', '']
    """
    return ["" if value is None else value for value in _texts(values, zone)]


def _texts(values: pl.Series, zone: str | None) -> list[str | None]:
    if values.dtype == pl.Duration:
        return [None if us is None else duration_text(us) for us in values.dt.cast_time_unit("us").to_physical()]
    if values.dtype == pl.Datetime:
        return [
            None if us is None else local_time(us, zone).isoformat(" ", "seconds")
            for us in values.dt.cast_time_unit("us").to_physical()
        ]
    if values.dtype.is_float():
        return [None if value is None else number_text(value) for value in values]
    if values.dtype.is_numeric():
        return [None if value is None else count_text(value) for value in values]
    if values.dtype == pl.Boolean:
        return [None if value is None else ("yes" if value else "no") for value in values]
    return [None if value is None else str(value) for value in values]
