"""What a dimension says of each session: a column of the sessions, or the first, last or any value of their events."""

from __future__ import annotations

import polars as pl

from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError, did_you_mean
from explorer.plan.in_polars.predicate import expression
from explorer.spec.charts.dimension import PARTS, Dimension
from explorer.spec.expression.clause import Column, columns, parse_value


def unknown(sessions: SessionTable, dimension: Dimension) -> SpecError:
    """The error for a dimension that is neither a session's nor an event's column."""
    known = [*sessions.names, *sessions.inside.schema, *(f"{part} of start" for part in PARTS)]
    return SpecError(f"there is no column '{dimension}' to group by. {did_you_mean(str(dimension), known)}")


def values(sessions: SessionTable, dimension: Dimension) -> pl.Series:
    """One value per session of the cut, before the dimension's part is taken; raises SpecError, for `any` too."""
    whole, column = sessions.plain_name(str(dimension)), sessions.plain_name(dimension.column)
    schema = sessions.inside.schema
    if sessions.has(whole):
        return sessions.column(whole)
    if dimension.place in ("first", "last") and dimension.column in schema:
        return sessions.edge(dimension.place, dimension.column)
    if not dimension.place and sessions.has(column):
        return sessions.column(column)
    if not dimension.place and column in schema:
        return sessions.edge("first", column)
    found = _computed(sessions, dimension)
    if found is None:
        raise unknown(sessions, dimension)
    return found


def _computed(sessions: SessionTable, dimension: Dimension) -> pl.Series | None:
    """An expression of columns of sessions, else of those of events by its first or last value; None for a name."""
    text, events = dimension.column, sessions.events
    try:
        node = parse_value(text)
    except SpecError:
        return None
    names = columns(node)
    if isinstance(node, Column) or dimension.place == "any" or not names:
        return None
    if not dimension.place and all(sessions.has(sessions.plain_name(name)) for name in names):
        frame = pl.DataFrame([sessions.column(sessions.plain_name(name)).alias(name) for name in names])
        value = expression(node, frame.schema, events.columns.time_zone, events.now)
        return frame.with_columns(value.alias(text))[text]
    return sessions.edge(dimension.place or "first", text)
