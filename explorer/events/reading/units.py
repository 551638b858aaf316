"""What times that are numbers count, and since when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from explorer.plan.literal import EPOCH

DAY = 86_400_000_000


def since_1970(*day: int) -> int:
    """A day as microseconds since 1970.

    >>> since_1970(1970, 1, 2)
    86400000000
    """
    return (datetime(*day, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)  # type: ignore[arg-type,misc]


# What Python can show: the years 1 to 9999. Sums and differences of these never overflow.
EARLIEST, LATEST = since_1970(1, 1, 1), since_1970(9999, 12, 31) + DAY - 1
# Event logs do not begin before; a time outside of these years is another unit, a wrong clock or no time at all.
OLDEST, FARTHEST = since_1970(1990, 1, 1), since_1970(2100, 1, 1)

NEAR = 5_000


@dataclass(frozen=True)
class Unit:
    """One is `us / per` microseconds, and 0 is `origin`, in microseconds since 1970."""

    name: str
    said: str
    us: int
    per: int = 1
    origin: int = 0

    def read(self, values: pl.Series) -> pl.Series:
        """Numbers as whole microseconds since 1970; null where they lie outside the years 1 to 9999."""
        if values.dtype.is_integer():
            whole = values.cast(pl.Int64, strict=False)
            low, high = (EARLIEST - self.origin) * self.per // self.us + 1, (LATEST - self.origin) * self.per // self.us
            whole = within(whole, max(low, -(2**63)), min(high, 2**63 - 1))
            us = whole * self.us if self.us > 1 else whole
            us = us // self.per if self.per > 1 else us
            return us + self.origin if self.origin else us
        us = values.cast(pl.Float64) * (self.us / self.per)
        if self.us == DAY:  # seven places of a day are nearer to a second than this
            us = us.to_frame("us").select(_to_seconds(pl.col("us"))).to_series()
        us = us.round().cast(pl.Int64, strict=False)
        return within(us + self.origin if self.origin else us, EARLIEST, LATEST)

    @property
    def aware(self) -> bool:
        """Whether these are instants; days are those of a calendar."""
        return self.us != DAY

    def one(self, value: float) -> float:
        """One number as microseconds since 1970."""
        return value * self.us / self.per + self.origin


def _to_seconds(us: pl.Expr) -> pl.Expr:
    second = (us / 1_000_000).round() * 1_000_000
    return pl.when((us - second).abs() <= NEAR).then(second).otherwise(us)


UNITS = {
    unit.name: unit
    for unit in (
        Unit("seconds", "seconds since 1970", 1_000_000),
        Unit("milliseconds", "milliseconds since 1970", 1_000),
        Unit("microseconds", "microseconds since 1970", 1),
        Unit("nanoseconds", "nanoseconds since 1970", 1, 1_000),
        Unit("days", "days since 1970", DAY),
        Unit("excel days", "days of a spreadsheet, since 1899-12-30", DAY, 1, since_1970(1899, 12, 30)),
        Unit("filetime", "Windows file times, 100 nanoseconds since 1601", 1, 10, since_1970(1601, 1, 1)),
        Unit("webkit", "microseconds since 1601", 1, 1, since_1970(1601, 1, 1)),
        Unit("dotnet ticks", "ticks of .NET, 100 nanoseconds since the year 1", 1, 10, since_1970(1, 1, 1)),
    )
}
# Seconds until the year 5138, and so on for each finer unit: sizes that do not overlap after 1973.
BY_SIZE = (("seconds", 10**11), ("milliseconds", 10**14), ("microseconds", 10**17))
# .NET's ticks of these years have the size of nanoseconds of 1990.
TICKS = since_1970(1991, 1, 1)


def by_size(size: float) -> Unit:
    """The unit since 1970 that numbers of a size count.

    >>> by_size(1_709_287_200_000).name
    'milliseconds'
    """
    return UNITS[next((name for name, below in BY_SIZE if size < below), "nanoseconds")]


def is_likely(us: float) -> bool:
    """Whether a time (microseconds since 1970) is that of a log."""
    return OLDEST <= us < FARTHEST


def likely_unit(size: float) -> Unit | None:
    """The unit in which a number of this size is the time of a log; None where there is none.

    >>> likely_unit(45_352.4).name, likely_unit(5_000)
    ('excel days', None)
    """
    unit = by_size(size)
    found = unit.one(size)
    if is_likely(found) and not (unit.name == "nanoseconds" and found < TICKS):
        return unit
    others = (UNITS[name] for name in ("excel days", "filetime", "webkit", "dotnet ticks"))
    return next((other for other in others if is_likely(other.one(size))), None)


def within(values: pl.Series, low: int, high: int) -> pl.Series:
    """The same numbers, null where they lie outside."""
    first, last = values.min(), values.max()
    if first is None or (first >= low and last <= high):  # type: ignore[operator]
        return values
    return values.to_frame("n").select(pl.when(pl.col("n").is_between(low, high)).then("n")).to_series()
