"""The sessions that a column of the events says: events of one actor with the same value, wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from explorer.plan.in_sql.cutting import Cutting, with_steps
from explorer.plan.in_sql.looking_back import STAR, Step
from explorer.plan.in_sql.questions.held import AT
from explorer.plan.in_sql.source import Source, from_step, step_table
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True)
class Said:
    """A column with session ids, as queries over steps that are worth keeping; events without a value are in none."""

    source: Source
    column: str

    @property
    def kept(self) -> tuple[str, ...]:
        """The names of the steps that are worth keeping."""
        counted = (self.source.step("events"),) if self.source.counted else ()
        return *counted, self.source.step("ordered"), self._sessions, self.source.step("said_at")

    @property
    def _sessions(self) -> str:
        return self.source.step("said_sessions")

    @cached_property
    def _actor(self) -> list[str]:
        return list(self.source.columns.actor)

    def sessions(self) -> exp.Select:
        """One row per session, by actor and first event: the actor, the value, the first and last time in microseconds,
        the number of events."""
        source = self.source
        names = [*self._actor, *map(source.own, ("said_value", "start_us", "end_us", "said_events"))]
        query = from_step(exp.select(*(source.column(name) for name in names)), self._sessions)
        return with_steps(query.order_by(source.dialect.ordered(source.ours(AT))), self._to_sessions())

    def over(self, query: exp.Select) -> exp.Select:
        """A query over the events of the sessions, each with the place of its own."""
        source, ordered = self.source, self.source.step("ordered")
        pairs = [*((name, name) for name in self._actor), (self.column, source.own("said_value"))]
        same = [
            exp.EQ(this=source.dialect.column(one, ordered), expression=source.dialect.column(other, self._sessions))
            for one, other in pairs
        ]
        every: exp.Expr = exp.Column(this=exp.Star(), table=exp.to_identifier(ordered))
        joined = from_step(exp.select(every, source.dialect.column(source.own(AT), self._sessions)), ordered)
        joined = joined.join(step_table(self._sessions), on=exp.and_(*same))
        steps = [*self._to_sessions(), (source.step("said_at"), joined)]
        return with_steps(from_step(query, source.step("said_at")), steps)

    def _to_sessions(self) -> list[Step]:
        source, ordered = self.source, self.source.step("ordered")
        steps = Cutting(source, SessionDefinition("all", "1h"), whole=True).steps()
        steps = steps[: 1 + next(at for at, (name, _) in enumerate(steps) if name == ordered)]
        value, time = source.column(self.column), source.ours("time_us")
        facts = {
            "first_place": exp.Min(this=source.ours("place")),
            "start_us": exp.Min(this=time),
            "end_us": exp.Max(this=time.copy()),
            "said_events": exp.Count(this=STAR),
        }
        actor: list[exp.Expr] = [source.column(name) for name in self._actor]
        chosen = [*actor, source.named(value, source.own("said_value"))]
        chosen += [source.named(fact, source.own(name)) for name, fact in facts.items()]
        groups = from_step(exp.select(*chosen), ordered).where(exp.not_(value.copy().is_(exp.null())))
        groups = groups.group_by(*(name.copy() for name in actor), value.copy())
        keys = [*(source.dialect.ordered(name.copy()) for name in actor)]
        keys.append(source.dialect.ordered(source.ours("first_place")))
        order = exp.Order(expressions=keys)
        place = exp.Sub(this=exp.Window(this=exp.RowNumber(), order=order), expression=exp.Literal.number(1))
        placed = from_step(exp.select(STAR, source.named(place, source.own(AT))), source.step("said_groups"))
        return [*steps, (source.step("said_groups"), groups), (self._sessions, placed)]
