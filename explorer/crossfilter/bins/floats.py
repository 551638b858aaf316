"""Bins of numbers with a fraction: edges that people like, every value exactly in one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from explorer.crossfilter.bins.bins import Bins, Ticks, spaced
from explorer.crossfilter.bins.extent import Extent
from explorer.crossfilter.bins.human_edges import number_edges
from explorer.crossfilter.formats import count_short, number_text

MOST_NUMBERS = 60
MOST_TICKS = 6
# What lies beyond, infinity too, is in the first or the last bin: distances between such numbers are no floats.
FARTHEST = 1e300


def float_bins(name: str, known: Extent, unit: str = "", *, single: bool = False) -> Bins:
    """Equal bins, or growing ones, up to about the 99th percentile; the long tail and infinity are in one more.

    `single` says that the numbers come from 32 bits: their edges are such numbers too, as they are compared so.

    >>> from explorer.crossfilter.bins.extent import extent
    >>> float_bins("amount", extent([0.1, 0.35, 0.9])).labels[:2]
    ('0.1 to 0.12', '0.12 to 0.14')
    """
    usual = _usual(known.nearer_than(FARTHEST))
    exact = np.float32 if single else np.float64
    # Far from 0 two edges may round to the same number.
    with np.errstate(over="ignore"):
        rounded = {float(exact(edge)) for edge in number_edges(usual, MOST_NUMBERS)}
    edges = sorted(edge for edge in rounded if np.isfinite(edge))
    end = None if known.count and known.high >= edges[-1] else edges[-1]
    lows = edges if end is None or len(edges) == 1 else edges[:-1]
    if known.count and known.low < lows[0]:
        lows[0] = -np.inf
    bins = Bins(name, "number", tuple(lows), end, unit=unit)
    return replace(bins, ticks=_ticks(bins, usual))


def _usual(near: Extent) -> Extent:
    """The numbers without a long tail, where they have one."""
    if not near.count:
        return near
    least, top = near.low, near.usual
    far = near.high - least > 1.5 * (top - least)
    return near.up_to(top) if far and top > least else near


def _ticks(bins: Bins, usual: Extent) -> Ticks:
    coarse = [float(edge) for edge in number_edges(usual, MOST_TICKS)]
    inside = [edge for edge in coarse if bins.lows[0] <= edge and (bins.end is None or edge <= bins.end)]
    tail = [] if bins.end is not None else [(len(bins) - 0.5, f"{_short(bins.lows[-1])}+")]
    return spaced([*tail, *((bins.position(edge), _short(edge)) for edge in inside)], apart=max(1.0, len(bins) / 12))


def _short(number: float) -> str:
    if not 1_000 <= abs(number) < 1e12:
        return f"{number:.4g}"
    return number_text(number) if abs(number) < 1e6 else count_short(number)
