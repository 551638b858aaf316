"""Files in object stores, read by Polars' own clients with credentials from the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import polars as pl

from explorer.errors import SourceError
from explorer.events.files.file import plain_name

SCHEMES = ("s3", "s3a", "gs", "gcs", "az", "azure", "abfs", "abfss", "adl", "hf", "http", "https", "file")
ADDRESS = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+)://")


def is_address(source: object) -> bool:
    """Whether a text is an address such as `s3://bucket/events.parquet` and no path.

    >>> is_address("s3://logs/2024/*.parquet"), is_address("C:/logs/a.csv"), is_address("logs/a.csv")
    (True, False, False)
    """
    return isinstance(source, str) and bool(ADDRESS.match(source))


def scan_addresses(addresses: Sequence[str]) -> Callable[[bool], pl.LazyFrame]:
    """How files at these addresses are scanned, from the first rows or from all for their types; raises SourceError."""
    kinds = {_kind(address) for address in addresses}
    if len(kinds) > 1:
        raise SourceError(f"The addresses are of several formats: {', '.join(sorted(kinds))}. Name those of one.")
    kind, every = next(iter(kinds)), list(addresses)

    def scan(exact: bool) -> pl.LazyFrame:
        look = None if exact else 10_000
        if kind in (".parquet", ".pq"):
            return pl.scan_parquet(every, hive_partitioning=None)
        if kind in (".arrow", ".ipc", ".feather"):
            return pl.scan_ipc(every)
        if kind in (".ndjson", ".jsonl", ".json"):
            parts = [pl.scan_ndjson(one, infer_schema_length=None) for one in every]
            return pl.concat(parts, how="diagonal_relaxed") if len(parts) > 1 else parts[0]
        separator = "\t" if kind in (".tsv", ".tab") else ","
        return pl.scan_csv(every, separator=separator, infer_schema_length=look)

    return scan


def _kind(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme.lower() not in SCHEMES:
        raise SourceError(
            f"{_short(address)} cannot be opened: {parts.scheme}:// is not known here. Known: {', '.join(SCHEMES)}."
        )
    name = plain_name(PurePosixPath(parts.path).name)
    kind = PurePosixPath(name).suffix.lower()
    known = (
        ".parquet",
        ".pq",
        ".arrow",
        ".ipc",
        ".feather",
        ".ndjson",
        ".jsonl",
        ".json",
        ".csv",
        ".tsv",
        ".tab",
        ".txt",
    )
    if kind not in known:
        raise SourceError(f"{_short(address)} has no ending that tells its format. Known: {', '.join(known)}.")
    return kind


def _short(address: str) -> str:
    """An address without a password or a signature that may stand in it."""
    return re.sub(r"//[^/@]*@", "//", address.split("?", 1)[0])[:120]
