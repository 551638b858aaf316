"""Which form the times of a column have, from a sample of it; where that leaves a choice, from all of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import polars as pl

from explorer.errors import SourceError
from explorer.events.reading import numbers
from explorer.events.reading.form import Form, quickly
from explorer.events.reading.layouts import AMBIGUOUS, LAYOUTS, NAMED, OF_DAY, Layout
from explorer.events.reading.texts import moments
from explorer.events.reading.units import UNITS
from explorer.plan.literal import EPOCH, TEXTS, type_word
from explorer.spec.columns import Columns
from explorer.spec.time_format import ORDERS, time_pattern

SAMPLE = 2_000
# Of two readings one is the likelier when it is this many times more in order, or closer together.
CLEARLY = 2


@dataclass(frozen=True)
class Asked:
    """What the analyst says of the times."""

    unit: str | None = None
    time_format: str | None = None
    time_zone: str | None = None


def asked_of(columns: Columns) -> Asked:
    """What the columns say of the times."""
    return Asked(columns.unit, columns.time_format, columns.time_zone)


@dataclass(frozen=True)
class Candidate:
    """A layout with times of day of 24 hours, or of twice 12."""

    layout: Layout
    half_days: bool = False

    @property
    def regex(self) -> str:
        return self.layout.regex(self.half_days)

    def us(self, values: pl.Series) -> pl.Series:
        """Microseconds, whatever the offset."""
        return moments(numbers.texts(values), self.regex, None)["us"]


def form_of(sample: pl.Series, asked: Asked = Asked()) -> Form:
    """How these values, or those that they are a sample of, say times; raises SourceError.

    >>> form_of(pl.Series([1_700_000_000])).said
    'numbers, read as seconds since 1970'
    """
    dtype = sample.dtype
    if isinstance(dtype, pl.Datetime):
        return Form(dtype, dtype.time_zone is not None)
    if dtype == pl.Date:
        return Form(dtype, False, "days, read as midnight")
    if dtype == pl.Null:
        return Form(dtype, False)
    if dtype == pl.Time:
        raise no_day(sample)
    if not dtype.is_numeric() and not isinstance(dtype, TEXTS):
        raise SourceError(
            f"Column '{sample.name}' is a {type_word(dtype)} and holds no times. Name the column that says when."
        )
    if asked.time_format and asked.time_format not in ORDERS:
        return _as_asked(sample, asked)
    if asked.unit:
        return _numbers(dtype, asked.unit, False)
    if dtype.is_numeric():
        return _number_form(sample, asked)
    some = sample.head(50 * SAMPLE).drop_nulls()
    some = (some if len(some) else sample.drop_nulls()).head(SAMPLE).cast(pl.String).str.strip_chars()
    some = some.filter(some != "")
    if not len(some):
        return _text_form(dtype, Candidate(LAYOUTS[0]), some, asked)
    if numbers.are_numbers(some):
        return _number_form(some, asked, dtype)
    return _text_form(dtype, _best(some, asked.time_format), some, asked)


def _numbers(dtype: pl.DataType, unit: str, likely: bool) -> Form:
    said = f"numbers, read as {UNITS[unit].said}"
    if dtype == pl.Float32:  # 24 bits of a number of 31 or more
        said += "; as decimals of 32 bits they are exact to 7 digits only, which moves events by minutes"
    return Form(dtype, UNITS[unit].aware, said, unit, guessed=likely)


def _number_form(sample: pl.Series, asked: Asked, dtype: pl.DataType | None = None) -> Form:
    unit, likely = numbers.guess(sample)
    if unit is None:
        layout = NAMED[numbers.days_layout(numbers.as_numbers(sample)) or "compact"]
        return _text_form(dtype or sample.dtype, Candidate(layout), numbers.texts(sample), asked)
    return _numbers(dtype or sample.dtype, unit.name, likely)


def _as_asked(sample: pl.Series, asked: Asked) -> Form:
    assert asked.time_format
    pattern = time_pattern(asked.time_format)
    texts = numbers.texts(sample.drop_nulls().head(SAMPLE))
    aware = bool(moments(texts, pattern, None)["told"].any())
    return Form(
        sample.dtype, aware, f"read as {asked.time_format}", pattern=pattern, why="asked", zone=asked.time_zone or "UTC"
    )


def candidates(order: str | None) -> list[Candidate]:
    """The layouts that there are; of those that the same texts may have, the one of this order only."""
    if order not in ORDERS:
        order = None
    some = [layout for layout in LAYOUTS if not (order and layout.order and layout.order != order)]
    return [Candidate(one, half) for one in some for half in ((False,) if one.pattern else (False, True))]


def _best(texts: pl.Series, order: str | None) -> Candidate:
    """The layout that reads most; raises SourceError where none reads any and it can be said why."""
    best, most = Candidate(LAYOUTS[0]), 0
    for one in candidates(order):
        count = one.us(texts).count()
        if count > most:
            best, most = one, int(count)
        if most == len(texts):
            break
    if not most and texts.str.contains(OF_DAY.pattern).all():
        raise no_day(texts)
    if not most and texts.str.contains(r"(?i)^\s*[a-z]{3}\s+\d{1,2}\s+\d{1,2}:\d{2}(:\d{2})?$").all():
        raise SourceError(
            f"Column '{texts.name}' tells times without a year (such as {texts[0]!r}). "
            "Add the year where they are written."
        )
    return best


def no_day(values: pl.Series) -> SourceError:
    """What is wrong with a column of times of day alone."""
    example = values.drop_nulls().head(1).to_list()
    such = f" (such as '{example[0]}')" if example else ""
    return SourceError(
        f"Column '{values.name}' holds times of day without a day{such}. Name the column of the day as well, "
        f"time: [date, {values.name}]."
    )


def _text_form(dtype: pl.DataType, one: Candidate, sample: pl.Series, asked: Asked) -> Form:
    read = moments(sample, one.regex, None)
    aware = bool(read.select((pl.col("us").is_not_null() & pl.col("told")).any()).item())
    return Form(
        dtype,
        aware,
        pattern=one.regex,
        layout=one.layout.name,
        fast=_fast(one.layout, sample, aware) if isinstance(dtype, TEXTS) and not one.half_days else "",
        order=one.layout.order,
        zone=asked.time_zone or "UTC",
    )


def _fast(layout: Layout, sample: pl.Series, aware: bool) -> str:
    """The form of Chrono that reads most of the sample."""
    fitting = [form for form in layout.fast if ("%#z" in form or form.endswith("UTC")) == aware]
    read = {form: quickly(sample, form).count() for form in fitting}
    best = max(read, key=lambda form: read[form], default="")
    return best if best and read[best] else ""


# ---- the whole column


def is_open(form: Form, asked: Asked) -> bool:
    """Whether the same texts may be read otherwise, and nobody has said how."""
    return form.layout in AMBIGUOUS and not asked.time_format


def settled(form: Form, lazy: pl.LazyFrame, name: str, asked: Asked) -> Form:
    """The form that reads most of a column whose layout is ambiguous; where several read as much, the one in which
    the rows are in order, or nearer to each other, and else the one that is more common."""
    sample = lazy.select(pl.col(name).drop_nulls().head(SAMPLE)).collect().to_series().cast(pl.String)
    half = any(form.pattern == Candidate(NAMED[one], True).regex for one in AMBIGUOUS)
    some = [Candidate(NAMED[one], half) for one in AMBIGUOUS]
    facts = _facts(some, lazy, name)
    most = max(fact.count for fact in facts)
    equal = [(one, fact) for one, fact in zip(some, facts, strict=True) if fact.count == most]
    chosen, why = equal[0][0], "values"
    if len(equal) > 1:
        habit = "mdy" if sample.str.contains("/", literal=True).any() else "dmy"
        chosen, why = _likelier(equal, habit)
    if len(equal) > 1 and len({(fact.first, fact.last, fact.total) for _, fact in equal}) == 1:
        why = "values"  # every reading says the same
    said = f"read as {chosen.layout.said}" if why != "values" else ""
    found = _text_form(form.dtype, chosen, sample, asked)
    return replace(found, aware=form.aware or found.aware, said=said, why=why)


@dataclass(frozen=True)
class _Fact:
    count: int
    descents: int
    distance: int
    future: int
    first: int
    last: int
    total: int


def _facts(some: list[Candidate], lazy: pl.LazyFrame, name: str) -> list[_Fact]:
    now = (datetime.now(UTC) + timedelta(days=1) - EPOCH) // timedelta(microseconds=1)
    found = []
    for one in some:
        us = pl.col(name).map_batches(one.us, return_dtype=pl.Int64, is_elementwise=True).alias("us")
        read = lazy.select(us).drop_nulls()
        step = pl.col("us") - pl.col("us").shift(1)
        row = read.select(
            count=pl.len(),
            descents=(step < 0).sum(),
            distance=step.abs().cast(pl.Float64).sum() / 1e6,
            future=(pl.col("us") > now).sum(),
            first=pl.col("us").min(),
            last=pl.col("us").max(),
            total=pl.col("us").cast(pl.Float64).sum() / 1e6,
        ).collect(engine="streaming")
        found.append(_Fact(**{key: int(value or 0) for key, value in row.row(0, named=True).items()}))
    return found


def _likelier(equal: list[tuple[Candidate, _Fact]], habit: str) -> tuple[Candidate, str]:
    for fact in ("descents", "distance", "future"):
        ranked = sorted(equal, key=lambda pair: getattr(pair[1], fact))
        least, next_ = (getattr(pair[1], fact) for pair in ranked[:2])
        if least * CLEARLY <= next_ and least < next_:
            return ranked[0][0], "rows"
        equal = [pair for pair in equal if getattr(pair[1], fact) < CLEARLY * max(1, least)] or equal
        if len(equal) == 1:
            return equal[0][0], "rows"
    return next((one for one, _ in equal if one.layout.name == habit), equal[0][0]), "habit"


def reconsidered(form: Form, lazy: pl.LazyFrame, columns: Columns) -> Form:
    """The form after a look at what it does not read: another where that one reads more of the column."""
    name, asked = columns.time, asked_of(columns)
    us = pl.col(name).map_batches(form.us, return_dtype=pl.Int64, is_elementwise=True).alias("us")
    value = pl.col(name).alias("value")
    left = lazy.select(value, us).filter(pl.col("us").is_null() & pl.col("value").is_not_null()).select("value")
    texts = numbers.texts(left.unique().head(SAMPLE).collect(engine="streaming").to_series())
    told = moments(texts, form.pattern, None).filter("told")["us"]
    if not form.aware and told.count():
        return replace(form, aware=True, fast=_fast(NAMED[form.layout], texts, True) if form.fast else "")
    others = [one for one in candidates(asked.time_format) if one.regex != form.pattern and one.us(texts).count()]
    if not others:
        return form
    read = {one: _count(one.us, lazy, name) for one in others}
    best = max(read, key=lambda one: read[one])
    if read[best] <= _count(form.us, lazy, name):
        return form
    fitting = texts.filter(best.us(texts).is_not_null())
    return settled_if_open(_text_form(form.dtype, best, fitting, asked), lazy, name, asked)


def settled_if_open(form: Form, lazy: pl.LazyFrame, name: str, asked: Asked) -> Form:
    """The form, settled by the whole column where the same texts may be read otherwise."""
    return settled(form, lazy, name, asked) if is_open(form, asked) else form


def _count(read: Callable[[pl.Series], pl.Series], lazy: pl.LazyFrame, name: str) -> int:
    us = pl.col(name).map_batches(read, return_dtype=pl.Int64, is_elementwise=True).alias("us")
    return int(lazy.select(us).select(pl.col("us").count()).collect(engine="streaming").item())
