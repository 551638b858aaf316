"""An expression as SQL. Durations are whole microseconds; times are the database's own."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from sqlglot import exp

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
from explorer.plan.in_polars.value import NUMBER_TEXT, TIME_TEXT, WHOLE_TEXT
from explorer.plan.in_sql.dialect import Dialect
from explorer.plan.in_sql.matching import holds, matches
from explorer.spec.expression.functions.building import call, cast, piece, where, wrapped
from explorer.spec.expression.functions.numbers import finite
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
    left,
    operands,
    right,
)

COMPARE = {"<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE, "=": exp.EQ, "!=": exp.NEQ}
TIMES = (Kind.TIME, Kind.INSTANT)
SQL_TYPES = {
    Kind.TEXT: "text",
    Kind.WHOLE: "bigint",
    Kind.NUMBER: "double",
    Kind.TRUTH: "boolean",
    Kind.TIME: "timestamp",
    Kind.INSTANT: "timestamptz",
    Kind.LENGTH: "bigint",
}


class Values:
    """Makes SQL of bound values. `condition` makes a condition that is never null; `column` says what stands for a
    column as it is loaded."""

    def __init__(
        self,
        meaning: Meaning,
        dialect: Dialect,
        condition: Callable[[Clause], exp.Expr],
        column: Callable[[str], exp.Expr],
    ) -> None:
        self.meaning, self.dialect, self.condition, self.named = meaning, dialect, condition, column

    def value(self, node: Expression) -> exp.Expr:
        """The value of an expression; raises SpecError."""
        return self.made(bind(node, self.meaning))

    def made(self, bound: Bound) -> exp.Expr:
        match bound:
            case BoundColumn():
                return self.column(bound)
            case BoundConstant(kind, value):
                return self.constant(kind, value)
            case BoundCall():
                return self.call(bound)
            case BoundCast():
                return self.cast(bound)
            case BoundClock(kind, value, zone):
                return self.dialect.clock(wrapped(self.made(value)), zone, aware=kind is Kind.TIME)
            case BoundCase(_, branches, otherwise):
                found = exp.Case()
                for condition, value in branches:
                    found = found.when(self.condition(condition), self.made(value))
                return found if otherwise is None else found.else_(self.made(otherwise))
            case BoundTruth(_, clause):
                return exp.Paren(this=self.condition(clause))
        raise TypeError(f"{type(bound).__name__} is not a bound value")

    def column(self, bound: BoundColumn) -> exp.Expr:
        found, dtype = self.named(bound.name), bound.dtype
        for step in bound.path:
            if self.dialect.name == "duckdb":
                found = call("STRUCT_EXTRACT", found, step)
            else:
                found = exp.Dot(this=found, expression=exp.to_identifier(step, quoted=True))
        wanted = {Kind.WHOLE: pl.Int64(), Kind.NUMBER: pl.Float64()}.get(bound.kind)
        if wanted is not None and dtype != wanted:
            return exp.cast(found, SQL_TYPES[bound.kind])
        if bound.kind is Kind.TIME and dtype != pl.Datetime("us"):
            return exp.cast(found, "timestamp")
        return found

    def constant(self, kind: Kind, value: object) -> exp.Expr:
        if value is None:
            return exp.cast(exp.null(), SQL_TYPES[kind]) if kind in SQL_TYPES else exp.null()
        if isinstance(value, bool):
            return exp.convert(value)
        if isinstance(value, str):
            return exp.Literal.string(value)
        assert isinstance(value, int | float)
        if kind in TIMES:
            us = self.dialect.number(value)
            if self.dialect.name in ("duckdb", "postgres"):
                return self.dialect.time(int(value), kind is Kind.INSTANT)
            return self.dialect.of_microseconds(us, kind is Kind.INSTANT)
        if kind is Kind.NUMBER and self.dialect.name == "clickhouse":  # where whole numbers and others do not mix
            return self.dialect.number(float(value))
        if kind is Kind.NUMBER and float(value).is_integer() and abs(value) < 2**53:
            return self.dialect.number(int(value))
        return self.dialect.number(value)

    def call(self, bound: BoundCall) -> exp.Expr:
        values = [self.made(value) if isinstance(value, Bound) else value for value in bound.values]
        kinds = [value.kind for value in bound.values if isinstance(value, Bound)]
        arithmetic = bound.row.group == "Arithmetic" and any(kind in TIMES for kind in kinds)
        if arithmetic:
            values = [
                self.dialect.microseconds(piece(value), kind is Kind.INSTANT) if kind in TIMES else value
                for value, kind in zip(values, kinds, strict=True)
            ]
        said = [value for value in bound.values if not isinstance(value, BoundConstant) and isinstance(value, Bound)]
        if bound.kind is Kind.NUMBER and not said and isinstance(values[0], exp.Literal | exp.Neg):
            values[0] = exp.cast(values[0], "double")  # what is said would be a decimal
        found = bound.row.sql(self.dialect.name, *values)
        if arithmetic and bound.kind in TIMES:
            return self.dialect.of_microseconds(found, bound.kind is Kind.INSTANT)
        return found

    # ---- casts

    def cast(self, bound: BoundCast) -> exp.Expr:
        value, given, kind = self.made(bound.value), bound.value.kind, bound.kind
        found = self._cast(value, given, kind)
        if bound.day and self.dialect.name == "clickhouse":  # whose dates begin in 1970
            return call("toDateTime64", call("toDate32", found), 6)
        if bound.day:
            found = cast(cast(found, "date"), "timestamp")
        return found

    def _cast(self, value: exp.Expr, given: Kind, kind: Kind) -> exp.Expr:
        duckdb, spark = self.dialect.name == "duckdb", self.dialect.name == "spark"
        match kind, given:
            case Kind.TEXT, Kind.TRUTH:
                return exp.Case().when(value, piece("true")).when(exp.not_(wrapped(value.copy())), piece("false"))
            case Kind.TEXT, Kind.TIME if duckdb:
                return call("REPLACE", call("STRFTIME", value, "%Y-%m-%d %H:%M:%S.%f"), ".000000", "")
            case Kind.TEXT, Kind.TIME if spark:
                return call("REPLACE", call("DATE_FORMAT", value, "yyyy-MM-dd HH:mm:ss.SSSSSS"), ".000000", "")
            case Kind.WHOLE, Kind.NUMBER:
                return self._rounded(value)
            case Kind.WHOLE, Kind.TEXT if duckdb or spark:
                bare, known = self._bare(value), self._known(value, NUMBER_TEXT)
                whole = where(self._known(value.copy(), WHOLE_TEXT), self._tried(bare, "bigint"))
                number = self._tried(bare.copy(), "double")
                unlike = exp.and_(known, exp.not_(self._known(value.copy(), WHOLE_TEXT)))
                return exp.Coalesce(this=whole, expressions=[where(unlike, self._rounded(number))])
            case Kind.NUMBER, Kind.TEXT if duckdb or spark:
                number = self._tried(self._bare(value), "double")
                return where(self._known(value.copy(), NUMBER_TEXT), finite(self.dialect.name, number))
            case Kind.TRUTH, Kind.TEXT:
                folded = exp.Lower(this=value)
                yes = exp.EQ(this=folded, expression=piece("true"))
                no = exp.EQ(this=folded.copy(), expression=piece("false"))
                return exp.Case().when(yes, exp.true()).when(no, exp.false())
            case Kind.TRUTH, _:
                return exp.Paren(this=exp.NEQ(this=wrapped(value), expression=piece(0)))
            case Kind.TIME, Kind.TEXT if duckdb or spark:
                return where(self._known(value.copy(), TIME_TEXT), self._tried(self._bare(value), "timestamp"))
            case ((Kind.WHOLE | Kind.NUMBER | Kind.TIME), Kind.TEXT) if self.dialect.name == "postgres":
                return self._cast_where_it_fits(value, kind)
            case ((Kind.WHOLE | Kind.NUMBER), Kind.TRUTH):
                one = exp.Case().when(value, piece(1)).when(exp.not_(wrapped(value.copy())), piece(0))
                return exp.cast(one, SQL_TYPES[kind])
            case ((Kind.WHOLE | Kind.NUMBER | Kind.TIME), Kind.TEXT):
                return self._tried(value, SQL_TYPES[kind])
            case Kind.TIME, Kind.TIME:
                return value
        return exp.cast(value, SQL_TYPES[kind])

    def _rounded(self, value: exp.Expr) -> exp.Expr:
        """A number as the nearest whole one, null where there is none."""
        name = self.dialect.name
        if name == "duckdb":
            return self._tried(value, "bigint")
        if name not in ("postgres", "clickhouse", "spark"):
            return exp.cast(value, "bigint")
        # Exact decimals round otherwise on the first, and all that is cast is cut off on the others.
        number = exp.cast(value, "double")
        fits = exp.LT(this=call("ABS", number), expression=self.dialect.number(2.0**63))
        round_ = {"clickhouse": "roundBankers", "spark": "RINT"}.get(name)
        return where(fits, exp.cast(call(round_, number.copy()) if round_ else number.copy(), "bigint"))

    def _tried(self, value: exp.Expr, kind: str) -> exp.Expr:
        """A cast that is null where it fails."""
        return exp.TryCast(this=value, to=exp.DataType.build(kind), safe=True)

    def _bare(self, value: exp.Expr) -> exp.Expr:
        """A text without the spaces around it."""
        return call("TRIM", value, " ") if self.dialect.name == "duckdb" else exp.Trim(this=value)

    def _cast_where_it_fits(self, value: exp.Expr, kind: Kind) -> exp.Expr:
        """A text as a number or a time, null where it is none: PostgreSQL stops at the first that is none."""
        bare = call("TRIM", value)
        if kind is not Kind.WHOLE:
            known = self._known(value.copy(), NUMBER_TEXT if kind is Kind.NUMBER else TIME_TEXT)
            return where(known, exp.cast(bare, SQL_TYPES[kind]))
        is_whole, is_number = (self._known(value.copy(), pattern) for pattern in (WHOLE_TEXT, NUMBER_TEXT))
        number = exp.cast(exp.cast(bare.copy(), "double"), "bigint")
        return exp.Case().when(is_whole, exp.cast(bare, "bigint")).when(is_number, number)

    def _known(self, value: exp.Expr, pattern: str) -> exp.Expr:
        return exp.RegexpLike(this=value, expression=exp.Literal.string(pattern))

    # ---- conditions on any values

    def leaf(self, leaf: Leaf, definite: bool) -> exp.Expr:
        """A condition on values that are computed; with `definite` never null. Raises SpecError."""
        if isinstance(leaf, IsNull):
            return wrapped(self.value(left(leaf.column))).is_(exp.null())
        if isinstance(leaf, In) and not leaf.values:
            return exp.false()
        found = self.matches(leaf) if isinstance(leaf, Matches) else self.compared(leaf)
        if isinstance(leaf, Compare) and leaf.op == "!=":
            return exp.Coalesce(this=found, expressions=[exp.true()])
        return exp.Coalesce(this=found, expressions=[exp.false()]) if definite else found

    def compared(self, leaf: Compare | Between | In) -> exp.Expr:
        bound = unified(leaf, [bind(side, self.meaning) for side in operands(leaf)], self.meaning)
        sides = [wrapped(self.made(side)) for side in bound]
        if isinstance(leaf, Compare):
            if leaf.op == "=" and leaf.value is True:
                return sides[0]
            return COMPARE[leaf.op](this=sides[0], expression=sides[1])
        if isinstance(leaf, Between):
            return exp.Between(this=sides[0], low=sides[1], high=sides[2])
        return exp.In(this=sides[0], expressions=sides[1:])

    def matches(self, leaf: Matches) -> exp.Expr:
        text = bind(left(leaf.column), self.meaning)
        if text.kind is not Kind.TEXT:
            raise SpecError(f"`{leaf}`: `{left(leaf.column)}` is {text.kind.article}, not a text.")
        if isinstance(leaf.pattern, str):
            return matches(wrapped(self.made(text)), leaf.op, leaf.pattern, self.dialect)
        pattern = bind(right(leaf.pattern), self.meaning)
        if pattern.kind is not Kind.TEXT:
            raise SpecError(f"`{leaf}`: `{leaf.pattern}` is {pattern.kind.article}, not a text.")
        return holds(wrapped(self.made(text)), leaf.op, wrapped(self.made(pattern)), self.dialect)
