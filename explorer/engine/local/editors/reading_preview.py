"""What another reading of the source would make of its first rows, before anything is read again."""

from __future__ import annotations

import polars as pl

from explorer.engine.local.source_reader import SourceReader
from explorer.errors import SourceError
from explorer.events.head import Head, head_of, raw_head, read_head
from explorer.spec.columns import Columns


def reading_preview(engine: SourceReader, columns: Columns) -> tuple[Head, Head]:
    """The first rows of the engine's source as they are read, and as they would be under these columns.

    Only the beginning of the source is read. Raises SourceError and SpecError for what cannot be.

    >>> import explorer
    >>> log = explorer.connect(pl.DataFrame({"user": ["a", "a"], "ts": ["03/04/2024 10:00", "03/05/2024 10:00"]}))
    >>> before, after = reading_preview(log, log.columns.replace(time_format="day first"))
    >>> before.days, after.days
    (['2024-03-04', '2024-03-05'], ['2024-04-03', '2024-05-03'])
    """
    head = engine.stages.get("head of the source", (), lambda: head_of(engine.source))
    now = engine.columns
    texts = tuple(name for name, dtype in engine.schema.items() if dtype == pl.String)
    before = engine.stages.get("head as it is read", (), lambda: read_head(head, _settled(engine, now), texts))
    free = () if columns.format != now.format else tuple(name for name in texts if name not in dict(columns.types))
    try:
        return before, read_head(head, _settled(engine, columns), free)
    except SourceError as error:
        if columns.format == now.format:
            raise
        return before, raw_head(
            head, columns, f"{error} Choose the roles among the columns below."
        )  # which columns there are then is what one must see


def _settled(engine: SourceReader, columns: Columns) -> Columns:
    """The columns with what the whole source has decided, which its beginning may not tell, where that still holds."""
    now, report = engine.columns, engine.quality
    if (columns.times, columns.format, dict(columns.types).get(columns.time)) != (
        now.times,
        now.format,
        dict(now.types).get(now.time),
    ):
        return columns
    if columns.time_format is None and now.time_format is None:
        columns = columns.replace(time_format=report.time_order or None)
    if columns.unit is None and now.unit is None and not report.other_unit:
        columns = columns.replace(unit=report.unit or None)
    return columns
