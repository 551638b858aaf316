"""Sorted events as one sealed Arrow file with one record batch, opened by mapping it into memory."""

import json
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from explorer.errors import ExplorerError
from explorer.events.events import Events
from explorer.events.quality.quality import Assumption, Quality, future_events
from explorer.events.sorting.encode import decorated, recoded, width
from explorer.events.store.seal import sealed, unsealed
from explorer.plan.in_polars.boundary import ACTOR, GAP, TIME
from explorer.spec.columns import Columns

# Goes up with every change of what a file holds: older files are then read no more.
VERSION = 4
KEYS = (ACTOR, TIME, GAP)
ABOUT, SCHEMA = b"session-explorer", b"session-explorer-schema"
NEWEST = pl.CompatLevel.newest()


def write(events: Events, path: Path) -> None:
    """Write events to a file, through to the disk. The time and an actor that is its own code are not stored twice."""
    frame, columns = events.frame, events.columns
    texts = {
        name: dtype.categories.to_series() if isinstance(dtype, pl.Categorical) else dtype.categories
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.Categorical | pl.Enum)
    }
    first = columns.actor[0]
    actor = first if len(columns.actor) == 1 and isinstance(frame.schema[first], pl.Categorical) else None
    kept = [name for name in frame.columns if name not in (columns.time, actor)]
    arrays = [arrow(events.keys[name]) for name in KEYS]
    if actor:
        arrays[0] = arrow(events.keys[ACTOR], texts[actor])
    arrays += [arrow(frame[name].to_physical() if name in texts else frame[name], texts.get(name)) for name in kept]
    write_arrays(path, [*KEYS, *kept], arrays, columns, events.quality, events.schema)


def write_arrays(
    path: Path,
    names: list[str],
    arrays: list[pa.Array],
    columns: Columns,
    quality: Quality,
    schema: dict[str, pl.DataType],
) -> None:
    """Write columns that may be mapped from other files: nothing is copied into memory."""
    about = {"version": VERSION, "columns": columns.plain(), "quality": asdict(quality)}
    empty = BytesIO()
    pl.DataFrame(schema=schema).write_ipc(empty)
    metadata = {ABOUT: json.dumps(about).encode(), SCHEMA: empty.getvalue()}
    fields = [pa.field(name, array.type) for name, array in zip(names, arrays, strict=True)]
    batch = pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields, metadata))
    with sealed(path) as seal, pa.ipc.new_file(pa.PythonFile(seal, "w"), batch.schema) as writer:
        writer.write_batch(batch)
        seal.hold()


def read(path: Path) -> Events | None:
    """The events of a file, mapped once its checksums were right; None for one that is damaged or of another kind."""
    try:
        return _read(path)
    except (pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, ExplorerError, OSError):
        return None
    except (ValueError, KeyError, TypeError, IndexError, AssertionError):
        return None


def _read(path: Path) -> Events:
    reader = pa.ipc.open_file(pa.BufferReader(unsealed(path)))
    metadata = reader.schema.metadata
    told = json.loads(metadata[ABOUT])
    if told["version"] != VERSION or reader.num_record_batches != 1:
        raise ValueError("another version")
    schema = dict(pl.read_ipc(BytesIO(metadata[SCHEMA])).schema)
    columns, quality = Columns.read(told["columns"]), _quality(told["quality"])
    batch = reader.get_batch(0)
    if batch.num_rows != quality.events or tuple(batch.schema.names[: len(KEYS)]) != KEYS:
        raise ValueError("other columns")
    names, arrays = list(batch.schema.names), list(batch.columns)
    texts = {name: pl.Series(array.dictionary) for name, array in zip(names, arrays, strict=True) if _coded(array)}
    every = [
        _series(name, array.indices if _coded(array) else array) for name, array in zip(names, arrays, strict=True)
    ]
    keys, kept = pl.DataFrame(every[: len(KEYS)]), every[len(KEYS) :]
    kept.append(keys[TIME].cast(schema[columns.time]).alias(columns.time))
    if ACTOR in texts:
        name = columns.actor[0]
        texts[name] = texts.pop(ACTOR)
        kept.append(keys[ACTOR].cast(width(texts[name])).alias(name))
    lists = {name: schema[name] for name in texts if isinstance(schema[name], pl.Enum) and name not in recoded(columns)}
    frame = decorated(pl.DataFrame(kept), {name: texts[name] for name in texts if name not in lists})
    frame = frame.with_columns(pl.col(name).cat.to(dtype) for name, dtype in lists.items()).select(schema.keys())
    future = future_events(keys[TIME], quality.last, quality.zone == "UTC")
    quality = replace(quality, future=future)
    return Events(frame, keys.with_columns(pl.col(ACTOR).set_sorted()), columns, quality, schema)


def arrow(series: pl.Series, texts: pl.Series | None = None) -> pa.Array:
    """A column in Arrow's form without a copy; with `texts`, codes of these."""
    array = series.rechunk().to_arrow(compat_level=NEWEST)
    return array if texts is None else pa.DictionaryArray.from_arrays(array, texts.to_arrow())


def _series(name: str, array: pa.Array) -> pl.Series:
    found = pl.from_arrow(array)
    assert isinstance(found, pl.Series)
    return found.alias(name)


def _coded(array: pa.Array) -> bool:
    return bool(pa.types.is_dictionary(array.type))


def _quality(told: dict[str, Any]) -> Quality:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Quality(**values | {"how_read": tuple(Assumption(**one) for one in told["how_read"])})
