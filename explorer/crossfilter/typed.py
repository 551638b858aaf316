"""Whole numbers of bins and dimensions as the durations, times and names that they are."""

from __future__ import annotations

import polars as pl

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.cube import Dimension


def values_of(each: Dimension) -> pl.Series:
    """The value of every session."""
    bins, values = each.bins, pl.Series(each.bins.name, each.values)
    if isinstance(bins, Bins):
        known = pl.Series(each.codes < len(bins.lows))
        return typed(pl.select(pl.when(known).then(values)).to_series().alias(bins.name), bins)
    names = pl.concat([bins.known.cast(pl.String), pl.Series([None], dtype=pl.String)])
    return names.gather(values.cast(pl.Int64)).alias(bins.name)


def typed(values: pl.Series, bins: Bins) -> pl.Series:
    """Microseconds as the durations, or the times in the zone that they are shown in, that they are."""
    if bins.kind not in ("duration", "time"):
        return values
    whole = values.round().cast(pl.Int64) if values.dtype.is_float() else values
    if bins.kind == "duration":
        return whole.cast(pl.Duration("us"))
    if bins.zone is None:
        return whole.cast(pl.Datetime("us"))
    return whole.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(bins.zone)
