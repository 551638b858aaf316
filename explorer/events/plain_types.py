"""Columns of types that nobody can compare, as ones that they can: ids and texts in bytes, times of day, objects."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

UUID_BYTES = 16
CONTROL = r"[\x00-\x08\x0E-\x1F]"


def plain_lists(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """Maps as the lists of keys and values that they are."""
    maps = {name: dtype for name, dtype in lazy.collect_schema().items() if isinstance(dtype, pl.Map)}
    pairs = {name: pl.Struct({"key": dtype.key, "value": dtype.value}) for name, dtype in maps.items()}
    return lazy.with_columns(_named(name).cast(pl.List(pair)) for name, pair in pairs.items()) if maps else lazy


def plain_types(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """Bytes as the text that they are, as UUIDs or as hexadecimal digits; times of day, objects and nothing as texts.

    Numbers of 128 bits are those of 64 where these hold them all.

    >>> from uuid import UUID
    >>> rows = pl.LazyFrame({"user": [UUID(int=1).bytes, UUID(int=2).bytes], "note": [b"tea", None]})
    >>> plain_types(rows).collect().rows()
    [('00000000-0000-0000-0000-000000000001', 'tea'), ('00000000-0000-0000-0000-000000000002', None)]
    """
    schema = lazy.collect_schema()
    found: list[pl.Expr] = []
    for name, dtype in schema.items():
        if isinstance(dtype, pl.Time):
            found.append(_named(name).dt.to_string("%H:%M:%S%.f").alias(name))
        elif isinstance(dtype, pl.Null):
            found.append(_named(name).cast(pl.String))
        elif isinstance(dtype, pl.Object):
            found.append(_named(name).map_batches(_texts, return_dtype=pl.String, is_elementwise=True))
        elif isinstance(dtype, pl.Extension):
            found.append(_named(name).ext.storage())
        elif dtype == pl.Float16:
            found.append(_named(name).cast(pl.Float32))
    wide = [name for name, dtype in schema.items() if dtype in (pl.Int128, pl.UInt128)]
    if wide:
        fit = lazy.select((_named(name).abs() < 2**63).all().alias(f"{at}") for at, name in enumerate(wide))
        fits = fit.collect(engine="streaming").row(0)
        found += [_named(name).cast(pl.Int64) for name, narrow in zip(wide, fits, strict=True) if narrow]
    lazy = lazy.with_columns(found) if found else lazy
    in_bytes = (
        [name for name, dtype in lazy.collect_schema().items() if dtype == pl.Binary] if _has_bytes(schema) else []
    )
    return lazy.with_columns(_of_bytes(lazy, in_bytes)) if in_bytes else lazy


def _has_bytes(schema: pl.Schema) -> bool:
    return any(isinstance(dtype, pl.Binary | pl.Extension) for dtype in schema.values())


def _of_bytes(lazy: pl.LazyFrame, names: list[str]) -> list[pl.Expr]:
    """Each column by what all of its values are, so that no two rows of it are read differently."""
    facts = lazy.select(
        column
        for at, name in enumerate(names)
        for column in (
            _named(name).bin.size().min().alias(f"{at} least"),
            _named(name).bin.size().max().alias(f"{at} most"),
            _named(name).map_batches(_are_texts, pl.Boolean, is_elementwise=True).all().alias(f"{at} text"),
        )
    )
    counted = facts.collect(engine="streaming").row(0, named=True)
    found = []
    for at, name in enumerate(names):
        if counted[f"{at} text"]:
            found.append(_named(name).cast(pl.String))
        elif counted[f"{at} least"] == counted[f"{at} most"] == UUID_BYTES:
            digits = _named(name).bin.encode("hex")
            parts = [digits.str.slice(start, length) for start, length in ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))]
            found.append(pl.concat_str(parts, separator="-").alias(name))
        else:
            found.append(_named(name).bin.encode("hex"))
    return found


def _are_texts(values: pl.Series) -> pl.Series:
    try:  # Polars' own cast of bytes to texts fails at the first that are none
        texts = pl.Series(values.to_arrow().cast(pa.large_string()))
    except pa.ArrowInvalid:
        return pl.repeat(False, len(values), eager=True)
    return ~texts.str.contains(CONTROL).fill_null(False)


def _texts(values: pl.Series) -> pl.Series:
    # A missing value in an object column may be a NaN, which is no equal of itself.
    texts = [None if value is None or value != value else str(value) for value in values]
    return pl.Series(values.name, texts, pl.String)


def _named(name: str) -> pl.Expr:
    """A column by its name, whatever signs are in it: `*` and `^.*$` mean several to `pl.col`."""
    return pl.col([name])
