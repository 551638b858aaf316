"""Made-up sessions, and what a slow loop counts in them."""

from __future__ import annotations

import numpy as np

from explorer.crossfilter.counts import count_bins
from explorer.crossfilter.cube import Crossfilter, Dimension
from explorer.crossfilter.durations import duration_bins
from explorer.crossfilter.times import time_bins

TITLES = {
    "duration": "Session duration",
    "event_count": "Events per session",
    "start": "Session start",
    "time_in_session": "Time in session per user",
}


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
            Dimension.of(duration_bins("duration", durations), durations),
            Dimension.of(count_bins("event_count", events, "events"), events),
            Dimension.of(time_bins("start", begins), begins),
            Dimension.of(duration_bins("time_in_session", per_actor), per_actor, per_actor=True),
        ],
        starts,
    )
