"""The key numbers of the sessions that start in each bin of time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.cube import Dimension
from explorer.plan.in_polars.boundary import ACTOR

Found = dict[str, list[float | None]]
Codes = npt.NDArray[np.uint8]


def through_time(table: pl.DataFrame, start: Dimension) -> Found:
    """Fields of `Numbers` by bin of when sessions start; a bin without a session has none but counts of 0.

    One pass over the codes where each actor's sessions are neighbours in order of start, as they nearly always are.
    """
    codes, actors, n = start.codes, table[ACTOR].to_numpy(), len(start.bins)
    events = table["event_count"].to_numpy()
    duration = table["duration"].to_physical().to_numpy()
    other = actors[1:] != actors[:-1]
    if not bool(np.all(other | (codes[1:] >= codes[:-1]))):
        order = np.lexsort((codes, actors))
        codes, actors, events, duration = codes[order], actors[order], events[order], duration[order]
        other = actors[1:] != actors[:-1]
    firsts = np.flatnonzero(np.append(True, other | (codes[1:] != codes[:-1]))[: len(codes)])
    times = np.add.reduceat(duration, firsts) if len(firsts) else duration
    sessions = np.bincount(codes, minlength=n)
    together = np.bincount(codes, events, n)
    alone = np.bincount(codes[events == 1], minlength=n)
    return {
        "sessions": _floats(sessions),
        "actors": _floats(np.bincount(codes[firsts], minlength=n)),
        "events": _floats(together),
        "median_duration": _medians(codes, duration, n),
        "events_per_session": _shares(together, sessions),
        "one_event_share": _shares(alone, sessions),
        "median_time_in_session": _medians(codes[firsts], times, n),
    }


def _floats(values: npt.NDArray[Any]) -> list[float | None]:
    return list(values.astype(np.float64).tolist())


def _shares(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> list[float | None]:
    with np.errstate(invalid="ignore"):
        found = part / whole
    return [value if many else None for value, many in zip(found.tolist(), whole.tolist(), strict=True)]


def _medians(codes: Codes, values: npt.NDArray[np.int64], n: int) -> list[float | None]:
    """The median of the values of each code; None where there is none."""
    grouped = values[np.argsort(codes, kind="stable")]
    ends = np.cumsum(np.bincount(codes, minlength=n))
    groups = np.split(grouped, ends[:-1])
    return [float(np.median(group)) if len(group) else None for group in groups]
