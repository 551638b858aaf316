"""How far sessions get through the steps of a funnel, as SQL: every attempt goes from event to event by joins."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_sql.cutting import Cutting, with_steps
from explorer.plan.in_sql.inside import Inside
from explorer.plan.in_sql.looking_back import STAR, Step
from explorer.plan.in_sql.questions.held import Held
from explorer.plan.in_sql.source import Source, from_step, step_table
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.expression import clause as clauses

ONE = exp.Literal.number(1)


def reached(held: Held, steps: Steps, actors: str | None = None) -> exp.Select:
    """The place of a session, and the microseconds at which each of some steps happens in its best attempt, null
    where it does not. Sessions in which none can begin are left out.

    With a table of the places of sessions and of the places of their actors, attempts go across these sessions of each
    actor, and the place is the actor's."""
    source = held.source
    conditions = [*steps.clauses, *([] if steps.without is None else [steps.without])]
    read = {name for clause in conditions for name in clauses.columns(clause)}
    known = [name for name in Cutting(source, held.definition, telling=True).known if name in read]
    whole = held.over(exp.select(STAR), known)
    made: list[Step] = [(each.alias, each.this) for each in whole.ctes]
    whole.set("with_", None)
    made.append((source.step("stepped"), whole))
    if actors is not None:
        made.append((source.step("across"), _across(held, made[-1][0], actors)))
    queries = _Attempts(held, steps, held.at if actors is None else source.ours("actor_at"))
    made += queries.looks_ahead(made[-1][0])
    made += queries.attempts()
    return with_steps(queries.best(made), made)


