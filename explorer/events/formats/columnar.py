"""Parquet and Arrow: columns with types, read by Polars as they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import polars as pl

from explorer.errors import SourceError
from explorer.events.formats.arrow_types import of_odd_arrow, of_odd_parquet, repeated_names
from explorer.events.formats.format import Asked, Content, Scanned

LEVEL = "__index_level_"


@dataclass(frozen=True)
class Parquet:
    """Parquet; the index of a pandas frame comes out as the columns that it was."""

    name: str = "Parquet"
    suffixes: tuple[str, ...] = (".parquet", ".pq", ".parq")
    sure: bool = True
    written: bool = False

    def recognises(self, content: Content) -> bool:
        """Whether it begins with Parquet's mark."""
        return content.head.startswith(b"PAR1")

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """The columns as they are; with `asked.exact` what files differ in is united."""
        told = repeated_names(contents[0].plain)
        if asked.exact and len(contents) > 1:
            return Scanned(_united(contents, [_parquet([one]) for one in contents]), told)
        return Scanned(_parquet(contents), told)


def _united(contents: Sequence[Content], parts: list[pl.LazyFrame]) -> pl.LazyFrame:
    """The rows of files whose types may differ; raises SourceError for times with and without a zone."""
    zones: dict[str, dict[bool, str]] = {}
    for content, part in zip(contents, parts, strict=True):
        for name, dtype in part.collect_schema().items():
            if isinstance(dtype, pl.Datetime):
                zones.setdefault(name, {}).setdefault(dtype.time_zone is not None, content.label)
    for name, found in zones.items():
        if len(found) > 1:
            raise SourceError(
                f"The times of '{name}' carry a zone in {found[True]} and none in {found[False]}: nobody can say how "
                "far they are apart. Write all of them with a zone."
            )
    return pl.concat(parts, how="diagonal_relaxed") if len(parts) > 1 else parts[0]


def _parquet(contents: Sequence[Content]) -> pl.LazyFrame:
    odd = [of_odd_parquet(content.plain) for content in contents]
    if any(one is not None for one in odd):
        every = [_parquet([content]) if one is None else one for content, one in zip(contents, odd, strict=True)]
        return pl.concat(every, how="diagonal_relaxed")
    lazy = pl.scan_parquet([content.plain for content in contents], hive_partitioning=False, glob=False)
    names = lazy.collect_schema().names()
    with suppress(pl.exceptions.PolarsError, ValueError):
        told = json.loads(pl.read_parquet_metadata(contents[0].plain).get("pandas") or "{}")
        return with_index(lazy, names, told)
    return lazy


def with_index(lazy: pl.LazyFrame, names: Sequence[str], told: dict[str, Any]) -> pl.LazyFrame:
    """The columns of an index first, those without a name called `index`; `told` is what pandas wrote beside them."""
    index = [name for name in told.get("index_columns", ()) if isinstance(name, str) and name in names]
    if not index:
        return lazy
    unnamed = [name for name in index if name.startswith(LEVEL)]
    called = {name: f"index_{name.removeprefix(LEVEL).strip('_')}" if len(index) > 1 else "index" for name in unnamed}
    called = {name: new for name, new in called.items() if new not in names}
    return lazy.select(*index, *(name for name in names if name not in index)).rename(called)


@dataclass(frozen=True)
class Arrow:
    """Arrow's file form, or its stream form, which goes by the same names."""

    name: str = "Arrow"
    suffixes: tuple[str, ...] = (".arrow", ".ipc", ".feather", ".arrows")
    sure: bool = True
    written: bool = False

    def recognises(self, content: Content) -> bool:
        """Whether it begins with the mark of a file or of a stream."""
        return content.head.startswith((b"ARROW1", b"\xff\xff\xff\xff")) or content.head[4:8] == b"\x10\x00\x00\x00"

    def scan(self, contents: Sequence[Content], asked: Asked) -> Scanned:
        """The columns as they are; with `asked.exact` what files differ in is united."""
        odd = any(of_odd_arrow(content.plain) is not None for content in contents)
        if asked.exact or odd or any(not content.head.startswith(b"ARROW1") for content in contents):
            parts = [_arrow(content) for content in contents]
            return Scanned(_united(contents, parts), repeated_names(contents[0].plain))
        return Scanned(pl.scan_ipc([content.plain for content in contents], hive_partitioning=False, glob=False))


def _arrow(content: Content) -> pl.LazyFrame:
    if content.head.startswith(b"ARROW1"):
        if (odd := of_odd_arrow(content.plain)) is not None:
            return odd
        return pl.scan_ipc([content.plain], hive_partitioning=False, glob=False)
    return pl.read_ipc_stream(content.plain.read_bytes()).lazy()
