"""Made-up sessions, and what a slow loop counts in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.durations import duration_bins
from explorer.crossfilter.bins.extent import extent, floats
from explorer.crossfilter.bins.floats import float_bins
from explorer.crossfilter.bins.times import time_bins
from explorer.crossfilter.cube import Crossfilter, Dimension

TITLES = {
    "duration": "Session duration",
    "event_count": "Events per session",
    "start": "Session start",
    "time_in_session": "Time in session per user",
}


PLATFORMS = ("web", "ios", "android", "tv", "<img src=x onerror=alert(1)>", "watch", "car", "")
VALUE_TITLES = {
    "platform": "Platform",
    "paid": "Paid",
    "weekday": "Weekday",
    "time_in_session": "Time in session per user",
}


@dataclass(frozen=True)
class Sessions:
    """The same as plain arrays: `platform` is a place in PLATFORMS, -1 for none; `paid` is NaN for none."""

    actor: npt.NDArray[np.int64]
    platform: npt.NDArray[np.int64]
    paid: npt.NDArray[np.float64]
    weekday: npt.NDArray[np.int64]
    duration: npt.NDArray[np.int64]

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        return np.flatnonzero(np.r_[True, self.actor[1:] != self.actor[:-1]])

    @property
    def time_in_session(self) -> npt.NDArray[np.int64]:
        sums = np.add.reduceat(self.duration, self.starts)
        return np.repeat(sums, np.diff(np.r_[self.starts, len(self.actor)]))


def made_up_values(n: int, seed: int = 0) -> tuple[Sessions, Crossfilter]:
    """So many sessions with names, numbers with holes and days; five platforms have a bar of their own."""
    random = np.random.default_rng(seed)
    sessions = Sessions(
        actor=np.sort(random.integers(0, max(1, n // 5), n)),
        # In the order of how frequent they are, far enough apart for it to be sure.
        platform=random.choice(np.arange(-1, 8), n, p=[0.08, 0.3, 0.22, 0.15, 0.1, 0.06, 0.04, 0.03, 0.02]),
        paid=np.where(random.random(n) < 0.25, np.nan, np.round(random.gamma(2, 20, n), 2)),
        weekday=random.integers(0, 7, n),
        duration=(random.lognormal(5.5, 1.6, n) + 1).astype(np.int64) * 1_000_000,
    )
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    missing = np.isnan(sessions.paid)
    paid = float_bins("paid", floats(sessions.paid[~missing]))
    total = sessions.time_in_session
    platforms = Categories("platform", pl.Series(PLATFORMS), shown=5, none=True)
    return sessions, Crossfilter(
        [
            Dimension.of(platforms, sessions.platform % (len(PLATFORMS) + 1)),
            Dimension.of(paid.with_none(), sessions.paid, missing=missing),
            Dimension.of(Categories("weekday", pl.Series(days), shown=7), sessions.weekday),
            Dimension.of(duration_bins("time_in_session", extent(total)), total, per_actor=True),
        ],
        sessions.starts,
    )


def made_up(n: int, seed: int = 0) -> Crossfilter:
    """So many sessions of about n / 5 actors, in four dimensions; the last is per actor."""
    random = np.random.default_rng(seed)
    actors = np.sort(random.integers(0, max(1, n // 5), n))
    starts = np.flatnonzero(np.r_[True, actors[1:] != actors[:-1]]) if n else np.zeros(0, int)
    events = random.geometric(0.15, n)
    durations = np.where(events == 1, 0, (random.lognormal(5.5, 1.6, n) + 1).astype(np.int64) * 1_000_000)
    days = np.minimum(random.gamma(4, 9, n), 60)
    begins = 1_709_510_400_000_000 + (days * 86_400).astype(np.int64) * 1_000_000
    sums = np.add.reduceat(durations, starts) if n else durations
    per_actor = np.repeat(sums, np.diff(np.r_[starts, n]))
    return Crossfilter(
        [
            Dimension.of(duration_bins("duration", extent(durations)), durations),
            Dimension.of(count_bins("event_count", extent(events), "events"), events),
            Dimension.of(time_bins("start", extent(begins)), begins),
            Dimension.of(duration_bins("time_in_session", extent(per_actor)), per_actor, per_actor=True),
        ],
        starts,
    )
