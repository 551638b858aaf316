"""Events that last: when each of them ends, from a column of end times or of durations."""

from dataclasses import dataclass

import polars as pl

from explorer.errors import SourceError, did_you_mean, located
from explorer.events.reading.decide import Asked, form_of
from explorer.events.reading.form import Form
from explorer.events.vocabulary import words
from explorer.plan.in_polars.boundary import TIME
from explorer.plan.literal import TEXTS, type_word
from explorer.spec.columns import Columns

# How many microseconds a number in each unit is, and the words at the end of a column's name that say which it is.
PER = {
    "hours": 3_600_000_000,
    "minutes": 60_000_000,
    "seconds": 1_000_000,
    "milliseconds": 1_000,
    "microseconds": 1,
    "nanoseconds": 0.001,
}
ENDINGS = {
    "hours": ("h", "hour", "hours", "hrs"),
    "minutes": ("min", "mins", "minute", "minutes"),
    "seconds": ("s", "sec", "secs", "second", "seconds"),
    "milliseconds": ("ms", "msec", "msecs", "millis", "millisecond", "milliseconds"),
    "microseconds": ("us", "usec", "micros", "microsecond", "microseconds"),
    "nanoseconds": ("ns", "nsec", "nanos", "nanosecond", "nanoseconds"),
}
CLOCK = r"^(?:(?<d>\d+) days?,? )?(?<h>\d+):(?<m>[0-5]?\d):(?<s>[0-5]?\d(?:\.\d+)?)$"
SPOKEN = (
    r"(?i)^p?(?:(?<d>\d+) ?d(?:ays?)?)?t? ?(?:(?<h>\d+) ?h(?:ours?|rs?)?)? ?(?:(?<m>\d+) ?m(?:in(?:ute)?s?)?)? ?"
    r"(?:(?<s>\d+(?:\.\d+)?) ?s(?:ec(?:ond)?s?)?)?$"
)
PARTS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
# A duration of more than this is no time until something ends.
LONGEST_US = 366 * 86_400_000_000
ODD = 2**53


@dataclass(frozen=True)
class Ends:
    """How a column tells when events end: as times (`form`), as lengths in text, or as numbers of a unit."""

    name: str = ""
    form: Form | None = None
    texts: bool = False
    said: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was assumed, one sentence."""
        return (f"{self.said}.",) if self.said else ()

    def read(self, lazy: pl.LazyFrame) -> pl.LazyFrame:
        """The rows with this column as times or durations; numbers that are lengths stay as they are."""
        if self.form is not None:
            read, form = pl.col(self.name), self.form
            time = read.map_batches(form.us, return_dtype=pl.Int64, is_elementwise=True).cast(form.kept_as)
            return lazy.with_columns(time.alias(self.name))
        return lazy.with_columns(_length(pl.col(self.name)).alias(self.name)) if self.texts else lazy


def ends_of(sample: pl.DataFrame, columns: Columns, form: Form) -> Ends:
    """How `columns.until` tells the ends, by a sample; `form` is how times are told. Raises SourceError.

    >>> rows = pl.DataFrame({"ts": [1_700_000_000, 1_700_000_010], "watched_ms": [1_500, 20]})
    >>> ends_of(rows, Columns("u", "ts", until="watched_ms"), form_of(rows["ts"])).said
    'watched_ms is read as milliseconds that an event lasts'
    """
    name = columns.until
    if name is None:
        return Ends()
    with located("columns.until"):
        if name not in sample.columns:
            raise SourceError(f"There is no column '{name}'. {did_you_mean(name, sample.columns)}")
        values = sample[name]
        dtype = values.dtype
        if isinstance(dtype, pl.Duration) or dtype == pl.Null:
            return Ends(name, said=f"{name} is how long an event lasts")
        if isinstance(dtype, TEXTS):
            texts = values.drop_nulls().cast(pl.String).str.strip_chars()
            if len(texts) and texts.to_frame("x").select(_length(pl.col("x")).count()).item() * 2 > len(texts):
                return Ends(name, texts=True, said=f"{name} is how long an event lasts")
            return _times(name, values, columns, form)
        if dtype.is_numeric():
            if columns.until_unit is None and _are_times(values, sample[columns.time], form, columns):
                return _times(name, values, columns, form)
            return Ends(name, said=f"{name} is read as {unit_of(columns)} that an event lasts")
        if isinstance(dtype, pl.Datetime | pl.Date):
            return _times(name, values, columns, form)
        raise SourceError(
            f"'{name}' is a {type_word(dtype)} and tells no end. Name a column of end times or of durations."
        )


def ends(frame: pl.DataFrame, times: pl.Series, columns: Columns) -> pl.Series | None:
    """When each event ends, in microseconds, never before its time; None where events take no time."""
    if columns.until is None:
        return None
    told, end = _told(frame[columns.until], times, columns), pl.col("end")
    return told.select(pl.max_horizontal(TIME, end.fill_null(pl.col(TIME)))).to_series().alias("@end")


def remarks(frame: pl.DataFrame, times: pl.Series, columns: Columns) -> tuple[str, ...]:
    """How many ends there are that cannot be used."""
    if columns.until is None:
        return ()
    its = _told(frame[columns.until], times, columns)
    facts = its.select(none=pl.col("end").is_null().sum(), before=(pl.col("end") < pl.col(TIME)).sum())
    none, before = facts.row(0)
    found = []
    if none:
        verb = "event has" if none == 1 else "events have"
        found.append(f"{none:,} {verb} no {columns.until} that can be read: taken to last no time.")
    if before:
        verb = "event ends before it begins" if before == 1 else "events end before they begin"
        found.append(f"{before:,} {verb} by {columns.until}: taken to last no time.")
    return tuple(found)


def unit_of(columns: Columns) -> str:
    """What numbers in `columns.until` count: what is said, what the column's name ends in, else seconds."""
    last = (words(columns.until or "") or ("",))[-1]
    return columns.until_unit or next((unit for unit, endings in ENDINGS.items() if last in endings), "seconds")


