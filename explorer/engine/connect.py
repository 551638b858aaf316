"""From a source to an engine in one call."""

from collections.abc import Mapping
from typing import Any

from explorer.engine.local.engine import LocalEngine
from explorer.events.load import load
from explorer.spec.identity import Identity


def connect(
    source: Any,
    actor: str | list[str] | tuple[str, ...] | None = None,
    time: str | None = None,
    event: str | None = None,
    order: str | list[str] | tuple[str, ...] = (),
    time_zone: str | None = None,
    unit: str | None = None,
    drop_duplicates: bool = False,
    until: str | None = None,
    until_unit: str | None = None,
    identity: Identity | Mapping[str, str] | None = None,
) -> LocalEngine:
    """Read events from a path or frame and sort them once; roles that are left out are guessed.

    `unit` says what numeric times count (seconds, milliseconds, microseconds, nanoseconds). `drop_duplicates` leaves
    out, and counts, events that repeat an earlier one in every column. `until` is the column that says when an event
    that lasts ends, or how long it lasts (a number of `until_unit`). With `identity`, such as
    `{"known": "user_id", "anonymous": "device_id"}`, an event counts for its known user, else for the last known user
    of its device in the source, else for the device. Raises SourceError.

    >>> import polars as pl
    >>> log = connect(pl.DataFrame({"user": ["a", "a"], "ts": ["2024-03-01 10:00", "2024-03-01 10:05"]}))
    >>> log
    <2 events, actor user, time ts>
    """
    events = load(
        source,
        actor,
        time,
        event,
        order=order,
        time_zone=time_zone,
        unit=unit,
        drop_duplicates=drop_duplicates,
        until=until,
        until_unit=until_unit,
        identity=identity,
    )
    return LocalEngine(events, source)
