"""Brushes as people say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from explorer.crossfilter.formats import clock_text, count_text, day_text, duration_text, edge_text, local_time
from explorer.crossfilter.selections.brushes import Brush, Range

NAMED = 5


def brush_text(brush: Brush, *, unit: str = "", zone: str | None = None) -> str:
    """One short phrase for a brush.

    >>> brush_text(Range(2, 6, none=True), unit="events"), brush_text(Range(2, 3, negated=True), unit="events")
    ('2 to 5 events or none', 'not 2 events')
    """
    if isinstance(brush, Range):
        said = range_text(brush, unit=unit, zone=zone) + (" or none" if brush.none else "")
    else:
        said = values_text(sorted(brush.values), brush.none)
    return f"not {said}" if brush.negated else said


def values_text(values: Sequence[str], none: bool) -> str:
    """The first few of some values.

    >>> values_text(["ios", "web"], True), values_text(list("abcdefgh"), False)
    ('ios, web or none', 'a, b, c, d, e or 3 more')
    """
    parts = [value_label(value) for value in values] + ["none"] * none
    if len(parts) > NAMED + 1:
        parts = [*parts[:NAMED], f"{len(parts) - NAMED} more"]
    return " or ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def value_label(value: str) -> str:
    """A value as it is shown; in quotes where it could be taken for something else, or not be seen.

    >>> value_label("ios"), value_label("none"), value_label("")
    ('ios', "'none'", "''")
    """
    clear = value.strip() and value != "none" and not value.startswith("other (")
    return value if clear else f"'{value}'"


def range_text(range_: Range, *, unit: str = "", zone: str | None = None) -> str:
    """One short phrase for a range; `unit` is a plural word for counts, `zone` the IANA zone of times.

    >>> range_text(Range(2, 6), unit="events"), range_text(Range(60_000_000, None, "duration"))
    ('2 to 5 events', '≥ 1m')
    """
    match range_.kind:
        case "duration":
            return _durations(range_.lo, range_.hi)
        case "time":
            return _times(range_.lo, range_.hi, zone)
        case "number":
            return _numbers(range_.lo, range_.hi, unit)
    return _counts(range_.lo, range_.hi, unit)


def _durations(lo: float, hi: float | None) -> str:
    if hi is None:
        return f"≥ {duration_text(lo)}"
    return duration_text(lo) if hi <= lo + 1 else f"{duration_text(lo)} to {duration_text(hi)}"


def _counts(lo: float, hi: float | None, unit: str) -> str:
    if hi is None:
        number = f"{count_text(lo)}+"
    elif hi <= lo + 1:
        number = count_text(lo)
        unit = unit.removesuffix("s") if lo == 1 else unit
    else:
        number = f"{count_text(lo)} to {count_text(hi - 1)}"
    return f"{number} {unit}".rstrip()


def _numbers(lo: float, hi: float | None, unit: str) -> str:
    if lo == float("-inf"):
        text = "any number" if hi is None else f"under {edge_text(hi)}"
    else:
        text = f"{edge_text(lo)}+" if hi is None else f"{edge_text(lo)} to {edge_text(hi)}"
    return f"{text} {unit}".rstrip()


def _times(lo: float, hi: float | None, zone: str | None) -> str:
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
