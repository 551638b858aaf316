"""How much memory there is, and how much reading a source would take."""

import polars as pl

from explorer.events.files.paths import Files

CODE, KEYS = 4, 20
# The most memory while loading beside the size of what is loaded, as measured, with some air.
PEAK = 2.5


def needed(lazy: pl.LazyFrame, sample: pl.DataFrame, coded: list[str], files: Files) -> int:
    """About how many bytes loading needs at its peak."""
    size = sample.height
    wide = sum(CODE * size if name in coded else sample[name].estimated_size() for name in sample.columns)
    return int(PEAK * _rows(lazy, sample, files) * (wide / size + KEYS))


def _rows(lazy: pl.LazyFrame, sample: pl.DataFrame, files: Files) -> int:
    if files.is_columnar:
        return int(lazy.select(pl.len()).collect().item())
    try:
        text = sample.write_csv()
    except pl.exceptions.PolarsError:  # lists have no form in CSV
        text = sample.write_ndjson()
    return int(sum(item.size for item in files.items) / len(text.encode()) * sample.height)
