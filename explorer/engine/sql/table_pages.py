"""Pages of the events of sessions, which come home a piece at a time."""

from __future__ import annotations

import polars as pl

from explorer.engine.answers.batches import AT_ONCE, Batches
from explorer.engine.local.cut import frames
from explorer.engine.local.local_cut import LocalCut
from explorer.engine.sql.frames import as_told
from explorer.engine.sql.table_inside import chosen
from explorer.engine.sql.table_sessions import TableSessions
from explorer.errors import EngineError
from explorer.plan.meaning import outer_name
from explorer.spec.expression.clause import Clause


def page_of(sessions: TableSessions, where: Clause | None, page: slice | None) -> pl.DataFrame:
    """A page of the events of the sessions that are shown, by actor and time; without one all of them, which come home
    at once. Raises EngineError for a page that goes backwards or leaves some out."""
    if page is None:
        return _part(sessions, where, None, 0, None)
    start, stop = page.start or 0, page.stop
    if start < 0 or (stop or 0) < 0 or page.step not in (None, 1):
        raise EngineError("Events are told from the first on, one after the other: page=slice(0, 1000).")
    return _part(sessions, where, None, start, None if stop is None else max(stop - start, 0))


def event_batches(sessions: TableSessions, rows: pl.Series | None, size: int = AT_ONCE) -> Batches:
    """The events of the sessions that are shown, or of those at these rows of `table`, piece by piece."""
    some = sessions.table if rows is None else sessions.table[rows]
    many = int(some["event_count"].cast(pl.Int64).sum())
    return Batches(many, lambda at, end: _part(sessions, None, rows, at, end - at), size)


def _part(
    sessions: TableSessions, where: Clause | None, rows: pl.Series | None, offset: int, limit: int | None
) -> pl.DataFrame:
    like = LocalCut(sessions.of(sessions.definition.replace(keep=None)).like).events(where)
    queries = sessions.queries
    with chosen(sessions, rows) as name:
        asked = queries.in_order(queries.events(where, name))
        asked = asked if limit is None else asked.limit(limit)
        found = sessions.ask(asked.offset(offset) if offset else asked)
    number = sessions.cut["session_number"].gather(found.to_series(0).cast(pl.UInt32))
    told = pl.DataFrame([pl.repeat("", found.height, eager=True).alias("id"), number, *found.get_columns()[1:]])
    actor = [outer_name(name) for name in sessions.events.columns.actor]
    return as_told(told, like).with_columns(frames.session_id(actor))
