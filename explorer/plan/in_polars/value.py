"""An expression as a Polars expression, or, by the same steps, as the code that makes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any as Anything

import polars as pl

from explorer.errors import SpecError
from explorer.plan.binding import bind, unified
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
)
from explorer.plan.in_polars.like import like_pattern
from explorer.spec.expression.kinds import Kind
from explorer.spec.expression.tree import (
    Between,
    Clause,
    Compare,
    Expression,
    In,
    IsNull,
    Leaf,
    Matches,
    columns,
    left,
    operands,
    right,
)

NUMBER_TEXT = "^ *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)? *$"
WHOLE_TEXT = "^ *[+-]?[0-9]+ *$"
TIME_TEXT = "^ *[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)? *$"
COMPARED = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


class Values:
    """Makes Polars expressions of bound values.

    `p` is polars, or a namespace that writes code down; `condition` makes a condition; `column` says what stands for a
    column, else its name does.
    """

    def __init__(
        self,
        meaning: Meaning,
        condition: Callable[[Clause], Anything],
        p: Anything = pl,
        column: Callable[[str], Anything] | None = None,
    ) -> None:
        self.p, self.meaning, self.condition = p, meaning, condition
        self.named = column or p.col

    def value(self, node: Expression) -> Anything:
        """The value of an expression; raises SpecError."""
        return self.made(bind(node, self.meaning))

    # ---- values

    def made(self, bound: Bound) -> Anything:
        p = self.p
        match bound:
            case BoundColumn():
                return self.column(bound)
            case BoundConstant(kind, value):
                return self.constant(kind, value)
            case BoundCall(_, row, values):
                return row.polars(p, *(self.made(value) if isinstance(value, Bound) else value for value in values))
            case BoundCast():
                return self.cast(bound)
            case BoundClock(Kind.TIME, value, zone):
                return self.made(value).dt.convert_time_zone(zone).dt.replace_time_zone(None)
            case BoundClock(_, value, zone):
                return self.instant(self.made(value), zone)
            case BoundCase(_, branches, otherwise):
                found = p
                for condition, value in branches:
                    found = found.when(self.condition(condition)).then(self.made(value))
                return found.otherwise(None if otherwise is None else self.made(otherwise))
            case BoundTruth(_, clause):
                return self.condition(clause)
        raise TypeError(f"{type(bound).__name__} is not a bound value")

    def column(self, bound: BoundColumn) -> Anything:
        found, dtype, kind = self.named(bound.name), bound.dtype, bound.kind
        for step in bound.path:
            found = found.struct.field(step)
        if kind is Kind.OTHER or kind is Kind.NOTHING:
            return found
        p = self.p
        wanted = {
            Kind.TEXT: (pl.String, lambda: found.cast(p.String)),
            Kind.WHOLE: (pl.Int64, lambda: found.cast(p.Int64)),
            Kind.NUMBER: (pl.Float64, lambda: found.cast(p.Float64)),
            Kind.TRUTH: (pl.Boolean, lambda: found),
            Kind.TIME: (pl.Datetime("us"), lambda: found.cast(p.Datetime("us"))),
            Kind.INSTANT: (dtype, lambda: found),
            Kind.LENGTH: (pl.Duration("us"), lambda: found.cast(p.Duration("us"))),
        }[kind]
        if kind is Kind.INSTANT and getattr(dtype, "time_unit", "us") != "us":
            return found.dt.cast_time_unit("us")
        return found if dtype == wanted[0] else wanted[1]()

    def constant(self, kind: Kind, value: Anything) -> Anything:
        p = self.p
        if value is None:
            return p.lit(None).cast(self.dtype(kind))
        if kind in (Kind.TIME, Kind.INSTANT):
            time = p.lit(value, dtype=p.Int64).cast(p.Datetime("us"))
            return time.dt.replace_time_zone("UTC") if kind is Kind.INSTANT else time
        if kind is Kind.LENGTH:
            return p.lit(value, dtype=p.Int64).cast(p.Duration("us"))
        if kind in (Kind.WHOLE, Kind.NUMBER):
            return p.lit(value, dtype=self.dtype(kind))
        return p.lit(value)

    def dtype(self, kind: Kind) -> Anything:
        """The type of computed values of a kind."""
        p = self.p
        return {
            Kind.TEXT: p.String,
            Kind.WHOLE: p.Int64,
            Kind.NUMBER: p.Float64,
            Kind.TRUTH: p.Boolean,
            Kind.TIME: p.Datetime("us"),
            Kind.INSTANT: p.Datetime("us", "UTC"),
            Kind.LENGTH: p.Duration("us"),
        }.get(kind, p.String)

    def instant(self, clock: Anything, zone: str) -> Anything:
        """The time at which the clock of a zone shows this; of two the later, of none the one after the jump."""
        p = self.p
        found = clock.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
        hour = p.lit(timedelta(hours=1))
        jumped = (clock + hour).dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
        return p.coalesce(found, jumped).dt.convert_time_zone("UTC")

    def cast(self, bound: BoundCast) -> Anything:
        p, value, given = self.p, self.made(bound.value), bound.value.kind
        match bound.kind, given:
            case Kind.TEXT, Kind.TRUTH:
                return p.when(value).then(p.lit("true")).when(~value).then(p.lit("false"))
            case Kind.TEXT, Kind.TIME:
                return value.dt.strftime("%Y-%m-%d %H:%M:%S%.6f").str.strip_suffix(".000000")
            case Kind.TEXT, _:
                return value.cast(p.String)
            case Kind.WHOLE, Kind.NUMBER:
                return value.round(0, mode="half_to_even").cast(p.Int64, strict=False)
            case Kind.WHOLE, Kind.TEXT:
                bare = value.str.strip_chars(" ")
                whole = p.when(value.str.contains(WHOLE_TEXT)).then(bare).cast(p.Int64, strict=False)
                other = p.when(value.str.contains(NUMBER_TEXT) & ~value.str.contains(WHOLE_TEXT)).then(bare)
                rounded = other.cast(p.Float64, strict=False).round(0, mode="half_to_even")
                return p.coalesce(whole, rounded.cast(p.Int64, strict=False))
            case Kind.NUMBER, Kind.TEXT:
                bare = value.str.strip_chars(" ")
                found = p.when(value.str.contains(NUMBER_TEXT)).then(bare).cast(p.Float64, strict=False)
                return p.when(found.is_finite()).then(found)
            case Kind.TRUTH, Kind.TEXT:
                folded = value.str.to_lowercase()
                return p.when(folded == "true").then(p.lit(True)).when(folded == "false").then(p.lit(False))
            case Kind.TRUTH, _:
                return value != 0
            case Kind.TIME, Kind.TEXT:
                value = self.time_of(value)
            case (Kind.WHOLE, _) | (Kind.NUMBER, _):
                return value.cast(p.Int64 if bound.kind is Kind.WHOLE else p.Float64)
        return value.dt.truncate("1d") if bound.day else value

    def time_of(self, text: Anything) -> Anything:
        p = self.p
        bare = text.str.strip_chars(" ").str.replace("T", " ", literal=True)
        whole = (
            p.when(bare.str.len_chars() == 10)
            .then(p.concat_str(bare, p.lit(" 00:00:00")))
            .when(bare.str.len_chars() == 16)
            .then(p.concat_str(bare, p.lit(":00")))
            .otherwise(bare)
        )
        known = p.when(text.str.contains(TIME_TEXT)).then(whole)
        return known.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)

    # ---- conditions on any values

    def leaf(self, leaf: Leaf) -> Anything:
        """A condition on values that are computed; never null. Raises SpecError."""
        found = self.asked(leaf)
        if columns(leaf):
            return found
        return (self.p.int_range(self.p.len()) >= 0) & found  # as many answers as there are rows

    def asked(self, leaf: Leaf) -> Anything:
        p = self.p
        match leaf:
            case IsNull(column):
                return self.value(left(column)).is_null()
            case Matches():
                return self.matches(leaf)
            case In(column, ()):
                return self.value(left(column)).is_null() & False
        sides = [
            self.made(side) for side in unified(leaf, [bind(s, self.meaning) for s in operands(leaf)], self.meaning)
        ]
        match leaf:
            case Compare(_, "="):
                return (sides[0] == sides[1]).fill_null(False)
            case Compare(_, "!="):
                return (sides[0] != sides[1]).fill_null(True)
            case Compare(_, op):
                return COMPARED[op](sides[0], sides[1]).fill_null(False)
            case Between():
                return sides[0].is_between(sides[1], sides[2]).fill_null(False)
        return p.any_horizontal([(sides[0] == side).fill_null(False) for side in sides[1:]])

    def matches(self, leaf: Matches) -> Anything:
        from explorer.spec.expression.regexp import checked_regexp

        text = bind(left(leaf.column), self.meaning)
        if text.kind is not Kind.TEXT:
            raise SpecError(f"`{leaf}`: `{left(leaf.column)}` is {text.kind.article}, not a text.")
        value, said = self.made(text).str, leaf.pattern
        if not isinstance(said, str):
            pattern = bind(right(said), self.meaning)
            if pattern.kind is not Kind.TEXT:
                raise SpecError(f"`{leaf}`: `{said}` is {pattern.kind.article}, not a text.")
            made = self.made(pattern)
            if leaf.op == "contains":
                return value.contains(made, literal=True).fill_null(False)
            return getattr(value, leaf.op)(made).fill_null(False)
        match leaf.op:
            case "contains":
                return value.contains(said, literal=True).fill_null(False)
            case "starts_with" | "ends_with":
                return getattr(value, leaf.op)(said).fill_null(False)
            case "regexp":
                return value.contains(checked_regexp(said)).fill_null(False)
        return value.contains(like_pattern(said, any_case=leaf.op == "ilike")).fill_null(False)
