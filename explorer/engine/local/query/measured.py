"""The measure of a chart: the value of each session, and one value over each group of sessions."""

from __future__ import annotations

from typing import Any

import polars as pl

from explorer.engine.local.query.groups import AT
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError
from explorer.plan.in_polars.boundary import ACTOR
from explorer.plan.in_polars.measure import may_overflow, of_values
from explorer.plan.literal import type_word
from explorer.spec.aggregates import AGGREGATES, ORDERED
from explorer.spec.charts.chart import Measure

VALUE, SESSIONS = "value", "sessions"


def is_actors(sessions: SessionTable, measure: Measure) -> bool:
    """Whether an actor counts once, however many sessions it has."""
    return bool(measure.of) and measure.where is None and sessions.is_actors(sessions.plain_name(measure.of or ""))


def values(sessions: SessionTable, measure: Measure, shown: pl.Series) -> pl.Series:
    """What is measured of each session at the places `shown`; raises SpecError where it does not fit."""
    if measure.where is not None:
        return sessions.mask(measure.where).gather(shown)
    if measure.of is None:
        return pl.repeat(True, len(shown), eager=True)
    found = sessions.column(sessions.plain_name(measure.of))
    found = found if len(found) == len(shown) else found.gather(shown)
    kind, aggregate = type_word(found.dtype), measure.aggregate
    fitting = ("number", "duration", "truth value") if aggregate == "share" else AGGREGATES[aggregate].takes or ORDERED
    if kind not in fitting:
        instead = "Use share" if kind == "truth value" else "Use count, and it as a dimension"
        raise SpecError(f"'{aggregate}' needs numbers or durations, and '{measure.of}' is a {kind}. {instead}.")
    return found


def share_total(frame: pl.DataFrame, measure: Measure, of_actors: bool) -> Any:
    """What shares are of: the sum over all sessions of the frame, durations in microseconds; 0 where not asked."""
    if measure.aggregate != "share" or (measure.of is not None and frame.schema[VALUE] == pl.Boolean):
        return 0
    values = frame.filter(pl.col(ACTOR if of_actors else AT).is_first_distinct())[VALUE]
    return (values.cast(pl.Duration("us")).to_physical() if values.dtype == pl.Duration else values).sum()


def measured(
    frame: pl.DataFrame,
    keys: list[str],
    measure: Measure,
    of_actors: bool,
    counts_actors: bool,
    total: Any = None,
) -> pl.DataFrame:
    """One row per group: its keys, `value` and `sessions`. The frame has AT, ACTOR, VALUE and the keys.

    Shares are of the `total`, that of the frame where none is said.
    """
    dtype = frame.schema[VALUE]
    if dtype == pl.Duration:
        frame = frame.with_columns(pl.col(VALUE).cast(pl.Duration("us")).to_physical())
    elif dtype.is_integer():
        # Polars adds up 32 bits in 32 bits, and 64 in 64.
        wide = may_overflow(frame[VALUE], frame.height)
        frame = frame.with_columns(pl.col(VALUE).cast(pl.Int128 if wide else pl.Int64))
    total = share_total(frame, measure, of_actors) if total is None else total
    if of_actors:
        # An actor counts once in each group, however many sessions it has there.
        frame = frame.with_columns(pl.when(pl.struct(ACTOR, *keys).is_first_distinct()).then(VALUE).alias(VALUE))
    value = pl.col(ACTOR).n_unique() if counts_actors else _aggregate(measure, dtype, total)
    aggregates = value.alias(VALUE), pl.len().alias(SESSIONS)
    found = frame.group_by(keys).agg(*aggregates) if keys else frame.select(*aggregates)
    if found.schema[VALUE] == pl.Int128:
        found = found.with_columns(pl.col(VALUE).cast(pl.Float64 if may_overflow(found[VALUE], 1) else pl.Int64))
    if dtype == pl.Duration and measure.aggregate != "share":
        found = found.with_columns(pl.col(VALUE).round().cast(pl.Int64).cast(pl.Duration("us")))
    return found


def _aggregate(measure: Measure, dtype: pl.DataType, total: Any) -> pl.Expr:
    value = pl.col(VALUE)
    match measure.aggregate:
        case "count":
            return pl.len()
        case "share" if measure.of is not None and dtype == pl.Boolean:
            return value.mean()
        case "share":
            return value.sum() / (total or None)
        case "actors":
            return pl.col(ACTOR).n_unique()
    return of_values(AGGREGATES[measure.aggregate], value.drop_nulls(), pl.Int64())


def of_nothing(measure: Measure, dtype: pl.DataType) -> int | None:
    """The value of a group without sessions."""
    if measure.aggregate == "share" and measure.of is not None and dtype == pl.Boolean:
        return None
    return None if measure.formula is not None else AGGREGATES[measure.aggregate].nothing
