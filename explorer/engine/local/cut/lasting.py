"""Events that last: gaps from the latest end so far in the session, and sessions that end at their latest end."""

from dataclasses import replace

import numpy as np
import polars as pl

from explorer.engine.local.cut.dividing import Closing
from explorer.engine.local.cut.events_view import View
from explorer.engine.local.cut.spans import Spans, latest_ends
from explorer.plan.in_polars.boundary import GAP, NEVER, TIME
from explorer.spec.session import SessionDefinition


def gap(keys: pl.DataFrame, ends: pl.Series, forced: pl.Series | None = None) -> pl.Series:
    """The gap before each event, from the latest end since a session was last forced to begin; 0 where events overlap.

    A session that begins for its gap needs no new count: all that ended before is earlier than its first event.
    """
    new = pl.col(GAP) == NEVER
    begins = new if forced is None else new | (pl.col("forced") > 0)
    told = keys.select(TIME, GAP).with_columns(ends.alias("end"))
    told = told if forced is None else told.with_columns(forced.alias("forced"))
    latest = pl.col("end").cum_max().over(begins.cum_sum())
    told = told.with_columns(latest.alias("latest"))
    since = pl.max_horizontal(pl.col(TIME) - pl.col("latest").shift(1), 0)
    return told.select(pl.when(new).then(NEVER).otherwise(since).alias(GAP)).to_series()


def at_latest_ends(at: pl.DataFrame, spans: Spans, view: View) -> pl.DataFrame:
    """Sessions in their order (`start`, `end` and GAP), with their latest end and the gap from that of the last."""
    assert view.ends is not None
    latest = latest_ends(view.ends.to_numpy(), spans.begins.to_numpy(), spans.stops.to_numpy())
    found = at.with_columns(pl.Series("end", latest, pl.Int64))
    gap = pl.max_horizontal(pl.lit(view.keys[TIME].gather(spans.closers)) - pl.col("end").shift(1), 0)
    return found.with_columns(pl.when(pl.col(GAP) == NEVER).then(NEVER).otherwise(gap).alias(GAP))


def walked(view: View, closing: Closing, definition: SessionDefinition) -> Spans:
    """Sessions by the rules that look back, event by event: what ended before a session began counts no more."""
    assert view.ends is not None
    limit = definition.inactivity.us + (definition.boundary == ">")
    height = view.keys.height
    nothing = np.zeros(height, np.uint8)
    forced = (nothing if view.forced is None else view.forced.to_numpy()) > 0
    opens = nothing == 0 if view.opening is None else view.opening.to_numpy()
    changed: dict[int, int] = {}
    for pairs in closing.changes:
        for before, after in zip(pairs.before.tolist(), pairs.after.tolist(), strict=False):
            changed[after] = max(before, changed.get(after, -1))
    longest = NEVER if closing.longest is None else closing.longest
    most = height + 1 if closing.most is None else closing.most
    begins: list[int] = []
    closers: list[int] = []
    stops: list[int] = []
    changes: list[int] = []
    begin = closer = -1  # of the open session, and of what is waited for; -1 for none
    began = latest = 0
    columns = (view.keys[TIME], view.keys[GAP], view.ends, pl.Series(forced), pl.Series(opens))
    for at, (time, gap, end, is_forced, can_open) in enumerate(zip(*(each.to_list() for each in columns), strict=True)):
        first = gap == NEVER
        if first or (
            begin >= 0
            and (
                is_forced
                or time - latest >= limit
                or time - began > longest
                or at - begin == most
                or changed.get(at, -1) >= begin
            )
        ):
            if begin >= 0:
                stops.append(at)
                if changed.get(at, -1) >= begin:
                    changes.append(at)
            begin, closer = -1, at
        if begin >= 0:
            latest = max(latest, end)
        elif can_open:
            begins.append(at)
            closers.append(closer)
            begin, began, latest = at, time, end
    if begin >= 0:
        stops.append(height)
    begun, stopped, closed = (pl.Series(part, dtype=pl.UInt32) for part in (begins, stops, closers))
    found = Spans(begun, stopped, closed, view.keys[GAP].gather(closed))
    return replace(found, changed=closed.is_in(changes)) if changes else found
