"""Tables of properties joined to the events, many to one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from explorer.errors import SourceError, did_you_mean, located
from explorer.events.events import Events
from explorer.events.files.scan import read
from explorer.events.sorting.encode import encoded
from explorer.plan.literal import TEXTS
from explorer.spec.lookup import Lookup

SHOWN = 3
UPLOADS = "uploads"
# Folders of uploads, by what documents call them; they are there as long as their page.
UPLOADED: dict[str, Path] = {}


@dataclass(frozen=True)
class Table:
    """The rows of a lookup: its keys, each there once, and its other columns by the names that they get."""

    keys: pl.Series
    columns: dict[str, pl.Series]


def folder_of(source: Any) -> Path:
    """The folder that the files of lookups are in: that of the data, or the working one for a frame."""
    if isinstance(source, str | Path):
        path = Path(source)
        return path if path.is_dir() else path.parent
    return Path.cwd()


def path_of(file: str, folder: Path) -> Path:
    """Where a file lies that a document names, inside the folder of the data or among what was uploaded; raises
    SourceError."""
    place = UPLOADED.get(PurePosixPath(file).parent.as_posix())
    if place is not None and not (folder / file).exists():
        path = place / PurePosixPath(file).name
        if not path.exists():
            raise SourceError(f"{path.name} was uploaded to a page that is closed. Upload it again.")
        return path
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise SourceError(f"{file} leads out of the folder of the data. Put the file itself there.")
    if not path.exists():
        if PurePosixPath(file).parts[0] == UPLOADS:
            name = PurePosixPath(file).name
            raise SourceError(f"{name} was uploaded to another server. Upload it again, or put it beside the data.")
        near = did_you_mean(file, sorted(each.name for each in folder.iterdir() if each.is_file())[:200])
        raise SourceError(f"There is no file {file} beside the data. {near}")
    return path


def uploaded(path: Path) -> str:
    """What a document calls an uploaded file; only those who were told can name it, as its folder is named at random.

    >>> uploaded(Path("of-somebody/k3w9/users.csv"))
    'uploads/k3w9/users.csv'
    """
    folder = f"{UPLOADS}/{path.parent.name}"
    UPLOADED[folder] = path.parent
    return f"{folder}/{path.name}"


def joined(events: Events, lookups: tuple[Lookup, ...], source: Any) -> Events:
    """The events with the columns of all lookups; raises SourceError at `columns.lookups.NAME`."""
    for lookup in lookups:
        with located(f"columns.lookups.{lookup.name}"):
            events = _joined(events, lookup, folder_of(source))
    return events


def table_of(lookup: Lookup, folder: Path, schema: Mapping[str, pl.DataType]) -> Table:
    """The rows of a lookup's file beside events of these columns; raises SourceError."""
    path = path_of(lookup.file, folder)
    frame = read(path, texts=[lookup.key])
    if lookup.key not in frame.columns:
        raise SourceError(f"{lookup.file} has no column '{lookup.key}'. {did_you_mean(lookup.key, frame.columns)}")
    frame = frame.filter(pl.col(lookup.key).is_not_null())
    keys = frame[lookup.key]
    if len(twice := keys.filter(keys.is_duplicated()).unique(maintain_order=True)):
        named = ", ".join(repr(value) for value in twice.head(SHOWN).to_list())
        more = f" and {len(twice) - SHOWN:,} more" if len(twice) > SHOWN else ""
        raise SourceError(
            f"{lookup.file} has more than one row for {lookup.key} {named}{more}. Keep one row for each {lookup.key}."
        )
    columns: dict[str, pl.Series] = {}
    for series in frame.drop(lookup.key):
        name = series.name if series.name not in schema else f"{lookup.name}.{series.name}"
        if name in schema or name in columns:
            raise SourceError(f"The events have a column '{name}' already. Choose another name for the lookup.")
        columns[name] = (series.fill_nan(None) if series.dtype.is_float() else series).alias(name)
    return Table(keys, columns)


def _joined(events: Events, lookup: Lookup, folder: Path) -> Events:
    if lookup.on not in events.schema:
        raise SourceError(f"There is no column '{lookup.on}'. {did_you_mean(lookup.on, events.schema)}")
    table = table_of(lookup, folder, events.schema)
    rows = places(events.frame[lookup.on], table.keys)
    found = [encoded(series.gather(rows)) for series in table.columns.values()]
    schema = dict(events.schema) | {name: series.dtype for name, series in table.columns.items()}
    asked = int(events.frame[lookup.on].is_not_null().sum())
    missing = asked - int(rows.is_not_null().sum())
    remarks = events.quality.remarked
    if missing:
        said = f"{missing:,} of {asked:,} events with a {lookup.on} have no row in {lookup.file}: its columns are null."
        remarks = (*remarks, said)
    quality = replace(events.quality, remarked=remarks)
    return replace(events, frame=events.frame.with_columns(found), schema=schema, quality=quality)


def places(values: pl.Series, keys: pl.Series) -> pl.Series:
    """The row of a table for every value, null where there is none; raises SourceError for types that never meet."""
    if isinstance(values.dtype, pl.Categorical):  # each different text is looked for once
        texts = values.dtype.categories.to_series()
        return places(texts, keys).gather(values.to_physical().cast(pl.UInt32))
    left, right = _alike(values, keys)
    table = pl.DataFrame({"key": right}).with_row_index("place")
    found = pl.DataFrame({"key": left}).join(table, on="key", how="left", maintain_order="left")
    return found["place"]


def _alike(values: pl.Series, keys: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Both in one type: 7 and '7' are the same id."""
    if values.dtype == keys.dtype:
        return values, keys
    if isinstance(values.dtype, TEXTS) or isinstance(keys.dtype, TEXTS):
        return values.cast(pl.String), keys.cast(pl.String)
    if values.dtype.is_numeric() and keys.dtype.is_numeric():
        kind = pl.Int64 if values.dtype.is_integer() and keys.dtype.is_integer() else pl.Float64
        return values.cast(kind), keys.cast(kind)
    raise SourceError(f"The keys are of types {values.dtype} and {keys.dtype} and can never be equal.")
