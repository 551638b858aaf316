"""Where a text stands among the values of all columns: what is typed finds the value and the column that has it."""

from __future__ import annotations

import polars as pl

from explorer.engine.answers.columns import FoundValue, FoundValues
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.editors.column_profile import count_codes
from explorer.engine.stopping import go_on
from explorer.plan.literal import TEXTS


def search_values(events: EventTable, text: str, most: int) -> FoundValues:
    """The texts that contain `text`, whatever its case, at most `most` of each column, and of them all.

    Those that equal it come first, then those that begin with it, then the most frequent.
    """
    wanted = text.strip().lower()
    found: list[FoundValue] = []
    more = False
    if wanted:
        for name, dtype in events.schema.items():
            go_on()
            if isinstance(dtype, TEXTS):
                here = _of_column(events.column(name), wanted)
                more = more or len(here) > most
                found += [FoundValue(name, value, count) for value, count in here.head(most).iter_rows()]
    found.sort(key=lambda each: (rank(each.value, wanted), -each.events, each.column, each.value))
    return FoundValues(tuple(found[:most]), more or len(found) > most)


def rank(value: str, wanted: str) -> int:
    """How well a text matches one in small letters: 0 equal, 1 begins with it, 2 contains it.

    >>> rank("Purchase", "purchase"), rank("purchased", "purchase"), rank("repurchase", "purchase")
    (0, 1, 2)
    """
    small = value.lower()
    return 0 if small == wanted else 1 if small.startswith(wanted) else 2


def _of_column(values: pl.Series, wanted: str) -> pl.DataFrame:
    """The matching values of a column and how many events have each, the best first."""
    if isinstance(values.dtype, pl.Categorical | pl.Enum):
        # The few categories are searched, and not the events.
        known = values.dtype.categories
        texts = known if isinstance(known, pl.Series) else known.to_series()
        found = pl.DataFrame({"value": texts, "matches": _matches(texts, wanted)})
        if not found["matches"].any():
            return found.clear().with_columns(count=pl.lit(0))
        counts = found.with_columns(count=pl.Series(count_codes(values.to_physical(), len(texts))))
        counts = counts.filter(pl.col("matches") & (pl.col("count") > 0))
    else:
        counts = values.filter(_matches(values, wanted)).alias("value").value_counts()
    small = pl.col("value").str.to_lowercase()
    best = pl.when(small == wanted).then(0).when(small.str.starts_with(wanted)).then(1).otherwise(2)
    return counts.sort(best, -pl.col("count").cast(pl.Int64), "value").select("value", "count")


def _matches(texts: pl.Series, wanted: str) -> pl.Series:
    return texts.cast(pl.String).str.to_lowercase().str.contains(wanted, literal=True).fill_null(False)
