"""Session starts from gaps, and one row per session from the starts."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from explorer.engine.local.cut import lasting
from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import ACTOR, FORCED, GAP, NEVER, TIME
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition

PLACE = "@place"


@dataclass(frozen=True)
class View:
    """The events that exist for a definition, in the order they are cut in.

    `keys` holds ACTOR, TIME and GAP. `kept` says which of all events these are, None when all; `places` where
    each is among all events, None when they are in the same order. `ends` are when they end, None for at once.
    """

    keys: pl.DataFrame
    kept: pl.Series | None = None
    places: pl.Series | None = None
    forced: pl.Series | None = None
    ends: pl.Series | None = None

    @cached_property
    def rows(self) -> pl.Series:
        """Where each event is among all events."""
        if self.places is not None:
            return self.places
        if self.kept is not None:
            return self.kept.arg_true()
        return pl.int_range(self.keys.height, dtype=pl.UInt32, eager=True)

    @property
    def is_all(self) -> bool:
        """Whether these are all events in their own order."""
        return self.kept is None and self.places is None

    def take(self, values: pl.Series) -> pl.Series:
        """A column of all events, as this view sees it."""
        if self.places is not None:
            return values.gather(self.places)
        return values if self.kept is None else values.filter(self.kept)


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


def starts(view: View, candidates: pl.DataFrame, definition: SessionDefinition) -> pl.Series:
    """The places in the view where sessions begin."""
    found = candidates.filter(boundary.opens(definition, view.forced is not None))[PLACE]
    if definition.max_duration is None or not len(found):
        return found
    if view.ends is not None:
        return lasting.no_longer_than(view.keys[TIME], view.ends, found, definition)
    return pl.Series(_no_longer_than(view.keys[TIME].to_numpy(), found.to_numpy(), definition.max_duration.us))


def _no_longer_than(time: np.ndarray, starts: np.ndarray, limit: int) -> np.ndarray:
    """Cut again whatever lasts longer than the limit; the clock restarts with every new session.

    One binary search per step and session, over the sessions that are still too long only.
    """
    begin = starts.astype(np.int64)
    end = np.append(begin[1:], len(time))
    more = [begin]
    while True:
        long = time[end - 1] - time[begin] > limit
        begin, end = begin[long], end[long]
        if not len(begin):
            return np.sort(np.concatenate(more))
        low, high = begin.copy(), end - 1  # the first event beyond the limit lies in (low, high]
        while (wide := high - low > 1).any():
            middle = (low + high) // 2
            beyond = time[middle] - time[begin] > limit
            high = np.where(wide & beyond, middle, high)
            low = np.where(wide & ~beyond, middle, low)
        begin = high
        more.append(begin)


def table(
    view: View, starts: pl.Series, definition: SessionDefinition, first: int, last: int, time: pl.DataType
) -> pl.DataFrame:
    """One row per session in the view's order: ACTOR, PLACE and what every definition brings.

    PLACE is the session's first event in the view; `first` and `last` are the times of the whole source.
    """
    ends = starts.shift(-1, fill_value=view.keys.height) - 1
    forced = [] if view.forced is None else [view.forced.gather(starts).alias(FORCED)]
    at = view.keys.select(
        pl.col(ACTOR, GAP).gather(starts),
        pl.col(TIME).gather(starts).alias("start"),
        pl.col(TIME).gather(ends).alias("end"),
    ).with_columns(*forced, starts.alias(PLACE), (ends - starts + 1).cast(pl.UInt32).alias("event_count"))
    if view.ends is not None:
        at = lasting.at_latest_ends(at, starts, view.ends)
    number = pl.lit(_numbers_of_splits(view, at)) if definition.split_by else _count_up(pl.col(GAP) == NEVER)
    # In one select, Polars works on all columns at once.
    return at.select(
        ACTOR,
        PLACE,
        number.alias("session_number"),
        pl.col("start", "end").cast(time),
        (pl.col("end") - pl.col("start")).cast(pl.Duration("us")).alias("duration"),
        "event_count",
        boundary.reason(definition, bool(forced)).alias("started_by"),
        boundary.cut_off(definition, first, last).alias("cut_off"),
    )


def _numbers_of_splits(view: View, at: pl.DataFrame) -> pl.Series:
    """Cut separately for each split value, counted together: ties of start go by the first event's place."""
    order = at.select(ACTOR, "start", first=view.rows.gather(at[PLACE]))
    by_start = order.select(pl.arg_sort_by(ACTOR, "start", "first")).to_series()
    actor = pl.col(ACTOR).gather(by_start)
    counted = at.select(_count_up((actor != actor.shift(1)).fill_null(True))).to_series()
    return counted.gather(by_start.arg_sort())


def _count_up(new_actor: pl.Expr) -> pl.Expr:
    """Each session's place among its actor's, from 1, where an actor's are neighbours in order of start."""
    place = pl.int_range(pl.len(), dtype=pl.UInt32)
    first = pl.when(new_actor).then(place).otherwise(None).forward_fill()
    return place - first + 1
