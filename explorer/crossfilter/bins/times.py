"""Bins of times: the smallest calendar step that needs at most 64 of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from explorer.crossfilter.bins.bins import MOST_BINS, Bins, Ticks, spaced
from explorer.crossfilter.bins.extent import Extent
from explorer.crossfilter.formats import clock_text, day_text, local_time
from explorer.spec.duration import UNITS, Duration

STEPS = [
    "1s", "5s", "15s", "1m", "5m", "15m", "1h", "3h", "6h", "12h", "1d", "1w", "1mo", "3mo",
    "1y", "2y", "5y", "10y", "20y", "50y", "100y", "200y", "500y",
]  # fmt: skip
TICK_STEPS = [
    "1s", "5s", "15s", "30s", "1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h", "1d", "2d", "1w", "2w",
    "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "20y", "50y", "100y", "200y", "500y", "1000y",
]  # fmt: skip
MOST_TICKS = 6
# A span may begin and end inside a step, and one bin is for what has no time.
SPARE = 3
# Python's datetime has the years 1 to 9999. What lies before 1019 or after 7990, so that the longest step still
# fits, is in the first and the last bin.
EARLIEST, LATEST = -30_000_000_000_000_000, 190_000_000_000_000_000
APPROXIMATE = {"mo": 30 * UNITS["d"], "y": 365 * UNITS["d"]}


def fits(step: str, span: int) -> bool:
    """Whether bins of a step are few enough for a time span in microseconds.

    >>> fits("1d", 42 * 86_400_000_000), fits("1h", 42 * 86_400_000_000)
    (True, False)
    """
    return span / _length(step) <= MOST_BINS - SPARE


def time_bins(
    name: str, known: Extent, zone: str | None = None, most: int = MOST_BINS, every: str | None = None
) -> Bins:
    """Bins for times in microseconds since 1970, on the calendar of an IANA zone (None: as they are).

    They are steps of `every` where that is asked for and few enough.

    >>> from explorer.crossfilter.bins.extent import extent
    >>> day = 86_400_000_000
    >>> bins = time_bins("start", extent([19_786 * day, 19_846 * day]))
    >>> len(bins), bins.labels[0], bins.ticks[:2]
    (61, '4 Mar 2024', ((0.0, '4 Mar 2024'), (14.0, '18 Mar')))
    """
    first, last = (int(known.low), int(known.high)) if known.count else (0, UNITS["d"] - 1)
    low, high = (min(max(moment, EARLIEST), LATEST) for moment in (first, last))
    for step in (*([every] if every else []), *STEPS):
        if (high - low) / _length(step) > most:
            continue
        edges = _edges(low, high, step, zone)
        if len(edges) - 1 <= most:
            break
    end = edges[-1] if last <= LATEST else None
    bins = Bins(name, "time", (min(edges[0], first), *edges[1:-1]), end, zone=zone)
    return replace(bins, ticks=_ticks(bins, zone))


def _length(step: str) -> int:
    letters = step.lstrip("0123456789")
    return int(step.removesuffix(letters)) * (APPROXIMATE.get(letters) or UNITS[letters])


def _edges(low: int, high: int, step: str, zone: str | None) -> list[int]:
    """Calendar edges from the one at or before `low` to the one after `high`."""
    size = _length(step)
    start = pl.Series([local_time(low, zone)], dtype=pl.Datetime("us")).dt.truncate(step)[0]
    if size <= Duration.parse("1h").us:
        # An hour that the clocks repeat in autumn is two hours: short steps count elapsed time.
        first = low - (local_time(low, zone) - start) // timedelta(microseconds=1)
        return list(range(first, high + size + 1, size))
    # Months and years may be longer than their length here, and a day may be longer than 24 hours.
    stop = local_time(high, zone) + timedelta(microseconds=size + size // 20 + 2 * UNITS["d"])
    wall = pl.datetime_range(start, stop, step, time_unit="us", eager=True)
    edges = _moments(wall, zone).unique().sort().to_list()
    after = next(i for i, edge in enumerate(edges) if edge > high)
    return edges[: after + 1]


def _moments(wall: pl.Series, zone: str | None) -> pl.Series:
    """Wall clock times as microseconds since 1970; one that the clocks skip becomes the hour after."""
    if zone is None:
        return wall.to_physical()
    exact = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    later = wall.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.select(pl.coalesce(exact, later)).to_series().drop_nulls().to_physical()


def _ticks(bins: Bins, zone: str | None) -> Ticks:
    low, high = int(max(bins.lows[0], EARLIEST)), int(bins.end or bins.lows[-1] + 1) - 1
    for step in TICK_STEPS:
        if (high - low) / _length(step) > 2 * MOST_TICKS:
            continue
        inside = [edge for edge in _edges(low, high, step, zone) if low <= edge <= high]
        if len(inside) <= MOST_TICKS:
            break
    moments = [local_time(edge, zone) for edge in inside]
    before = [None, *moments]
    labels = [_label(*each, step) for each in zip(moments, before, strict=False)]
    return spaced([(bins.position(edge), label) for edge, label in zip(inside, labels, strict=True)], apart=0.5)


def _label(moment: datetime, before: datetime | None, step: str) -> str:
    """The first of the axis, and the first of a year, say which year it is."""
    if step.endswith("y"):
        return str(moment.year)
    new = before is None or before.year != moment.year
    if step.endswith("mo"):
        return f"{moment:%b %Y}" if new else f"{moment:%b}"
    if step[-1] in "dw" or not (moment.hour or moment.minute or moment.second):
        return day_text(moment, year=new)
    return clock_text(moment)
