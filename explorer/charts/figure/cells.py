"""The values of a column as they are written in a table."""

from collections.abc import Callable

import polars as pl

from explorer.crossfilter.formats import count_text, day_text, duration_text, number_text, percent_text, time_text
from explorer.spec.charts.chart import Measure

NO_NAME = "none"


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
        return [None if us is None else time_text(us, zone) for us in values.dt.cast_time_unit("us").to_physical()]
    if values.dtype.is_float():
        return [None if value is None else number_text(value) for value in values]
    if values.dtype.is_numeric():
        return [None if value is None else count_text(value) for value in values]
    if values.dtype == pl.Boolean:
        return [None if value is None else ("yes" if value else "no") for value in values]
    return [None if value is None else str(value) for value in values]


def writer(dtype: pl.DataType, measure: Measure) -> Callable[[float], str]:
    """How a value is written, also on an axis."""
    if measure.aggregate == "share":
        return percent_text
    if dtype == pl.Duration:
        return duration_text
    return _written if dtype.is_numeric() else str


def _number(value: float) -> str:
    return count_text(value) if value == round(value) else number_text(value)


def _written(value: float) -> str:
    return count_text(value) if value == round(value) else number_text(value)


def key_texts(frame: pl.DataFrame, name: str) -> list[str]:
    """The groups of one dimension as people read them: names, or bins from one edge to the next."""
    values = frame[name]
    if isinstance(values.dtype, pl.Datetime):
        values = values.dt.replace_time_zone(None)
        midnight = bool(((values.dt.hour() == 0) & (values.dt.minute() == 0)).all())
        return [NO_NAME if t is None else day_text(t) if midnight else f"{day_text(t)} {t:%H:%M}" for t in values]
    low = column_texts(values, None)
    if f"{name}_to" in frame.columns:
        ends = frame[f"{name}_to"]
        high = column_texts(ends - 1 if ends.dtype.is_integer() else ends, None)  # a bin ends before its end
        low = [a if a == b else f"{a} to {b}" for a, b in zip(low, high, strict=True)]
    return [text or NO_NAME for text in low]
