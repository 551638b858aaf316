"""One value per session for every name that a condition or a metric can ask of a definition, and for its metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from explorer.engine.local.cut import frames, keys, masks
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.metrics import Measuring, ratio, repeated
from explorer.errors import SpecError, did_you_mean, located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import Metric
from explorer.spec.session import BUILT_IN, SessionDefinition

if TYPE_CHECKING:
    from explorer.engine.local.engine import LocalEngine

Above = tuple[str, ...]


@dataclass(frozen=True)
class SessionColumns:
    """The columns of a definition's sessions in the order of the cut, before `keep`; each remembered by what it reads.

    `above` are the metrics that are being computed: one that needs itself is an error.
    """

    engine: LocalEngine
    definition: SessionDefinition

    @property
    def table(self) -> pl.DataFrame:
        return self.engine._cut(self.definition)

    def column(self, name: str, above: Above = ()) -> pl.Series:
        """A column by its name, with or without the definition's before it; raises SpecError."""
        definition, engine = self.definition, self.engine
        name = name.removeprefix(f"{definition.name}.")
        if definition.metric(name):
            return self.metric(name, above)
        if name == "session_id":
            return frames.session_frame(engine._events, self.table, self.split(self.table))[name]
        if name in BUILT_IN:
            return self.table[name]
        if name in engine.columns.actor:
            return frames.actors_of(engine._events, self.table[ACTOR])[name]
        if name in definition.split_by:
            return frames.decoded(self.coded(name).to_frame(), engine.schema)[name]
        metrics = (metric.name for metric in definition.metrics)
        known = [*metrics, *BUILT_IN, *engine.columns.actor, *definition.split_by]
        raise SpecError(f"sessions have no column '{name}'. {did_you_mean(name, known)}")

    def coded(self, name: str) -> pl.Series:
        """A column of the actor or the split, texts as categories."""
        return self._at(name, self.table[PLACE])

    def split(self, table: pl.DataFrame) -> pl.DataFrame:
        """The split columns of these sessions."""
        return pl.DataFrame([self._at(name, table[PLACE]) for name in self.definition.split_by])

    def mask(self, clause: Clause, above: Above = ()) -> pl.Series:
        """The sessions that match; raises SpecError."""

        def make() -> pl.Series:
            columns = {name: self.column(name, above) for name in clauses.columns(clause)}
            found = self.table.select(pl.col("session_number").alias("@size")).with_columns(**columns)
            zone = self.engine.columns.time_zone
            return masks.mask(clause, found, zone, lambda part: self.mask(part, above))

        key = keys.clause_key(self.definition, clause)
        return self.engine.stages.get("session mask", key, make)  # type: ignore[no-any-return]

    def metric(self, name: str, above: Above = ()) -> pl.Series:
        """A metric of the definition; raises SpecError at `metrics[0]` ..."""
        if name in above:
            raise SpecError(f"The metrics need each other in a circle: {' needs '.join((*above, name))}.")
        at, metric = next((at, m) for at, m in enumerate(self.definition.metrics) if m.name == name)

        def make() -> pl.Series:
            with located(f"metrics[{at}]"):
                return self._measured(metric, (*above, name))

        found: pl.Series = self.engine.stages.get("metric", keys.metric_key(self.definition, metric), make)
        return found.alias(name)

    def _measured(self, metric: Metric, above: Above) -> pl.Series:
        engine, table = self.engine, self.table

        def sessions() -> pl.Series:
            key = keys.cut_key(self.definition)
            return engine.stages.get("session", key, lambda: repeated(table["event_count"]))  # type: ignore[no-any-return]

        measuring = Measuring(engine._view(self.definition), table, engine._mask, engine.column, sessions)
        if metric.aggregate == "ratio":
            values = ratio(*(self.column(part, above) for part in metric.parts))
        else:
            values = measuring.value(metric)
        if metric.scope is None:
            return values
        where = metric.scope.where
        with located("scope"):
            asked = None if where is None else self.mask(where, above)
            inside = measuring.inside(metric.scope, asked)
        return pl.DataFrame({"value": values}).select(pl.when(inside).then(pl.col("value"))).to_series()

    def _at(self, name: str, places: pl.Series) -> pl.Series:
        return self.engine._view(self.definition).take(self.engine._events.frame[name]).gather(places)
