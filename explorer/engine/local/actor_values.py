"""One value per actor from its sessions: how many, how long, and the actor metrics of a definition."""

from __future__ import annotations

from typing import Protocol

import polars as pl

from explorer.engine.local.cut import frames
from explorer.errors import SpecError, located
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.in_polars.measure import may_overflow, of_values
from explorer.plan.literal import type_word
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.expression.clause import Clause
from explorer.spec.session import ACTOR_VALUES, SessionDefinition

VALUE, NUMBER = "@value", "@number"


class Sessions(Protocol):
    """What is read of the sessions of a definition: all of them, which are shown, their columns and conditions."""

    @property
    def definition(self) -> SessionDefinition: ...
    @property
    def cut(self) -> pl.DataFrame: ...
    @property
    def shown(self) -> pl.Series | None: ...
    def own(self, name: str, above: tuple[str, ...] = ()) -> pl.Series: ...
    def mask(self, clause: Clause, above: tuple[str, ...] = ()) -> pl.Series: ...


def actor_values(sessions: Sessions, name: str, shown: bool, above: tuple[str, ...] = ()) -> pl.DataFrame:
    """ACTOR and the value of that name for every actor that has a session; with `shown`, over the sessions that
    `keep` shows. Raises SpecError."""
    cut = sessions.cut
    mask = sessions.shown if shown else None
    if name in ACTOR_VALUES:
        return frames.per_actor(cut if mask is None else cut.filter(mask)).select(ACTOR, name)
    at, metric = next((at, one) for at, one in enumerate(sessions.definition.actor_metrics) if one.name == name)
    row = AGGREGATES[metric.aggregate]
    with located(f"actor_metrics[{at}]"):
        if f"{name} of the actor" in above:
            raise SpecError(f"The actor metric '{name}' needs itself.")
        above = (*above, f"{name} of the actor")
        frame = cut.select(ACTOR, pl.col("session_number").alias(NUMBER))
        if metric.column:
            with located("column"):
                values = sessions.own(metric.column, above)
                if row.takes and type_word(values.dtype) not in row.takes:
                    kind = type_word(values.dtype)
                    raise SpecError(f"'{row.name}' needs numbers, and '{metric.column}' is a {kind}. Use first or any.")
            if values.dtype.is_integer():
                whole = row.name == "sum" and may_overflow(values, len(values))
                values = values.cast(pl.Int128 if whole or may_overflow(values, 1) else pl.Int64)
            frame = frame.with_columns(values.alias(VALUE))
        actors = (frame if mask is None else frame.filter(mask)).select(pl.col(ACTOR).unique(maintain_order=True))
        if metric.where is not None:
            with located("where"):
                held = sessions.mask(metric.where, above)
            mask = held if mask is None else mask & held
        frame = frame if mask is None else frame.filter(mask)
    if row.needs == "events":
        value = pl.len() if row.name == "count" else pl.lit(True)
    else:
        frame = frame.filter(pl.col(VALUE).is_not_null())
        value = of_values(row, pl.col(VALUE), frame.schema[VALUE])
    found = frame.sort(ACTOR, NUMBER).group_by(ACTOR, maintain_order=True).agg(value.alias(name))
    if found.schema[name] == pl.Int128:  # what 64 bits cannot hold is a decimal, and said
        found = found.with_columns(pl.col(name).cast(pl.Float64 if may_overflow(found[name], 1) else pl.Int64))
    found = actors.join(found, on=ACTOR, how="left", maintain_order="left")
    if row.nothing is None:
        return found
    nothing = pl.select(pl.lit(row.nothing).cast(found.schema[name])).to_series()[0]
    return found.with_columns(pl.col(name).fill_null(nothing))


def with_metrics(sessions: Sessions, found: pl.DataFrame) -> pl.DataFrame:
    """What `frames.per_actor` gives, with the actor metrics of the definition over the sessions that are shown."""
    for metric in sessions.definition.actor_metrics:
        values = actor_values(sessions, metric.name, shown=True)
        found = found.join(values, on=ACTOR, how="left", maintain_order="left")
    return found


def between(cut: pl.DataFrame, name: str) -> pl.Series:
    """`since_previous` or `until_next` of sessions: from the end of the actor's session before to the start."""
    order = cut.select(pl.arg_sort_by(ACTOR, "session_number")).to_series()
    there = cut.select(ACTOR, "start", "end")[order]
    since = there.select(
        pl.when(pl.col(ACTOR) == pl.col(ACTOR).shift(1)).then(pl.col("start") - pl.col("end").shift(1))
    ).to_series()
    found = since if name == "since_previous" else since.shift(-1)
    return found.gather(order.arg_sort()).cast(pl.Duration("us")).alias(name)
