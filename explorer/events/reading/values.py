"""What is done to values before they are events: words for nobody, ids, types that were asked for, days with times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from explorer.plan.literal import TEXTS
from explorer.spec.columns import Columns

# Whole numbers beyond are not all floats.
LARGEST = 2**53
SESSIONS = ("session", "visit")


@dataclass(frozen=True)
class Steps:
    """Changes of columns, none for most sources; `ids` are columns of decimals that are whole numbers all,
    `numbers` those of texts that are numbers all but for words for nothing, with the type of these."""

    columns: Columns
    written: bool = False
    ids: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()

    def exprs(self, schema: Mapping[str, pl.DataType]) -> list[pl.Expr]:
        """Each changed column under its own name."""
        found = [one for name, dtype in schema.items() if (one := self._column(name, dtype)) is not None]
        if self.columns.day:
            found.append(_joined(self.columns, schema).alias(self.columns.time))
        return found

    def schema(self, schema: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
        """The types after these changes."""
        return dict(pl.LazyFrame(schema=schema).with_columns(self.exprs(schema)).collect_schema())

    def of(self, lazy: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with these changes."""
        exprs = self.exprs(lazy.collect_schema())
        return lazy.with_columns(exprs) if exprs else lazy

    def _column(self, name: str, dtype: pl.DataType) -> pl.Expr | None:
        if name == self.columns.time and self.columns.day:
            return None
        column, kind = pl.col(name), dict(self.columns.types).get(name)
        changed = column
        if words := self.words(name, dtype):
            changed = pl.when(~column.cast(pl.String).is_in(words)).then(column)
        if name in self.ids:
            changed = changed.cast(pl.Int64, strict=False)
        if name in dict(self.numbers):
            changed = changed.cast(getattr(pl, dict(self.numbers)[name]), strict=False)
        if kind == "text" and dtype != pl.String:
            changed = changed.cast(pl.String)
        elif kind == "number" and not dtype.is_numeric():
            changed = changed.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
        return None if changed is column else changed

    def words(self, name: str, dtype: pl.DataType) -> list[str]:
        """The texts that are null in this column; in text formats the empty one is."""
        told = self.columns.null_values
        words = [one for one in told if isinstance(one, str)] if isinstance(dtype, TEXTS) else []
        words += [one[1] for one in told if isinstance(one, tuple) and one[0] == name]
        return [*words, ""] if self.written and dtype == pl.String else words


def numbers_left(lazy: pl.LazyFrame, columns: Columns) -> tuple[tuple[str, str], ...]:
    """The columns of texts that are numbers once the words for nothing are none, with the type of these."""
    steps, schema, ids = Steps(columns), lazy.collect_schema(), set(texts_wanted(lazy.collect_schema(), columns))
    found = []
    for name, dtype in schema.items():
        words = steps.words(name, dtype)
        if words and dtype == pl.String and name not in ids and name not in columns.times:
            value = pl.when(~pl.col(name).is_in([*words, ""])).then(pl.col(name))
            some = value.count() > 0
            for kind in ("Int64", "Float64"):
                read = value.cast(getattr(pl, kind), strict=False)
                found.append((some & (read.count() == value.count())).alias(f"{kind} {name}"))
            found.append(value.str.contains(r"^-?0\d").any().alias(f"zeros {name}"))
    if not found:
        return ()
    told = lazy.select(found).collect(engine="streaming").row(0, named=True)
    numeric: dict[str, str] = {}
    for key, holds in told.items():
        kind, _, name = key.partition(" ")
        if holds and not told[f"zeros {name}"]:
            numeric.setdefault(name, kind)
    return tuple(numeric.items())


def whole_ids(lazy: pl.LazyFrame, columns: Columns) -> tuple[str, ...]:
    """The columns of actors, events and session ids that hold decimals which are whole numbers all: where some are
    missing, that is how data frames keep ids."""
    schema = lazy.collect_schema()
    asked = dict(columns.types)
    names = [name for name in id_columns(schema, columns) if schema[name].is_float() and name not in asked]
    if not names:
        return ()
    whole = [
        ((pl.col(name).floor() == pl.col(name)) & (pl.col(name).abs() < LARGEST)).all().alias(name) for name in names
    ]
    nan = [pl.col(name).fill_nan(None) for name in names]
    row = lazy.select(nan).select(whole).collect(engine="streaming").row(0)
    return tuple(name for name, is_whole in zip(names, row, strict=True) if is_whole)


def id_columns(names: Iterable[str], columns: Columns) -> list[str]:
    """The columns that name somebody or something and count nothing: actors, events, session ids."""
    roles = {*columns.actor, columns.event, *columns.unique_by} - set(columns.times)
    roles |= {columns.identity.known, columns.identity.anonymous} if columns.identity else set()
    return [name for name in names if name in roles or is_session_id(name)]


def is_session_id(name: str) -> bool:
    """Whether a column is named like one of session ids.

    >>> is_session_id("ga_session_id"), is_session_id("session_count")
    (True, False)
    """
    folded = name.lower().replace("-", "_").replace(" ", "_")
    return folded in SESSIONS or folded == "sid" or (any(one in folded for one in SESSIONS) and folded.endswith("id"))


def texts_wanted(names: Iterable[str], columns: Columns) -> list[str]:
    """The columns that are read as the texts that stand in a file."""
    asked = dict(columns.types)
    ids = [name for name in id_columns(names, columns) if name not in asked]
    return [*ids, *(name for name, kind in asked.items() if kind == "text" and name not in ids)]


def _joined(columns: Columns, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """The day and the time of day as one text."""
    assert columns.day
    return pl.concat_str(
        _day(columns.day, schema[columns.day]), pl.lit(" "), _clock(columns.time, schema[columns.time])
    )


def _day(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        return pl.col(name).dt.strftime("%Y-%m-%d")
    column = pl.col(name).cast(pl.Int64) if dtype.is_float() else pl.col(name)
    return column.cast(pl.String).str.strip_chars()


def _clock(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime) or dtype == pl.Time:
        return column.dt.strftime("%H:%M:%S%.f")
    if isinstance(dtype, pl.Duration):
        return (pl.lit(0).cast(pl.Datetime("us")) + column).dt.strftime("%H:%M:%S%.f")
    if dtype.is_numeric():  # the digits of hour, minute and second, or of hour and minute
        digits = column.cast(pl.Int64).cast(pl.String)
        return pl.when(column.max() >= 2_400).then(digits.str.zfill(6)).otherwise(digits.str.zfill(4))
    return column.cast(pl.String).str.strip_chars()
