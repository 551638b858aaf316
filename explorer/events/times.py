"""A column of times in any form as microseconds; what cannot be read becomes null."""

from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from explorer.errors import SourceError
from explorer.plan.literal import EPOCH, TEXTS

# Most specific first; the one that reads most of a sample is tried first on the whole column.
FORMS = (
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f UTC",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S%.f",
    "%d.%m.%Y %H:%M:%S%.f",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y %H:%M:%S%.f",
    "%d/%m/%Y %H:%M:%S%.f",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
)
SAMPLE = 2_000
# Seconds until the year 5138, and so on for each finer unit: sizes that do not overlap after 1973.
UNITS = (("seconds", 10**11), ("milliseconds", 10**14), ("microseconds", 10**17))
PER_UNIT = {"seconds": 1_000_000, "milliseconds": 1_000, "microseconds": 1, "nanoseconds": 0}
# What Python can show: the years 1 to 9999. Sums and differences of these never overflow.
EARLIEST = (datetime(1, 1, 1, tzinfo=UTC) - EPOCH).days * 86_400_000_000
LATEST = (datetime(9999, 12, 31, tzinfo=UTC) - EPOCH).days * 86_400_000_000 + 86_399_999_999


@dataclass(frozen=True)
class Times:
    """Microseconds since 1970, null where unreadable; `said` is what was decided about the form."""

    us: pl.Series
    aware: bool
    said: str = ""


@dataclass(frozen=True)
class Form:
    """How a column says its times, decided once: a unit for numbers, a pattern for texts, neither for times."""

    dtype: pl.DataType
    aware: bool
    said: str = ""
    unit: str = ""
    pattern: str = ""

    @property
    def kept_as(self) -> pl.DataType:
        """The type of the times that are read."""
        return pl.Datetime("us", "UTC" if self.aware else None)

    def us(self, values: pl.Series) -> pl.Series:
        """Microseconds since 1970; null for what cannot be read and what lies outside the years 1 to 9999."""
        if isinstance(self.dtype, TEXTS):
            texts = values.cast(pl.String)
            return _in_range(_numbers(texts, self.unit) if self.unit else _texts(texts, self.pattern))
        if self.unit:
            return _in_range(_counted(values, self.unit))
        if isinstance(self.dtype, pl.Datetime):
            if self.dtype.time_unit == "ms":
                return _in_range(_counted(values.to_physical(), "milliseconds"))
            return _in_range(values.dt.cast_time_unit("us").to_physical())
        if self.dtype == pl.Date:
            return _in_range(values.to_physical().cast(pl.Int64) * 86_400_000_000)
        return values.cast(pl.Int64)


def read_times(values: pl.Series, unit: str | None = None) -> Times:
    """Read dates, times, whole or decimal numbers since 1970, and texts; raises SourceError for other types."""
    form = time_form(values, unit)
    return Times(form.us(values), form.aware, form.said)


def time_form(sample: pl.Series, unit: str | None = None) -> Form:
    """How these values, or those that they are a sample of, say times; raises SourceError.

    >>> time_form(pl.Series([1_700_000_000])).said
    'numbers, read as seconds since 1970'
    """
    dtype = sample.dtype
    if unit is not None and unit not in PER_UNIT:
        raise SourceError(f"'{unit}' is not a unit of time here. Known: {', '.join(PER_UNIT)}.")
    if isinstance(dtype, pl.Datetime):
        return Form(dtype, dtype.time_zone is not None)
    if dtype == pl.Date:
        return Form(dtype, False, "days, read as midnight")
    if dtype.is_numeric():
        return _number_form(dtype, sample, unit)
    if isinstance(dtype, TEXTS):
        return _text_form(dtype, sample, unit)
    if dtype == pl.Null:
        return Form(dtype, False)
    raise SourceError(f"Column '{sample.name}' is a {dtype} and holds no times. Name the column that says when.")


def _number_form(dtype: pl.DataType, values: pl.Series, unit: str | None) -> Form:
    if unit is None:
        some = values.gather_every(max(1, len(values) // 100_000)).cast(pl.Float64, strict=False)
        size = some.filter(some.is_finite()).abs().median() or 0.0
        unit = next((name for name, below in UNITS if size < below), "nanoseconds")  # type: ignore[operator]
    return Form(dtype, True, f"numbers, read as {unit} since 1970", unit)


def _text_form(dtype: pl.DataType, values: pl.Series, unit: str | None) -> Form:
    sample = values.head(50 * SAMPLE).drop_nulls()
    sample = (sample if len(sample) else values.drop_nulls()).head(SAMPLE).cast(pl.String).str.strip_chars()
    if not len(sample):
        return Form(dtype, False, pattern=FORMS[3])
    if sample.str.contains(r"^-?\d{9,}(\.\d+)?$").mean() > 0.5:  # type: ignore[operator]
        return _number_form(dtype, sample.cast(pl.Float64, strict=False), unit)
    read = {form: int(_parse(sample, form).count()) for form in FORMS}
    best = max(FORMS, key=lambda form: read[form])
    other = best.replace("%m/%d", "%d/%m")
    said = "read as month/day/year" if "%m/%d" in best and read[other] == read[best] else ""
    return Form(dtype, "%#z" in best or best.endswith("UTC"), said, pattern=best)


def _numbers(texts: pl.Series, unit: str) -> pl.Series:
    numbers = texts.str.strip_chars()
    whole = numbers.cast(pl.Int64, strict=False)
    if whole.null_count() == numbers.null_count():
        return _counted(whole, unit)
    return _counted(whole, unit).fill_null(_counted(numbers.cast(pl.Float64, strict=False), unit))


def _counted(values: pl.Series, unit: str) -> pl.Series:
    """Numbers since 1970 as microseconds; null where they do not fit into the years 1 to 9999."""
    if values.dtype.is_integer():
        whole = values.cast(pl.Int64, strict=False)
        if unit == "nanoseconds":
            return whole // 1000
        per = PER_UNIT[unit]
        return _between(whole, -(-EARLIEST // per), LATEST // per) * per
    per_unit = PER_UNIT[unit] or 0.001
    us = (values.cast(pl.Float64) * per_unit).round()
    return us.cast(pl.Int64, strict=False)


def _texts(values: pl.Series, best: str) -> pl.Series:
    us = _parse(values, best)
    for form in (best, *FORMS):
        left = us.is_null() & values.is_not_null()
        if not left.any():
            break
        found = _parse(values.filter(left).str.strip_chars(), form)
        if found.count():
            us = us.scatter(left.arg_true(), found)
    return us


def _parse(values: pl.Series, form: str) -> pl.Series:
    if "%H" not in form:
        # Polars reads a day and passes over a time of day behind it.
        values = values.to_frame("text").select(pl.when(~pl.col("text").str.contains(":")).then("text")).to_series()
    return values.str.to_datetime(form, time_unit="us", strict=False).to_physical()


def _in_range(us: pl.Series) -> pl.Series:
    return _between(us, EARLIEST, LATEST)


def _between(values: pl.Series, low: int, high: int) -> pl.Series:
    first, last = values.min(), values.max()
    if first is None or (first >= low and last <= high):  # type: ignore[operator]
        return values
    return values.to_frame("n").select(pl.when(pl.col("n").is_between(low, high)).then("n")).to_series()
