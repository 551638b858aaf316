"""How many rows have an actor and a time, and what the others say."""

from collections.abc import Callable
from datetime import timedelta

import polars as pl

from explorer.errors import SourceError
from explorer.events.quality.quality import EXAMPLES, Assumption, Quality
from explorer.events.reading.form import NO_OFFSET, OTHER_UNIT, Form
from explorer.events.reading.layouts import NAMED
from explorer.plan.in_polars.boundary import TIME
from explorer.plan.literal import EPOCH
from explorer.spec.columns import Columns

# An example is one of the first values.
LOOK = 1_000


def has_actor(columns: Columns) -> pl.Expr:
    """Whether a row has a value in every actor column; TIME holds the time."""
    return pl.all_horizontal(pl.col(TIME if name == columns.time else name).is_not_null() for name in columns.actor)


def is_event(columns: Columns) -> pl.Expr:
    """Whether a row has an actor and a readable time."""
    return has_actor(columns) & pl.col(TIME).is_not_null()


def counts(columns: Columns) -> list[pl.Expr]:
    """The counts that `quality` reads."""
    return [
        pl.len().alias("rows"),
        has_actor(columns).sum().alias("actors"),
        pl.col(TIME).count().alias("times"),
        is_event(columns).sum().alias("events"),
    ]


def quality(found: dict[str, int], lazy: pl.LazyFrame, sample: pl.DataFrame, columns: Columns, form: Form) -> Quality:
    """The quality by these counts; raises SourceError when there is no event. `lazy` is asked for what is odd."""
    rows, name = found["rows"], columns.time
    if not found["times"]:
        example = lazy.select(pl.col(name).drop_nulls().head(1)).collect().to_series().to_list()
        raise SourceError(
            f"Column '{name}' holds no time that can be read"
            + (f" (the first value is {example[0]!r})" if example else "")
            + ". Name the column that says when, or say the form of its times: time_format such as %d.%m.%Y %H:%M."
        )
    if not found["actors"]:
        raise SourceError(f"Column '{columns.actor_name}' is empty in every row. Name the column that says who.")
    if not found["events"]:
        raise SourceError(f"No row has both '{columns.actor_name}' and '{name}'. There is nothing to cut.")
    return Quality(
        rows=rows,
        events=found["events"],
        no_actor=rows - found["actors"],
        no_time=found["actors"] - found["events"],
        unreadable=_examples(lazy, name, form) if found["times"] < rows else (),
        said=(form.said,) if form.said else (),
        unit=form.unit,
        time_order=form.order,
        decided_by=form.why,
        no_offset=_no_offset(lazy, name, form) if NO_OFFSET in form.seen else 0,
        other_unit=_other_unit(lazy, name, form) if OTHER_UNIT in form.seen else 0,
        how_read=_assumed(form, sample[name]),
        told_zone=getattr(form.dtype, "time_zone", None) or "",
    )


def _examples(lazy: pl.LazyFrame, name: str, form: Form) -> tuple[str, ...]:
    us = pl.col(name).map_batches(form.us, return_dtype=pl.Int64, is_elementwise=True)
    values = lazy.select(pl.col(name), us.alias(TIME)).filter(pl.col(TIME).is_null() & pl.col(name).is_not_null())
    raw = values.select(name).unique(maintain_order=True).head(EXAMPLES).collect().to_series()
    # A time that is out of range is beyond what can be printed.
    return tuple(str(value) for value in (raw.to_physical() if raw.dtype.is_temporal() else raw))


def _no_offset(lazy: pl.LazyFrame, name: str, form: Form) -> int:
    return _count(lazy, name, lambda values: form.lacks_offset(values))


def _other_unit(lazy: pl.LazyFrame, name: str, form: Form) -> int:
    return _count(lazy, name, lambda values: form.in_other_unit(values))


def _count(lazy: pl.LazyFrame, name: str, which: Callable[[pl.Series], pl.Series]) -> int:
    found = pl.col(name).map_batches(which, return_dtype=pl.Boolean, is_elementwise=True).alias("which")
    return int(lazy.select(found).select(pl.col("which").sum()).collect(engine="streaming").item())


def _assumed(form: Form, sample: pl.Series) -> tuple[Assumption, ...]:
    """What was taken to be so of the times; nothing of those that the source knows as times."""
    if form.unit:
        return (Assumption("unit of times", form.unit, _example(form, sample)),)
    if form.why == "asked" or not form.layout:
        told = form.said.removeprefix("read as ")
        return (Assumption("time format", told, _example(form, sample)),) if told else ()
    return (Assumption("time format", NAMED[form.layout].said, _example(form, sample)),)


def _example(form: Form, sample: pl.Series) -> str:
    """A value as it stands there, and as it is read."""
    values = sample.drop_nulls().head(LOOK)
    us = form.us(values)
    at = us.is_not_null().arg_true()
    if not len(at) or not (form.pattern or form.unit):
        return ""
    value, read = values[int(at[0])], us[int(at[0])]
    return f"{value} is {EPOCH.replace(tzinfo=None) + timedelta(microseconds=read)}"
