"""The calendar day of every event, by the minutes that there are: a zone's clock is asked once for each of them."""

import numpy as np
import polars as pl

from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import TIME
from explorer.spec.duration import UNITS

MINUTE = UNITS["m"]


def days(time: pl.Series, zone: str, aware: bool) -> pl.Series:
    """The day, as a number, of each time in microseconds; a naive time lies on the day it says.

    >>> days(pl.Series([0, 3_600_000_000]), "America/New_York", aware=True).to_list()
    [-1, -1]
    """
    found = _by_minute(time, zone, aware)
    return _plain(time, zone, aware) if found is None else found


def _by_minute(time: pl.Series, zone: str, aware: bool) -> pl.Series | None:
    """None where the minutes are as many as the times, or a day begins within one of them."""
    minute = time // MINUTE
    low, high = minute.min(), minute.max()
    if not isinstance(low, int) or not isinstance(high, int) or 2 * (high - low + 1) > len(time):
        return None
    begins = pl.int_range(low, high + 1, eager=True) * MINUTE
    known = _plain(begins, zone, aware).to_numpy()
    # Zones before 1972 have offsets with seconds in them.
    if not np.array_equal(known, _plain(begins + (MINUTE - 1), zone, aware).to_numpy()):
        return None
    return pl.Series("day", known[(minute - low).to_numpy()])


def _plain(time: pl.Series, zone: str, aware: bool) -> pl.Series:
    return pl.DataFrame({TIME: time}).select(boundary.day(zone, aware).alias("day")).to_series()
