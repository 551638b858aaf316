"""Metrics: one value per session from the events in it, null outside the metric's scope."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from explorer.engine.local.cut.cutting import PLACE, View
from explorer.engine.local.cut.measuring.tally import tally
from explorer.errors import SpecError
from explorer.plan.in_polars import measure
from explorer.plan.in_polars.boundary import ACTOR, TIME
from explorer.plan.in_polars.measure import VALUE
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import Metric

SESSION = "@session"
# Over lists these take from a seventh to three quarters of the time of a group_by.
LISTED: dict[str, Callable[[pl.Series], pl.Series]] = {
    "median": lambda lists: lists.list.median(),
    "mean": lambda lists: lists.list.mean(),
    "min": lambda lists: lists.list.min(),
    "max": lambda lists: lists.list.max(),
}


@dataclass(frozen=True)
class Measuring:
    """The sessions of one cut, the events in them, and ways to ask for a clause or a column of these events and for
    the place of each event's session."""

    view: View
    table: pl.DataFrame
    mask: Callable[[Clause], pl.Series]
    column: Callable[[str], pl.Series]
    sessions: Callable[[], pl.Series]

    @property
    def starts(self) -> pl.Series:
        return self.table[PLACE]

    @property
    def ends(self) -> pl.Series:
        """One past each session's last event."""
        return self.starts.shift(-1, fill_value=self.view.keys.height)

    def matching(self, where: Clause | None) -> pl.Series | None:
        """The events of the view that match; None when all do."""
        return None if where is None else self.mask(where)

    def value(self, metric: Metric) -> pl.Series:
        """The metric in every session, its scope not yet looked at; `ratio` is not asked here."""
        matching = self.matching(metric.where)
        match metric.aggregate:
            case "count":
                return self.count(matching)
            case "any":
                return self.count(matching) > 0
            case "time_to":
                return self.time_to(matching)
        return self.aggregate(metric, self.column(metric.column or ""), matching)

    def count(self, matching: pl.Series | None) -> pl.Series:
        """Matching events per session."""
        if matching is None:
            return self.table["event_count"]
        counting = matching.to_numpy()
        return tally(self.starts.to_numpy(), len(counting), lambda edges: counting[edges[0] : edges[-1]])

    def time_to(self, matching: pl.Series | None) -> pl.Series:
        """From each session's start to its first matching event, null where there is none."""
        times = self.view.keys[TIME]
        return (times.gather(self._first(matching)) - times.gather(self.starts)).cast(pl.Duration("us"))

    def aggregate(self, metric: Metric, values: pl.Series, matching: pl.Series | None) -> pl.Series:
        """An aggregate of a column over each session's matching events; null or 0 where there are none."""
        measure.check_type(metric, values.dtype)
        row = AGGREGATES[metric.aggregate]
        if values.null_count():
            matching = values.is_not_null() if matching is None else matching & values.is_not_null()
        if metric.aggregate == "first":
            return values.gather(self._first(matching))
        if metric.aggregate == "last":
            return values.gather(self._last(matching))
        if metric.aggregate == "sum" and isinstance(values.dtype, pl.Duration):
            return self._sum(values.to_physical(), matching).cast(values.dtype)
        if metric.aggregate == "sum" and (values.dtype.is_integer() or values.dtype.is_float() or is_truth(values)):
            return self._sum(values, matching)
        if (
            matching is None
            and metric.aggregate in LISTED
            and (values.dtype.is_integer() or values.dtype == pl.Float64)
        ):
            return LISTED[metric.aggregate](self._lists(values))
        expr = measure.of_values(row, pl.col(VALUE), values.dtype)  # nulls are gone already: half the time
        return self._grouped(expr, values, matching, row.nothing)

    def _first(self, matching: pl.Series | None) -> pl.Series:
        """The place of each session's first matching event, null where there is none."""
        if matching is None:
            return self.starts
        places = matching.arg_true().cast(pl.UInt32)
        found = _with_end(places).gather(places.search_sorted(self.starts, side="left"))
        return pl.select(pl.when(found < self.ends).then(found)).to_series()

    def _last(self, matching: pl.Series | None) -> pl.Series:
        """The place of each session's last matching event, null where there is none."""
        if matching is None:
            return self.ends - 1
        places = matching.arg_true().cast(pl.UInt32)
        after = places.search_sorted(self.ends, side="left").cast(pl.Int64)
        found = places.gather(pl.select(pl.when(after > 0).then(after - 1)).to_series())
        return pl.select(pl.when(found >= self.starts).then(found)).to_series()

    def _sum(self, values: pl.Series, matching: pl.Series | None) -> pl.Series:
        # One pass of NumPy over neighbouring runs takes a fifth of the time of a group_by.
        values = values.cast(pl.UInt8) if is_truth(values) else values
        if matching is not None:
            values = pl.select(pl.when(matching).then(values).otherwise(0)).to_series()
        if values.dtype.is_integer() and measure.may_overflow(values, self.table["event_count"].max()):
            exact = self._grouped(pl.col(VALUE).cast(pl.Int128).sum(), values, None, 0)
            return exact.cast(pl.Float64 if measure.may_overflow(exact, 1) else pl.Int64)
        wide = values.cast(pl.Float64 if values.dtype.is_float() else pl.Int64).to_numpy()
        starts = self.starts.to_numpy()
        return pl.Series(np.add.reduceat(wide, starts) if len(starts) else wide)

    def _lists(self, values: pl.Series) -> pl.Series:
        """The values of each session as a list, copying nothing: sessions are neighbouring runs."""
        offsets = np.append(self.starts.to_numpy(), len(values)).astype(np.int64)
        return pl.Series(pa.LargeListArray.from_arrays(pa.array(offsets), values.to_arrow()))

    def _grouped(self, expr: pl.Expr, values: pl.Series, matching: pl.Series | None, empty: Any) -> pl.Series:
        frame = pl.DataFrame({SESSION: self.sessions(), VALUE: values})
        if matching is not None:
            frame = frame.filter(matching)
        found = frame.with_columns(pl.col(SESSION).set_sorted()).group_by(SESSION, maintain_order=True).agg(expr)
        if found.height < self.table.height:
            place = pl.repeat(None, self.table.height, dtype=pl.UInt32, eager=True)
            place = place.scatter(found[SESSION], pl.int_range(found.height, dtype=pl.UInt32, eager=True))
            found = found[place]
        result = found[VALUE]
        return result if empty is None else result.fill_null(pl.select(pl.lit(empty).cast(result.dtype)).item())


