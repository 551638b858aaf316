"""The steps from a table of events to events that know the number of their session."""

from dataclasses import dataclass

from sqlglot import exp

from explorer.errors import EngineError, located
from explorer.plan.column_text import columns_of
from explorer.plan.in_sql import boundary
from explorer.plan.in_sql.source import Source, from_step, step_table
from explorer.plan.meaning import dtype_of
from explorer.spec.expression import clause as clauses
from explorer.spec.session import SessionDefinition

Step = tuple[str, exp.Select]
STAR = exp.Star()


@dataclass(frozen=True)
class Cutting:
    """The events of a definition. With `whole`, every column of the events is carried along."""

    source: Source
    definition: SessionDefinition
    whole: bool = False

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
        ordered = any(metric.aggregate in ("first", "last") for metric in its.metrics)
        return self.whole or ordered or its.restart is not None or its.end is not None or bool(its.split_by)

    @property
    def numbered(self) -> bool:
        """Whether events keep the number of their row."""
        return self.order_matters and self.source.dialect.has_row_numbers

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
    def last(self) -> str:
        """The name of the last step."""
        return self.source.step("numbered")

    def steps(self) -> list[Step]:
        """events, ordered, flagged, numbered; and between them what split_by and max_duration need."""
        limited = self.definition.max_duration is not None
        found = [(self.source.step("events"), self._events()), *self._ordered(), self._flagged(limited)]
        if limited:
            found += self._limited()
        return [*found, (self.last, self._count_up("started_by", self.number, found[-1][0]))]

    # ---- the steps

    def _events(self) -> exp.Select:
        its, found = self.definition, self.source.schema
        used = {*self.source.columns.order, *its.split_by}
        for clause in (its.where, its.restart, its.end):
            used |= set(clauses.columns(clause))
        for metric in its.metrics:
            used |= {*clauses.columns(metric.where), *clauses.columns(metric.scope.contains if metric.scope else None)}
            used |= set(columns_of(metric.column, found)) if metric.column and metric.aggregate != "ratio" else set()
        return self.source.events([name for name in found if self.whole or name in used], self.numbered)

    def _ordered(self) -> list[Step]:
        source, its = self.source, self.definition
        events, window = source.step("events"), exp.to_identifier("actor")
        keys: list[exp.Expr] = [source.dialect.ordered(source.ours("time_us"))]
        keys += [exp.Ordered(this=source.column(name), nulls_first=True) for name in source.columns.order]
        keys += [source.dialect.ordered(source.ours("input_row"))] if self.numbered else []
        actor: list[exp.Expr] = [source.column(name) for name in source.columns.actor]
        steps: list[Step] = []
        row_number = "place"
        if its.split_by:
            # Nested windows over the same keys may swap twins: what comes later is ordered by this place alone.
            place = exp.Window(this=exp.RowNumber(), partition_by=actor, order=exp.Order(expressions=keys))
            placed = from_step(exp.select(STAR, source.named(place, source.own("place"))), events)
            steps.append((source.step("placed"), self._where(placed)))
            events, window, row_number = source.step("placed"), exp.to_identifier("stream"), "place_in_stream"
            keys = [source.dialect.ordered(source.ours("place"))]
        before = exp.Window(this=exp.Lag(this=source.ours("time_us")), alias=window)
        gap = boundary.gap(source.ours("time_us"), before)
        chosen = [(exp.Window(this=exp.RowNumber(), alias=window.copy()), row_number), (gap, "gap")]
        if its.end is not None:
            with located("end"):
                ended = exp.Window(this=exp.Lag(this=source.condition(its.end)), alias=window.copy())
            chosen.append((ended, "after_end"))
        if its.calendar is not None:
            today = boundary.day(source.column(source.columns.time), its.calendar, source.aware, source.dialect)
            yesterday = exp.Window(this=exp.Lag(this=today.copy()), alias=window.copy())
            chosen.append((exp.NEQ(this=today, expression=yesterday), "new_day"))
        ordered = exp.select(STAR, *(source.named(value, source.own(name)) for value, name in chosen))
        ordered = from_step(ordered, events)
        ordered.set(
            "windows", [exp.Window(this=window.copy(), partition_by=self.stream, order=exp.Order(expressions=keys))]
        )
        return [*steps, (source.step("ordered"), ordered if its.split_by else self._where(ordered))]

    def _where(self, query: exp.Select) -> exp.Select:
        if self.definition.where is None:
            return query
        with located("where"):
            return query.where(self.source.condition(self.definition.where))

    def _flagged(self, limited: bool) -> Step:
        source, its = self.source, self.definition
        place = source.ours("place_in_stream" if its.split_by else "place")
        holds: dict[str, exp.Expr] = {"first": exp.EQ(this=place, expression=exp.Literal.number(1))}
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

    def _count_up(self, flag: str, name: str, before: str) -> exp.Select:
        """The number of flags so far in the stream."""
        source = self.source
        order = exp.Order(expressions=[source.dialect.ordered(source.ours("place"))])
        count = exp.Window(this=exp.Count(this=source.ours(flag)), partition_by=self.stream, order=order)
        return from_step(exp.select(STAR, source.named(count, name)), before)

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
    for name, step in steps:
        query = query.with_(exp.to_identifier(name), as_=step, copy=False)
    return query
