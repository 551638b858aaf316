"""Unique values in each session, from where each value was seen before: what is sorted once serves every cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine import keys
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.held_events import HeldEvents
from explorer.engine.local.cut.measuring.tally import tally
from explorer.spec.metric import Metric

Places = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint64]
# New memory costs more than what is done in it: so many at once stay in the same.
AT_ONCE = 1 << 16
# Later than any event: of what is not counted.
NOT_COUNTED = np.uint32(2**32 - 1)


@dataclass(frozen=True)
class Unique:
    """The values of a column of a cut's events, each counted at the first event of its session that has it."""

    inside: HeldEvents

    def value(self, metric: Metric) -> pl.Series | None:
        """The unique values in every session, whatever the metric's scope; None for another metric, where values and
        places do not fit into one number, and where few cuts are asked, as sorting takes the time of five. Raises
        SpecError."""
        if metric.aggregate != "n_unique" or not self.inside.events.many:
            return None
        column, where, cut = metric.column or "", metric.where, self.inside.cut
        its = keys.held_key if self.inside.reads_source(column, where) else keys.cut_key
        key = (*its(cut.definition), column, where)
        found: Places | None = cut.stages.get("seen before", key, lambda: self._seen_before(metric))
        return None if found is None else unique(found, cut.placed[PLACE].to_numpy())

    def _seen_before(self, metric: Metric) -> Places | None:
        matching = None if metric.where is None else self.inside.mask(metric.where)
        values = self.inside.column(metric.column or "")
        if values.null_count():
            matching = values.is_not_null() if matching is None else matching & values.is_not_null()
        return seen_before(values, matching)


def seen_before(values: pl.Series, matching: pl.Series | None) -> Places | None:
    """For every event one more than the place of the event before it with the same value, 0 where there is none, and
    NOT_COUNTED where it does not match; None where values and places do not fit into one number.

    >>> seen_before(pl.Series([7, 8, 7, 7]), pl.Series([True, True, False, True])).tolist()
    [0, 0, 4294967295, 1]
    """
    height = len(values)
    codes = _codes(values if matching is None else values.filter(matching))
    bits = max(1, (height - 1).bit_length())
    if codes is None or (len(codes) and int(codes.max()).bit_length() + bits > 64):
        return None
    codes <<= np.uint64(bits)
    codes |= np.arange(height, dtype=np.uint32) if matching is None else matching.arg_true().to_numpy()
    codes.sort()
    found = np.full(height, NOT_COUNTED)
    for begin in range(0, len(codes), AT_ONCE):
        some = codes[max(0, begin - 1) : begin + AT_ONCE]
        at, value = (some & np.uint64(2**bits - 1)).astype(np.uint32), some >> np.uint64(bits)
        if not begin:
            found[at[:1]] = 0
        found[at[1:]] = (at[:-1] + np.uint32(1)) * (value[1:] == value[:-1])
    return found


def unique(before: Places, begins: Places) -> pl.Series:
    """How many events of each session are the first with their value; sessions are neighbours and begin there.

    >>> unique(np.array([0, 1, 0, 2], np.uint32), np.array([0, 1], np.uint32)).to_list()
    [1, 2]
    """
    return tally(
        begins, len(before), lambda edges: before[edges[0] : edges[-1]] <= np.repeat(edges[:-1], np.diff(edges))
    )


def _codes(values: pl.Series) -> Codes | None:
    """The values as whole numbers from 0 on, the same for the same, in memory of their own; None where they are no
    such numbers."""
    if values.dtype == pl.Boolean:
        return values.to_numpy().astype(np.uint64)
    known = values.to_physical()
    if not known.dtype.is_integer() or known.dtype == pl.Int128:
        return None
    numbers = known.to_numpy()
    if not known.dtype.is_signed_integer() or not len(numbers):
        return numbers.astype(np.uint64)
    # Two's complement wraps around: the difference from the least is right though it may not fit into 63 bits.
    codes = numbers.astype(np.int64).view(np.uint64)
    codes -= np.int64(numbers.min()).view(np.uint64)
    return codes