def in_scope(table: pl.DataFrame, nth: int | None, inside: pl.Series | None) -> pl.Series:
    """The sessions that a metric is asked in: of each actor the nth of those inside, all of them where none is said."""
    inside = pl.repeat(True, table.height, eager=True) if inside is None else inside
    if nth is None:
        return inside
    asked = table.select(ACTOR, "session_number").with_row_index("@at").filter(inside)
    place = pl.col("session_number").rank("ordinal", descending=nth < 0).over(ACTOR)
    chosen = asked.filter(place == abs(nth))["@at"]
    return pl.repeat(False, table.height, eager=True).scatter(chosen, True)


def is_truth(values: pl.Series) -> bool:
    """Whether these are truth values, which count as 1 and 0."""
    return values.dtype == pl.Boolean


def ratio(above: pl.Series, below: pl.Series) -> pl.Series:
    """One metric over another, null where the other is 0 or null; raises SpecError for a number over a duration."""
    if below.dtype == pl.Duration and above.dtype != pl.Duration:
        raise SpecError(f"'{above.name}' cannot be divided by '{below.name}', a duration. Turn them around.")
    frame = pl.DataFrame({"above": above, "below": below})
    return frame.select(pl.when(pl.col("below") != 0).then(pl.col("above") / pl.col("below"))).to_series()


def repeated(counts: pl.Series) -> pl.Series:
    """The place of each event's session: 0, 0, 1, 1, 1 for counts of 2 and 3."""
    return pl.Series(np.repeat(np.arange(len(counts), dtype=np.uint32), counts.to_numpy()))


def _with_end(places: pl.Series) -> pl.Series:
    return pl.concat([places, pl.Series([None], dtype=places.dtype)])
