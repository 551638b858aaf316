"""Whether one call of Polars reads a source as it was read here."""

from __future__ import annotations

import polars as pl

from explorer.events.files.paths import Files
from explorer.events.formats.delimited.delimited import Delimited
from explorer.events.formats.format import Asked
from explorer.events.formats.json.records import opened

SEPARATORS = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t"}
LINES = (".ndjson", ".jsonl")
PARQUET = (".parquet", ".pq")
ARROW = (".arrow", ".ipc", ".feather")
NATIVE = ("", "gzip", "zstd")


def is_plain(files: Files) -> bool:
    """Whether Polars alone finds the same rows and columns in these files."""
    kind, form = files.kind, files.format
    packings = {item.packing for item in files.items}
    if kind not in (*SEPARATORS, *LINES, *PARQUET, *ARROW, ".json") or any(item.member for item in files.items):
        return False
    if not packings <= (set(NATIVE) if kind in SEPARATORS else {""}):
        return False
    if isinstance(form, Delimited):
        return kind in SEPARATORS and all(form.is_plain(item, SEPARATORS[kind]) for item in files.items)
    made = form.scan(files.items, Asked(exact=len(files.items) > 1))
    names = opened(made.lazy)[0].collect_schema().names()
    return not made.assumed and names == _by_polars(files, kind)


def _by_polars(files: Files, kind: str) -> list[str]:
    path = files.items[0].plain
    try:
        if kind in LINES:
            with path.open("rb") as file:
                return pl.read_ndjson(file, infer_schema_length=None, n_rows=100).columns
        if kind == ".json":
            return pl.read_json(path).columns
        scan = pl.scan_parquet if kind in PARQUET else pl.scan_ipc
        return scan(path, glob=False, hive_partitioning=False).collect_schema().names()
    except pl.exceptions.PolarsError:
        return []
