"""What joining a table of properties would bring: which of its columns can be the key, which events find a row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from explorer.engine.answers.lookups import Brought, LookupFile, LookupMatch
from explorer.engine.local.cut.event_table import EventTable
from explorer.errors import SourceError, did_you_mean
from explorer.events.added.lookups import folder_of, places, table_of
from explorer.events.files.scan import read
from explorer.plan.literal import type_word
from explorer.spec.lookup import Lookup

SAMPLE, EXAMPLES = 1_000, 3
FITTING = ("text", "number")


def lookup_file(events: EventTable, path: Path, file: str) -> LookupFile:
    """Look into a file that a document calls `file`; raises SourceError where it cannot be read or holds no key."""
    frame = read(path)
    keys = tuple(series.name for series in frame if not series.dtype.is_nested() and _is_key(series))
    if not frame.height:
        raise SourceError(f"{file} has no rows. There is nothing to join.")
    if not keys:
        raise SourceError(
            f"No column of {file} holds each value once, so none can say which row belongs to an event. "
            "Keep one row for each user, product or whatever the table is about."
        )
    on, key = _best(events, frame, keys)
    return LookupFile(file, tuple(frame.columns), keys, frame.height, on, key)


def lookup_match(source: Any, events: EventTable, lookup: Lookup) -> LookupMatch:
    """Try a lookup on all events, as it would be joined; raises SourceError for what cannot be.

    >>> import explorer, tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "log.csv").write_text("user,ts\\na,2024-03-01\\na,2024-03-02\\nb,2024-03-01\\n")
    >>> _ = (folder / "users.csv").write_text("user,plan\\na,pro\\nc,free\\n")
    >>> log = explorer.connect(folder / "log.csv", actor="user", time="ts")
    >>> found = log.lookup_match(Lookup("users", "users.csv", "user"))
    >>> found.matched, found.asked, found.used, found.rows, found.missing, [each.name for each in found.columns]
    (2, 3, 1, 2, ('b',), ['plan'])
    """
    schema = schema_before(source, events, lookup.name)
    if lookup.on not in schema:
        raise SourceError(f"There is no column '{lookup.on}'. {did_you_mean(lookup.on, schema)}")
    table = table_of(lookup, folder_of(source), schema)
    values = events.frame[lookup.on]
    found = places(values, table.keys)
    known = values.is_not_null()
    missing = values.filter(known & found.is_null()).unique(maintain_order=True).head(EXAMPLES)
    return LookupMatch(
        asked=int(known.sum()),
        matched=len(found) - found.null_count(),
        rows=len(table.keys),
        used=found.n_unique() - bool(found.null_count()),
        missing=tuple(map(str, missing.cast(pl.String).to_list())),
        columns=tuple(
            Brought(
                name, type_word(series.dtype), tuple(series.drop_nulls().unique(maintain_order=True).head(EXAMPLES))
            )
            for name, series in table.columns.items()
        ),
    )


def schema_before(source: Any, events: EventTable, name: str) -> dict[str, pl.DataType]:
    """The columns of the events without those that the lookup of this name brings now."""
    schema = dict(events.schema)
    there = next((each for each in events.columns.lookups if each.name == name), None)
    if there is None:
        return schema
    try:
        brought: Mapping[str, Any] = table_of(there, folder_of(source), {}).columns
    except SourceError:  # the file is gone: whatever it brought stays named
        return schema
    for column in brought:
        schema.pop(f"{name}.{column}" if f"{name}.{column}" in schema else column, None)
    return schema


def _is_key(series: pl.Series) -> bool:
    known = series.drop_nulls()
    return bool(len(known)) and known.n_unique() == len(known)


def _best(events: EventTable, frame: pl.DataFrame, keys: tuple[str, ...]) -> tuple[str, str]:
    """The columns of events and of a file whose values meet most often; the same name counts, too."""
    columns = events.columns
    first = [*columns.actor, *(name for name in events.schema if name not in columns.actor)]
    some = {
        name: events.frame[name].gather_every(max(1, events.frame.height // SAMPLE)).drop_nulls()
        for name in first
        if type_word(events.schema[name]) in FITTING
    }
    best, most = (columns.actor[0], keys[0]), -1.0
    for on, values in some.items():
        for key in keys:
            if type_word(frame.schema[key]) not in FITTING:
                continue
            share = 1 - places(values, frame[key]).null_count() / max(len(values), 1)
            if (score := share + 0.5 * (on == key)) > most:
                best, most = (on, key), score
    return best
