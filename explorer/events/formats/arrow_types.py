"""Arrow's types that Polars does not read, as ones that it does: wide decimals, intervals, unions, views."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.events.formats.names import distinct
from explorer.events.quality.assumption import Assumption

DAY_US = 86_400_000_000


def plain_table(table: pa.Table) -> pa.Table:
    """The same table, its names all different; what Polars cannot read is a number, a duration or a text.

    >>> import decimal
    >>> wide = pa.table({"sum": pa.array([decimal.Decimal("1.5")], pa.decimal256(50, 2))})
    >>> plain_table(wide).schema.field("sum").type
    DataType(double)
    """
    for at, field in enumerate(table.schema):
        if is_odd(field.type):
            table = table.set_column(at, field.name, _plain(table.column(at), field.type))
    return table.rename_columns(list(distinct(table.column_names)[0]))


def odd_columns(schema: pa.Schema) -> list[str]:
    """The columns of a type that Polars does not read."""
    return [field.name for field in schema if is_odd(field.type)]


def _is_not_read(schema: pa.Schema) -> bool:
    return bool(odd_columns(schema)) or len(set(schema.names)) < len(schema.names)


def repeated_names(path: Path) -> tuple[Assumption, ...]:
    """What names that stand twice in a Parquet or Arrow file are called."""
    with suppress(pa.ArrowException, OSError), path.open("rb") as file:
        if file.read(4) == b"PAR1":
            return distinct(pq.read_schema(path).names)[1]
        file.seek(0)
        return distinct(pa.ipc.open_file(file).schema.names)[1]
    return ()


def is_odd(dtype: pa.DataType) -> bool:
    """Whether Polars does not read a type, or one inside it."""
    if (
        pa.types.is_decimal256(dtype)
        or pa.types.is_interval(dtype)
        or pa.types.is_union(dtype)
        or pa.types.is_run_end_encoded(dtype)
        or _is_view(dtype)
    ):
        return True
    return pa.types.is_nested(dtype) and any(is_odd(dtype.field(at).type) for at in range(dtype.num_fields))


def _is_view(dtype: pa.DataType) -> bool:
    return bool(pa.types.is_list_view(dtype) or pa.types.is_large_list_view(dtype))


def _plain(column: pa.ChunkedArray, dtype: pa.DataType) -> pa.Array:
    if pa.types.is_decimal256(dtype):
        return column.cast(pa.float64())
    values = column.to_pylist()
    if pa.types.is_run_end_encoded(dtype) and not is_odd(dtype.value_type):
        return pa.array(values, dtype.value_type)
    if _is_view(dtype) and not is_odd(dtype.value_type):
        return pa.array(values, pa.large_list(dtype.value_type))
    if pa.types.is_interval(dtype):
        if any(value is not None and value.months for value in values):
            return pa.array([None if value is None else _interval_text(value) for value in values], pa.string())
        return pa.array([None if value is None else _interval_us(value) for value in values], pa.duration("us"))
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _interval_us(value: Any) -> int:
    return int(value.days * DAY_US + value.nanoseconds // 1_000)


def _interval_text(value: Any) -> str:
    """A month has no length: 1 month 2 days 03:00:00."""
    seconds, rest = divmod(value.nanoseconds // 1_000, 1_000_000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" + (f".{rest:06}" if rest else "")
    parts = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in ((value.months, "month"), (value.days, "day")) if n]
    return " ".join([*parts, *([clock] if value.nanoseconds else [])])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def of_stream(source: Any) -> pl.DataFrame:
    """What gives an Arrow stream as a Polars frame."""
    reader = pa.RecordBatchReader.from_stream(source)
    return pl.DataFrame(plain_table(reader.read_all()) if _is_not_read(reader.schema) else reader)


def of_odd_parquet(path: Path) -> pl.LazyFrame | None:
    """A Parquet file with columns that Polars does not read, in memory; None for any other."""
    with suppress(pa.ArrowException, OSError):
        if _is_not_read(pq.read_schema(path)):
            return pl.DataFrame(plain_table(pq.ParquetFile(path).read())).lazy()
    return None


def of_odd_arrow(path: Path) -> pl.LazyFrame | None:
    """An Arrow file with columns that Polars does not read, in memory; None for any other."""
    with suppress(pa.ArrowException, OSError), pa.memory_map(str(path)) as file:
        reader = pa.ipc.open_file(file)
        if _is_not_read(reader.schema):
            return pl.DataFrame(plain_table(reader.read_all())).lazy()
    return None
