"""Columns of texts that are all numbers, as numbers."""

from __future__ import annotations

import polars as pl

from explorer.events.formats.format import Asked

LOOK = 10_000
WHOLE, DECIMAL = r"^[-+]?(0|[1-9]\d{0,17})$", r"^[-+]?(?:(?:0|[1-9]\d{0,14})(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$"


def quantities(lazy: pl.LazyFrame, asked: Asked) -> pl.LazyFrame:
    """The same rows, columns in which every value is a number as numbers; not those that are wanted as text.

    With `asked.exact` all rows are looked at, or else the first; a later value that is no number then raises. Numbers
    that begin with a 0 stay text.
    """
    names = [name for name, dtype in lazy.collect_schema().items() if dtype == pl.String and name not in asked.texts]
    if not names:
        return lazy
    some = lazy if asked.exact else lazy.head(LOOK)
    whole = [pl.col(name).str.contains(WHOLE).all().alias(f"{at}w") for at, name in enumerate(names)]
    decimal = [pl.col(name).str.contains(DECIMAL).all().alias(f"{at}d") for at, name in enumerate(names)]
    filled = [pl.col(name).count().alias(f"{at}n") for at, name in enumerate(names)]
    found = some.select(*whole, *decimal, *filled).collect(engine="streaming").row(0, named=True)
    changes = []
    for at, name in enumerate(names):
        if found[f"{at}n"] and (found[f"{at}w"] or found[f"{at}d"]):
            changes.append(pl.col(name).cast(pl.Int64 if found[f"{at}w"] else pl.Float64))
    return lazy.with_columns(changes)
