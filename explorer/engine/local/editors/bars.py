"""Values as a few bars, each a label and a count, in the order they are drawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.durations import duration_bins
from explorer.crossfilter.bins.extent import extent
from explorer.crossfilter.bins.human_edges import LARGEST, number_edges
from explorer.crossfilter.bins.times import time_bins
from explorer.crossfilter.formats import duration_text
from explorer.engine.answers.trial import Bars
from explorer.engine.local.editors.column_profile import frequent
from explorer.plan.literal import type_word

MOST_BARS, MOST_TEXTS = 40, 12


def bars(values: pl.Series, zone: str | None = None) -> Bars:
    """At most about 40 bars of values without nulls: bins of numbers, lengths and times; the most frequent texts.

    Empty for types that have neither. Nothing is left out: what is beyond the bins, or the texts, has a bar itself.

    >>> bars(pl.Series([0, 1, 1]))
    (('0', 1), ('1', 2))
    >>> bars(pl.Series(["a", "b", "b"])), bars(pl.Series([True]))
    ((('b', 2), ('a', 1)), (('true', 1), ('false', 0)))
    """
    if not len(values):
        return ()
    match type_word(values.dtype):
        case "text":
            return _of_texts(values)
        case "truth value":
            held = int(values.sum())
            return ("true", held), ("false", len(values) - held)
        case "time":
            moments = values.cast(pl.Datetime("us", getattr(values.dtype, "time_zone", None))).to_physical().to_numpy()
            return _of_bins(time_bins("", extent(moments), zone), moments)
        case "duration":
            us = values.cast(pl.Duration("us")).to_physical().to_numpy()
            return _of_edges(us, duration_text) if us.min() < 0 else _of_bins(duration_bins("", extent(us)), us)
        case "number":
            return _of_numbers(values)
    return ()


def _of_texts(values: pl.Series) -> Bars:
    found, distinct = frequent(values, MOST_TEXTS)
    rest = len(values) - sum(count for _, count in found)
    left = distinct - len(found)
    return (*found, (f"{left:,} other value{'' if left == 1 else 's'}", rest)) if rest else tuple(found)


def _of_numbers(values: pl.Series) -> Bars:
    if values.dtype.is_integer() and values.min() >= -LARGEST and values.max() <= LARGEST:  # type: ignore[operator]
        whole = values.cast(pl.Int64).to_numpy()
        return _of_bins(count_bins("", extent(whole)), whole)
    numbers = values.cast(pl.Float64).to_numpy()
    finite = numbers[np.isfinite(numbers)]
    below, above = int((numbers == -np.inf).sum()), int((numbers == np.inf).sum())
    return (
        *((("−∞", below),) if below else ()),
        *_of_edges(finite, _edge_text),
        *((("∞", above),) if above else ()),
    )


def _of_bins(bins: Bins, values: npt.NDArray[np.int64]) -> Bars:
    """Bins, several to a bar where there are too many; 0 keeps a bar to itself."""
    counts = np.bincount(bins.codes(values), minlength=len(bins))
    last = int(np.flatnonzero(counts)[-1]) + 1
    first = int(bins.zero_alone)
    step = -(-(last - first) // (MOST_BARS - first)) or 1
    begins = [0] * first + list(range(first, last, step))
    ends = [*begins[1:], last]
    pairs = zip(begins, ends, strict=True)
    return tuple((bins.text(bins.range(i, j)), int(counts[i:j].sum())) for i, j in pairs)


def _of_edges(values: npt.NDArray[np.number], say: Callable[[float], str]) -> Bars:
    if not len(values):
        return ()
    edges = number_edges(extent(values), MOST_BARS)
    codes = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    counts = np.bincount(codes, minlength=len(edges) - 1)
    pairs = zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
    return tuple((f"{say(low)} to {say(high)}", count) for low, high, count in pairs)


def _edge_text(edge: float) -> str:
    """Edges are round: all their digits, so that neighbours differ."""
    return f"{edge:g}" if abs(edge) >= 1e15 else f"{edge:,.15g}"