def _told(values: pl.Series, times: pl.Series, columns: Columns) -> pl.DataFrame:
    """TIME and `end`, as they are told."""
    dtype = values.dtype
    if isinstance(dtype, pl.Datetime):
        end = values.dt.cast_time_unit("us").to_physical()
        return pl.DataFrame([times.alias(TIME), end.alias("end")])
    if isinstance(dtype, pl.Duration):
        length = values.dt.cast_time_unit("us").to_physical()
    elif dtype == pl.Null:
        length = values.cast(pl.Int64)
    else:
        number = values.cast(pl.Float64) * PER[unit_of(columns)]
        usable = number.is_finite() & (number.abs() < ODD)
        length = number.to_frame("n").select(pl.when(usable).then(pl.col("n")).round().cast(pl.Int64)).to_series()
    return pl.DataFrame([times.alias(TIME), (times + length).alias("end")])


def _times(name: str, values: pl.Series, columns: Columns, form: Form) -> Ends:
    unit = form.unit if values.dtype.is_numeric() and form.unit else None
    its = form_of(values.alias(name), Asked(unit, columns.time_format or form.order or None, columns.time_zone))
    if not its.us(values).count() and values.null_count() < len(values):
        example = values.drop_nulls()[0]
        raise SourceError(
            f"'{name}' holds neither end times nor durations (such as {str(example)!r}). "
            "Write times as in the time column, or durations such as 00:03:20, 3m 20s or a number."
        )
    if its.aware != form.aware:
        who, other = (name, columns.time) if its.aware else (columns.time, name)
        raise SourceError(f"'{who}' knows its time zone and '{other}' does not. Give both a zone, or none.")
    return Ends(name, its, said=f"{name} is when an event ends")


def _are_times(values: pl.Series, times: pl.Series, form: Form, columns: Columns) -> bool:
    """Whether numbers, read as times, mostly lie in the year after the events' own times."""
    as_times = form_of(values, Asked(form.unit or None))
    after = as_times.us(values) - form.us(times)
    fits = ((after >= 0) & (after < LONGEST_US)).sum()
    return bool(fits * 2 > values.count() > 0)


def _length(text: pl.Expr) -> pl.Expr:
    """A text such as 00:03:20, 3m 20s or PT3M20S as a duration; null where it is none."""
    stripped = text.cast(pl.String).str.strip_chars()

    def total(pattern: str) -> pl.Expr:
        groups = stripped.str.extract_groups(pattern)
        parts = [groups.struct.field(part).cast(pl.Float64) for part in PARTS]
        seconds = pl.sum_horizontal(p.fill_null(0) * size for p, size in zip(parts, PARTS.values(), strict=True))
        return pl.when(pl.any_horizontal(part.is_not_null() for part in parts)).then(seconds)

    seconds = pl.coalesce(total(CLOCK), total(SPOKEN))
    return (seconds * 1_000_000).round().cast(pl.Int64).cast(pl.Duration("us"))
