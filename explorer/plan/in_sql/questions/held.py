"""What is asked of the events that sessions hold: each knows the place of its session, by actor and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from sqlglot import exp

from explorer.errors import located
from explorer.plan.column_text import columns_of
from explorer.plan.in_polars.measure import check_type
from explorer.plan.in_sql import measure
from explorer.plan.in_sql.cutting import Cutting, with_steps
from explorer.plan.in_sql.inside import Inside
from explorer.plan.in_sql.looking_back import STAR, Step
from explorer.plan.in_sql.measuring import Measuring
from explorer.plan.in_sql.questions.gaps import Gaps
from explorer.plan.in_sql.source import Source, from_step, step_table
from explorer.plan.meaning import outer_name
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition

AT = "session_at"


@dataclass(frozen=True)
class Held:
    """The events of the sessions of a definition before `keep`, as queries over steps that are worth keeping.

    `kept` are the names of these: the events in order, which every inactivity shares; the first and the last time of
    the source; and the events with the place of their session, which all metrics share.
    """

    source: Source
    definition: SessionDefinition

    @cached_property
    def _cutting(self) -> Cutting:
        plain = self.definition.replace(metrics=(), actor_metrics=(), keep=None)
        return Cutting(self.source, plain, whole=True)

    @cached_property
    def measuring(self) -> Measuring:
        """What every definition brings, of its sessions."""
        return Measuring(self._cutting)

    @property
    def kept(self) -> tuple[str, ...]:
        """The names of the steps that are worth keeping."""
        source = self.source
        counted = (source.step("events"),) if source.counted else ()
        return *counted, source.step("ordered"), source.step("edges"), self.sessions_step, self.last

    @property
    def last(self) -> str:
        """The name of the step that has the events with the place of their session."""
        return self.source.step("held_at")

    @property
    def at(self) -> exp.Column:
        """The place of an event's session."""
        return self.source.ours(AT)

    # ---- sessions

    @property
    def sessions_step(self) -> str:
        """The name of the step that has the sessions with their places."""
        return self.source.step("sessions_at")

    def sessions(self) -> exp.Select:
        """The actor, split columns and what every definition brings, one row per session by actor and number."""
        found = self.measuring
        query = from_step(exp.select(*(self._column(name) for name in found.columns)), self.sessions_step)
        return with_steps(query.order_by(self.source.dialect.ordered(self.at)), self._to_sessions())

    def _column(self, name: str) -> exp.Expr:
        return self.measuring.column(name)

    def _to_sessions(self) -> list[Step]:
        found, source = self.measuring, self.source
        by = [*(outer_name(name) for name in source.columns.actor), "session_number"]
        order = exp.Order(expressions=[source.dialect.ordered(found.column(name)) for name in by])
        one = exp.Literal.number(1)
        place = exp.Sub(this=exp.Window(this=exp.RowNumber(), order=order), expression=one)
        placed = from_step(exp.select(STAR, source.named(place, source.own(AT))), found.last)
        return [*self._cutting.steps(), *found.steps, (self.sessions_step, placed)]

    # ---- events

    def _to_events(self) -> list[Step]:
        found, source, events = self.measuring, self.source, self._cutting.held
        names = [*source.columns.actor, *self.definition.split_by]
        pairs = [(name, found.columns[outer_name(name)].inner) for name in names]
        number = self._cutting.number
        pairs.append((number, number if self.definition.split_by else found.columns["session_number"].inner))
        nullable = set(self.definition.split_by)
        same = [
            source.dialect.same(one, other) if name in nullable else exp.EQ(this=one, expression=other)
            for name, inner in pairs
            for one, other in [(source.dialect.column(name, events), source.dialect.column(inner, self.sessions_step))]
        ]
        every: exp.Expr = exp.Column(this=exp.Star(), table=exp.to_identifier(events))
        query = from_step(exp.select(every, source.dialect.column(source.own(AT), self.sessions_step)), events)
        joined = query.join(step_table(self.sessions_step), on=exp.and_(*same))
        return [*self._to_sessions(), (self.last, joined)]

    def over(self, query: exp.Select, known: Sequence[str] = ()) -> exp.Select:
        """A query over the events, with these of what each knows of its session."""
        steps = self._to_events()
        before = self.last
        if known:
            steps.append(Inside(self.source).step(known, before, [self.at]))
            before = steps[-1][0]
        return with_steps(from_step(query, before), steps)

    def _known(self, names: Sequence[str]) -> list[str]:
        """What of the things that an event knows of its session is among these names."""
        return [name for name in Cutting(self.source, self.definition, telling=True).known if name in names]

    # ---- one value per session

    def value(self, metric: Metric) -> exp.Select:
        """AT and the value of a metric in every session, whatever its scope."""
        source, events = self.source, Inside(self.source)
        read = [*clauses.columns(metric.where), *self._names_in(metric.column)]
        condition = column = kind = None
        if metric.where is not None:
            with located("where"):
                condition = events.condition(metric.where)
        if metric.column:
            with located("column"):
                column, kind = events.value(metric.column), events.type_of(metric.column)
        over = (source.ours("time_us"), source.ours("place"), source.dialect)
        row = AGGREGATES[metric.aggregate]
        if row.name == "mode" and source.dialect.name not in row.only_in and column is not None and kind is not None:
            check_type(metric, kind)
            return self._most_frequent(column, condition, self._known(read))
        found = measure.aggregate(metric, column, kind, condition, *over)
        query = exp.select(self.at, source.named(found, source.own("value"))).group_by(self.at)
        return self.over(query, self._known(read))

    def _most_frequent(self, column: exp.Expr, condition: exp.Expr | None, known: Sequence[str]) -> exp.Select:
        """AT and the most frequent value in every session, of several the one that comes first."""
        source = self.source
        value, many, first = (source.own(name) for name in ("value", "many", "first_at"))
        present = exp.not_(column.copy().is_(exp.null()))
        query = exp.select(
            self.at,
            source.named(column, value),
            source.named(exp.Count(this=STAR), many),
            source.named(exp.Min(this=source.ours("place")), first),
        ).where(present if condition is None else exp.and_(present, condition))
        query = self.over(query.group_by(self.at, column.copy()), known)
        steps = [*_steps_of(query), (source.step("counted_values"), query)]
        by = [
            source.dialect.ordered(source.column(many), descending=True),
            source.dialect.ordered(source.column(first)),
        ]
        rank = exp.Window(this=exp.RowNumber(), partition_by=[self.at], order=exp.Order(expressions=by))
        ranked = exp.select(self.at, source.column(value), source.named(rank, source.own("rank")))
        steps.append((source.step("ranked_values"), from_step(ranked, source.step("counted_values"))))
        found = from_step(exp.select(self.at, source.column(value)), source.step("ranked_values"))
        one = exp.EQ(this=source.ours("rank"), expression=exp.Literal.number(1))
        return with_steps(found.where(one), steps)

    def happened(self, where: Clause) -> exp.Select:
        """AT of the sessions with an event where a condition holds."""
        query = exp.select(self.at).distinct().where(Inside(self.source).condition(where))
        return self.over(query, self._known(clauses.columns(where)))

    def values(self, column: str) -> exp.Select:
        """AT and the different values of a column of events in each session, nulls left out."""
        value = Inside(self.source).value(column)
        query = exp.select(self.at, self.source.named(value, self.source.own("value"))).distinct()
        query = query.where(exp.not_(value.copy().is_(exp.null())))
        return self.over(query, self._known(self._names_in(column)))

    def edge(self, column: str, last: bool) -> exp.Select:
        """AT and the first, or last, value that is not null of a column of events in each session."""
        return self.value(Metric("edge", "last" if last else "first", column))

    # ---- events

    def count(self, where: Clause | None) -> exp.Select:
        """How many of the events match."""
        query = exp.select(self.source.named(exp.Count(this=exp.Star()), self.source.own("events")))
        if where is None:
            return self.over(query)
        condition = Inside(self.source).condition(where)
        return self.over(query.where(condition), self._known(clauses.columns(where)))

    def column(self, text: str) -> tuple[exp.Expr, list[str]]:
        """A column of the events, or an expression of columns, and what it reads of what they know."""
        return self._text(text)

    def longest_gaps(self) -> exp.Select:
        """AT and the longest gap inside every session, in microseconds; null where it has one event."""
        found = self.source.named(self.measuring.longest_gap(), self.source.own("value"))
        return self.over(exp.select(self.at, found).group_by(self.at))

    @cached_property
    def gap_queries(self) -> Gaps:
        """The gaps between the events that are cut, as queries."""
        return Gaps(self.source, self.definition, self._cutting)

    def events(self, where: Clause | None, sessions: str | None = None) -> exp.Select:
        """The events, each with AT, its session's number and what it knows of it, then the columns of the source; with
        `sessions` those whose places a table has."""
        source = self.source
        names = (*map(source.own, EVENT_COLUMNS), *source.schema)
        query = exp.select(self.at, *(source.column(name) for name in names))
        if where is not None:
            query = query.where(Inside(source).condition(where))
        query = self._only(query, sessions)
        return self.over(query, list(EVENT_COLUMNS))

    def in_order(self, query: exp.Select) -> exp.Select:
        """The events by actor and time."""
        source = self.source
        keys = [source.column(name) for name in source.columns.actor]
        return query.order_by(*map(source.dialect.ordered, [*keys, source.ours("place")]))

    # ---- inside sessions

    def frequencies(self, column: str, sessions: str | None = None) -> exp.Select:
        """The different values of a column of the events, null among them, and how many events have each."""
        value, known = self._text(column)
        named = self.source.named(value, self.source.own("value"))
        query = exp.select(named, self.source.named(exp.Count(this=STAR), self.source.own("events")))
        return self.over(self._only(query, sessions), known).group_by(value.copy())

    def following(self, column: str, values: Sequence[Any], sessions: str | None = None) -> exp.Select:
        """Groups of events and of those that follow them in the same session, and how often; a group is a place in
        `values`, then others, then none, and after the last event of a session -1."""
        source = self.source
        value, known = self._text(column)
        group = exp.Case().when(value.copy().is_(exp.null()), exp.Literal.number(len(values) + 1))
        for at, each in enumerate(values):
            group = group.when(exp.EQ(this=value.copy(), expression=self._literal(each)), exp.Literal.number(at))
        group = group.else_(exp.Literal.number(len(values)))
        number = exp.cast(group, "bigint")
        chosen = exp.select(self.at, source.ours("place"), source.named(number, source.own("event_group")))
        told = self.over(self._only(chosen, sessions), known)
        steps = _steps_of(told)
        steps.append((source.step("grouped_events"), told))
        order = exp.Order(expressions=[source.dialect.ordered(source.ours("place"))])
        nothing = [exp.Literal.number(1), exp.Literal.number(-1)]
        after = exp.Window(
            this=exp.Lead(this=source.ours("event_group"), offset=nothing[0], default=nothing[1]),
            partition_by=[self.at],
            order=order,
        )
        pairs = exp.select(source.ours("event_group"), source.named(after, source.own("next_group")))
        steps.append((source.step("paired_events"), from_step(pairs, steps[-1][0])))
        names = [source.ours("event_group"), source.ours("next_group")]
        counted = exp.select(*names, source.named(exp.Count(this=STAR), source.own("events")))
        query = from_step(counted, steps[-1][0]).group_by(*(name.copy() for name in names))
        return with_steps(query, steps)

    def _literal(self, value: Any) -> exp.Expr:
        if isinstance(value, bool):
            return exp.true() if value else exp.false()
        return exp.Literal.string(value) if isinstance(value, str) else self.source.dialect.number(value)

    def per_actor(self, columns: Sequence[str]) -> exp.Select:
        """The actor of all events, and for each column its first value that is not null and whether it has others."""
        source, ordered = self.source, self.source.step("ordered")
        plain = Cutting(source, SessionDefinition("all", "1h"), whole=True)
        steps = plain.steps()
        until = next(at for at, (name, _) in enumerate(steps) if name == ordered)
        actor: list[exp.Expr] = [source.column(name) for name in source.columns.actor]
        over = (source.ours("time_us"), source.ours("place"), source.dialect)
        query = exp.select(*actor)
        for at, column in enumerate(columns):
            value, kind = source.column(column), source.schema[column]
            first = measure.aggregate(Metric("first", "first", column), value, kind, None, *over)
            one: exp.Expr = exp.cast(value.copy(), "int") if kind == pl.Boolean else value.copy()
            several = exp.NEQ(this=exp.Min(this=one), expression=exp.Max(this=one.copy()))
            told = {"value": first, "mixed": exp.Coalesce(this=several, expressions=[exp.false()])}
            for name, fact in told.items():
                query = query.select(source.named(fact, source.own(f"{name}_{at}")))
        query = from_step(query, ordered).group_by(*(name.copy() for name in actor))
        query = query.order_by(*(source.dialect.ordered(name.copy()) for name in actor))
        return with_steps(query, steps[: until + 1])

    def _only(self, query: exp.Select, sessions: str | None) -> exp.Select:
        """The query of the events of sessions whose places a table has, all where none is said."""
        if sessions is None:
            return query
        chosen = exp.select(self.source.dialect.column("0")).from_(exp.table_(exp.to_identifier(sessions)))
        return query.where(exp.In(this=self.at, query=exp.Subquery(this=chosen)))

    def _text(self, column: str) -> tuple[exp.Expr, list[str]]:
        events = Inside(self.source)
        return events.value(column), self._known(self._names_in(column))

    def _names_in(self, column: str | None) -> tuple[str, ...]:
        return columns_of(column, Inside(self.source).schema) if column else ()


def _steps_of(query: exp.Select) -> list[Step]:
    """The steps of a query, which has them no more."""
    steps = [(each.alias, each.this) for each in query.ctes]
    query.set("with_", None)
    return steps
