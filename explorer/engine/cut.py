"""Session starts from silences, and one row per session from the starts."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import ACTOR, FORCED, SILENCE, TIME
from explorer.spec.session import SessionDefinition

PLACE = "@place"


@dataclass(frozen=True)
class View:
    """The events that exist for a definition, in the order they are cut in.

    `keys` holds ACTOR, TIME and SILENCE; `rows` their places among all events, None when these are all of them.
    """

    keys: pl.DataFrame
    rows: pl.Series | None = None
    forced: pl.Series | None = None

    def take(self, values: pl.Series) -> pl.Series:
        """A column of all events, as this view sees it."""
        return values if self.rows is None else values.gather(self.rows)


def starts(view: View, definition: SessionDefinition) -> pl.Series:
    """The places in the view where sessions begin."""
    keys = view.keys if view.forced is None else view.keys.with_columns(view.forced.alias(FORCED))
    found = keys.select(boundary.opens(definition, view.forced is not None).arg_true()).to_series()
    if definition.max_duration is None or not len(found):
        return found
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
    size = view.keys.height
    ends = starts.shift(-1, fill_value=size) - 1
    at_start = view.keys.select(ACTOR, SILENCE, pl.col(TIME).alias("start"))[starts]
    if view.forced is not None:
        at_start = at_start.with_columns(view.forced.gather(starts).alias(FORCED))
    found = at_start.with_columns(
        view.keys[TIME].gather(ends).alias("end"),
        (ends - starts + 1).cast(pl.UInt32).alias("event_count"),
        boundary.reason(definition, view.forced is not None).alias("started_by"),
    )
    found = found.with_columns(
        (pl.col("end") - pl.col("start")).alias("duration"),
        boundary.cut_off(definition, first, last).alias("cut_off"),
    )
    return found.select(
        ACTOR,
        starts.alias(PLACE),
        _numbers(view, starts, found, bool(definition.split_by)).alias("session_number"),
        pl.col("start", "end").cast(time),
        pl.col("duration").cast(pl.Duration("us")),
        *("event_count", "started_by", "cut_off"),
    )


def _numbers(view: View, starts: pl.Series, found: pl.DataFrame, split: bool) -> pl.Series:
    """Each session's place among its actor's, from 1 in order of start."""
    if not split or view.rows is None:
        return _count_up(found[ACTOR])
    # Cut separately for each split value, counted together: ties of start go by the first event's place.
    order = found.select(ACTOR, "start", first=view.rows.gather(starts))
    by_start = order.select(pl.arg_sort_by(ACTOR, "start", "first")).to_series()
    return _count_up(found[ACTOR].gather(by_start)).gather(by_start.arg_sort())


def _count_up(actor: pl.Series) -> pl.Series:
    place = pl.int_range(pl.len(), dtype=pl.UInt32)
    new = (pl.col(ACTOR) != pl.col(ACTOR).shift(1)).fill_null(True)
    first = pl.when(new).then(place).otherwise(None).forward_fill()
    return actor.to_frame(ACTOR).select((place - first + 1).alias("session_number")).to_series()
