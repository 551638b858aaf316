"""What a dimension says of each session: a column of the sessions, or the first, last or any value of their events."""

from __future__ import annotations

import numpy as np
import polars as pl

from explorer.engine.local.cut.cutting import PLACE
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
        return at(sessions, dimension.place, dimension.column)
    if not dimension.place and sessions.has(column):
        return sessions.column(column)
    if not dimension.place and column in schema:
        return at(sessions, "first", column)
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
    return at(sessions, dimension.place or "first", text)


def at(sessions: SessionTable, place: str, column: str) -> pl.Series:
    """The first or last value that is not null of a column of events in each session of the cut."""
    values = _of_events(sessions, column)
    begin, end = sessions.cut[PLACE], _ends(sessions)
    if not values.null_count():
        return values.gather(begin if place == "first" else end - 1)
    places = values.is_not_null().arg_true().cast(pl.Int64)
    found = pl.concat([pl.Series([None], dtype=pl.Int64), places, pl.Series([None], dtype=pl.Int64)])
    if place == "first":
        near = found.gather(places.search_sorted(begin, side="left") + 1)
    else:
        near = found.gather(places.search_sorted(end, side="left"))
    inside = pl.select(pl.when((near >= begin) & (near < end)).then(near)).to_series()
    return values.gather(inside)


def any_of(sessions: SessionTable, column: str) -> pl.DataFrame:
    """The different values of a column of events in each session, nulls left out: `session` and `value`."""
    values = _of_events(sessions, column)
    count = pl.int_range(pl.len(), dtype=pl.UInt32)
    session = sessions.cut.select(count.repeat_by("event_count").explode()).to_series()
    found = pl.DataFrame({"session": session, "value": values}).filter(pl.col("value").is_not_null())
    if not isinstance(values.dtype, pl.Categorical):
        return found.unique()
    # Session and code as one number: a sort finds what is there twice in a fifth of the time.
    pair = (pl.col("session").cast(pl.UInt64) * 2**32 + pl.col("value").to_physical()).sort()
    pairs = found.select(pair.alias("pair")).filter((pl.col("pair") != pl.col("pair").shift(1)).fill_null(True))
    code = (pl.col("pair") % 2**32).cast(pl.UInt32)
    split = pairs.select((pl.col("pair") // 2**32).cast(pl.UInt32).alias("session"), code.alias("value"))
    known = values.drop_nulls().unique()
    return split.with_columns(value=_from_codes(split["value"], known))


def _of_events(sessions: SessionTable, column: str) -> pl.Series:
    return sessions.inside.column(column)


def _ends(sessions: SessionTable) -> pl.Series:
    return sessions.cut[PLACE].shift(-1, fill_value=sessions.held.keys.height)


def _from_codes(codes: pl.Series, known: pl.Series) -> pl.Series:
    """Categories again, by the codes of all that there are."""
    at = np.zeros(int(codes.max() or 0) + 1, np.uint32)  # type: ignore[arg-type]
    at[known.to_physical().to_numpy()] = np.arange(len(known))
    return known.gather(pl.Series(at).gather(codes))
