"""The numbers that describe a set of sessions, and a page of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Numbers:
    """What a set of sessions comes to; medians in microseconds, None where there is no session."""

    sessions: int
    actors: int
    events: int
    median_duration: float | None
    events_per_session: float | None
    one_event_share: float | None
    median_time_in_session: float | None


@dataclass(frozen=True)
class TablePage:
    """Some of the selected sessions, as the engine's public frame, and how many there are."""

    frame: pl.DataFrame
    total: int


def numbers_of(duration: Whole, events: Whole, total: Whole) -> Numbers:
    """The key numbers of sessions by duration and events of each, and by time in session of each actor.

    >>> numbers_of(np.array([0, 60]), np.array([1, 4]), np.array([60])).median_duration
    30.0
    """
    count = len(duration)
    return Numbers(
        sessions=count,
        actors=len(total),
        events=int(events.sum()),
        median_duration=float(np.median(duration)) if count else None,
        events_per_session=float(events.mean()) if count else None,
        one_event_share=float((events == 1).mean()) if count else None,
        median_time_in_session=float(np.median(total)) if count else None,
    )
