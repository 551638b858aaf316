"""What an expression is beside the types of columns: values whose kind is known."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.plan.literal import TEXTS
from explorer.plan.meaning import Schema
from explorer.spec.expression.functions.table import Function
from explorer.spec.expression.kinds import Kind
from explorer.spec.expression.tree import Clause, Value


@dataclass(frozen=True)
class Bound:
    """A value whose kind is known."""

    kind: Kind


@dataclass(frozen=True)
class BoundColumn(Bound):
    """A column, or with `path` a field of a record in it."""

    name: str
    path: tuple[str, ...]
    dtype: pl.DataType


@dataclass(frozen=True)
class BoundConstant(Bound):
    """What is said; times and durations are whole microseconds."""

    value: Value | None


@dataclass(frozen=True)
class BoundCall(Bound):
    """A row of the table of functions over values; `fixed` are those that are said, by their place."""

    row: Function
    values: tuple[Bound | Value, ...]


@dataclass(frozen=True)
class BoundCast(Bound):
    """A value as one of this kind; `day` is without its hours."""

    value: Bound
    day: bool = False


@dataclass(frozen=True)
class BoundClock(Bound):
    """A time with a zone as the clock of a zone shows it, or the other way round."""

    value: Bound
    zone: str


@dataclass(frozen=True)
class BoundCase(Bound):
    branches: tuple[tuple[Clause, Bound], ...]
    otherwise: Bound | None


@dataclass(frozen=True)
class BoundTruth(Bound):
    clause: Clause


@dataclass(frozen=True)
class Meaning:
    """What expressions are read beside: the columns, the zone of times that are said without one, and what now is
    in microseconds. `missing` says what is wrong with a name that no column has."""

    schema: Schema
    zone: str | None = None
    now: int | None = None


def kind_of(dtype: pl.DataType) -> Kind:
    """The kind of the values of a column of this type."""
    if isinstance(dtype, TEXTS):
        return Kind.TEXT
    if dtype.is_integer() and dtype not in (pl.UInt64, pl.Int128, pl.UInt128):
        return Kind.WHOLE
    if dtype.is_numeric():
        return Kind.NUMBER
    if isinstance(dtype, pl.Datetime):
        return Kind.INSTANT if dtype.time_zone else Kind.TIME
    if dtype == pl.Date:
        return Kind.TIME
    if isinstance(dtype, pl.Duration):
        return Kind.LENGTH
    return Kind.TRUTH if dtype == pl.Boolean else Kind.NOTHING if dtype == pl.Null else Kind.OTHER


def dtype_of_kind(kind: Kind) -> pl.DataType:
    """The type of a column of computed values of this kind."""
    return {
        Kind.TEXT: pl.String(),
        Kind.WHOLE: pl.Int64(),
        Kind.NUMBER: pl.Float64(),
        Kind.TRUTH: pl.Boolean(),
        Kind.TIME: pl.Datetime("us"),
        Kind.INSTANT: pl.Datetime("us", "UTC"),
        Kind.LENGTH: pl.Duration("us"),
        Kind.NOTHING: pl.String(),
        Kind.OTHER: pl.Null(),
    }[kind]
