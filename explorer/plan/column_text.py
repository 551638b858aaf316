"""What stands where a column is wanted: the name of one, or an expression."""

from collections.abc import Iterable

import polars as pl

from explorer.errors import SpecError
from explorer.plan.binding import bind
from explorer.plan.bound import Meaning, dtype_of_kind
from explorer.plan.in_polars.predicate import expression
from explorer.plan.meaning import Schema, no_column
from explorer.spec.event_columns import name_inside
from explorer.spec.expression.clause import Clause, Column, Expression, columns, parse_value
from explorer.spec.session import SessionDefinition


def is_name(text: str, schema: Schema) -> bool:
    """Whether it is the name of a column, whatever signs are in it."""
    return text in schema


def expression_of(text: str, schema: Schema, whose: str = "the events") -> Expression:
    """The expression of a text that is no column's name; raises SpecError with the names that there are.

    >>> expression_of("amount * quantity", {"amount": pl.Float64(), "quantity": pl.Int64()})
    parse_value('amount * quantity')
    >>> expression_of("amout", {"amount": pl.Float64()})
    Traceback (most recent call last):
    explorer.errors.SpecError: the events have no column 'amout'. Did you mean 'amount'?
    """
    unknown = no_column(text, schema, whose)
    try:
        found = parse_value(text)
    except SpecError as error:
        raise (error if any(sign in text for sign in "()+*/'") else unknown) from None
    if isinstance(found, Column) and "." not in found.name:
        raise unknown
    return found


def columns_of(text: str, schema: Schema) -> tuple[str, ...]:
    """The columns of the schema that it reads; what cannot be read reads none."""
    if is_name(text, schema):
        return (text,)
    try:
        names = columns(expression_of(text, schema))
    except SpecError:
        return ()
    return tuple(dict.fromkeys(_column(name, schema) for name in names))


def read_by_metrics(definition: SessionDefinition, schema: Schema, event: str | None) -> set[str]:
    """The columns of events that the metrics of a definition read; `event` is the one whose values patterns name."""
    found: set[str] = set()
    for metric in definition.metrics:
        found |= {*columns(metric.where), *columns(metric.scope.contains if metric.scope else None)}
        if metric.pattern is not None:
            found |= {*metric.pattern.columns, *([name_inside(event)] if event and metric.pattern.values else [])}
        if metric.column and metric.aggregate != "ratio":
            found |= set(columns_of(metric.column, schema))
    return found


def read_of_sessions(definition: SessionDefinition, among: Iterable[str], also: Clause | None = None) -> list[str]:
    """Which of these columns of sessions a definition's conditions and ratios read, or another condition does."""
    read = {*columns(definition.keep), *columns(also)}
    for metric in definition.metrics:
        read |= set(columns(metric.scope.where if metric.scope else None))
        read |= set(metric.parts if metric.aggregate == "ratio" else ())
    for actor_metric in definition.actor_metrics:
        read |= {actor_metric.column or "", *columns(actor_metric.where)}
    short = {name.removeprefix(f"{definition.name}.") for name in read}
    return [name for name in among if name in short]


def type_of(text: str, schema: Schema, zone: str | None = None, now: int | None = None) -> pl.DataType:
    """The type of its values; raises SpecError.

    >>> type_of("amount * quantity", {"amount": pl.Float64(), "quantity": pl.Int64()})
    Float64
    """
    if is_name(text, schema):
        return schema[text]
    return dtype_of_kind(bind(expression_of(text, schema), Meaning(schema, zone, now)).kind)


def in_polars(text: str, schema: Schema, zone: str | None, now: int | None) -> pl.Expr:
    """Its values; raises SpecError."""
    return pl.col(text) if is_name(text, schema) else expression(expression_of(text, schema), schema, zone, now)


def _column(name: str, schema: Schema) -> str:
    """The column that holds a field of a record."""
    while name not in schema and "." in name:
        name = name.rpartition(".")[0]
    return name
