"""What events are called, as a small code each: the most frequent eight, other, and nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from explorer.engine.local.session_table import SessionTable

MOST = OTHER = 8
EMPTY = 9
KINDS = 10


@dataclass(frozen=True, eq=False)
class Names:
    """The names of codes 0 to 7, and the code of each of all events; OTHER is any other name, EMPTY is none."""

    names: pl.Series
    codes: pl.Series


def names(sessions: SessionTable) -> Names | None:
    """The most frequent names among the events that exist for a definition; None where events have no name.

    The same for every actor, so that a colour means one thing.
    """
    column = sessions.events.columns.event
    if column is None:
        return None
    return sessions.stages.get("event names", (column, sessions.definition.where), lambda: _made(sessions, column))


def _made(sessions: SessionTable, column: str) -> Names:
    values = sessions.events.column(column)
    coded = isinstance(values.dtype, pl.Categorical)
    kept = (
        values if sessions.definition.where is None else values.filter(sessions.events.mask(sessions.definition.where))
    )
    # Categories are counted by their small numbers.
    counted = (kept.to_physical() if coded else kept).drop_nulls().alias("name").value_counts(name="count")
    top = counted.sort("count", "name", descending=[True, False]).head(MOST)["name"]
    if coded:
        texts = values.dtype.categories.to_series()  # type: ignore[attr-defined]
        to = np.full(max(len(texts), 1), OTHER, np.uint8)
        to[top.to_numpy()] = np.arange(len(top), dtype=np.uint8)
        codes = pl.Series(to).gather(values.to_physical())
        return Names(texts.gather(top), codes.fill_null(EMPTY))
    if not len(top):
        return Names(top, pl.repeat(EMPTY, len(values), dtype=pl.UInt8, eager=True))
    codes = values.replace_strict(top, list(range(len(top))), default=OTHER, return_dtype=pl.UInt8)
    return Names(top, pl.select(pl.when(values.is_null()).then(pl.lit(EMPTY, pl.UInt8)).otherwise(codes)).to_series())


def hand_on(sessions: SessionTable, some: SessionTable, events: slice) -> None:
    """Let the sessions of some of the events tell them apart as those of all of them do."""
    known, column = names(sessions), sessions.events.columns.event
    if known is not None:
        part = Names(known.names, known.codes[events])
        some.stages.put("event names", (column, sessions.definition.where), part)
