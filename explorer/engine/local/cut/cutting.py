"""Session starts from gaps, and one row per session from the starts."""

import numpy as np
import polars as pl

from explorer.engine.local.cut import lasting
from explorer.engine.local.cut.dividing import Closing, closers
from explorer.engine.local.cut.events_view import View as View
from explorer.engine.local.cut.spans import Joined, Spans, opened, tiled
from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import ACTOR, BEFORE, CHANGED, FORCED, GAP, LAST, NEVER, TIME
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition

PLACE = "@place"


def floor(inactivity: Duration) -> Duration:
    """The power of four microseconds at or below an inactivity: about 1s, 4s, 17s, 1m, 4m, 18m, 1h 11m ...

    >>> str(floor(Duration.parse("30m")))
    '17m 53s 741ms 824us'
    """
    return Duration(4 ** ((inactivity.us.bit_length() - 1) // 2))


def candidates(view: View, least: Duration) -> pl.DataFrame:
    """The events that can begin a session at an inactivity of `least` or more: PLACE, GAP and FORCED, if any."""
    keys = view.keys.select(GAP) if view.forced is None else view.keys.select(GAP, view.forced.alias(FORCED))
    can = pl.col(GAP) >= least.us
    places = keys.select((can if view.forced is None else can | (pl.col(FORCED) > 0)).arg_true()).to_series()
    return keys[places].with_columns(places.alias(PLACE))


def spans(view: View, candidates: pl.DataFrame, definition: SessionDefinition) -> Spans:
    """Where sessions begin in the view, and where each stops."""
    begins = candidates.filter(boundary.opens(definition, view.forced is not None))
    found, height = begins[PLACE], view.keys.height
    longest = definition.max_duration.us if definition.max_duration else None
    closing = Closing(view.keys[TIME].to_numpy(), longest, definition.max_events, view.changes)
    if view.opening is None and not closing.looks_back:
        return tiled(found, height)
    if view.ends is not None:
        return lasting.walked(view, closing, definition)
    known = found.to_numpy().astype(np.int64)
    if view.opening is None:
        return tiled(pl.Series(closers(closing, known, None).astype(np.uint32)), height)
    every = closers(closing, known, view.openings)
    is_first = (begins[GAP] if every is known else view.keys[GAP].gather(every)) == NEVER
    return opened(every, view.openings, is_first.to_numpy(), height)


def table(
    view: View,
    spans: Spans,
    held: Joined | None,
    definition: SessionDefinition,
    first: int,
    last: int,
    time: pl.DataType,
) -> pl.DataFrame:
    """One row per session in the view's order: ACTOR, PLACE and what every definition brings.

    PLACE is the session's first event among those that any session holds; `held` are the sessions with their passive
    events, None where there are none. `first` and `last` are the times of the whole source.
    """
    begins, ends = spans.begins, spans.stops - 1
    at = view.keys.select(
        pl.col(ACTOR).gather(begins),
        pl.col(GAP, TIME).gather(spans.closers),
        pl.col(TIME).gather(begins).alias("start"),
        pl.col(TIME).gather(ends).alias("end"),
    ).with_columns(*_looked_back(view, spans, definition), *_sizes(spans, held))
    if view.ends is not None:
        at = lasting.at_latest_ends(at, spans, view.ends)
    number = pl.lit(_numbers_of_splits(view, at, begins)) if definition.split_by else _count_up(pl.col(GAP) == NEVER)
    # In one select, Polars works on all columns at once.
    return at.select(
        ACTOR,
        PLACE,
        number.alias("session_number"),
        pl.col("start", "end").cast(time),
        (pl.col("end") - pl.col("start")).cast(pl.Duration("us")).alias("duration"),
        "event_count",
        boundary.reason(definition, view.forced is not None).alias("started_by"),
        boundary.cut_off(definition, first, last).alias("cut_off"),
    )


def _looked_back(view: View, spans: Spans, definition: SessionDefinition) -> list[pl.Series]:
    """What `boundary.reason` reads besides the gap, where sessions are closed."""
    found: list[pl.Series] = []
    if view.forced is not None:
        found.append(view.forced.gather(spans.closers).alias(FORCED))
    before = spans.begins.shift(1, fill_value=0)
    if definition.restart_on_change:
        changed = (found[0] == boundary.CHANGE).to_numpy(writable=True)
        closers, began = spans.closers.to_numpy(), before.to_numpy()
        for pairs in view.changes if len(closers) else ():
            at = np.searchsorted(closers, pairs.after[:-1].astype(closers.dtype))
            here = np.minimum(at, len(closers) - 1)
            changed[here[(closers[here] == pairs.after[:-1]) & (pairs.before >= began[here])]] = True
        found.append(pl.Series(CHANGED, changed))
    if definition.max_duration is not None and definition.max_events is not None:
        found.append(view.keys[TIME].gather(before).alias(BEFORE))
    return found


def _sizes(spans: Spans, held: Joined | None) -> list[pl.Series]:
    """PLACE and event_count, and with passive events LAST."""
    if held is None and spans.closers is spans.begins:
        count = (spans.stops - spans.begins).cast(pl.UInt32)
        return [spans.begins.alias(PLACE), count.alias("event_count")]
    count = ((spans.stops - spans.begins) if held is None else (held.stops - held.begins)).cast(pl.UInt32)
    place = (count.cum_sum() - count).cast(pl.UInt32).alias(PLACE)
    last = [] if held is None else [held.last.alias(LAST)]
    return [place, count.alias("event_count"), *last]


def _numbers_of_splits(view: View, at: pl.DataFrame, begins: pl.Series) -> pl.Series:
    """Cut separately for each split value, counted together: ties of start go by the first event's place."""
    order = at.select(ACTOR, "start", first=view.rows.gather(begins))
    by_start = order.select(pl.arg_sort_by(ACTOR, "start", "first")).to_series()
    actor = pl.col(ACTOR).gather(by_start)
    counted = at.select(_count_up((actor != actor.shift(1)).fill_null(True))).to_series()
    return counted.gather(by_start.arg_sort())


def _count_up(new_actor: pl.Expr) -> pl.Expr:
    """Each session's place among its actor's, from 1, where an actor's are neighbours in order of start."""
    place = pl.int_range(pl.len(), dtype=pl.UInt32)
    first = pl.when(new_actor).then(place).otherwise(None).forward_fill()
    return place - first + 1