@dataclass(frozen=True)
class _Attempts:
    """The attempts at some steps as tables, one for each event that they have gone to."""

    held: Held
    steps: Steps
    at: exp.Column

    @property
    def source(self) -> Source:
        return self.held.source

    @property
    def is_any(self) -> bool:
        return self.steps.order == "any"

    def of(self, name: str, table: str | None = None) -> exp.Column:
        return self.source.dialect.column(self.source.own(name), table)

    def named(self, value: exp.Expr, name: str) -> exp.Expr:
        return self.source.named(value, self.source.own(name))

    # ---- what every event knows

    def looks_ahead(self, before: str) -> list[Step]:
        """The events with which steps they match, and the next events that match each."""
        source, events = self.source, Inside(self.source)
        matches = []
        for at, step in enumerate(self.steps.clauses):
            with located(f"steps[{at}]"):
                matches.append(self.named(_flag(events.condition(step)), f"match_{at}"))
        if self.steps.without is not None:
            with located("without"):
                matches.append(self.named(_flag(events.condition(self.steps.without)), "match_without"))
        # A place without a sign has no type in common with one that has, in ClickHouse.
        place = self.named(exp.cast(source.ours("place"), "bigint"), "place")
        chosen = [self.at, place, source.ours("time_us"), *matches]
        matched = from_step(exp.select(*chosen), before)
        names = [f"match_{at}" for at in range(len(self.steps))]
        place = source.ours("place")
        ahead = [self.named(self._least(self._where(name, place), True), f"next_{name}") for name in names]
        if self.steps.without is not None:
            ahead.append(self.named(self._least(self._where("match_without", place), True), "next_without"))
        if self.steps.order == "strict":
            ahead.append(self.named(self._least(place.copy(), True), "next_event"))
        begins = exp.Case().when(self._begins(), place.copy())
        ahead.append(self.named(self._least(begins, False), "first_start"))
        return [
            (source.step("matched_steps"), matched),
            (source.step("steps_ahead"), from_step(exp.select(STAR, *ahead), source.step("matched_steps"))),
        ]

    def _begins(self) -> exp.Expr:
        """Whether an event may begin an attempt."""
        names = [f"match_{at}" for at in range(len(self.steps) if self.is_any else 1)]
        return exp.or_(*(exp.EQ(this=self.of(name), expression=ONE.copy()) for name in names))

    def _where(self, name: str, value: exp.Expr) -> exp.Expr:
        return exp.Case().when(exp.EQ(this=self.of(name), expression=ONE.copy()), value.copy())

    def _least(self, value: exp.Expr, after: bool) -> exp.Expr:
        """The least value of the events of a session, or of those after each."""
        order = exp.Order(expressions=[self.source.dialect.ordered(self.source.ours("place"))])
        rows = exp.WindowSpec(
            kind="ROWS",
            start=ONE.copy() if after else "UNBOUNDED",
            start_side="FOLLOWING" if after else "PRECEDING",
            end="UNBOUNDED",
            end_side="FOLLOWING",
        )
        return exp.Window(this=exp.Min(this=value), partition_by=[self.at.copy()], order=order, spec=rows)

    # ---- from event to event

    def attempts(self) -> list[Step]:
        """The attempts after each of their events: the session, the start and its time, the time of each step that
        has happened, where they are, and what they may go to."""
        found: list[Step] = [(self.source.step("attempts_0"), self._starts())]
        for at in range(1, len(self.steps)):
            found.append((self.source.step(f"attempts_{at}"), self._after(at)))
        return found

    def _starts(self) -> exp.Select:
        table, free = self.source.step("steps_ahead"), [self._begins()]
        chosen = [
            self.named(self.source.ours("place"), "start"),
            self.named(self.source.ours("time_us"), "start_time"),
        ]
        time = self.source.ours("time_us")
        for at in range(len(self.steps)):
            now: exp.Expr = exp.cast(exp.null(), "bigint")
            if self.is_any:
                now = exp.Case().when(self._counts_for(at, None, table), time.copy())
            elif at == 0:
                now = exp.cast(time.copy(), "bigint")
            chosen.append(self.named(now, f"happened_{at}"))
        query = from_step(exp.select(self.at, *chosen, *self._going_on(table)), table)
        if not self.steps.is_limited:
            free.append(exp.EQ(this=self.of("place", table), expression=self.of("first_start", table)))
        return query.where(*free)

    def _going_on(self, table: str) -> list[exp.Expr]:
        names = ["place", *(f"next_match_{at}" for at in range(len(self.steps)))]
        names += ["next_without"] if self.steps.without is not None else []
        names += ["next_event"] if self.steps.order == "strict" else []
        return [self.named(self.of(name, table), name) for name in names]

    def _after(self, at: int) -> exp.Select:
        source, before, table = self.source, self.source.step(f"attempts_{at - 1}"), self.source.step("steps_ahead")
        target = self._nearest(before) if self.is_any else self.of(f"next_match_{at}", before)
        inside = source.dialect.column(self.at.name, before)
        conditions: list[exp.Expr] = [
            exp.EQ(this=inside.copy(), expression=source.dialect.column(self.at.name, table)),
            exp.EQ(this=target.copy(), expression=self.of("place", table)),
        ]
        limits: list[exp.Expr] = []
        if self.steps.order == "strict":
            limits.append(exp.EQ(this=target.copy(), expression=self.of("next_event", before)))
        if self.steps.within is not None:
            taken = exp.Sub(this=self.of("time_us", table), expression=self.of("start_time", before))
            limits.append(exp.LTE(this=taken, expression=exp.Literal.number(self.steps.within.us)))
        if self.steps.without is not None:
            stop = self.of("next_without", before)
            later = exp.GTE(this=stop, expression=target.copy())
            limits.append(exp.or_(stop.copy().is_(exp.null()), later))
        chosen = [self.named(self.of(name, before), name) for name in ("start", "start_time")]
        time = exp.cast(self.of("time_us", table), "bigint")
        for each in range(len(self.steps)):
            old = self.of(f"happened_{each}", before)
            if self.is_any:
                now: exp.Expr = exp.Case().when(self._counts_for(each, before, table), time.copy()).else_(old)
            else:
                now = time.copy() if each == at else old
            chosen.append(self.named(now, f"happened_{each}"))
        named = source.named(inside, self.at.name)
        query = from_step(exp.select(named, *chosen, *self._going_on(table)), before)
        query = query.join(step_table(table), on=exp.and_(*conditions))
        return query.where(exp.and_(*limits)) if limits else query

    def _counts_for(self, at: int, before: str | None, table: str) -> exp.Expr:
        """Whether an event is that of a step: the first which it matches of those that have not happened."""

        def free(step: int) -> exp.Expr:
            its: exp.Expr = exp.EQ(this=self.of(f"match_{step}", table), expression=ONE.copy())
            return its if before is None else exp.and_(its, self.of(f"happened_{step}", before).is_(exp.null()))

        return exp.and_(free(at), *(exp.not_(free(step)) for step in range(at)))

    def _nearest(self, before: str) -> exp.Expr:
        """The next event that matches any step which has not happened; far away where there is none."""
        far = exp.cast(exp.Literal.number(2**53), "bigint")
        each = []
        for at in range(len(self.steps)):
            ahead = exp.Coalesce(this=self.of(f"next_match_{at}", before), expressions=[far.copy()])
            each.append(exp.Case().when(self.of(f"happened_{at}", before).is_(exp.null()), ahead).else_(far.copy()))
        return each[0] if len(each) == 1 else exp.Least(this=each[0], expressions=each[1:])

    # ---- the best of them

    def best(self, made: list[Step]) -> exp.Select:
        """Of each session the attempt that gets furthest, of several the first; adds its steps to those made."""
        source, names = self.source, [f"happened_{at}" for at in range(len(self.steps))]
        every: list[exp.Select] = []
        for at in range(len(self.steps)):
            table = source.step(f"attempts_{at}")
            chosen = [source.ours(name) for name in ("start", *names)]
            query = exp.select(self.at, *chosen, self.named(self._depth(), "depth"))
            every.append(from_step(query, table))
        union: exp.Query = every[0]
        for query in every[1:]:
            union = exp.union(union, query, distinct=False)
        made.append((source.step("tried_attempts"), union))
        order = [source.dialect.ordered(source.ours("depth"), descending=True)]
        order.append(source.dialect.ordered(source.ours("start")))
        rank = exp.Window(this=exp.RowNumber(), partition_by=[self.at.copy()], order=exp.Order(expressions=order))
        ranked = from_step(exp.select(STAR, self.named(rank, "rank")), source.step("tried_attempts"))
        made.append((source.step("ranked_attempts"), ranked))
        query = exp.select(self.at, *(source.ours(name) for name in names))
        query = from_step(query, source.step("ranked_attempts"))
        return query.where(exp.EQ(this=source.ours("rank"), expression=ONE.copy()))

    def _depth(self) -> exp.Expr:
        """How many steps have happened before the first that has not."""
        found = exp.Case()
        for at in range(len(self.steps)):
            found = found.when(self.source.ours(f"happened_{at}").is_(exp.null()), exp.Literal.number(at))
        return found.else_(exp.Literal.number(len(self.steps)))


def _across(held: Held, before: str, actors: str) -> exp.Select:
    """The events of the sessions that a table has, with the place of their actor, which it has too."""
    dialect, source = held.source.dialect, held.source
    same = exp.EQ(this=dialect.column(held.at.name, before), expression=dialect.column("0", actors))
    every = exp.Column(this=exp.Star(), table=exp.to_identifier(before))
    query = from_step(exp.select(every, source.named(dialect.column("1", actors), source.own("actor_at"))), before)
    return query.join(exp.table_(exp.to_identifier(actors)), on=same)


def _flag(condition: exp.Expr) -> exp.Expr:
    return exp.Case().when(condition, ONE.copy()).else_(exp.Literal.number(0))
