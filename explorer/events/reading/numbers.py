"""Times that are numbers: since 1970 in one unit, or the digits of a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from explorer.events.reading.layouts import NAMED
from explorer.events.reading.texts import moments
from explorer.events.reading.units import FARTHEST, OLDEST, UNITS, Unit, by_size, is_likely, likely_unit
from explorer.plan.literal import EPOCH, TEXTS

NUMBER = r"^\s*[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s*$"
MOSTLY = 0.9


def are_numbers(texts: pl.Series) -> bool:
    """Whether most of these texts are numbers."""
    found = texts.str.contains(NUMBER)
    return bool(len(found)) and int(found.sum()) * 2 > len(found)


def as_numbers(values: pl.Series) -> pl.Series:
    """Texts as whole numbers, or as decimals where there are any; other types as they are."""
    if not isinstance(values.dtype, TEXTS):
        return values
    texts = values.cast(pl.String).str.strip_chars()
    whole = texts.cast(pl.Int64, strict=False)
    if whole.null_count() == texts.null_count():
        return whole
    return texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def texts(values: pl.Series) -> pl.Series:
    """Values as the texts that a pattern reads: numbers as their digits."""
    if values.dtype.is_numeric():
        return values.cast(pl.Int64, strict=False).cast(pl.String)
    return values.cast(pl.String)


def guess(values: pl.Series) -> tuple[Unit | None, bool]:
    """The unit of numbers, None for the digits of days, and whether the times are then those of a log."""
    numbers = as_numbers(values)
    some = numbers.gather_every(max(1, len(numbers) // 100_000))
    sizes = some.cast(pl.Float64, strict=False)
    told = sizes.is_finite() & _tells(sizes)
    some, sizes = some.filter(told), sizes.filter(told)
    median: Any = sizes.median()
    if median is None:
        return UNITS["seconds"], False
    unit = likely_unit(median)
    if (unit is None or unit is not by_size(median) or _is_later(unit.one(median))) and days_layout(some):
        return None, True
    if unit is not None and unit.name == "excel days" and not _all_likely(sizes, unit):
        unit = None
    return unit or by_size(abs(median)), unit is not None


def are_days(values: pl.Series) -> bool:
    """Whether nearly all of these numbers are the digits of a day, as in 20240301 or 20240301100000."""
    return bool(days_layout(values))


def days_layout(values: pl.Series) -> str:
    """The layout of numbers that are the digits of days, with a year of four digits or of two; empty for others."""
    if values.dtype.is_float() and not bool((values == values.floor()).all()):
        return ""
    for name in ("compact", "compact2"):
        us = moments(texts(values), NAMED[name].regex(), None)["us"]
        if len(us) and int(us.is_between(OLDEST, FARTHEST, closed="left").sum()) >= MOSTLY * len(us):
            return name if name == "compact" or not _is_later(us.max()) else ""  # type: ignore[arg-type]
    return ""


def read(values: pl.Series, unit: Unit, guessed: bool) -> tuple[pl.Series, bool]:
    """Numbers as microseconds since 1970, and whether some were read in another unit.

    Where the unit was guessed and the times are those of a log, a number that would be none is read in the unit of its
    own size if it is one then, and 0 and -1 are no time.
    """
    values = as_numbers(values)
    us = unit.read(values)
    first, last = us.min(), us.max()
    if not guessed or (us.null_count() == values.null_count() and (first is None or _likely(first, last))):
        return us, False
    odd = us.is_null() | ~us.is_between(OLDEST, FARTHEST, closed="left")
    places = (odd & values.is_not_null()).arg_true()
    few = values.gather(places)
    found, others = us.gather(places), False
    found = found.to_frame("us").select(pl.when(pl.lit(_tells(few))).then("us")).to_series()
    for other in (UNITS[name] for name in ("seconds", "milliseconds", "microseconds", "nanoseconds")):
        again = other.read(few)
        fits = again.is_between(OLDEST, FARTHEST, closed="left").fill_null(False)
        if other is not unit and fits.any():
            others = True
            found = pl.select(pl.when(fits).then(again).otherwise(found)).to_series()
    return us.scatter(places, found), others


def _tells(values: pl.Series) -> pl.Series:
    """All but 0 and -1, which logs write where there is no time."""
    return (values != 0) & (values != -1)


def _likely(first: Any, last: Any) -> bool:
    return is_likely(first) and is_likely(last)


def _all_likely(sizes: pl.Series, unit: Unit) -> bool:
    low: Any = sizes.min()
    high: Any = sizes.max()
    return is_likely(unit.one(low)) and is_likely(unit.one(high))


def _is_later(us: float) -> bool:
    return us > (datetime.now(UTC) + timedelta(days=1) - EPOCH) / timedelta(microseconds=1)
