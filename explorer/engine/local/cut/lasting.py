"""Events that last: gaps from the latest end so far in the session, and sessions that end at their latest end."""

import numpy as np
import polars as pl

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


def latest_ends(ends: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The latest end in each session; `starts` are the places of their first events.

    >>> latest_ends(np.array([9, 4, 7]), np.array([0, 2])).tolist()
    [9, 7]
    """
    return np.maximum.reduceat(ends, starts.astype(np.int64)) if len(starts) else ends[:0]


def at_latest_ends(at: pl.DataFrame, starts: pl.Series, ends: pl.Series) -> pl.DataFrame:
    """Sessions in their order (`start`, `end`, GAP), with their latest end and the gap from that of the last."""
    found = at.with_columns(pl.Series("end", latest_ends(ends.to_numpy(), starts.to_numpy()), pl.Int64))
    gap = pl.max_horizontal(pl.col("start") - pl.col("end").shift(1), 0)
    return found.with_columns(pl.when(pl.col(GAP) == NEVER).then(NEVER).otherwise(gap).alias(GAP))


def no_longer_than(times: pl.Series, ends: pl.Series, starts: pl.Series, definition: SessionDefinition) -> pl.Series:
    """Cut again whatever lasts longer than `max_duration`, event by event: what ended before a cut counts no more."""
    assert definition.max_duration is not None
    limit, longest = definition.max_duration.us, definition.inactivity.us + (definition.boundary == ">")
    begin = starts.to_numpy().astype(np.int64)
    after = np.append(begin[1:], len(times))
    time, end = times.to_numpy(), ends.to_numpy()
    long = time[after - 1] - time[begin] > limit
    more: list[int] = []
    for first, last in zip(begin[long].tolist(), after[long].tolist(), strict=True):
        began, latest = int(time[first]), int(end[first])
        its = zip(range(first + 1, last), time[first + 1 : last].tolist(), end[first + 1 : last].tolist(), strict=True)
        for at, its_time, its_end in its:
            if its_time - latest >= longest or its_time - began > limit:
                more.append(at)
                began, latest = its_time, its_end
            else:
                latest = max(latest, its_end)
    return pl.Series(np.sort(np.concatenate([begin, np.array(more, np.int64)])))
