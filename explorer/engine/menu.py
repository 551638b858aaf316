"""What an editor offers for each column: its type and its most frequent values."""

from typing import Any

import polars as pl

from explorer.engine.local import LocalEngine
from explorer.plan.literal import type_word

MOST_VALUES = 50
WORDS = {"text": "text", "number": "number", "time": "time", "truth value": "bool"}


def menu(engine: LocalEngine) -> dict[str, dict[str, Any]]:
    """Column name -> its type (text, number, time, bool) and [(value, events)], most frequent first.

    The event column leads; columns of other types are left out.
    """
    found: dict[str, dict[str, Any]] = {}
    event = engine.columns.event
    for name in sorted(engine.schema, key=lambda name: name != event):
        kind = WORDS.get(type_word(engine.schema[name]))
        if kind:
            found[name] = {"type": kind, "values": frequent(engine.column(name)) if kind == "text" else []}
    return found


def frequent(values: pl.Series, most: int = MOST_VALUES) -> list[tuple[str, int]]:
    """The most frequent values of a text column and how many events have each."""
    counts = values.drop_nulls().rename("value").value_counts(sort=True).head(most)
    return [(str(value), int(count)) for value, count in counts.iter_rows()]
