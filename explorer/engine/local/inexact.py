"""Sums of whole numbers that 64 bits cannot hold: these are decimals, and whoever shows them says so."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from explorer.engine.local.actor_values import actor_values
from explorer.engine.local.session_table import SessionTable


def inexact(sessions: SessionTable) -> tuple[str, ...]:
    """The metrics, and actor metrics, of whole numbers whose sums are decimals here; raises SpecError.

    >>> import explorer
    >>> frame = pl.DataFrame({"user": ["a", "a"], "ts": ["2024-03-01 10:00"] * 2, "n": [2**62, 2**62]})
    >>> total = {"name": "total", "aggregate": "sum", "column": "n"}
    >>> visit = explorer.SessionDefinition("visit", "30m", metrics=[total])
    >>> inexact(explorer.connect(frame).session_table(visit))
    ('total',)
    """
    return tuple(_names(sessions))


def remarks(sessions: SessionTable) -> list[str]:
    """One sentence for each of them."""
    return [
        f"{name} adds up to more than 64 bits hold: its sums are decimals, exact to 15 digits."
        for name in inexact(sessions)
    ]


def _names(sessions: SessionTable) -> Iterator[str]:
    definition = sessions.definition
    for metric in definition.metrics:
        if metric.aggregate == "sum" and sessions.metric(metric.name).dtype == pl.Float64:
            yield from _if_whole(metric.name, sessions.inside.column(metric.column or ""))
    for of_actor in definition.actor_metrics:
        if of_actor.aggregate == "sum":
            values = actor_values(sessions, of_actor.name, shown=True)[of_actor.name]
            if values.dtype == pl.Float64:
                yield from _if_whole(of_actor.name, sessions.own(of_actor.column or ""))


def _if_whole(name: str, values: pl.Series) -> Iterator[str]:
    if values.dtype.is_integer():
        yield name
