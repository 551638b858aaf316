"""From a source to an engine in one call."""

from typing import Any

from explorer.engine.local.engine import LocalEngine
from explorer.events.load import load


def connect(
    source: Any,
    actor: str | list[str] | tuple[str, ...] | None = None,
    time: str | None = None,
    event: str | None = None,
    order: str | list[str] | tuple[str, ...] = (),
    time_zone: str | None = None,
    unit: str | None = None,
    drop_duplicates: bool = False,
) -> LocalEngine:
    """Read events from a path or frame and sort them once; roles that are left out are guessed.

    `unit` says what numeric times count (seconds, milliseconds, microseconds, nanoseconds). `drop_duplicates` leaves
    out, and counts, events that repeat an earlier one in every column. Raises SourceError.

    >>> import polars as pl
    >>> log = connect(pl.DataFrame({"user": ["a", "a"], "ts": ["2024-03-01 10:00", "2024-03-01 10:05"]}))
    >>> log
    <2 events, actor user, time ts>
    """
    events = load(source, actor, time, event, order, time_zone, unit, drop_duplicates)
    return LocalEngine(events, source)
