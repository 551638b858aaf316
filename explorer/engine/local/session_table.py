"""One value per session for every name that can be asked of a definition, and columns of events by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from explorer.engine.local.cut import frames
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.session_columns import SessionColumns
from explorer.errors import SpecError, did_you_mean
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.charts.dimension import PARTS, Dimension
from explorer.spec.session import BUILT_IN, SessionDefinition

if TYPE_CHECKING:
    from explorer.engine.local.engine import LocalEngine

ACTOR_METRICS = ("time_in_session", "session_count")


@dataclass(frozen=True)
class Facts:
    """One value per session for every name, in the order of the cut, before `keep`."""

    engine: LocalEngine
    definition: SessionDefinition

    @property
    def session(self) -> SessionColumns:
        """What conditions can ask."""
        return SessionColumns(self.engine, self.definition)

    @property
    def table(self) -> pl.DataFrame:
        """The sessions before `keep`: ACTOR, PLACE and what every definition brings."""
        return self.engine._cut(self.definition)

    @property
    def kept(self) -> pl.Series:
        """The places in the cut of the sessions that are shown, in the order of the engine's table."""
        table = self.engine.table(self.definition)
        if table.height == self.table.height and not self.definition.split_by:
            return pl.int_range(table.height, dtype=pl.UInt32, eager=True)
        return self.table[PLACE].search_sorted(table[PLACE])

    def plain_name(self, name: str) -> str:
        """`visit.duration` and `user.time_in_session.visit` without the names around them."""
        session, actor = self.definition.name, self.engine.columns.actor_name
        for metric in ACTOR_METRICS:
            if name == f"{actor}.{metric}.{session}":
                return metric
        return name.removeprefix(f"{session}.")

    def is_actors(self, name: str) -> bool:
        """Whether it is one value per actor."""
        return name in ACTOR_METRICS and self.definition.metric(name) is None

    def has(self, name: str) -> bool:
        """Whether sessions have a column of this name."""
        return name in self._names()

    def column(self, name: str) -> pl.Series:
        """A column of the sessions; raises SpecError with the names that there are."""
        if self.is_actors(name):
            return self._of_actor(name)
        if name in self.engine.columns.actor and name not in BUILT_IN and not self.definition.metric(name):
            return frames.actors_of(self.engine._events, self.table[ACTOR])[name]
        if not self.has(name):
            raise SpecError(f"sessions have no column '{name}'. {did_you_mean(name, self._names())}")
        return self.session.column(name)

    def unknown(self, dimension: Dimension) -> SpecError:
        """The error for a dimension that is neither a session's nor an event's column."""
        known = [*self._names(), *self.engine.schema, *(f"{part} of start" for part in PARTS)]
        return SpecError(f"there is no column '{dimension}' to group by. {did_you_mean(str(dimension), known)}")

    def values(self, dimension: Dimension) -> pl.Series:
        """What a dimension says of each session, before its part is taken; raises SpecError, for `any` too."""
        whole, column = self.plain_name(str(dimension)), self.plain_name(dimension.column)
        if self.has(whole):
            return self.column(whole)
        if dimension.place in ("first", "last") and dimension.column in self.engine.schema:
            return self.at(dimension.place, dimension.column)
        if not dimension.place and self.has(column):
            return self.column(column)
        if not dimension.place and column in self.engine.schema:
            return self.at("first", column)
        raise self.unknown(dimension)

    def at(self, place: str, column: str) -> pl.Series:
        """The first or last value that is not null of a column of events in each session."""
        values = self._events(column)
        begin, end = self.table[PLACE], self._ends()
        if not values.null_count():
            return values.gather(begin if place == "first" else end - 1)
        places = values.is_not_null().arg_true().cast(pl.Int64)
        found = pl.concat([pl.Series([None], dtype=pl.Int64), places, pl.Series([None], dtype=pl.Int64)])
        if place == "first":
            near = found.gather(places.search_sorted(begin, side="left") + 1)
        else:
            near = found.gather(places.search_sorted(end, side="left"))
        inside = pl.select(pl.when((near >= begin) & (near < end)).then(near)).to_series()
        return values.gather(inside)

    def any_of(self, column: str) -> pl.DataFrame:
        """The different values of a column of events in each session, nulls left out: `session` and `value`."""
        values = self._events(column)
        count = pl.int_range(pl.len(), dtype=pl.UInt32)
        session = self.table.select(count.repeat_by("event_count").explode()).to_series()
        found = pl.DataFrame({"session": session, "value": values}).filter(pl.col("value").is_not_null())
        if not isinstance(values.dtype, pl.Categorical):
            return found.unique()
        # Session and code as one number: a sort finds what is there twice in a fifth of the time.
        pair = (pl.col("session").cast(pl.UInt64) * 2**32 + pl.col("value").to_physical()).sort()
        pairs = found.select(pair.alias("pair")).filter((pl.col("pair") != pl.col("pair").shift(1)).fill_null(True))
        code = (pl.col("pair") % 2**32).cast(pl.UInt32)
        split = pairs.select((pl.col("pair") // 2**32).cast(pl.UInt32).alias("session"), code.alias("value"))
        known = values.drop_nulls().unique()
        return split.with_columns(value=_from_codes(split["value"], known))

    def _events(self, column: str) -> pl.Series:
        return self.engine._view(self.definition).take(self.engine.column(column))

    def _ends(self) -> pl.Series:
        return self.table[PLACE].shift(-1, fill_value=self.engine._view(self.definition).keys.height)

    def _of_actor(self, name: str) -> pl.Series:
        per_actor = frames.per_actor(self.engine.table(self.definition)).select(ACTOR, name)
        codes = self.table.select(ACTOR)
        return codes.join(per_actor, on=ACTOR, how="left", maintain_order="left")[name]

    def _names(self) -> list[str]:
        metrics = [metric.name for metric in self.definition.metrics]
        return [*metrics, *BUILT_IN, *ACTOR_METRICS, *self.engine.columns.actor, *self.definition.split_by]


def _from_codes(codes: pl.Series, known: pl.Series) -> pl.Series:
    """Categories again, by the codes of all that there are."""
    at = np.zeros(int(codes.max() or 0) + 1, np.uint32)  # type: ignore[arg-type]
    at[known.to_physical().to_numpy()] = np.arange(len(known))
    return known.gather(pl.Series(at).gather(codes))
