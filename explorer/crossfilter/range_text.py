"""Ranges of data values as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from explorer.crossfilter.formats import clock_text, count_text, day_text, duration_text, local_time
from explorer.crossfilter.selection import Range


def range_text(range_: Range, *, unit: str = "", zone: str | None = None) -> str:
    """One short phrase for a range; `unit` is a plural word for counts, `zone` the IANA zone of times.

    >>> range_text(Range(2, 6), unit="events"), range_text(Range(60_000_000, None, "duration"))
    ('2 to 5 events', 'over 1m')
    """
    if range_.kind == "duration":
        return _durations(range_.lo, range_.hi)
    if range_.kind == "time":
        return _times(range_.lo, range_.hi, zone)
    return _counts(range_.lo, range_.hi, unit)


def _durations(lo: int, hi: int | None) -> str:
    if hi is None:
        return f"over {duration_text(lo)}"
    return duration_text(lo) if hi <= lo + 1 else f"{duration_text(lo)} to {duration_text(hi)}"


def _counts(lo: int, hi: int | None, unit: str) -> str:
    if hi is None:
        number = f"{count_text(lo)}+"
    elif hi <= lo + 1:
        number = count_text(lo)
        unit = unit.removesuffix("s") if lo == 1 else unit
    else:
        number = f"{count_text(lo)} to {count_text(hi - 1)}"
    return f"{number} {unit}".rstrip()


def _times(lo: int, hi: int | None, zone: str | None) -> str:
    first = local_time(lo, zone)
    if hi is None:
        return f"from {_moment(first)}"
    last = local_time(hi, zone)
    if _midnight(first) and _midnight(last):
        return _days(first, last - timedelta(days=1))
    if first.date() == last.date():
        return f"{day_text(first)} {clock_text(first)} to {clock_text(last)}"
    return f"{_moment(first)} to {_moment(last)}"


def _days(first: datetime, last: datetime) -> str:
    if first.date() >= last.date():
        return day_text(first)
    return f"{day_text(first, year=first.year != last.year)} to {day_text(last)}"


def _moment(moment: datetime) -> str:
    return day_text(moment) if _midnight(moment) else f"{day_text(moment)} {clock_text(moment)}"


def _midnight(moment: datetime) -> bool:
    return moment.time().isoformat() == "00:00:00"
