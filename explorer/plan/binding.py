"""An expression bound to the types of columns: every value gets its kind, every text its meaning."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from explorer.errors import SpecError, did_you_mean
from explorer.plan.bound import (
    Bound,
    BoundCall,
    BoundCase,
    BoundCast,
    BoundClock,
    BoundColumn,
    BoundConstant,
    BoundTruth,
    Meaning,
    kind_of,
)
from explorer.plan.literal import decimal, microseconds
from explorer.plan.meaning import Schema, no_column
from explorer.spec.duration import Duration
from explorer.spec.expression.functions import rows_of
from explorer.spec.expression.functions.table import Function
from explorer.spec.expression.functions.times import SMALL
from explorer.spec.expression.kinds import Kind
from explorer.spec.expression.tree import (
    Call,
    Case,
    Cast,
    Column,
    Constant,
    Expression,
    Truth,
    Value,
)

WIDER = {(Kind.WHOLE, Kind.NUMBER)}


def bind(node: Expression, meaning: Meaning) -> Bound:
    """The value with its kind; raises SpecError for a column that is not there or a kind that does not fit.

    >>> from explorer.spec.expression.clause import parse_value
    >>> bind(parse_value("amount / 2"), Meaning({"amount": pl.Int32()})).kind
    <Kind.NUMBER: 'number'>
    """
    match node:
        case Column(name):
            return _column(name, meaning.schema)
        case Constant(value):
            return _constant(value)
        case Call("now"):
            return _now(meaning)
        case Call(function, arguments):
            return _call(node, function, arguments, meaning)
        case Cast(value, kind):
            return _cast(node, bind(value, meaning), kind, meaning)
        case Case(branches, otherwise):
            values = [bind(value, meaning) for _, value in branches]
            values += [] if otherwise is None else [bind(otherwise, meaning)]
            shared = unified(node, values, meaning)
            pairs = tuple((condition, value) for (condition, _), value in zip(branches, shared, strict=False))
            return BoundCase(shared[0].kind, pairs, shared[-1] if otherwise is not None else None)
        case Truth(clause):
            return BoundTruth(Kind.TRUTH, clause)
    raise TypeError(f"{type(node).__name__} is not an expression")


def resolved(name: str, schema: Schema) -> tuple[str, tuple[str, ...], pl.DataType]:
    """The column of a name, the fields in it, and the type at their end; raises SpecError."""
    if name in schema:
        return name, (), schema[name]
    parts = name.split(".")
    for at in range(len(parts) - 1, 0, -1):
        column = ".".join(parts[:at])
        dtype = schema.get(column)
        if isinstance(dtype, pl.Struct):
            return column, tuple(parts[at:]), _field(column, dtype, parts[at:])
    raise no_column(name, schema)


def unified(node: object, values: Sequence[Bound], meaning: Meaning) -> list[Bound]:
    """The values as values of one kind; raises SpecError where they share none."""
    kinds = list(dict.fromkeys(value.kind for value in values if value.kind is not Kind.NOTHING and not _soft(value)))
    if not kinds:
        kinds = list(dict.fromkeys(value.kind for value in values if value.kind is not Kind.NOTHING)) or [Kind.TEXT]
    if set(kinds) == {Kind.WHOLE, Kind.NUMBER}:
        kinds = [Kind.NUMBER]
    if len(kinds) == 1 and kinds[0] is not Kind.OTHER:
        found = [fitted(value, kinds[0], meaning) for value in values]
        if None not in found:
            return [value for value in found if value is not None]
    said = dict.fromkeys(value.kind.article for value in values)
    if len(said) == 1:
        raise SpecError(f"`{node}` cannot be asked of {next(iter(said))}. Use IS NULL, or another column.")
    raise SpecError(f"`{node}` puts {' beside '.join(said)}. Make them one kind with CAST(... AS ...).")


def fitted(value: Bound, kind: Kind | None, meaning: Meaning) -> Bound | None:
    """The value as one of a kind, where that changes nothing of what it says; None where it would."""
    if kind is None or value.kind is kind:
        return value
    if value.kind is Kind.NOTHING:
        return BoundConstant(kind, None)
    if (value.kind, kind) in WIDER:
        if isinstance(value, BoundConstant):
            return BoundConstant(kind, float(value.value or 0))
        return BoundCast(kind, value)
    if not _soft(value):
        return None
    try:
        said = str(value.value)  # type: ignore[attr-defined]
        if kind is Kind.LENGTH:
            return BoundConstant(kind, _length(said))
        if kind in (Kind.TIME, Kind.INSTANT):
            return BoundConstant(kind, microseconds(said, meaning.zone if kind is Kind.INSTANT else None))
    except SpecError:
        return None
    return None


# ---- pieces


def _column(name: str, schema: Schema) -> BoundColumn:
    column, path, dtype = resolved(name, schema)
    return BoundColumn(kind_of(dtype), column, path, dtype)


def _field(column: str, dtype: pl.Struct, path: Sequence[str]) -> pl.DataType:
    found: pl.DataType = dtype
    for step in path:
        known = {each.name: each.dtype for each in found.fields} if isinstance(found, pl.Struct) else {}
        if step not in known:
            raise SpecError(f"the record '{column}' has no field '{step}'. {did_you_mean(step, known)}")
        inner = known[step]
        found = inner if isinstance(inner, pl.DataType) else inner()
    return found


def _constant(value: Value | None) -> BoundConstant:
    if value is None:
        return BoundConstant(Kind.NOTHING, None)
    if isinstance(value, bool):
        return BoundConstant(Kind.TRUTH, value)
    if isinstance(value, str):
        return BoundConstant(Kind.TEXT, value)
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return BoundConstant(Kind.WHOLE, value)
    return BoundConstant(Kind.NUMBER, decimal(value))


def _now(meaning: Meaning) -> BoundConstant:
    aware = any(isinstance(dtype, pl.Datetime) and dtype.time_zone for dtype in meaning.schema.values())
    return BoundConstant(Kind.INSTANT if aware else Kind.TIME, meaning.now or 0)


def _soft(value: Bound) -> bool:
    """Whether it is a text that is said: beside a time it is a time."""
    return isinstance(value, BoundConstant) and value.kind is Kind.TEXT


def _length(said: str) -> int:
    text = said.strip()
    sign = -1 if text.startswith("-") else 1
    return sign * Duration.parse(text.removeprefix("-")).us


def _call(node: Call, function: str, arguments: Sequence[Expression], meaning: Meaning) -> Bound:
    if function == "||":
        function = "concat"
    bound = [bind(argument, meaning) for argument in arguments]
    rows = rows_of(function)
    for row in rows:
        found = _fitting(node, row, bound, meaning)
        if found is not None:
            return found
    raise SpecError(_unfit(node, rows, bound))


def _fitting(node: Call, row: Function, values: Sequence[Bound], meaning: Meaning) -> Bound | None:
    if row.name == "concat":
        texts = [_as_text(value, meaning) for value in values]
        return None if None in texts else BoundCall(Kind.TEXT, row, tuple(t for t in texts if t is not None))
    if any(None in form.takes for form in row.forms):
        shared = unified(node, values, meaning)
        return BoundCall(shared[0].kind, row, tuple(shared))
    for exact in (True, False):
        for form in row.forms:
            if len(form.takes) != len(values):
                continue
            clocked = [_clocked(row, value, meaning) for value in values]
            if exact and any(
                value.kind is not kind and at not in row.fixed
                for at, (value, kind) in enumerate(zip(clocked, form.takes, strict=True))
            ):
                continue
            fits = [fitted(value, kind, meaning) for value, kind in zip(clocked, form.takes, strict=True)]
            if None in fits:
                continue
            found = _made(row, form.gives, [value for value in fits if value is not None])
            return _back(row, values, clocked, found, meaning)
    return None


def _made(row: Function, gives: Kind | None, values: Sequence[Bound]) -> BoundCall:
    plain: list[Bound | Value] = []
    for at, value in enumerate(values):
        said = at in row.fixed and isinstance(value, BoundConstant)
        plain.append(value.value if said and value.value is not None else value)  # type: ignore[attr-defined]
    return BoundCall(gives or values[0].kind, row, tuple(plain))


def _clocked(row: Function, value: Bound, meaning: Meaning) -> Bound:
    """A time with a zone as the clock shows it, for functions that look at the clock."""
    if row.wall and value.kind is Kind.INSTANT:
        return BoundClock(Kind.TIME, value, meaning.zone or "UTC")
    return value


def _back(
    row: Function, values: Sequence[Bound], clocked: Sequence[Bound], found: BoundCall, meaning: Meaning
) -> Bound:
    """The begin of a day or a month is a time with a zone again."""
    if found.kind is not Kind.TIME or not row.wall or list(values) == list(clocked):
        return found
    if str(found.values[0]).lower() not in SMALL:
        return BoundClock(Kind.INSTANT, found, meaning.zone or "UTC")
    # What the clock shows beyond the hour is taken from the time itself: one hour is there twice a year.
    minus = rows_of("-")[-1]
    beyond = BoundCall(Kind.LENGTH, minus, (clocked[1], found))
    return BoundCall(Kind.INSTANT, minus, (values[1], beyond))


def _as_text(value: Bound, meaning: Meaning) -> Bound | None:
    if value.kind in (Kind.OTHER, Kind.LENGTH):
        return None
    if value.kind is Kind.TEXT or value.kind is Kind.NOTHING:
        return fitted(value, Kind.TEXT, meaning)
    return _cast_to(value, Kind.TEXT, meaning)


def _unfit(node: Call, rows: Sequence[Function], values: Sequence[Bound]) -> str:
    given = " and ".join(dict.fromkeys(value.kind.article for value in values))
    takes: dict[str, None] = {}
    for row in rows:
        for form in row.forms:
            kinds = [kind.article for kind in form.takes if kind is not None]
            takes[" and ".join(dict.fromkeys(kinds))] = None
    name = {"negate": "-"}.get(node.function, node.function)
    return f"`{node}`: {name} takes {', or '.join(takes)}, not {given}. Use another column, or CAST(... AS ...)."


# ---- casts

CAST_KINDS = {
    "text": Kind.TEXT,
    "whole": Kind.WHOLE,
    "number": Kind.NUMBER,
    "truth": Kind.TRUTH,
    "time": Kind.TIME,
    "instant": Kind.INSTANT,
    "day": Kind.TIME,
    "duration": Kind.LENGTH,
}
CASTABLE: dict[Kind, tuple[Kind, ...]] = {
    Kind.TEXT: (Kind.WHOLE, Kind.NUMBER, Kind.TRUTH, Kind.TIME, Kind.INSTANT, Kind.TEXT),
    Kind.WHOLE: (Kind.TEXT, Kind.NUMBER, Kind.TRUTH),
    Kind.NUMBER: (Kind.TEXT, Kind.WHOLE, Kind.TRUTH),
    Kind.TRUTH: (Kind.TEXT, Kind.WHOLE, Kind.NUMBER),
    Kind.TIME: (Kind.TEXT, Kind.INSTANT, Kind.TIME),
    Kind.INSTANT: (Kind.TEXT, Kind.TIME),
    Kind.LENGTH: (),
    Kind.NOTHING: tuple(Kind),
}


def _cast(node: Cast, value: Bound, word: str, meaning: Meaning) -> Bound:
    kind, day = CAST_KINDS[word], word == "day"
    if _soft(value) and kind in (Kind.TIME, Kind.INSTANT, Kind.LENGTH):
        found = fitted(value, kind, meaning)
        if found is None:
            example = "'1h 30m'" if kind is Kind.LENGTH else "'2024-03-01 12:00'"
            raise SpecError(f"`{node}`: this text is no {kind.value}. Write one such as {example}.")
        return BoundCast(kind, found, day) if day else found
    if value.kind is kind and not day:
        return value
    if kind not in CASTABLE.get(value.kind, ()):
        raise SpecError(f"`{node}` cannot make {kind.article} of {value.kind.article}.")
    return _cast_to(value, kind, meaning, day)


def _cast_to(value: Bound, kind: Kind, meaning: Meaning, day: bool = False) -> Bound:
    if value.kind is Kind.NOTHING:
        return BoundConstant(kind, None)
    zone = meaning.zone or "UTC"
    if value.kind is Kind.INSTANT:  # as a text, too, it is what the clock shows
        value = BoundClock(Kind.TIME, value, zone)
        if kind is Kind.TIME and not day:
            return value
    if kind is Kind.INSTANT:
        inner = value if value.kind is Kind.TIME else BoundCast(Kind.TIME, value)
        return BoundClock(Kind.INSTANT, inner, zone)
    return BoundCast(kind, value, day)
