"""Session starts from gaps, and one row per session from the starts."""

from dataclasses import replace

import numpy as np
import polars as pl

from explorer.engine.local.cut import lasting
from explorer.engine.local.cut.dividing import Closing, Places, closers, first_at
from explorer.engine.local.cut.events_view import View as View
from explorer.engine.local.cut.passive import Joined
from explorer.engine.local.cut.spans import OPENED, Spans, opened, tiled
from explorer.engine.local.cut.spans import PLACE as PLACE
from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import ACTOR, BEFORE, CHANGED, FORCED, GAP, LAST, NEVER, TIME
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition


def floor(inactivity: Duration) -> Duration:
    """The power of four microseconds at or below an inactivity: about 1s, 4s, 17s, 1m, 4m, 18m, 1h 11m ...

    >>> str(floor(Duration.parse("30m")))
    '17m 53.741824s'
    """
    return Duration(4 ** ((inactivity.us.bit_length() - 1) // 2))


def candidates(view: View, least: Duration) -> pl.DataFrame:
    """The events that can begin a session at an inactivity of `least` or more: PLACE, GAP and FORCED, if any.

    Where only some events can open a session, OPENED is the place of the first that can from there on.
    """
    keys = view.keys.select(GAP) if view.forced is None else view.keys.select(GAP, view.forced.alias(FORCED))
    can = view.keys[GAP].to_numpy() >= least.us
    if view.forced is not None:
        can |= view.forced.to_numpy() > 0
    places = pl.Series(PLACE, np.flatnonzero(can).astype(np.uint32))
    found = keys[places].with_columns(places)
    if view.opening is None:
        return found
    return found.with_columns(_opened(view, places))


def opening(view: View, candidates: pl.DataFrame, definition: SessionDefinition) -> pl.Series:
    """Which of the candidates begin a session, whatever came before."""
    return candidates.select(boundary.opens(definition, view.forced is not None)).to_series()


def spans(view: View, candidates: pl.DataFrame, definition: SessionDefinition) -> Spans:
    """Where sessions begin in the view, and where each stops."""
    begins = candidates.filter(opening(view, candidates, definition))
    found, height = begins[PLACE], view.keys.height
    longest = definition.max_duration.us if definition.max_duration else None
    most = min(definition.max_events, height) if definition.max_events else None
    closing = Closing(view.keys[TIME].to_numpy(), longest, most, view.changes)
    if view.opening is None and not closing.looks_back:
        return tiled(found, begins[GAP], height)
    if view.ends is not None:
        return lasting.walked(view, closing, definition)
    known = found.to_numpy()
    every, changed = closers(closing, known, None if view.opening is None else view.openings)
    if every is not known:
        places = pl.Series(PLACE, every)
        begins = pl.DataFrame([places, view.keys[GAP].gather(places)])
        begins = begins if view.opening is None else begins.with_columns(_opened(view, places))
    sessions = tiled(begins[PLACE], begins[GAP], height) if view.opening is None else opened(begins, height)
    return replace(sessions, changed=_among(changed, sessions.closers, height)) if len(changed) else sessions


def _opened(view: View, closers: pl.Series) -> pl.Series:
    """The place of the first event of the same stream that can open a session, at or after each; else the height."""
    places, height = closers.to_numpy(), view.keys.height
    found = first_at(view.openings, places, height)
    found[found >= first_at(view.firsts, places + 1, height)] = height
    return pl.Series(OPENED, found)


def _among(places: Places, closers: pl.Series, height: int) -> pl.Series:
    """Which of the closers are among these places, of 0 to `height`."""
    here = np.zeros(height + 1, dtype=bool)
    here[places] = True
    return pl.Series(here[closers.to_numpy()])


def placed(view: View, spans: Spans, held: Joined | None) -> pl.DataFrame:
    """One row per session in the view's order: ACTOR, PLACE and event_count.

    PLACE is the session's first event among those that any session holds; `held` are the sessions with their passive
    events, None where there are none.
    """
    return view.keys.select(pl.col(ACTOR).gather(spans.begins)).with_columns(_sizes(spans, held))


def table(
    view: View,
    spans: Spans,
    placed: pl.DataFrame,
    held: Joined | None,
    definition: SessionDefinition,
    first: int,
    last: int,
    time: pl.DataType,
) -> pl.DataFrame:
    """The same with what every definition brings; `first` and `last` are the times of the whole source."""
    begins = spans.begins
    at = view.keys.select(
        pl.col(TIME).gather(begins).alias("start"),
        pl.col(TIME).gather(spans.stops - 1).alias("end"),
    ).with_columns(*placed.get_columns(), spans.gap.alias(GAP), *_looked_back(view, spans, definition))
    at = at if held is None else at.with_columns(held.last.alias(LAST))
    if view.ends is not None:
        at = lasting.at_latest_ends(at, spans, view)
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
    if definition.restart_on_change:
        changed = found[0] == boundary.CHANGE
        found.append((changed if spans.changed is None else changed | spans.changed).alias(CHANGED))
    if definition.max_duration is not None and definition.max_events is not None:
        before = spans.begins.shift(1, fill_value=0)
        times = view.keys[TIME]
        found += [times.gather(spans.closers), times.gather(before).alias(BEFORE)]
    return found


def _sizes(spans: Spans, held: Joined | None) -> list[pl.Series]:
    """PLACE and event_count."""
    if held is None and spans.closers is spans.begins:
        count = (spans.stops - spans.begins).cast(pl.UInt32)
        return [spans.begins.alias(PLACE), count.alias("event_count")]
    count = ((spans.stops - spans.begins) if held is None else (held.stops - held.begins)).cast(pl.UInt32)
    place = (count.cum_sum() - count).cast(pl.UInt32).alias(PLACE)
    return [place, count.alias("event_count")]


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
