"""The steps from a table of events to events that know the number of their session."""

from dataclasses import dataclass

from sqlglot import exp

from explorer.errors import EngineError, located
from explorer.plan.column_text import read_by_metrics, read_of_sessions
from explorer.plan.in_sql import boundary
from explorer.plan.in_sql.inside import Inside
from explorer.plan.in_sql.looking_back import STAR, LookingBack, Step
from explorer.plan.in_sql.source import Source, from_step, step_table
from explorer.plan.meaning import dtype_of
from explorer.spec.aggregates import AGGREGATES
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.expression import clause as clauses
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True)
class Cutting:
    """The events of a definition. With `whole`, every column of the events is carried along, and with `telling` what
    each knows of its session, whether it is read or not."""

    source: Source
    definition: SessionDefinition
    whole: bool = False
    telling: bool = False

    def __post_init__(self) -> None:
        for name in self.definition.split_by:
            with located("split_by"):
                dtype_of(name, self.source.schema)
        if self.numbered or not self.order_matters or self.source.columns.order:
            return
        raise EngineError(
            f"{self.source.dialect.spoken} does not keep the order of rows, and among events of one time this "
            "definition depends on it. Name columns that break ties: columns.order."
        )

    @property
    def order_matters(self) -> bool:
        """Whether the order of events of one time can change a session or a metric."""
        its = self.definition
        ordered = any(AGGREGATES[each.aggregate].keeps_order or each.pattern is not None for each in its.metrics)
        rules = (its.restart, its.end, its.opens_with, its.passive, its.max_events)
        several = bool(its.split_by or its.restart_on_change or self.known)
        return self.whole or ordered or several or any(rule is not None for rule in rules)

    @property
    def placed(self) -> bool:
        """Whether events are placed in the order of their actor before some of them are cut."""
        return bool(self.definition.split_by) or self.definition.passive is not None

    @property
    def position(self) -> exp.Column:
        """The place of an event among those that it is cut together with."""
        return self.source.ours("place_in_stream" if self.placed else "place")

    @property
    def joins(self) -> bool:
        """Whether events of no session are left out behind the cut."""
        return self.definition.passive is not None or self.definition.opens_with is not None

    @property
    def numbered(self) -> bool:
        """Whether events keep the number of their row."""
        return self.order_matters and self.source.has_row_numbers

    @property
    def stream(self) -> list[exp.Expr]:
        """The columns within which events are cut."""
        names = (*self.source.columns.actor, *self.definition.split_by)
        return [self.source.column(name) for name in names]

    @property
    def number(self) -> str:
        """The name of the column that says which of its stream's sessions an event is in."""
        return self.source.own("stream_number" if self.definition.split_by else "session_number")

    @property
    def known(self) -> list[str]:
        """What of the things that an event knows of its session is read."""
        read = read_by_metrics(self.definition, Inside(self.source).schema, self.source.columns.event)
        return [name for name in EVENT_COLUMNS if self.telling or name in read]

    @property
    def last(self) -> str:
        """The name of the last step."""
        return self.source.step("known") if self.known else self.held

    @property
    def held(self) -> str:
        """The name of the step that has the events that sessions hold."""
        return self.source.step("held" if self.joins else "numbered")

    def steps(self) -> list[Step]:
        """events, ordered, flagged, numbered; and between and behind them what the other rules and metrics need."""
        back = LookingBack(self.source, self.definition, self.stream, self.position, self.source.own("opened_by"))
        opening = self.definition.opens_with is not None
        limited = back.looks_back and not opening and self._only_lasts
        found = [
            (self.source.step("events"), self._events()),
            *self._ordered(),
            self._flagged(back.looks_back or opening),
        ]
        found += self._limited() if limited else back.steps(found[-1][0])
        flag = "started_by" if limited or opening or not back.looks_back else "closed_by"
        numbered = self.source.step("numbered")
        found.append((numbered, self._count_up(flag, self.number, found[-1][0], flag != "started_by")))
        if self.definition.passive is not None:
            found += self._with_passive(numbered)
        elif opening:
            inside = exp.not_(self.source.ours("outside"))
            found.append((self.held, from_step(exp.select(STAR), numbered).where(inside)))
        if self.known:
            session = [*self.stream, self.source.column(self.number)]
            found.append(Inside(self.source).step(self.known, self.held, session))
        return found

    @property
    def _only_lasts(self) -> bool:
        """Whether of the rules that look back the longest duration is the only one, and lists can be folded."""
        return (
            self.source.dialect.folds and self.definition.max_events is None and not self.definition.restart_on_change
        )

    # ---- the steps

    def _events(self) -> exp.Select:
        its, found = self.definition, self.source.schema
        used = {*self.source.columns.order, *its.split_by, *its.restart_on_change}
        for clause in (its.where, its.restart, its.end, its.opens_with, its.passive):
            used |= set(clauses.columns(clause))
        return self.source.events([name for name in found if self.whole or name in used | self._used()], self.numbered)

    def _used(self) -> set[str]:
        """The columns that metrics read."""
        events = Inside(self.source)
        return events.in_source(read_by_metrics(self.definition, events.schema, self.source.columns.event))

    def _ordered(self) -> list[Step]:
        source, its = self.source, self.definition
        events, window = source.step("events"), exp.to_identifier("actor")
        keys: list[exp.Expr] = [source.dialect.ordered(source.ours("time_us"))]
        keys += [exp.Ordered(this=source.column(name), nulls_first=True) for name in source.columns.order]
        keys += [source.dialect.ordered(source.ours("input_row"))] if self.numbered else []
        actor: list[exp.Expr] = [source.column(name) for name in source.columns.actor]
        steps: list[Step] = []
        row_number = "place"
        if self.placed:
            # Nested windows over the same keys may swap twins: what comes later is ordered by this place alone.
            place = exp.Window(this=exp.RowNumber(), partition_by=actor, order=exp.Order(expressions=keys))
            chosen: list[exp.Expr] = [STAR, source.named(place, source.own("place"))]
            if its.passive is not None:
                with located("passive"):
                    passive = source.condition(its.passive, definite=True)
                chosen.append(source.named(passive, source.own("passive")))
            placed = from_step(exp.select(*chosen), events)
            steps.append((source.step("placed"), self._where(placed)))
            events, window, row_number = source.step("placed"), exp.to_identifier("stream"), "place_in_stream"
            keys = [source.dialect.ordered(source.ours("place"))]
        before = exp.Window(this=exp.Lag(this=source.ours("time_us")), alias=window)
        gap = boundary.gap(source.ours("time_us"), before)
        told = [(exp.Window(this=exp.RowNumber(), alias=window.copy()), row_number), (gap, "gap")]
        if its.end is not None:
            with located("end"):
                ended = exp.Window(this=exp.Lag(this=source.condition(its.end)), alias=window.copy())
            told.append((ended, "after_end"))
        if its.calendar is not None:
            today = boundary.day(source.column(source.columns.time), its.calendar, source.aware, source.dialect)
            yesterday = exp.Window(this=exp.Lag(this=today.copy()), alias=window.copy())
            told.append((exp.NEQ(this=today, expression=yesterday), "new_day"))
        ordered = exp.select(STAR, *(source.named(value, source.own(name)) for value, name in told))
        ordered = from_step(ordered, events)
        ordered.set(
            "windows", [exp.Window(this=window.copy(), partition_by=self.stream, order=exp.Order(expressions=keys))]
        )
        if its.passive is not None:
            ordered = ordered.where(exp.not_(source.ours("passive")))
        return [*steps, (source.step("ordered"), ordered if self.placed else self._where(ordered))]

    def _where(self, query: exp.Select) -> exp.Select:
        if self.definition.where is None:
            return query
        with located("where"):
            return query.where(self.source.condition(self.definition.where))

    def _flagged(self, limited: bool) -> Step:
        source, its = self.source, self.definition
        holds: dict[str, exp.Expr] = {"first": exp.EQ(this=self.position, expression=exp.Literal.number(1))}
        if its.restart is not None:
            with located("restart"):
                holds["restart"] = source.condition(its.restart)
        if its.end is not None:
            holds["end"] = source.ours("after_end")
        holds["inactivity"] = boundary.exceeds(source.ours("gap"), its)
        if its.calendar is not None:
            holds["calendar"] = source.ours("new_day")
        reason = source.named(boundary.reason(holds), source.own("opened_by" if limited else "started_by"))
        return source.step("flagged"), from_step(exp.select(STAR, reason), source.step("ordered"))

    def _limited(self) -> list[Step]:
        """Stretches that nothing else divides, those that last too long with their openings, and both joined."""
        source, its = self.source, self.definition
        stretches, folded = source.step("stretches"), source.step("folded")
        stretch, time_us = source.own("stretch"), source.ours("time_us")
        keys = [*self.stream, source.column(stretch)]
        opened = boundary.openings(its, time_us, source.ours("place"), source.dialect)
        lasts = exp.Sub(this=exp.Max(this=time_us.copy()), expression=exp.Min(this=time_us.copy()))
        limit = exp.Literal.number(its.max_duration.us if its.max_duration else 0)
        fold = from_step(exp.select(*keys, source.named(opened, source.own("openings"))), stretches)
        fold = fold.group_by(*(key.copy() for key in keys)).having(exp.GT(this=lasts, expression=limit))
        time = source.dialect.column(source.own("time_us"), stretches)
        opens = exp.func("LIST_CONTAINS", source.ours("openings"), time)
        passed = exp.GT(this=source.ours("gap"), expression=exp.Literal.number(0))
        too_long = exp.Case().when(exp.and_(passed, opens), exp.Literal.string("max_duration"))
        reason = exp.Coalesce(this=source.ours("opened_by"), expressions=[too_long])
        columns = exp.Column(this=exp.Star(), table=exp.to_identifier(stretches))
        joined = from_step(exp.select(columns, source.named(reason, source.own("started_by"))), stretches)
        names = [*source.columns.actor, *its.split_by, stretch]
        joined = joined.join(step_table(folded), on=self.same(names, stretches, folded), join_type="left")
        return [
            (stretches, self._count_up("opened_by", stretch, source.step("flagged"))),
            (folded, fold),
            (source.step("limited"), joined),
        ]

    def _with_passive(self, numbered: str) -> list[Step]:
        """All events again: a passive one joins the session whose last event is not too long before it."""
        source, its = self.source, self.definition
        joined, told = source.step("joined"), source.step("told_apart")
        placed = source.step("placed")
        columns: list[exp.Expr] = [exp.Column(this=exp.Star(), table=exp.to_identifier(placed))]
        gap = [source.own("gap")] if self.whole or read_of_sessions(its, ("gap_margin",)) else []
        told_of = (self.number, source.own("started_by"), *gap)
        columns += [source.dialect.column(name, numbered) for name in told_of]
        if its.opens_with is not None:
            columns.append(source.column_of("outside", numbered))
        names = [*source.columns.actor, source.own("place")]
        query = from_step(exp.select(*columns), placed)
        query = query.join(step_table(numbered), on=self.same(names, placed, numbered), join_type="left")
        active = exp.not_(source.ours("passive"))
        inside = active if its.opens_with is None else exp.and_(active, exp.not_(source.ours("outside")))
        last = {
            "number_before": self._last(inside, source.column(self.number)),
            "place_before": self._last(active.copy(), source.ours("place")),
            "held_before": self._last(inside.copy(), source.ours("place")),
            "time_before": self._last(active.copy(), source.ours("time_us")),
        }
        if its.end is not None:
            with located("end"):
                ended = exp.and_(active.copy(), source.condition(its.end))
            last["ended_before"] = self._last(ended, source.ours("place"))
        chosen = [source.named(value, source.own(name)) for name, value in last.items()]
        since = exp.Sub(this=source.ours("time_us"), expression=source.ours("time_before"))
        held = exp.EQ(this=source.ours("held_before"), expression=source.ours("place_before"))
        joins = [held, exp.not_(boundary.exceeds(since, its))]
        if its.end is not None:
            ended = exp.EQ(this=source.ours("ended_before"), expression=source.ours("place_before"))
            joins.append(exp.not_(exp.Coalesce(this=ended, expressions=[exp.false()])))
        kept = from_step(
            exp.select(
                *self.stream,
                *(source.column(name) for name in self._carried()),
                source.named(source.ours("number_before"), self.number),
                *(source.ours(name) for name in ("time_us", "place", "passive", "started_by")),
                *([source.ours("input_row")] if self.whole and self.numbered else []),
                *map(source.column, gap),
            ),
            told,
        )
        both = exp.or_(inside.copy(), exp.and_(source.ours("passive"), *joins))
        return [(joined, query), (told, from_step(exp.select(STAR, *chosen), joined)), (self.held, kept.where(both))]

    def _carried(self) -> list[str]:
        """The events' columns that later steps may read, besides those of the stream."""
        own = {*self.source.columns.actor, *self.definition.split_by}
        used = {self.source.columns.time, *self._used()}
        return [name for name in self.source.schema if (self.whole or name in used) and name not in own]

    def _last(self, condition: exp.Expr, value: exp.Expr) -> exp.Expr:
        """The highest value so far in the stream where a condition holds."""
        source = self.source
        order = exp.Order(expressions=[source.dialect.ordered(source.ours("place"))])
        found = exp.Max(this=exp.Case().when(condition, value))
        return exp.Window(this=found, partition_by=self.stream, order=order)

    def _count_up(self, flag: str, name: str, before: str, again: bool = False) -> exp.Select:
        """The number of flags so far in the stream; with `again` the flag is what sessions are started by, too."""
        source = self.source
        order = exp.Order(expressions=[source.dialect.ordered(source.ours("place"))])
        count = exp.Window(this=exp.Count(this=source.ours(flag)), partition_by=self.stream, order=order)
        started = [source.named(source.ours(flag), source.own("started_by"))] if again else []
        return from_step(exp.select(STAR, *started, source.named(count, name)), before)

    def same(self, names: list[str], left: str, right: str) -> exp.Expr:
        """Whether two steps agree in these columns; a null is the same as a null."""
        pairs = [(self.source.dialect.column(name, left), self.source.dialect.column(name, right)) for name in names]
        may_be_null = self.definition.split_by
        return exp.and_(
            *(
                self.source.dialect.same(one, other) if name in may_be_null else exp.EQ(this=one, expression=other)
                for name, (one, other) in zip(names, pairs, strict=True)
            )
        )


def with_steps(query: exp.Select, steps: list[Step]) -> exp.Select:
    """A query over steps."""
    recursive = any(isinstance(step, exp.Union) for _, step in steps)
    for name, step in steps:
        query = query.with_(exp.to_identifier(name), as_=step, recursive=recursive, copy=False)
    return query
