"""A column of times in any form as microseconds; what cannot be read becomes null."""

from dataclasses import dataclass

import polars as pl

from explorer.errors import SourceError
from explorer.plan.literal import TEXTS

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
UNITS = (("seconds", 10**11, 1_000_000), ("milliseconds", 10**14, 1_000), ("microseconds", 10**17, 1))
PER_UNIT = {"seconds": 1_000_000.0, "milliseconds": 1_000.0, "microseconds": 1.0, "nanoseconds": 0.001}


@dataclass(frozen=True)
class Times:
    """Microseconds since 1970, null where unreadable; `said` is what was decided about the form."""

    us: pl.Series
    aware: bool
    said: str = ""


def read_times(values: pl.Series, unit: str | None = None) -> Times:
    """Read dates, times, whole or decimal numbers since 1970, and texts; raises SourceError for other types."""
    dtype = values.dtype
    if isinstance(dtype, pl.Datetime):
        us = values.dt.cast_time_unit("us").to_physical()
        return Times(us, dtype.time_zone is not None)
    if isinstance(dtype, pl.Date):
        return Times(values.cast(pl.Datetime("us")).to_physical(), False, "days, read as midnight")
    if dtype.is_numeric():
        return _from_numbers(values, unit)
    if isinstance(dtype, TEXTS):
        return _from_texts(values.cast(pl.String), unit)
    if dtype == pl.Null:
        return Times(values.cast(pl.Int64), False)
    raise SourceError(f"Column '{values.name}' is a {dtype} and holds no times. Name the column that says when.")


def _from_numbers(values: pl.Series, unit: str | None) -> Times:
    finite = values.replace([float("nan"), float("inf"), float("-inf")], None) if values.dtype.is_float() else values
    if unit is None:
        size = finite.drop_nulls().abs().median() or 0
        unit = next((name for name, below, _ in UNITS if size < below), "nanoseconds")  # type: ignore[operator]
    if unit not in PER_UNIT:
        raise SourceError(f"'{unit}' is not a unit of time here. Known: {', '.join(PER_UNIT)}.")
    said = f"numbers, read as {unit} since 1970"
    if finite.dtype.is_integer():
        whole = finite.cast(pl.Int64, strict=False)
        us = whole // 1000 if unit == "nanoseconds" else whole * int(PER_UNIT[unit])
    else:
        us = (finite.cast(pl.Float64) * PER_UNIT[unit]).round().cast(pl.Int64, strict=False)
    return Times(us, True, said)


def _from_texts(values: pl.Series, unit: str | None) -> Times:
    sample = values.drop_nulls().head(SAMPLE).str.strip_chars()
    if not len(sample):
        return Times(values.cast(pl.Int64, strict=False), False)
    if sample.str.contains(r"^-?\d{9,}(\.\d+)?$").mean() > 0.5:  # type: ignore[operator]
        numbers = values.str.strip_chars()
        whole = not numbers.str.contains(".", literal=True).any()
        return _from_numbers(numbers.cast(pl.Int64 if whole else pl.Float64, strict=False), unit)
    best = max(FORMS, key=lambda form: _parse(sample, form).count())
    us, rest = _parse(values, best), FORMS
    for form in rest:
        left = us.is_null() & values.is_not_null()
        if form == best or not left.any():
            continue
        found = _parse(values.filter(left), form)
        if found.count():
            us = us.scatter(left.arg_true(), found)
    return Times(us, "%#z" in best or best.endswith("UTC"))


def _parse(values: pl.Series, form: str) -> pl.Series:
    if "%H" not in form:
        # Polars reads a day and passes over a time of day behind it.
        values = values.to_frame("text").select(pl.when(~pl.col("text").str.contains(":")).then("text")).to_series()
    return values.str.strip_chars().str.to_datetime(form, time_unit="us", strict=False).to_physical()
