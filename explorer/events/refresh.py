"""Events with those of files that were added since: only the new files are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from explorer.errors import SourceError
from explorer.events.events import Events
from explorer.events.files.objects import is_address
from explorer.events.files.paths import Files, found
from explorer.events.load import arrange, load
from explorer.plan.in_polars.boundary import TIME

Versions = Mapping[Path, tuple[int, int]]


def versions_of(source: Any) -> Versions:
    """Size and time of change of every file of a source; nothing for what is no file."""
    if not is_of_files(source):
        return {}
    states = {path: path.stat() for path in found(source).paths}
    return {path: (state.st_size, state.st_mtime_ns) for path, state in states.items()}


def is_of_files(source: Any) -> bool:
    """Whether a source is a path, a folder, a pattern or a list of these."""
    if isinstance(source, list | tuple):
        return bool(source) and all(is_of_files(one) for one in source)
    return isinstance(source, Path) or (isinstance(source, str) and not is_address(source))


def refreshed(events: Events, source: Any, before: Versions) -> tuple[Events, Versions]:
    """The events of a source as they are now, and the versions of its files; raises SourceError.

    Where files were only added, behind the others in the order of their names, these alone are read and sorted in: late
    events change sessions as they would if everything were read again. Everything is read again where a file has
    changed or is gone, and where events depend on others elsewhere in the source.
    """
    if not before:
        raise SourceError("Only files can be read again. Connect to the new data instead.")
    files, now = found(source), versions_of(source)
    if now == before:
        return events, now
    added = _added(files, before, now)
    if added is None or not _stand_alone(events):
        return load(source, **vars(events.columns)), now
    new = load(added, **vars(events.columns))
    joined = _joined(events, new) if _fit(events, new) else None
    return joined or load(source, **vars(events.columns)), now


def _added(files: Files, before: Versions, now: Versions) -> Files | None:
    """The files that are new, where all others are as they were and stand before them."""
    if any(now.get(path) != version for path, version in before.items()):
        return None
    new = [item for item in files.items if item.path not in before]
    last = len(files.items) - len(new)
    return replace(files, items=tuple(new)) if list(files.items[last:]) == new else None


def _stand_alone(events: Events) -> bool:
    """Whether what is kept of an event does not depend on events elsewhere in the source."""
    columns = events.columns
    return not (
        columns.drop_duplicates
        or columns.unique_by
        or columns.identity
        or columns.until
        or columns.derived
        or columns.lookups
    )


def _fit(one: Events, other: Events) -> bool:
    """Whether two parts of a source were read in the same way."""
    forms = [
        [(told.what, told.value) for told in events.quality.how_read if "times" in told.what] for events in (one, other)
    ]
    return one.schema == other.schema and forms[0] == forms[1] and one.quality.unit == other.quality.unit


def _joined(one: Events, other: Events) -> Events:
    """Two parts sorted into one; ties keep the order of the parts."""
    raw = pl.concat([_plain(one), _plain(other)], how="vertical")
    made = arrange(raw, one.columns.replace(unit=None, time_format=None))
    first, second = one.quality, other.quality
    texts = tuple(dict.fromkeys((*first.unreadable, *second.unreadable)))[: max(5, len(first.unreadable))]
    late = int(bool(one.keys[TIME].max() > other.keys[TIME].min()))  # type: ignore[operator]
    quality = replace(
        made.quality,
        rows=first.rows + second.rows,
        no_actor=first.no_actor + second.no_actor,
        no_time=first.no_time + second.no_time,
        no_offset=first.no_offset + second.no_offset,
        other_unit=first.other_unit + second.other_unit,
        disorder=(first.disorder or 0) + (second.disorder or 0) + late,
        unreadable=texts,
        said=first.said,
        unit=first.unit,
        told_zone=first.told_zone,
        time_order=first.time_order,
        decided_by=first.decided_by,
        remarked=first.remarked,
        how_read=_told(first.how_read, second.how_read),
    )
    return replace(made, columns=one.columns, quality=quality, schema=one.schema)


def _told(first: Sequence[Any], second: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _plain(events: Events) -> pl.DataFrame:
    """The events' columns in the types that they came in."""
    texts = [name for name, dtype in events.schema.items() if dtype == pl.String and name != events.columns.time]
    return events.frame.with_columns(pl.col(name).cast(pl.String) for name in texts)
