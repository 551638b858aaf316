"""From a source to an engine in one call."""

from pathlib import Path
from typing import Any

from explorer.engine.engine import Engine
from explorer.engine.local.engine import LocalEngine
from explorer.engine.sql.databases.known import is_relation
from explorer.engine.sql.engine import SqlEngine
from explorer.engine.sql.tables import engine_of, is_table
from explorer.errors import EngineError, SourceError, outside
from explorer.events.load import load
from explorer.events.refresh import versions_of


def connect(
    source: Any,
    actor: str | list[str] | tuple[str, ...] | None = None,
    time: str | list[str] | tuple[str, ...] | None = None,
    event: str | None = None,
    order: str | list[str] | tuple[str, ...] = (),
    *,
    table: str | None = None,
    query: str | None = None,
    **how: Any,
) -> Engine:
    """Read events and sort them once; roles that are left out are guessed.

    `source` is a file in any common format, packed or not, a folder, a pattern such as `logs/*.csv`, a list of these,
    an address such as `s3://bucket/events.parquet`, or a data frame. What was assumed while it was read is in
    `quality.how_read`.

    `time` may be two columns, of the day and of the time of day. `how` are other fields of `Columns` that say how the
    source is read, such as `time_format`, `unit`, `time_zone`, `types`, `null_values`, `unique_by`, `drop_duplicates`,
    `until` and `until_unit`. With `identity`, such as `{"known": "user_id", "anonymous": "device_id"}`, an event counts
    for its known user, else for the last known user of its device in the source, else for the device. Raises
    SourceError.

    The events of a database stay there: `source` is a connection to it, or an address such as `duckdb:///shop.db` or
    `postgresql://me:secret@db.example.org/shop`, and `table` the name of a table or view. A `query` in the place of a
    table is called `table`, or else `events`.

    >>> import polars as pl
    >>> log = connect(pl.DataFrame({"user": ["a", "a"], "ts": ["2024-03-01 10:00", "2024-03-01 10:05"]}))
    >>> log
    <2 events, actor user, time ts>
    """
    if is_table(source):
        roles = {"actor": actor, "time": time, "event": event, "order": order}
        try:
            return engine_of(source, table, query, **roles, **how)
        except EngineError:
            if table or query or not is_relation(source):
                raise  # a relation whose times are texts or numbers is read like a frame
    if table or query:
        raise SourceError("Only a database has tables. Pass a connection to one, or its address.")
    what = Path(source).name if isinstance(source, str | Path) else "This source"
    with outside(what, SourceError):
        versions = versions_of(source)  # before it is read: what changes meanwhile is read again by `refresh`
        return LocalEngine(load(source, actor, time, event, order, **how), source, versions)


def is_engine(source: Any) -> bool:
    """Whether something is an engine already, and no source of one."""
    return isinstance(source, LocalEngine | SqlEngine)
