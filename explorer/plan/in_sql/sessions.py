"""One row per session from events with a session number, and what can be asked of it."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from sqlglot import exp

from explorer.errors import SpecError, did_you_mean
from explorer.plan.in_polars.boundary import CUT_OFF, STARTED_BY
from explorer.plan.in_sql import boundary
from explorer.plan.in_sql.cutting import Cutting
from explorer.plan.in_sql.looking_back import STAR, Step
from explorer.plan.in_sql.predicate import expression, predicate
from explorer.plan.in_sql.source import free, from_step, step_table
from explorer.plan.meaning import dtype_of, outer_name
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause, parse_value

LENGTH, COUNT = pl.Duration("us"), pl.UInt32()
FAR = 2**62  # in microseconds longer than any gap


@dataclass(frozen=True)
class Measured:
    """A session column: its name for the analyst, its name inside the query, its type."""

    name: str
    inner: str
    dtype: pl.DataType


class Sessions:
    """The sessions of a cut. `base` are the values of each row; what is added to `columns` has a name of its own."""

    def __init__(self, cutting: Cutting) -> None:
        self.cutting, self.source, self.definition = cutting, cutting.source, cutting.definition
        self.columns: dict[str, Measured] = {}
        self.beside: dict[str, Measured] = {}
        self.base: list[exp.Expr] = []
        self._taken: list[str] = [cutting.number]
        self.longest = ""
        self._built_in()

    def column(self, name: str, step: str | None = None) -> exp.Column:
        """A session column inside the query, of a step when it is said."""
        return self.source.dialect.column((self.columns | self.beside)[name].inner, step)

    def session_id(self) -> exp.Expr:
        """The actor and the session's number: u1/3. Two actors must not share a text: ('a/b', 'c') is a\\/b/c."""
        parts: list[exp.Expr] = []
        for name in self.source.columns.actor:
            column = self.columns[outer_name(name)]
            part: exp.Expr = self.column(column.name)
            part = part if column.dtype == pl.String else exp.cast(part, "text")
            for sign in "\\/" if len(self.source.columns.actor) > 1 else "":
                part = exp.func("REPLACE", part, exp.Literal.string(sign), exp.Literal.string("\\" + sign))
            parts.append(part)
        found = parts[0]
        for part in [*parts[1:], exp.cast(self.column("session_number"), "text")]:
            slash = exp.DPipe(this=found, expression=exp.Literal.string("/"), safe=False)
            found = exp.DPipe(this=slash, expression=part, safe=False)
        return found

    @property
    def types(self) -> dict[str, pl.DataType]:
        """The session columns so far and their types."""
        return {name: column.dtype for name, column in (self.columns | self.beside).items()}

    def plain(self, name: str) -> str:
        """`visit.duration` and `user.session_count.visit` without the names around them."""
        before, after = f"{self.source.columns.actor_name}.", f".{self.definition.name}"
        if name.startswith(before) and name.endswith(after) and name not in self.columns:
            return name[len(before) : -len(after)]
        return name.removeprefix(f"{self.definition.name}.")

    def value(self, name: str) -> tuple[exp.Expr, pl.DataType]:
        """A session column by the analyst's name, and its type; raises SpecError for one that they do not have."""
        short = name.removeprefix(f"{self.definition.name}.")
        if short == "session_id":
            return self.session_id(), pl.String()
        known = self.types
        short = outer_name(short) if outer_name(short) in known and short not in known else short
        if short not in known:
            raise SpecError(f"SQL does not know '{name}' of sessions. {did_you_mean(name, known)}")
        return self.column(short), known[short]

    def condition(self, clause: Clause, definite: bool = False) -> exp.Expr:
        """A clause on sessions; raises SpecError for a column that they do not have."""
        schema, stands = self._known(clauses.columns(clause))
        source = self.source
        return predicate(clause, schema, source.dialect, source.said_in, stands, definite, source.now)

    def expression(self, text: str) -> exp.Expr:
        """An expression of session columns by its text; raises SpecError for a column that they do not have."""
        node = parse_value(text)
        schema, stands = self._known(clauses.columns(node))
        source = self.source
        return expression(node, schema, source.dialect, source.said_in, stands, source.now)

    def _known(self, names: Iterable[str]) -> tuple[dict[str, pl.DataType], dict[str, exp.Expr]]:
        """The types of session columns, and what stands for each; of these names the long ones, too."""
        schema = self.types
        stands: dict[str, exp.Expr] = {name: self.column(name) for name in schema}
        for name in self.source.columns.actor:
            schema.setdefault(name, schema[outer_name(name)])
            stands.setdefault(name, stands[outer_name(name)])
        schema["session_id"], stands["session_id"] = pl.String(), self.session_id()
        for name in names:
            short = self.plain(name)
            if short in schema:
                schema[name], stands[name] = schema[short], stands[short]
        return schema, stands

    # ---- one row per session

    def edges(self) -> list[tuple[str, exp.Select]]:
        """Steps to the first and the last time of the bulk of the source, in microseconds: behind or before the widest
        gap between neighbours lies a wrong clock where there is a single event, or few, and the others are closer
        together than that."""
        source, time = self.source, self.source.ours("time_us")
        gap, before, count, low, high, widest = (
            source.ours(name) for name in ("wide_us", "before_it", "event_total", "low_us", "high_us", "widest_us")
        )
        by_time = exp.Order(expressions=[exp.Ordered(this=time.copy(), nulls_first=False)])
        lag = exp.Window(this=exp.Lag(this=time.copy()), order=by_time)
        one = exp.Literal.number(1)
        place = exp.Window(this=exp.Anonymous(this="RANK"), order=by_time.copy())
        # ClickHouse's lag of the first row is 0.
        since = exp.Case().when(exp.GT(this=place, expression=one), exp.Sub(this=time.copy(), expression=lag))
        neighbours = exp.select(
            time.copy(),
            source.named(since, gap.name),
            source.named(exp.Sub(this=place.copy(), expression=one.copy()), before.name),
        )
        whole = exp.select(
            source.named(exp.Count(this=STAR), count.name),
            source.named(exp.Min(this=time.copy()), low.name),
            source.named(exp.Max(this=time.copy()), high.name),
            source.named(exp.Max(this=gap.copy()), widest.name),
        )
        after = exp.Paren(this=exp.Sub(this=count.copy(), expression=before.copy()))
        end = exp.Paren(this=exp.Sub(this=time.copy(), expression=gap.copy()))
        is_widest = exp.EQ(this=gap.copy(), expression=widest.copy())
        early = exp.and_(is_widest, *_few(before, after, count), exp.GT(this=gap.copy(), expression=_minus(high, time)))
        late = exp.and_(
            is_widest.copy(), *_few(after, before, count), exp.GT(this=gap.copy(), expression=_minus(end, low))
        )
        first = exp.Max(this=exp.Case().when(early, time.copy()))
        last = exp.Min(this=exp.Case().when(late, end.copy()))
        found = exp.select(
            source.named(exp.Coalesce(this=first, expressions=[exp.Min(this=low.copy())]), source.own("first_us")),
            source.named(exp.Coalesce(this=last, expressions=[exp.Max(this=high.copy())]), source.own("last_us")),
        )
        names = [source.step(name) for name in ("neighbours", "whole", "edges")]
        joined = from_step(found, names[0]).join(step_table(names[1]), join_type="cross")
        return [
            (names[0], from_step(neighbours, source.step("events"))),
            (names[1], from_step(whole, names[0])),
            (names[2], joined),
        ]

    def between(self, names: Iterable[str], before: str) -> Step:
        """The sessions with the time from the end of the actor's session before, until the start of the next, or from
        the inactivity to the nearest gap, of which `longest` is the name of the longest inside; they are asked, and not
        among the columns that come out."""
        source, told = self.source, []
        actor: list[exp.Expr] = [self.column(outer_name(name)) for name in source.columns.actor]
        order = exp.Order(expressions=[source.dialect.ordered(self.column("session_number"))])
        for name in names:
            if name == "gap_margin":
                self.beside[name] = Measured(name, self.free(name), LENGTH)
                told.append(self.named(self._gap_margin(), self.beside[name].inner))
                continue
            since = name == "since_previous"
            near = "end" if since else "start"
            other = exp.Window(
                this=(exp.Lag if since else exp.Lead)(this=self._us(near)), partition_by=actor, order=order
            )
            ends = (self._us("start"), other) if since else (other, self._us("end"))
            self.beside[name] = Measured(name, self.free(name), LENGTH)
            told.append(self.named(exp.Sub(this=ends[0], expression=ends[1]), self.beside[name].inner))
        return source.step("beside"), from_step(exp.select(STAR, *told), before)

    def longest_gap(self) -> exp.Expr:
        """The longest gap inside a session, of its events: microseconds, null where it has one."""
        inside = self.source.ours("started_by").is_(exp.null())
        return exp.Max(this=exp.Case().when(inside, self.source.ours("gap")))

    def _gap_margin(self) -> exp.Expr:
        """The distance of the inactivity from the longest gap inside, and from those beside that it judged."""
        source, limit = self.source, exp.Literal.number(self.definition.inactivity.us)
        found: list[exp.Expr] = [exp.Sub(this=limit, expression=source.column(self.longest))]
        if self.definition.opens_with is None:  # else events lie between sessions
            names = (*source.columns.actor, *self.definition.split_by)
            stream: list[exp.Expr] = [self.column(outer_name(name)) for name in names]
            order = exp.Order(expressions=[source.dialect.ordered(self.column("session_number"))])
            found += [self._judged(before, stream, order) for before in (True, False)]
        far = exp.Literal.number(FAR)
        least = [exp.Coalesce(this=each, expressions=[far.copy()]) for each in found]
        nearest = exp.Least(this=least[0], expressions=least[1:]) if least[1:] else least[0]
        return exp.Nullif(this=nearest, expression=far)

    def _judged(self, before: bool, stream: list[exp.Expr], order: exp.Order) -> exp.Expr:
        """How much longer than the inactivity the gap before a session, or behind it, is that began a session."""

        def beside(value: exp.Expr) -> exp.Expr:
            window = exp.Lag if before else exp.Lead
            by = [key.copy() for key in stream]
            return exp.Window(this=window(this=value), partition_by=by, order=order.copy())

        reason: exp.Expr = self.column("started_by")
        ends = (self._us("start"), beside(self._us("end"))) if before else (beside(self._us("start")), self._us("end"))
        reason = reason if before else beside(reason)
        gap = exp.Paren(this=exp.Sub(this=ends[0], expression=ends[1]))
        over = exp.Sub(this=gap, expression=exp.Literal.number(self.definition.inactivity.us))
        return exp.Case().when(exp.EQ(this=reason, expression=exp.Literal.string("inactivity")), over)

    def _us(self, name: str) -> exp.Expr:
        found = self.source.dialect.microseconds(self.column(name), self.source.aware)
        return exp.func("toNullable", found) if self.source.dialect.name == "clickhouse" else found

    def _built_in(self) -> None:
        source = self.source
        time, time_us = source.column(source.columns.time), source.ours("time_us")
        start, end, last = self._active(exp.Min, time_us), self._active(exp.Max, time_us), exp.Max(this=time_us)
        kind = pl.Datetime("us", "UTC" if source.aware else None)
        for name in (*source.columns.actor, *self.definition.split_by):
            dtype = dtype_of(name, source.schema)
            text = isinstance(dtype, pl.Categorical | pl.Enum)
            self._add(outer_name(name), source.column(name), pl.String() if text else dtype)
        if self.definition.split_by:
            actor: list[exp.Expr] = [source.column(name) for name in source.columns.actor]
            by_place = exp.Order(expressions=[source.dialect.ordered(exp.Min(this=source.ours("place")))])
            number: exp.Expr = exp.Window(this=exp.RowNumber(), partition_by=actor, order=by_place)
        else:
            number = source.column(self.cutting.number)
        self._add("session_number", number, COUNT)
        self._add("start", self._active(exp.Min, time), kind)
        self._add("end", self._active(exp.Max, time), kind)
        self._add("duration", exp.Sub(this=end, expression=start), LENGTH)
        self._add("event_count", exp.Count(this=STAR), COUNT)
        self._add("started_by", exp.Max(this=source.ours("started_by")), STARTED_BY)
        at_start = exp.Sub(this=start.copy(), expression=source.ours("first_us"))
        at_end = exp.Sub(this=source.ours("last_us"), expression=last)
        near = boundary.cut_off(self.definition, exp.Abs(this=at_start), exp.Abs(this=at_end))
        self._add("cut_off", near, CUT_OFF)

    def _active(self, function: type[exp.Expr], time: exp.Expr) -> exp.Expr:
        """The least or greatest time of the events that are not passive."""
        value = time.copy()
        if self.definition.passive is not None:
            value = exp.Case().when(exp.not_(self.source.ours("passive")), value)
        return function(this=value)

    def _add(self, name: str, value: exp.Expr, dtype: pl.DataType) -> None:
        inner = name if name == self.cutting.number else self.free(name)
        self.columns[name] = Measured(name, inner, dtype)
        self.base.append(value if value.name == inner and isinstance(value, exp.Column) else self.named(value, inner))

    def free(self, name: str) -> str:
        """A name that no column of the sessions has, and now has one."""
        found = free(name, self._taken)
        self._taken.append(found)
        return found

    def named(self, value: exp.Expr, inner: str) -> exp.Expr:
        """A value under a name."""
        return self.source.named(value, inner)

    def grouped(self) -> exp.Select:
        """One row per session: the values of `base`."""
        source = self.source
        keys = [*self.cutting.stream, source.column(self.cutting.number)]
        chosen = [*self.base]
        if self.definition.split_by:
            chosen.append(source.column(self.cutting.number))
        edges = [source.ours("first_us"), source.ours("last_us")]
        query = from_step(exp.select(*chosen), self.cutting.last)
        query = query.join(step_table(source.step("edges")), join_type="cross")
        return query.group_by(*keys, *edges)


def _few(some: exp.Expr, others: exp.Expr, count: exp.Expr) -> list[exp.Expr]:
    """A single event, or under 0.1 % of them, on the smaller side."""
    per_thousand = exp.Mul(this=some.copy(), expression=exp.Literal.number(1_000))
    single = exp.EQ(this=some.copy(), expression=exp.Literal.number(1))
    rare = exp.Paren(this=exp.or_(single, exp.LT(this=per_thousand, expression=count.copy())))
    return [exp.LT(this=some.copy(), expression=others.copy()), rare]


def _minus(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Sub(this=one.copy(), expression=other.copy()))
