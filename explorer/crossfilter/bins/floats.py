"""Bins of numbers with a fraction: edges that people like, every value exactly in one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.bins.bins import Bins, Ticks, spaced
from explorer.crossfilter.bins.human_edges import number_edges
from explorer.crossfilter.formats import count_short

MOST_NUMBERS = 60
MOST_TICKS = 6
# What lies beyond, infinity too, is in the first or the last bin: distances between such numbers are no floats.
FARTHEST = 1e300


def float_bins(name: str, values: npt.ArrayLike, unit: str = "", *, single: bool = False) -> Bins:
    """Equal bins, or growing ones, up to about the 99th percentile; the long tail and infinity are in one more.

    `single` says that the numbers come from 32 bits: their edges are such numbers too, as they are compared so.

    >>> float_bins("amount", [0.1, 0.35, 0.9]).labels[:2]
    ('0.1 to 0.12', '0.12 to 0.14')
    """
    numbers = np.asarray(values, dtype=np.float64)
    usual = _usual(numbers[np.abs(numbers) < FARTHEST])
    exact = np.float32 if single else np.float64
    # Far from 0 two edges may round to the same number.
    with np.errstate(over="ignore"):
        rounded = {float(exact(edge)) for edge in number_edges(usual, MOST_NUMBERS)}
    edges = sorted(edge for edge in rounded if np.isfinite(edge))
    end = None if (numbers >= edges[-1]).any() else edges[-1]
    lows = edges if end is None or len(edges) == 1 else edges[:-1]
    if (numbers < lows[0]).any():
        lows[0] = -np.inf
    bins = Bins(name, "number", tuple(lows), end, unit=unit)
    return replace(bins, ticks=_ticks(bins, usual))


def _usual(finite: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The numbers without a long tail, where they have one."""
    if not len(finite):
        return finite
    at = min(len(finite) - 1, int(0.99 * len(finite)))
    least, top = float(finite.min()), float(np.partition(finite, at)[at])
    far = finite.max() - least > 1.5 * (top - least)
    return finite[finite <= top] if far and top > least else finite


def _ticks(bins: Bins, finite: npt.NDArray[np.float64]) -> Ticks:
    coarse = [float(edge) for edge in number_edges(finite, MOST_TICKS)]
    inside = [edge for edge in coarse if bins.lows[0] <= edge and (bins.end is None or edge <= bins.end)]
    tail = [] if bins.end is not None else [(len(bins) - 0.5, f"{_short(bins.lows[-1])}+")]
    return spaced([*tail, *((bins.position(edge), _short(edge)) for edge in inside)], apart=max(1.0, len(bins) / 12))


def _short(number: float) -> str:
    return count_short(number) if 1_000 <= abs(number) < 1e12 else f"{number:.4g}"
