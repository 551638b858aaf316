"""Rows as sorted events: texts as codes, times as microseconds, actors numbered in the order of their values."""

from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from explorer.events.reading.form import Form
from explorer.events.sorting.encode import Coding, decorated, rank, recoded, to_encode, width
from explorer.events.sorting.order import digit, permutation
from explorer.plan.in_polars.boundary import ACTOR, GAP, TIME, gap
from explorer.spec.columns import Columns


@dataclass(frozen=True)
class Rows:
    """Rows in any order: the time as TIME in microseconds, texts that repeat as codes of `texts`."""

    frame: pl.DataFrame
    texts: dict[str, pl.Series]
    columns: Columns

    def of(self, name: str) -> pl.Series:
        """A column by its name in the source."""
        return self.frame[TIME if name == self.columns.time else name]


def columns_of(schema: pl.Schema, columns: Columns, form: Form, coding: Coding) -> list[pl.Expr]:
    """What is taken of each row, TIME last; NaN is null."""

    def one(name: str, dtype: pl.DataType) -> pl.Expr:
        if name in coding:
            return coding.codes(name)
        return pl.col(name).fill_nan(None) if dtype.is_float() else pl.col(name)

    kept = [one(name, dtype) for name, dtype in schema.items() if name != columns.time]
    time = pl.col(columns.time).map_batches(form.us, return_dtype=pl.Int64, is_elementwise=True)
    return [*kept, time.alias(TIME)]


def collect(lazy: pl.LazyFrame, sample: pl.DataFrame, columns: Columns, form: Form, how: str) -> Rows:
    """Read everything into memory, the texts encoded on the way.

    `how` is "whole" for a frame that is in memory, "by column" for files that are read fastest a few columns at a
    time, "streaming" for all else.
    """
    coding = Coding(to_encode(sample, columns))
    wanted = columns_of(lazy.collect_schema(), columns, form, coding)
    engine: Literal["streaming", "in-memory"] = "streaming" if how == "streaming" else "in-memory"
    done: list[pl.Series] = []
    texts: dict[str, pl.Series] = {}
    for some in _few(wanted, coding) if how == "by column" else [wanted]:
        frame = lazy.select(some).collect(engine=engine)
        while frame.width:  # one after the other, so that no column is twice in memory for long
            column = frame.to_series(0)
            frame = frame.drop(column.name)
            if (name := column.name) in coding:
                texts[name] = coding.texts(name)
                if name in recoded(columns):
                    column, texts[name] = rank(column, texts[name]), texts[name].drop_nulls().sort()
                column = column.cast(width(texts[name])).alias(name)
            done.append(column.rechunk())
    return Rows(pl.DataFrame(done), texts, columns)


def _few(wanted: list[pl.Expr], coding: Coding) -> list[list[pl.Expr]]:
    """Texts two by two, as many as are encoded at once, so that few are in memory as texts; then the rest."""
    coded = [expr for expr in wanted if expr.meta.output_name() in coding]
    rest = [expr for expr in wanted if expr.meta.output_name() not in coding]
    return [*(coded[at : at + 2] for at in range(0, len(coded), 2)), rest]


def disorder(rows: Rows) -> int:
    """Rows that are earlier than the row before."""
    return int(rows.frame.select((pl.col(TIME) < pl.col(TIME).shift(1)).sum()).item())


def in_order(rows: Rows, in_time_order: bool) -> Rows:
    """The rows by actor, time, the order columns and place."""
    columns = rows.columns
    names = [*columns.actor, *(() if in_time_order and not columns.order else (columns.time, *columns.order))]
    places = permutation([digit(rows.of(name)) for name in names])
    if places is None:
        return rows
    return replace(rows, frame=rows.frame.select(pl.all().gather(pl.Series(places))))


def events(rows: Rows, schema: dict[str, pl.DataType]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sorted rows as the events' columns and their keys: ACTOR, TIME, GAP."""
    columns, frame, texts = rows.columns, rows.frame, rows.texts
    by = [TIME if name == columns.time else name for name in columns.actor]
    new = pl.any_horizontal((pl.col(name) != pl.col(name).shift(1)).fill_null(True) for name in by)
    flags = frame.select(new.alias("new"))
    code = (flags["new"].cum_sum() - 1).cast(pl.UInt32)
    only = columns.actor[0] if len(columns.actor) == 1 and columns.actor[0] in texts else None
    if only:
        used = frame[only].filter(flags["new"])
        texts = texts | {only: texts[only].gather(used)}
        frame = frame.drop(only)
    keys = frame.select(code.alias(ACTOR).set_sorted(), TIME).hstack(flags)
    keys = keys.select(ACTOR, TIME, gap(pl.col("new")).alias(GAP)).rechunk()
    frame = frame.drop(TIME).with_columns(keys[TIME].cast(schema[columns.time]).alias(columns.time))
    if only:
        frame = frame.with_columns(keys[ACTOR].cast(width(texts[only])).alias(only))
    return decorated(frame, texts).select(schema.keys()).rechunk(), keys
