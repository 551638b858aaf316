"""Bins of whole numbers: one bin per number while that is readable, and a visible bin for the long tail."""

from __future__ import annotations

from explorer.crossfilter.bins.bins import Bins, Ticks, spaced
from explorer.crossfilter.bins.extent import Extent
from explorer.crossfilter.formats import count_short

MOST_NUMBERS = 60
FEWEST_NUMBERS = 10


def count_bins(name: str, known: Extent, unit: str = "") -> Bins:
    """Bins from the least number to the 99th percentile, the rest in one more; `unit` is a plural word.

    >>> from explorer.crossfilter.bins.extent import extent
    >>> count_bins("event_count", extent([1, 2, 2, 3]), unit="events").labels
    ('1 event', '2 events', '3 events')
    """
    least, most, usual = 1, FEWEST_NUMBERS, FEWEST_NUMBERS
    if known.count:
        least, most, usual = int(known.low), int(known.high), int(known.usual)
    top = min(most, max(usual, least + FEWEST_NUMBERS - 1))
    width = _width(least, top)
    if most - least < 1.5 * (top - least + 1) and _width(least, most) == width:
        top = most
    end = least + ((top - least) // width + 1) * width
    lows = list(range(least, end, width))
    if most < end:
        return Bins(name, "count", tuple(lows), end, _ticks(lows, width, None), unit)
    return Bins(name, "count", (*lows, end), None, _ticks(lows, width, end), unit)


def _width(least: int, top: int) -> int:
    return _nice((top - least + MOST_NUMBERS) // MOST_NUMBERS)


def _nice(least: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50 ... that is not below."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step >= least:
                return step
        power *= 10


def _ticks(lows: list[int], width: int, overflow: int | None) -> Ticks:
    least, end = lows[0], lows[-1] + width
    ticks = [] if overflow is None else [(len(lows) + 0.5, f"{_short(overflow)}+")]
    step = _nice(max(width, (end - least) // 7))
    marked = [least, *range(-(-least // step) * step, end, step)]
    ticks += [((number - least + 0.5) / width, _short(number)) for number in marked]
    return spaced(ticks, apart=max(1.0, (len(lows) + 1) / 12))


def _short(number: int) -> str:
    return count_short(number)
