"""What is in each column of the events: its type, its nulls, a few of its values."""

from typing import Any

import polars as pl

from explorer.engine.answers.columns import Described
from explorer.engine.local.cut.event_table import EventTable
from explorer.plan.literal import type_word

SAMPLE = 2_000
EXAMPLES = 3


def described(events: EventTable) -> tuple[Described, ...]:
    """The columns in the order of the source.

    >>> import explorer
    >>> log = explorer.connect(pl.DataFrame({"user": ["a", "b"], "ts": ["2024-03-01 10:00"] * 2, "n": [None, 1.5]}))
    >>> [(one.name, one.kind, one.nulls) for one in described(log)]
    [('user', 'text', 0), ('ts', 'time', 0), ('n', 'number', 1)]
    """
    found = ((name, events.column(name)) for name in events.schema)
    return tuple(
        Described(name, type_word(events.schema[name]), values.null_count(), _examples(values))
        for name, values in found
    )


def _examples(values: pl.Series) -> tuple[Any, ...]:
    """Some different values, from all over the column: the first ones are all of one actor."""
    some = values.gather_every(max(1, len(values) // SAMPLE)).drop_nulls()
    if not len(some):
        some = values.drop_nulls().head(SAMPLE)
    if some.dtype.is_nested():
        return tuple(some.head(EXAMPLES).to_list())
    return tuple(some.unique(maintain_order=True).head(EXAMPLES).to_list())
