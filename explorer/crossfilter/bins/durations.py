"""Bins of durations: a fixed ladder of nearly equal ratios; edges stay put when the definition changes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from explorer.crossfilter.bins.bins import MOST_BINS, Bins, Ticks, spaced
from explorer.crossfilter.bins.extent import Extent
from explorer.spec.duration import Duration

SUBSECOND = (1.0, 1.5, 2.2, 3.2, 4.6, 6.8)
WHOLE = (1, 2, 3, 5, 7)
LADDER = [
    "10s", "15s", "21s", "30s", "42s",
    "1m", "1m30s", "2m10s", "3m10s", "4m40s", "6m50s", "10m", "14m30s", "21m", "30m", "42m",
    "1h", "1h25m", "2h", "2h55m", "4h10m", "6h", "8h30m", "12h", "17h",
    "1d", "1d12h", "2d4h", "3d5h", "4d18h",
    "1w", "10d", "2w", "20d", "4w", "40d", "58d", "12w", "121d", "25w", "36w", "52w",
]  # fmt: skip
# The first of them that find room are shown.
TICKS = [
    "1s", "1m", "1h", "1d", "1w", "52w",
    "10s", "10m", "6h", "4w", "30s", "30m", "1ms", "1us", "100ms", "10ms", "12h", "10us", "100us", "12w",
    "6m50s", "42m", "21m", "2h", "4h10m", "2m10s", "2d4h", "3d5h", "5s", "3s", "2s",
]  # fmt: skip


def duration_bins(name: str, known: Extent, most: int = MOST_BINS) -> Bins:
    """Bins for durations in microseconds: one for exactly 0, then the slice of the ladder that
    they need. Where some are below 0 these have the first bin, and 0 shares the next.

    >>> from explorer.crossfilter.bins.extent import extent
    >>> bins = duration_bins("duration", extent([0, 60_000_000, 600_000_000]))
    >>> bins.labels[0], bins.labels[1], bins.labels[-1]
    ('0s', '42s to 1m', '14m 30s to 21m')
    """
    positive = known.positive
    low, high = (int(positive.low), int(positive.high)) if positive.count else (60_000_000, 3_600_000_000)
    grain = positive.grain
    ladder = _ladder(grain)
    first = bisect_right(ladder, low) - 1
    first -= int(first > 0 and ladder[first - 1] >= grain)
    overflow = high >= ladder[-1]
    last = len(ladder) if overflow else min(bisect_right(ladder, high) + 2, len(ladder))
    least = int(known.low) if known.count else 0
    edges = _thin(ladder[first:last], most - 1 - int(overflow) - int(least < 0))
    lows, end = (edges, None) if overflow else (edges[:-1], edges[-1])
    # The duration of a session is never below 0, but a metric may be.
    below = (least,) if least < 0 else ()
    bins = Bins(name, "duration", (*below, 0, *lows), end, zero_alone=not below)
    return replace(bins, ticks=_ticks(bins))


def _ladder(grain: int) -> list[int]:
    fine = [round(step * 10**power) for power in range(1, 7) for step in SUBSECOND]
    fine = [edge for edge in [*WHOLE, *fine] if edge < grain or edge >= 10 * grain]
    human = [Duration.parse(text).us for text in LADDER]
    return sorted({*fine, *(step * grain for step in WHOLE), *human})


def _thin(edges: list[int], most: int) -> list[int]:
    """At most so many bins: the shortest durations share the first one."""
    return edges if len(edges) <= most + 1 else [edges[0], *edges[-most:]]


def _ticks(bins: Bins) -> Ticks:
    ticks = [(0.5 if bins.zero_alone else 1.0, "0s")]
    if bins.end is None:
        ticks.append((len(bins) - 0.5, f"{LADDER[-1]}+"))
    for text in TICKS:
        value = Duration.parse(text).us
        if value in bins.edges[1:]:
            ticks.append((bins.position(value), _label(text)))
    return spaced(ticks, apart=max(1.4, len(bins) / 10))


def _label(text: str) -> str:
    """A length of the ladder as it is read on an axis.

    >>> _label("2m10s"), _label("100ms"), _label("10us")
    ('2m 10s', '0.1s', '0.00001s')
    """
    return str(Duration.parse(text))
