"""How a column says its times, decided once for all of it."""

from dataclasses import dataclass, field

import polars as pl

from explorer.events.reading import numbers
from explorer.events.reading.texts import moments
from explorer.events.reading.units import DAY, EARLIEST, LATEST, UNITS, since_1970, within
from explorer.plan.literal import TEXTS

# Chrono reads a year of two digits as one of the first century.
FOUR_DIGITS = since_1970(1000, 1, 1)
OTHER_UNIT, NO_OFFSET = "other unit", "no offset"
FRACTIONS = {0: "", 4: ".%3f", 7: ".%6f", 10: ".%9f"}
LOOK = 100


@dataclass(frozen=True)
class Form:
    """A unit for numbers, a pattern for texts, neither for times.

    `order` says of an ambiguous pattern which part comes first, and `why` what decided it: "values", "rows" (their
    order) or "habit". `zone` is that of times without an offset where others have one. `seen` notes what was met.
    """

    dtype: pl.DataType
    aware: bool
    said: str = ""
    unit: str = ""
    guessed: bool = False
    layout: str = ""
    pattern: str = ""
    fast: str = ""
    order: str = ""
    why: str = ""
    zone: str = "UTC"
    seen: set[str] = field(default_factory=set, compare=False, repr=False)

    @property
    def kept_as(self) -> pl.DataType:
        """The type of the times that are read."""
        return pl.Datetime("us", "UTC" if self.aware else None)

    @property
    def is_text(self) -> bool:
        """Whether times are read by a pattern."""
        return bool(self.pattern)

    def us(self, values: pl.Series) -> pl.Series:
        """Microseconds since 1970; null for what cannot be read and what lies outside the years 1 to 9999."""
        if self.pattern:
            return within(self._by_pattern(numbers.texts(values)), EARLIEST, LATEST)
        if self.unit:
            found, others = numbers.read(values, UNITS[self.unit], self.guessed)
            if others:
                self.seen.add(OTHER_UNIT)
            return found
        if isinstance(self.dtype, pl.Datetime):
            if self.dtype.time_unit == "ms":
                return UNITS["milliseconds"].read(values.to_physical())
            return within(values.dt.cast_time_unit("us").to_physical(), EARLIEST, LATEST)
        if self.dtype == pl.Date:
            return within(values.to_physical().cast(pl.Int64) * DAY, EARLIEST, LATEST)
        return values.cast(pl.Int64, strict=False) if not isinstance(self.dtype, TEXTS) else _nothing(values)

    def lacks_offset(self, values: pl.Series) -> pl.Series:
        """Which times are told without an offset."""
        found = moments(numbers.texts(values), self.pattern, None)
        return found.select((pl.col("us").is_not_null() & ~pl.col("told")).alias("which")).to_series()

    def in_other_unit(self, values: pl.Series) -> pl.Series:
        """Which numbers count another unit than the rest."""
        plain, found = UNITS[self.unit].read(numbers.as_numbers(values)), self.us(values)
        return found.is_not_null() & plain.ne_missing(found)

    def _by_pattern(self, texts: pl.Series) -> pl.Series:
        us = quickly(texts, self.fast) if self.fast else _nothing(texts)
        left = us.is_null() & texts.is_not_null()
        if not left.any():
            return us
        found = moments(texts.filter(left), self.pattern, self.zone if self.aware else None)
        if not self.aware:  # one with an offset is an instant, and no clock's time
            found = found.select(us=pl.when(~pl.col("told")).then("us"))
        elif found.select((pl.col("us").is_not_null() & ~pl.col("told")).any()).item():
            self.seen.add(NO_OFFSET)
        return us.scatter(left.arg_true(), found["us"]) if found["us"].count() else us


def quickly(texts: pl.Series, fast: str) -> pl.Series:
    """Times by a form of Chrono, null for what it does not read rightly."""
    if "%H" not in fast:
        # Polars reads a day and passes over a time of day behind it.
        texts = texts.to_frame("text").select(pl.when(~pl.col("text").str.contains(":")).then("text")).to_series()
    us = _nothing(texts)
    if fixed := of_one_width(fast, next((text for text in texts.head(LOOK) if text), "")):
        us = _read(texts, fixed, cache=False)
    left = us.is_null() & texts.is_not_null()
    if left.all():
        us = _read(texts, fast, cache=True)
    elif left.any():
        us = us.scatter(left.arg_true(), _read(texts.filter(left), fast, cache=True))
    return within(us, FOUR_DIGITS, LATEST)


def of_one_width(fast: str, example: str) -> str:
    """The form for texts that are all as wide as an example, "" where there is none.

    Polars reads these itself, eight times as fast as Chrono reads seconds with a fraction of any length.

    >>> of_one_width("%Y-%m-%d %H:%M:%S%.f%#z", "2024-03-01 10:00:00.250Z")
    '%Y-%m-%d %H:%M:%S.%3fZ'
    """
    stem, seconds, zone = fast.partition("%S%.f")
    if zone == "%#z":
        zone = next((end for end in ("Z", "+00:00") if example.endswith(end)), zone)
    fraction = FRACTIONS.get(len(example) - len(stem.replace("%Y", "%Y  ")) - len("SS") - len(zone))
    return f"{stem}%S{fraction}{zone}" if seconds and zone != "%#z" and fraction is not None else ""


def _read(texts: pl.Series, form: str, cache: bool) -> pl.Series:
    return texts.str.to_datetime(form, time_unit="us", strict=False, cache=cache).to_physical()


def _nothing(values: pl.Series) -> pl.Series:
    return pl.repeat(None, len(values), dtype=pl.Int64, eager=True)
