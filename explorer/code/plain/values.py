"""What the script does to values before they are events: the same as when they are loaded."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from explorer.code.plain.clause import quoted
from explorer.engine.answers.reading import Reading


def value_code(found: Reading) -> Iterator[str]:
    """Each changed column as code, under its own name."""
    steps, schema = found.steps, found.schema
    types = dict(steps.columns.types)
    for name, dtype in schema.items():
        code = start = f"pl.col({quoted(name)})"
        if name == steps.columns.time and steps.columns.day:
            continue
        if words := steps.words(name, dtype):
            code = f"pl.when(~{start}.cast(pl.String).is_in({words!r})).then({start})"
            code = f"{code}.otherwise(None)"
        if name in steps.ids:
            code = f"{code}.cast(pl.Int64, strict=False)"
        if name in dict(steps.numbers):
            code = f"{code}.cast(pl.{dict(steps.numbers)[name]}, strict=False)"
        if types.get(name) == "text" and dtype != pl.String:
            code = f"{code}.cast(pl.String)"
        elif types.get(name) == "number" and not dtype.is_numeric():
            code = f"{code}.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)"
        if code != start:
            yield f"{code}.alias({quoted(name)})"
    if steps.columns.day:
        day, time = steps.columns.times
        yield (
            f'pl.concat_str({_day(day, schema[day])}, pl.lit(" "), {_clock(time, schema[time])}).alias({quoted(time)})'
        )


def _day(name: str, dtype: pl.DataType) -> str:
    column = f"pl.col({quoted(name)})"
    if isinstance(dtype, pl.Datetime):
        return f'{column}.dt.strftime("%Y-%m-%d")'
    column = f"{column}.cast(pl.Int64)" if dtype.is_float() else column
    return f"{column}.cast(pl.String).str.strip_chars()"


def _clock(name: str, dtype: pl.DataType) -> str:
    column = f"pl.col({quoted(name)})"
    if isinstance(dtype, pl.Datetime) or dtype == pl.Time:
        return f'{column}.dt.strftime("%H:%M:%S%.f")'
    if isinstance(dtype, pl.Duration):
        return f'(pl.lit(0).cast(pl.Datetime("us")) + {column}).dt.strftime("%H:%M:%S%.f")'
    if dtype.is_numeric():
        digits = f"{column}.cast(pl.Int64).cast(pl.String)"
        return f"pl.when({column}.max() >= 2_400).then({digits}.str.zfill(6)).otherwise({digits}.str.zfill(4))"
    return f"{column}.cast(pl.String).str.strip_chars()"
