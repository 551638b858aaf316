"""Repeating texts as categories: small whole numbers with a list of texts beside them."""

from collections.abc import Mapping
from uuid import uuid4

import polars as pl

from explorer.spec.columns import Columns

# A text column with more different values than this share of a sample is not worth encoding.
WORTH_ENCODING, SAMPLE = 0.5, 10_000
WIDTHS = ((2**8 - 1, pl.UInt8), (2**16 - 1, pl.UInt16), (2**32 - 1, pl.UInt32))


def to_encode(sample: pl.DataFrame, columns: Columns) -> list[str]:
    """The columns whose texts repeat, and those of the actor."""
    found = []
    for name, dtype in sample.schema.items():
        if name == columns.time:
            continue
        if dtype == pl.String:
            some = sample[name].head(SAMPLE)
            if name in columns.actor or some.n_unique() <= max(WORTH_ENCODING * len(some), 2):
                found.append(name)
        elif isinstance(dtype, pl.Categorical) or (isinstance(dtype, pl.Enum) and name in recoded(columns)):
            found.append(name)
    return found


def recoded(columns: Columns) -> tuple[str, ...]:
    """The columns that sort as texts even where their type has an order of its own."""
    return *columns.actor, *columns.order


class Coding:
    """Categories that columns are read into. They are forgotten with this object: take the codes before."""

    def __init__(self, names: list[str]) -> None:
        # Polars forgets categories that no series uses.
        self._keep = {name: pl.Series([], dtype=pl.Categorical(pl.Categories.random())) for name in names}

    def __contains__(self, name: str) -> bool:
        return name in self._keep

    def codes(self, name: str) -> pl.Expr:
        """A text column as codes in order of appearance, which may differ from run to run."""
        return pl.col(name).cast(pl.String).cast(self._keep[name].dtype).to_physical()

    def texts(self, name: str) -> pl.Series:
        """The texts of the codes, null for a number without one."""
        return self._keep[name].dtype.categories.to_series()  # type: ignore[attr-defined]


def rank(codes: pl.Series, texts: pl.Series) -> pl.Series:
    """Codes of texts as places among all the texts in alphabetical order, from 0."""
    places = texts.rank("ordinal").cast(pl.UInt32) - 1
    return places.gather(codes).alias(codes.name)


def width(texts: pl.Series) -> type[pl.DataType]:
    """The smallest type of codes that these texts need."""
    return next(dtype for most, dtype in WIDTHS if len(texts) <= most)


def categories(texts: Mapping[str, pl.Series]) -> tuple[dict[str, pl.DataType], list[pl.Series]]:
    """A categorical type for the texts of each column, code by code, and what keeps these types alive."""
    types: dict[str, pl.DataType] = {}
    keep: list[pl.Series] = []
    for name, values in texts.items():
        dtype = pl.Categorical(pl.Categories(uuid4().hex, "session-explorer", width(values)))
        keep.append(values.cast(dtype))
        types[name] = dtype
    return types, keep


def decorated(frame: pl.DataFrame, texts: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Codes as categorical columns."""
    types, _keep = categories(texts)
    return frame.with_columns(pl.col(name).cat.to(dtype) for name, dtype in types.items())


def encoded(series: pl.Series) -> pl.Series:
    """Texts that repeat as categories; all else as it is."""
    if series.dtype != pl.String:
        return series
    some = series.head(SAMPLE)
    if some.n_unique() > max(WORTH_ENCODING * len(some), 2):
        return series
    different = series.drop_nulls().unique().sort()
    codes = series.cast(pl.Enum(different)).to_physical().cast(width(different))
    return decorated(pl.DataFrame({series.name: codes}), {series.name: different})[series.name]
