"""The lines of the script that join tables of properties."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from explorer.code.plain.recorder import quoted
from explorer.events.added.lookups import folder_of
from explorer.events.files.scan import read
from explorer.spec.lookup import Lookup

READERS = {".csv": "read_csv", ".tsv": "read_csv", ".parquet": "read_parquet", ".json": "read_json"}


def lookup_lines(lookup: Lookup, source: object, said: str, schema: Mapping[str, pl.DataType]) -> Iterator[str]:
    """Reads a lookup's file and joins it to `events`, which have the columns of `schema` by then.

    `said` is the path of the data as the script says it.
    """
    frame = read(folder_of(source) / lookup.file)
    kind = Path(lookup.file).suffix.lower()
    reader = READERS.get(kind, "read_ndjson" if kind in (".ndjson", ".jsonl") else "read_ipc")
    separator = ', separator="\\t"' if kind == ".tsv" else ""
    path = quoted(str(Path(said).parent / lookup.file) if said else lookup.file)
    taken = {name: f"{lookup.name}.{name}" for name in frame.columns if name != lookup.key and name in schema}
    key, left = f"pl.col({quoted(lookup.key)})", f"pl.col({quoted(lookup.on)})"
    if frame.schema[lookup.key] != schema[lookup.on]:
        key, left = f"{key}.cast(pl.String)", f"{left}.cast(pl.String)"
    yield f"# {lookup.file}: one row for each {lookup.on}"
    yield f"table = pl.{reader}({path}{separator}).drop_nulls({quoted(lookup.key)})"
    if taken:
        yield f"table = table.rename({taken!r})"
    yield f'table = table.with_columns({key}.alias("@key")).drop({quoted(lookup.key)})'
    yield f'events = events.with_columns({left}.alias("@key"))'
    yield 'events = events.join(table, on="@key", how="left", maintain_order="left").drop("@key")'
