"""Edges that people like, for numbers and durations."""

from math import floor, log10, ulp
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.bins.extent import Extent
from explorer.spec.duration import Duration

FINE = """
    1us 2us 5us 10us 20us 50us 100us 200us 500us 1ms 2ms 5ms 10ms 20ms 50ms 100ms 200ms 500ms
    1s 2s 3s 5s 10s 15s 20s 30s 45s 1m 90s 2m 3m 5m 10m 15m 20m 30m 45m 1h 90m 2h 3h 4h 6h 8h 12h 18h
    1d 36h 2d 3d 4d 5d 1w 10d 2w 3w 4w 6w 8w 13w 26w 52w
"""
COARSE = "1ms 10ms 100ms 1s 10s 30s 1m 2m 5m 10m 30m 1h 2h 6h 12h 1d 2d 1w 4w 13w 52w"
FINE_FROM = 40
# A number that reaches this many times beyond its median has a long tail: its bins grow.
LONG_TAIL = 20
LARGEST = 2**63 - 1
# Distances between numbers beyond are no floats.
FARTHEST = 1e300

Edges = npt.NDArray[Any]


def human_steps(text: str = FINE, least: int = 1) -> list[int]:
    """Lengths of time that people say, in microseconds, from `least` up.

    >>> human_steps()[-1] == Duration.parse("52w").us
    True
    """
    return [step for step in (Duration.parse(word).us for word in text.split()) if step >= least]


def duration_edges(known: Extent, most: int) -> Edges:
    """Edges for durations in microseconds, the last one beyond them all; 0 has the first bin to itself.

    >>> from explorer.crossfilter.bins.extent import extent
    >>> [str(Duration(int(edge))) for edge in duration_edges(extent([0, 70_000_000, 400_000_000]), 20)]
    ['0s', '1m', '2m', '5m', '10m']
    """
    positive = known.positive
    if not positive.count:
        return np.array([0, 1], dtype=np.int64)
    low, high = int(positive.low), int(positive.high)
    ladder = human_steps(FINE if most > FINE_FROM else COARSE)
    below = [step for step in ladder if step <= low][-1:] or [1]
    steps = [step for step in ladder if low < step <= high]
    beyond = [step for step in ladder if step > high][:1] or [high + 1]
    return np.array([0, *below, *steps, *beyond], dtype=np.int64)


def number_edges(known: Extent, most: int) -> Edges:
    """Edges for numbers, the last one beyond them all: each whole number, growing bins, or equal ones.

    >>> from explorer.crossfilter.bins.extent import extent
    >>> number_edges(extent([1, 2, 4]), 20).tolist()
    [1, 2, 3, 4, 5]
    >>> number_edges(extent([0.1, 0.9]), 5).tolist()
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    whole = known.whole
    finite = known if whole else known.nearer_than(FARTHEST)
    if not finite.count:
        return np.array([0, 1], dtype=np.int64 if whole else np.float64)
    low, high = finite.low, finite.high
    if whole and high - low < most:
        return np.arange(low, high + 2, dtype=np.int64)
    positive = finite.positive
    if positive.count and low >= 0 and high > LONG_TAIL * positive.median:
        return _growing(low, positive.low, high, most, whole)
    # Neighbouring edges must stay different numbers, however far from 0 they lie.
    finest = 4 * ulp(max(abs(low), abs(high)))
    step, places = _nice(max((high - low) / most, finest if high > low else 0), whole)
    at = floor(low / step)
    at -= round(at * step, places) > low
    found = [round(at * step, places)]
    while found[-1] <= high:
        at += 1
        found.append(round(at * step, places))
    return np.array(found, dtype=np.int64 if whole else np.float64)


def _growing(low: float, least: float, high: float, most: int, whole: bool) -> Edges:
    lowest, top = max(floor(log10(least)), 0 if whole else -300), floor(log10(high))
    for factors in ((1, 2, 5), (1,)):
        found = [round(factor * 10.0**power, max(-power, 0)) for power in range(lowest, top + 2) for factor in factors]
        at = max(sum(edge <= least for edge in found) - 1, 0)
        found = found[at : sum(edge <= high for edge in found) + 1]
        if len(found) <= most:
            break
    found = found[-most:]
    if low < found[0]:
        found = [0.0, *found]
    return np.array([min(edge, LARGEST) for edge in found] if whole else found, dtype=np.int64 if whole else np.float64)


def _nice(step: float, whole: bool) -> tuple[float, int]:
    """The least of 1, 2, 5, 10, 20 ... that is at least `step`, and the decimal places that it needs."""
    if step <= 0:
        return 1, 0
    power = floor(log10(step))
    nice = next(factor for factor in (1, 2, 5, 10) if factor * 10.0**power >= step * (1 - 1e-9))
    if whole and power < 0:
        return 1, 0
    return (nice * 10**power, 0) if power >= 0 else (nice * 10.0**power, -power)
