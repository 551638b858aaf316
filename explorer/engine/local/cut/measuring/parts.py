"""Metrics from stretches of events that no inactivity of a range divides: sessions are made of whole ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine import keys
from explorer.engine.local.cut import cutting
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.held_events import HeldEvents
from explorer.engine.local.cut.measuring.metrics import Measuring, repeated
from explorer.plan.in_polars.boundary import TIME
from explorer.plan.in_polars.measure import may_overflow
from explorer.spec.metric import Metric

Numbers = npt.NDArray[np.number[Any]]
Places = npt.NDArray[np.int64]
NUMBERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64, pl.Float32, pl.Float64)
# Of the values of neighbouring parts those of the sessions that begin at these.
MERGED: dict[str, Callable[[Numbers, Places], Numbers]] = {
    "count": lambda values, begins: np.add.reduceat(values, begins, dtype=values.dtype),
    "sum": np.add.reduceat,
    "any": np.maximum.reduceat,
    "min": np.fmin.reduceat,
    "max": np.fmax.reduceat,
    "time_to": np.minimum.reduceat,
}


@dataclass(frozen=True)
class Parts:
    """The events of a cut between all that can begin a session at an inactivity near its own.

    What is asked of these parts is remembered for all such inactivities; a session's value is made of its parts'.
    Sessions are no parts put together where a rule looks back at them, or leaves events out.
    """

    inside: HeldEvents

    def value(self, metric: Metric) -> pl.Series | None:
        """A metric in every session, whatever its scope; None where its values cannot be put together, or may not fit.

        Raises SpecError.
        """
        its = self.inside.cut.definition
        if metric.aggregate not in MERGED or (metric.aggregate == "count" and metric.where is None):
            return None
        if keys.looks_back(its) or keys.leaves_out(its) or not self.inside.reads_source(metric.column, metric.where):
            return None
        return self._merged(metric) if self._is_number(metric) and len(self._begins) else None

    def _is_number(self, metric: Metric) -> bool:
        """Whether its values are numbers of 64 bits or less, or times."""
        if metric.column is None:
            return True
        dtype = self.inside.column(metric.column).dtype
        return dtype.is_temporal() or dtype == pl.Boolean or isinstance(dtype, NUMBERS)

    def _merged(self, metric: Metric) -> pl.Series | None:
        key = (*self._key, metric.aggregate, metric.column, metric.where)
        values: pl.Series = self.inside.cut.stages.get("parts", key, lambda: self._of_parts(metric))
        whole, begins = values.to_physical(), self._begins
        if metric.aggregate == "sum" and not self._fits(metric, whole):
            return None
        found = merged(whole, begins, MERGED[metric.aggregate]).cast(values.dtype)
        if metric.aggregate != "time_to":
            return found
        return (found - self.inside.view.keys[TIME].gather(self.inside.cut.spans.begins)).cast(pl.Duration("us"))

    def _fits(self, metric: Metric, sums: pl.Series) -> bool:
        """Whether sums of these sums are as exact as those of the values themselves."""
        if self.inside.column(metric.column or "").dtype.is_float():
            return True
        return sums.dtype == pl.Int64 and not may_overflow(sums, _most(self._begins, len(sums)))

    def _of_parts(self, metric: Metric) -> pl.Series:
        begins, view = self.inside.cut.candidates[PLACE], self.inside.view
        count = (begins.shift(-1, fill_value=view.keys.height) - begins).cast(pl.UInt32)
        table = pl.DataFrame({PLACE: begins, "event_count": count})
        found = Measuring(view, table, self.inside.mask, self.inside.column, lambda: repeated(count)).value(metric)
        return found.to_physical() + view.keys[TIME].gather(begins) if metric.aggregate == "time_to" else found

    @property
    def _begins(self) -> Places:
        """The places among the parts at which sessions begin."""
        cut = self.inside.cut

        def make() -> Places:
            found = cutting.opening(cut.view, cut.candidates, cut.definition)
            return found.arg_true().to_numpy().astype(np.int64)

        made: Places = cut.stages.get("of parts", keys.cut_key(cut.definition), make)
        return made

    @property
    def _key(self) -> keys.Key:
        its = self.inside.cut.definition
        return (*keys.view_key(its), cutting.floor(its.inactivity))


def merged(values: pl.Series, begins: Places, merge: Callable[[Numbers, Places], Numbers]) -> pl.Series:
    """What neighbouring values come to from each of these places up to the next; nulls are none.

    >>> merged(pl.Series([1, None, 3, None]), np.array([0, 2, 3]), np.add.reduceat).to_list()
    [1, 3, None]
    """
    if not values.null_count():
        found = merge(_numbers(values), begins)
        return pl.Series(found)
    known = values.is_not_null().to_numpy()
    before = np.append(0, np.cumsum(known))
    starts = before[begins]
    some = np.append(starts[1:], before[-1]) > starts
    found = merge(_numbers(values.drop_nulls()), starts[some]) if some.any() else _numbers(values.clear())
    at = np.cumsum(some) - 1
    places = pl.select(pl.when(pl.Series(some)).then(pl.Series(at))).to_series()
    return pl.Series(found).gather(places)


def _numbers(values: pl.Series) -> Numbers:
    return (values.cast(pl.UInt8) if values.dtype == pl.Boolean else values).to_numpy()


def _most(begins: Places, parts: int) -> int:
    """The most parts that a session is made of."""
    return int(np.diff(np.append(begins, parts)).max())
