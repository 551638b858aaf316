"""The gaps between events, counted by their length: what every inactivity comes to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_sql.cutting import Cutting, with_steps
from explorer.plan.in_sql.looking_back import STAR, Step
from explorer.plan.in_sql.source import Source, from_step
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True)
class Gaps:
    """The gaps of a definition's events as queries, over the steps that cut them."""

    source: Source
    definition: SessionDefinition
    cutting: Cutting

    def gaps(self) -> exp.Select:
        """Every gap between two events that are cut, and how often it is there; null before an event that begins a
        session whatever the inactivity. Where only some events can open a session, one for each of these: the longest
        since the one before."""
        source, its = self.source, self.definition
        steps, before = self._free_gaps()
        if its.opens_with is not None:
            steps.append((source.step("longest_gaps"), self._longest(before)))
        counted = exp.select(source.ours("free_gap"), source.named(exp.Count(this=STAR), source.own("events")))
        return with_steps(from_step(counted, steps[-1][0]).group_by(source.ours("free_gap")), steps)

    def alone(self) -> exp.Select:
        """For every event the shorter of the gaps before and after it, null where both are session edges whatever the
        inactivity, and how often: beyond a shorter inactivity it is a session of its own."""
        source = self.source
        steps, before = self._free_gaps()
        order = exp.Order(expressions=[source.dialect.ordered(self.cutting.position)])
        free = source.ours("free_gap")
        after = exp.Window(this=exp.Lead(this=free.copy()), partition_by=self.cutting.stream, order=order)
        names = [source.own(name) for name in ("free_gap", "gap_after", "shorter_gap", "events")]
        both = exp.select(free.copy(), source.named(after, names[1]))
        steps.append((source.step("both_gaps"), from_step(both, before)))
        one, other = (source.column(name) for name in names[:2])
        shorter = (
            exp.Case()
            .when(one.copy().is_(exp.null()), other.copy())
            .when(other.copy().is_(exp.null()), one.copy())
            .when(exp.LT(this=one.copy(), expression=other.copy()), one.copy())
            .else_(other.copy())
        )
        steps.append(
            (
                source.step("shorter_gaps"),
                from_step(exp.select(source.named(shorter, names[2])), source.step("both_gaps")),
            )
        )
        counted = exp.select(source.column(names[2]), source.named(exp.Count(this=STAR), names[3]))
        return with_steps(from_step(counted, source.step("shorter_gaps")).group_by(source.column(names[2])), steps)

    def _free_gaps(self) -> tuple[list[Step], str]:
        """The steps to the gap before every event that is cut, null where a session begins whatever the inactivity."""
        source, its = self.source, self.definition
        holds: list[exp.Expr] = [exp.EQ(this=self.cutting.position, expression=exp.Literal.number(1))]
        if its.restart is not None:
            with located("restart"):
                holds.append(source.condition(its.restart, definite=True))
        if its.end is not None:
            holds.append(exp.Coalesce(this=source.ours("after_end"), expressions=[exp.false()]))
        if its.calendar is not None:
            holds.append(exp.Coalesce(this=source.ours("new_day"), expressions=[exp.false()]))
        holds += [self._changed(name) for name in its.restart_on_change]
        free = exp.Case().when(exp.not_(exp.or_(*holds)), source.ours("gap"))
        ordered, gaps = source.step("ordered"), source.step("gaps")
        steps = self.cutting.steps()
        steps = steps[: 1 + next(at for at, (name, _) in enumerate(steps) if name == ordered)]
        chosen: list[exp.Expr] = [source.named(free, source.own("free_gap")), *self.cutting.stream]
        chosen.append(self.cutting.position)
        if its.opens_with is not None:
            chosen += self._openings()
        return [*steps, (gaps, from_step(exp.select(*chosen), ordered))], gaps

    def _changed(self, name: str) -> exp.Expr:
        """Whether an event has another value than the one right before it."""
        order = exp.Order(expressions=[self.source.dialect.ordered(self.cutting.position)])
        column = self.source.column(name)
        nullable = exp.func("toNullable", column.copy()) if self.source.dialect.name == "clickhouse" else column.copy()
        before = exp.Window(this=exp.Lag(this=nullable), partition_by=self.cutting.stream, order=order)
        return exp.Coalesce(this=exp.NEQ(this=before, expression=column), expressions=[exp.false()])

    def _openings(self) -> list[exp.Expr]:
        """Whether an event can open a session, and how many before it in its stream can."""
        source, its = self.source, self.definition
        assert its.opens_with is not None
        with located("opens_with"):
            opens = source.condition(its.opens_with, definite=True)
        one = exp.Case().when(opens, exp.Literal.number(1)).else_(exp.Literal.number(0))
        order = exp.Order(expressions=[source.dialect.ordered(self.cutting.position)])
        count = exp.Window(this=exp.Sum(this=one), partition_by=self.cutting.stream, order=order)
        before = exp.Sub(this=count, expression=one.copy())
        return [source.named(one.copy(), source.own("opens")), source.named(before, source.own("openings"))]

    def _longest(self, before: str) -> exp.Select:
        source = self.source
        free, groups = source.ours("free_gap"), [*self.cutting.stream, source.ours("openings")]
        all_free = exp.EQ(this=exp.Count(this=STAR), expression=exp.Count(this=free))
        longest = exp.Case().when(all_free, exp.Max(this=free.copy()))
        has = exp.EQ(this=exp.Max(this=source.ours("opens")), expression=exp.Literal.number(1))
        query = from_step(exp.select(source.named(longest, source.own("free_gap"))), before)
        return query.group_by(*groups).having(has)
