"""Metrics: one value per session from the events in it, null outside the metric's scope."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from explorer.engine.cut import PLACE, View
from explorer.errors import SpecError
from explorer.plan.in_polars import measure
from explorer.plan.in_polars.boundary import ACTOR, TIME
from explorer.plan.in_polars.measure import VALUE
from explorer.spec.clause import Clause
from explorer.spec.metric import Metric, Scope

SESSION = "@session"


@dataclass(frozen=True)
class Measuring:
    """The sessions of one cut, the events in them and a way to ask for a clause or a column of all events."""

    view: View
    table: pl.DataFrame
    mask: Callable[[Clause], pl.Series]
    column: Callable[[str], pl.Series]

    @property
    def starts(self) -> pl.Series:
        return self.table[PLACE]

    @property
    def ends(self) -> pl.Series:
        """One past each session's last event."""
        return self.starts.shift(-1, fill_value=self.view.keys.height)

    def matching(self, where: Clause | None) -> pl.Series | None:
        """The events of the view that match; None when all do."""
        return None if where is None else self.view.take(self.mask(where))

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
        return self.aggregate(metric, self.view.take(self.column(metric.column or "")), matching)

    def count(self, matching: pl.Series | None) -> pl.Series:
        """Matching events per session: one running count, read at the session starts."""
        if matching is None:
            return self.table["event_count"]
        running = pl.concat([pl.Series([0], dtype=pl.UInt32), matching.cast(pl.UInt32).cum_sum()])
        return running.gather(self.ends) - running.gather(self.starts)

    def time_to(self, matching: pl.Series | None) -> pl.Series:
        """From each session's start to its first matching event, null where there is none."""
        places = self.starts if matching is None else matching.arg_true().cast(pl.UInt32)
        after = places.search_sorted(self.starts, side="left")
        found = pl.concat([places, pl.Series([None], dtype=places.dtype)]).gather(after)
        inside = pl.select(pl.when(found < self.ends).then(found)).to_series()
        times = self.view.keys[TIME]
        return (times.gather(inside) - times.gather(self.starts)).cast(pl.Duration("us"))

    def aggregate(self, metric: Metric, values: pl.Series, matching: pl.Series | None) -> pl.Series:
        """An aggregate of a column over each session's matching events; null or 0 where there are none."""
        expr = measure.aggregate(metric, values.dtype)
        sessions = self.table.height
        lengths = self.table.select(pl.int_range(pl.len(), dtype=pl.UInt32).repeat_by("event_count").explode())
        frame = pl.DataFrame({SESSION: lengths.to_series(), VALUE: values})
        if matching is not None:
            frame = frame.filter(matching)
        found = frame.with_columns(pl.col(SESSION).set_sorted()).group_by(SESSION, maintain_order=True).agg(expr)
        place = pl.repeat(None, sessions, dtype=pl.UInt32, eager=True)
        place = place.scatter(found[SESSION], pl.int_range(found.height, dtype=pl.UInt32, eager=True))
        result = found[VALUE].gather(place)
        empty = measure.EMPTY.get(metric.aggregate)
        return result if empty is None else result.fill_null(empty)

    def inside(self, scope: Scope, where: pl.Series | None) -> pl.Series:
        """The sessions that a metric is asked in; `where` is the scope's clause on sessions, already asked."""
        inside = pl.repeat(True, self.table.height, eager=True) if where is None else where
        if scope.contains is not None:
            inside = inside & (self.count(self.matching(scope.contains)) > 0)
        if scope.nth is None:
            return inside
        asked = self.table.select(ACTOR, "session_number").with_row_index("@at").filter(inside)
        place = pl.col("session_number").rank("ordinal", descending=scope.nth < 0).over(ACTOR)
        chosen = asked.filter(place == abs(scope.nth))["@at"]
        return pl.repeat(False, self.table.height, eager=True).scatter(chosen, True)


def ratio(above: pl.Series, below: pl.Series) -> pl.Series:
    """One metric over another, null where the other is 0 or null; raises SpecError for a number over a duration."""
    if below.dtype == pl.Duration and above.dtype != pl.Duration:
        raise SpecError(f"'{above.name}' cannot be divided by '{below.name}', a duration. Turn them around.")
    frame = pl.DataFrame({"above": above, "below": below})
    return frame.select(pl.when(pl.col("below") != 0).then(pl.col("above") / pl.col("below"))).to_series()
