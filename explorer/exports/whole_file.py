"""Files that are written a frame at a time: they have their name when they are whole, until then nothing has."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.errors import SourceError

Write = Callable[[pl.DataFrame], None]


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place at the end; on an error nothing is left of it. Raises SourceError."""
    check_folder(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise SourceError(f"{path.name} cannot be written to {path.parent}: {error.strerror or error}.") from None
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        raise SourceError(f"{path.name} cannot be written to {path.parent}: {error.strerror or error}.") from None
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def parquet(path: Path, first: pl.DataFrame, facts: Mapping[str, str]) -> Iterator[Write]:
    """One row group per frame; `facts` are key-value metadata of the file."""
    schema = _arrow(first).schema.with_metadata(facts)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        yield lambda frame: writer.write_table(_arrow(frame), row_group_size=max(1, frame.height))


@contextmanager
def arrow(path: Path, first: pl.DataFrame, facts: Mapping[str, str]) -> Iterator[Write]:
    """One record batch per frame; `facts` are metadata of the schema."""
    schema = _arrow(first).schema.with_metadata(facts)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        yield lambda frame: writer.write_table(_arrow(frame).replace_schema_metadata(facts), max(1, frame.height))


@contextmanager
def csv(path: Path, first: pl.DataFrame, facts: Mapping[str, str]) -> Iterator[Write]:
    """Times as ISO 8601 with their zone, durations in seconds, lists and records as JSON."""
    with path.open("wb") as file:
        pl.DataFrame(schema=dict.fromkeys(first.columns, pl.String)).write_csv(file)
        yield lambda frame: plain(frame).write_csv(file, include_header=False)


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """What CSV can hold: times as ISO 8601 texts, durations as seconds, lists and records as JSON.

    >>> from datetime import UTC, datetime, timedelta
    >>> plain(pl.DataFrame({"at": [datetime(2024, 3, 1, 12, tzinfo=UTC)], "long": [timedelta(seconds=2)]})).row(0)
    ('2024-03-01T12:00:00.000000+00:00', 2.0)
    """

    def one(values: pl.Series) -> pl.Series:
        dtype = values.dtype
        if isinstance(dtype, pl.Datetime):
            return values.dt.to_string("iso:strict")
        if isinstance(dtype, pl.Duration):
            return values.dt.total_microseconds() / 1_000_000
        if dtype == pl.Binary:
            return values.bin.encode("hex")
        return _as_json(values) if dtype.is_nested() else values

    return pl.DataFrame([one(frame[name]) for name in frame.columns])


def in_zone(frame: pl.DataFrame, zone: str | None) -> pl.DataFrame:
    """The same moments with the wall clock of a zone; times without a zone, or with one of their own, stay.

    >>> from datetime import UTC, datetime
    >>> plain(in_zone(pl.DataFrame({"at": [datetime(2024, 7, 1, 12, tzinfo=UTC)]}), "Europe/Berlin")).item()
    '2024-07-01T14:00:00.000000+02:00'
    """
    if zone is None:
        return frame
    times = [name for name, dtype in frame.schema.items() if dtype == pl.Datetime("us", "UTC")]
    return frame.with_columns(frame[name].dt.convert_time_zone(zone) for name in times)


# What a spreadsheet runs when a file is opened; signed numbers are none of it.
FORMULA, NUMBER = r"^[=+\-@\t\r]", r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$"


def without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """Texts and names of columns that a spreadsheet would run, with an apostrophe before them: it shows them as texts.

    >>> without_formulas(pl.DataFrame({"=a": ["=1+1", "-5", "@b", "c"]})).to_dict(as_series=False)
    {"'=a": ["'=1+1", '-5', "'@b", 'c']}
    """

    def one(name: str, dtype: pl.DataType) -> pl.Expr:
        column = pl.col(name)
        if not isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
            return column
        text = column.cast(pl.String)
        runs = text.str.contains(FORMULA) & ~text.str.contains(NUMBER)
        return pl.when(runs).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)

    found = frame.select(one(name, dtype) for name, dtype in frame.schema.items())
    return found.rename({name: f"'{name}" for name in frame.columns if re.match(FORMULA, name)})


def check_folder(path: Path) -> None:
    """Where a file goes there must be a folder; raises SourceError."""
    if not path.parent.is_dir():
        raise SourceError(f"There is no folder {path.parent} to write {path.name} to.")
    if path.is_dir():
        raise SourceError(f"{path} is a folder. Name a file in it.")


def _as_json(values: pl.Series) -> pl.Series:
    texts = (None if value is None else json.dumps(_plain(value), default=str, ensure_ascii=False) for value in values)
    return pl.Series(values.name, list(texts), pl.String)


def _plain(value: Any) -> Any:
    return value.to_list() if isinstance(value, pl.Series) else value


def _arrow(frame: pl.DataFrame) -> Any:
    """As Arrow, which has no whole numbers of 128 bits: decimals hold those with a sign, texts the others.

    The categories of one batch need not be those of the next, so they are texts.
    """
    wide = [pl.col(name).cast(pl.Decimal(38, 0)) for name, dtype in frame.schema.items() if dtype == pl.Int128]
    widest = [pl.col(name).cast(pl.String) for name, dtype in frame.schema.items() if dtype == pl.UInt128]
    try:
        return frame.with_columns(pl.col(pl.Categorical).cast(pl.String), *wide, *widest).to_arrow()
    except pl.exceptions.InvalidOperationError:
        raise SourceError("Numbers of more than 38 digits fit into no Parquet or Arrow. Write CSV instead.") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
