"""Brushes as a condition on sessions, so that what is selected can become part of a definition."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import polars as pl

from explorer.crossfilter.selections.brushes import Brush, Kind, Range, time_text
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import SpecError, did_you_mean
from explorer.plan.column_text import type_of
from explorer.plan.literal import type_word
from explorer.spec.duration import Duration
from explorer.spec.editing.edits import both
from explorer.spec.expression.clause import (
    All,
    Any,
    Clause,
    Compare,
    Expression,
    In,
    IsNull,
    Not,
    Value,
    columns,
    parse_value,
)
from explorer.spec.session import SessionDefinition

Schema = Mapping[str, pl.DataType]
WHOLE = IsNull("cut_off")
FITTING: dict[Kind, str] = {"duration": "duration", "time": "time", "count": "number", "number": "number"}


def to_clause(selection: Selection, schema: Schema) -> Clause:
    """The condition that exactly the selected sessions meet; `schema` has the columns that `keep` may use.

    Raises SpecError where nothing is selected, or where a brush is on what `keep` cannot use.

    >>> schema = {"platform": pl.String(), "duration": pl.Duration("us")}
    >>> print(to_clause(Selection.from_text("duration:1m..10m;platform:!ios|~none"), schema))
    duration >= '1m' AND duration < '10m' AND NOT (platform IS NULL OR platform = 'ios')
    """
    parts: list[Clause] = []
    for name, brush in selection.items():
        computed = _computed(name, schema)
        if computed is not None:
            parts.append(brush_clause(*computed, brush))
            continue
        if name not in schema:
            raise SpecError(
                f"'{name}' cannot be part of the definition: it keeps sessions by their own columns and metrics. "
                f"Add a metric for it, and brush that. {did_you_mean(name, schema)}".rstrip()
            )
        part = brush_clause(name, schema[name], brush)
        parts += part.clauses if isinstance(part, All) else [part]
    if not parts:
        raise SpecError("Nothing is selected. Brush a chart first.")
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _computed(name: str, schema: Schema) -> tuple[Expression, pl.DataType] | None:
    """An expression of columns of sessions, and its type; None for what is none."""
    if name in schema:
        return None
    try:
        node, dtype = parse_value(name), type_of(name, schema)
    except SpecError:
        return None
    return (node, dtype) if columns(node) else None


def kept_only(definition: SessionDefinition, clause: Clause) -> SessionDefinition:
    """The definition that keeps only the sessions that meet a condition.

    >>> visit = SessionDefinition("visit", "30m", keep="event_count > 1")
    >>> print(kept_only(visit, Compare("duration", ">=", "1m")).keep)
    event_count > 1 AND duration >= '1m'
    """
    return definition.replace(keep=both(definition.keep, clause))


def cut_off_left_out(definition: SessionDefinition) -> bool:
    """Whether the definition leaves out the sessions that the source may not hold all of."""
    return WHOLE in _parts(definition)


def with_cut_off(definition: SessionDefinition, left_out: bool) -> SessionDefinition:
    """The definition that leaves out, or takes in again, what is cut off; the rest of `keep` stays.

    >>> print(with_cut_off(SessionDefinition("visit", "30m", keep="event_count > 1"), True).keep)
    event_count > 1 AND cut_off IS NULL
    """
    parts = [part for part in _parts(definition) if part != WHOLE] + [WHOLE] * left_out
    return definition.replace(keep=All(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None)


def _parts(definition: SessionDefinition) -> list[Clause]:
    keep = definition.keep
    return list(keep.clauses) if isinstance(keep, All) and keep.clauses else [keep] if keep else []


def brush_clause(column: str | Expression, dtype: pl.DataType, brush: Brush) -> Clause:
    """The condition on one column that a brush stands for; raises SpecError where it does not fit its type."""
    parts: list[Clause] = [IsNull(column)] if brush.none else []
    if isinstance(brush, Range):
        parts.append(_range(column, dtype, brush))
    elif brush.values:
        values = tuple(_value(column, dtype, text) for text in sorted(brush.values))
        parts.append(Compare(column, "=", values[0]) if len(values) == 1 else In(column, values))
    clause = parts[0] if len(parts) == 1 else Any(tuple(parts))
    return Not(clause) if brush.negated else clause


def _range(column: str | Expression, dtype: pl.DataType, brush: Range) -> Clause:
    if FITTING[brush.kind] != type_word(dtype):
        raise SpecError(f"'{column}' is a {type_word(dtype)}, and {brush.to_text()} is not. Brush it again.")
    parts: list[Clause] = []
    if brush.lo != -inf:
        parts.append(Compare(column, ">=", _end(brush.lo, brush.kind, dtype)))
    if brush.hi is not None:
        parts.append(Compare(column, "<", _end(brush.hi, brush.kind, dtype)))
    if not parts:
        return Not(IsNull(column))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _end(value: float, kind: Kind, dtype: pl.DataType) -> Value:
    if kind == "time":
        return time_text(int(value)) + ("+00:00" if getattr(dtype, "time_zone", None) else "")
    if kind != "duration":
        return value
    if value < 0:
        raise SpecError("A condition cannot say a duration below 0s. Brush from 0s on.")
    return str(Duration(int(value)))


def _value(column: str | Expression, dtype: pl.DataType, text: str) -> Value:
    kind = type_word(dtype)
    if kind == "text":
        return text
    if kind == "truth value" and text in ("true", "false"):
        return text == "true"
    if kind == "number":
        try:
            return int(text) if dtype.is_integer() else float(text)
        except ValueError:
            pass
    raise SpecError(f"'{column}' is a {kind}, and '{text}' is not. Brush it again.")
