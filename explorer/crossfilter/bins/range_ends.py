"""The ends of a range as an analyst types them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.formats import day_text, duration_text, local_time
from explorer.crossfilter.selections.brushes import Range
from explorer.errors import SpecError, located
from explorer.spec.duration import Duration

EXAMPLES = {"duration": "1m 30s", "count": "2", "number": "9.99", "time": "4 Mar 2024 10:00"}
WRITTEN = ("%d %b %Y", "%d %b %Y %H:%M", "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M:%S.%f")
_EPOCH = datetime(1970, 1, 1)


def typed_range(bins: Bins, low: str, high: str) -> Range:
    """A range from two texts, of which one may be empty; numbers of things include the upper end, all others do not.

    Times are read in the zone of the bins. Raises SpecError at `from` or `to`.

    >>> from explorer.crossfilter.bins.counts import count_bins
    >>> from explorer.crossfilter.bins.extent import extent
    >>> typed_range(count_bins("event_count", extent([1, 9]), "events"), "2", "5").to_text()
    '2..6'
    """
    if not low.strip() and not high.strip():
        raise SpecError("Write at least one end.")
    with located("from"):
        lo = _end(bins, low) if low.strip() else _least(bins)
    with located("to"):
        hi = _end(bins, high) if high.strip() else None
        if hi is not None and bins.kind == "count":
            hi = int(hi) + 1
        if hi is not None and hi <= lo:
            raise SpecError(f"{high.strip()} does not lie beyond the beginning. Write a larger one.")
    return Range(lo, hi, bins.kind)


def typed_ends(bins: Bins, brush: Range) -> tuple[str, str]:
    """The two texts of a range, for its fields."""
    hi = brush.hi if brush.hi is None or bins.kind != "count" else brush.hi - 1
    low = "" if brush.lo == float("-inf") else _text(bins, brush.lo)
    return low, "" if hi is None else _text(bins, hi)


def _least(bins: Bins) -> float:
    return float("-inf") if bins.kind == "number" else min(0, int(bins.lows[0]))


def _end(bins: Bins, text: str) -> float:
    text = text.strip()
    if bins.kind == "duration":
        negative = text.startswith("-")
        us = Duration.parse(text.removeprefix("-").replace("µ", "u")).us
        return -us if negative else us
    if bins.kind == "time":
        return _moment(text, bins.zone)
    try:
        return int(text.replace(",", "")) if bins.kind == "count" else float(text.replace(",", ""))
    except ValueError:
        what = "a whole number" if bins.kind == "count" else "a number"
        raise SpecError(f"'{text}' is not {what}. Write the likes of {EXAMPLES[bins.kind]}.") from None


def _moment(text: str, zone: str | None) -> int:
    moment = _read(text)
    if moment is None:
        raise SpecError(f"'{text}' is not a time. Write the likes of {EXAMPLES['time']}.")
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _read(text: str) -> datetime | None:
    """A time as it is written on the page, `4 Mar 2024 10:00`, or as ISO 8601 has it."""
    for form in WRITTEN:
        with suppress(ValueError):
            return datetime.strptime(text, form)
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    return None


def _text(bins: Bins, value: float) -> str:
    if bins.kind == "duration":
        exact = str(Duration(abs(int(value))))
        return f"-{exact}" if value < 0 else exact if value else duration_text(0)
    if bins.kind == "time":
        moment = local_time(value, bins.zone)
        fine = "microseconds" if moment.microsecond else "seconds" if moment.second else "minutes"
        return f"{day_text(moment)} {moment.time().isoformat(fine)}"
    return f"{value:.15g}"
