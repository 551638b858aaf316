"""The steps from events with a session number to sessions with their metrics."""

import polars as pl
from sqlglot import exp

from explorer.errors import SpecError, located
from explorer.plan.column_text import read_of_sessions
from explorer.plan.in_polars.measure import result_type
from explorer.plan.in_sql import measure
from explorer.plan.in_sql.actors import of_actors
from explorer.plan.in_sql.cutting import Cutting
from explorer.plan.in_sql.inside import Inside
from explorer.plan.in_sql.looking_back import STAR, Step
from explorer.plan.in_sql.pattern import of_pattern
from explorer.plan.in_sql.sessions import COUNT, LENGTH, Measured, Sessions
from explorer.plan.in_sql.source import from_step, step_table
from explorer.plan.meaning import dtype_of, outer_name
from explorer.plan.pattern_elements import conditions
from explorer.spec.expression import clause as clauses
from explorer.spec.metric import Metric
from explorer.spec.session import BESIDES


class Measuring(Sessions):
    """The sessions of a cut with their metrics: `steps` make them, `last` has them all."""

    def __init__(self, cutting: Cutting) -> None:
        super().__init__(cutting)
        self.events = Inside(self.source)
        self._raw = {metric.name: self._first_look(at, metric) for at, metric in enumerate(self.definition.metrics)}
        self.last = self.source.step("sessions")
        beside = read_of_sessions(self.definition, BESIDES)
        if "gap_margin" in beside:
            self.longest = self.free("longest_gap")
            self.base.append(self.named(self.longest_gap(), self.longest))
        self.steps: list[Step] = [*self.edges(), (self.last, self.grouped())]
        if beside:
            self.steps.append(self.between(beside, self.last))
            self.last = self.steps[-1][0]
        for depth in range(1, max((self._depth(m, ()) for m in self.definition.metrics), default=0) + 1):
            self._layer(depth)
        if any(self.plain(name) in self.definition.actor_values for name in clauses.columns(self.definition.keep)):
            self._know_actors()

    def _know_actors(self) -> None:
        """Steps to what is known of each actor, over all sessions, and to the sessions beside it."""
        source, last = self.source, self.last
        keys = [outer_name(name) for name in source.columns.actor]
        known, joined = source.step("actors"), source.step("with_actors")
        values = [(name, value, dtype) for name, value, dtype in of_actors(self) if name not in self.columns]
        inner = {name: self.free(name) for name, _, _ in values}
        chosen = [*map(self.column, keys), *(self.named(value, inner[name]) for name, value, _ in values)]
        self.steps.append((known, from_step(exp.select(*chosen), last).group_by(*map(self.column, keys))))
        every: exp.Expr = exp.Column(this=exp.Star(), table=exp.to_identifier(last))
        theirs = (source.dialect.column(name, known) for name in inner.values())
        same = exp.and_(*(exp.EQ(this=self.column(key, last), expression=self.column(key, known)) for key in keys))
        query = from_step(exp.select(every, *theirs), last).join(step_table(known), on=same)
        self.steps.append((joined, query))
        self.last = joined
        self.beside |= {name: Measured(name, inner[name], dtype) for name, _, dtype in values}

    def _first_look(self, at: int, metric: Metric) -> tuple[str | None, str | None]:
        """Puts a metric's aggregate and whether its scope's event happened among the sessions: their names inside."""
        source, events = self.source, self.events
        with located(f"metrics[{at}]"):
            value, contains, dtype = None, None, self._type_of(metric)
            if metric.aggregate != "ratio":
                where = None if metric.where is None else events.condition(metric.where)
                column, kind = None, None
                if metric.column:
                    with located("column"):
                        column, kind = events.value(metric.column), events.type_of(metric.column)
                over = (source.ours("time_us"), source.ours("place"), source.dialect)
                value = self.free(metric.name if metric.scope is None else f"{metric.name}_unscoped")
                if metric.pattern is None:
                    found = measure.aggregate(metric, column, kind, where, *over)
                else:
                    asked = conditions(metric.pattern, source.columns.event, events.schema)
                    found = of_pattern(metric, metric.pattern, [events.condition(each) for each in asked], where, *over)
                self.base.append(self.named(found, value))
            if metric.scope is not None and metric.scope.contains is not None:
                with located("scope"):
                    happened = measure.happened(events.condition(metric.scope.contains), source.dialect)
                contains = self.free(f"{metric.name}_contains")
                self.base.append(self.named(happened, contains))
            inner = value if value is not None and metric.scope is None else self.free(metric.name)
            self.columns[metric.name] = Measured(metric.name, inner, dtype)
        return value, contains

    def _type_of(self, metric: Metric) -> pl.DataType:
        match metric.aggregate:
            case "count" | "matches":
                return COUNT
            case "any":
                return pl.Boolean()
            case "time_to" | "time_of":
                return LENGTH
            case "ratio":
                self._depth(metric, ())
                above, below = map(self._type_of_part, metric.parts)
                return LENGTH if above == LENGTH != below else pl.Float64()
        with located("column"):
            dtype = self.events.type_of(metric.column or "")
        return result_type(metric, pl.String() if isinstance(dtype, pl.Categorical | pl.Enum) else dtype)

    def _type_of_part(self, name: str) -> pl.DataType:
        short = name.removeprefix(f"{self.definition.name}.")
        metric = self.definition.metric(short)
        if metric is not None:
            return self._type_of(metric)
        names = [metric.name for metric in self.definition.metrics]
        return dtype_of(short, {**dict.fromkeys((*names, *BESIDES), LENGTH), **self.types})

    def _depth(self, metric: Metric, above: tuple[str, ...]) -> int:
        """How many steps after `sessions` a metric is known."""
        if metric.name in above:
            raise SpecError(f"The metrics need each other in a circle: {' needs '.join((*above, metric.name))}.")
        if metric.scope is None and metric.aggregate != "ratio":
            return 0
        parts = metric.parts if metric.aggregate == "ratio" else ()
        names = (*parts, *clauses.columns(metric.scope.where if metric.scope else None))
        needed = (self.definition.metric(name.removeprefix(f"{self.definition.name}.")) for name in names)
        return 1 + max((self._depth(other, (*above, metric.name)) for other in needed if other), default=0)

    def _layer(self, depth: int) -> None:
        chosen: list[exp.Expr] = [STAR]
        for at, metric in enumerate(self.definition.metrics):
            if self._depth(metric, ()) == depth:
                with located(f"metrics[{at}]"):
                    chosen.append(self.named(self._scoped(metric), self.columns[metric.name].inner))
        name = self.source.step("measured" if depth == 1 else f"measured_{depth}")
        self.steps.append((name, from_step(exp.select(*chosen), self.last)))
        self.last = name

    def _scoped(self, metric: Metric) -> exp.Expr:
        """A metric's value where its scope holds."""
        value, contains = self._raw[metric.name]
        found: exp.Expr = self.source.column(value) if value else self._ratio(metric)
        if metric.scope is None:
            return found
        inside: list[exp.Expr] = [] if contains is None else [self.source.column(contains)]
        if metric.scope.where is not None:
            with located("scope"):
                inside.append(self.condition(metric.scope.where))
        if metric.scope.nth is not None:
            inside.append(self._nth(metric.scope.nth, exp.and_(*inside) if inside else None))
        return exp.Case().when(exp.and_(*inside), found)

    def _nth(self, nth: int, inside: exp.Expr | None) -> exp.Expr:
        """Whether a session is the nth of its actor among those inside; it stands beside `inside`."""
        actor: list[exp.Expr] = [self.column(outer_name(name)) for name in self.source.columns.actor]
        number = self.source.dialect.ordered(self.column("session_number"), descending=nth < 0)
        parts = [*actor, inside.copy()] if inside is not None else actor
        place = exp.Window(this=exp.RowNumber(), partition_by=parts, order=exp.Order(expressions=[number]))
        return exp.EQ(this=place, expression=exp.Literal.number(abs(nth)))

    def _ratio(self, metric: Metric) -> exp.Expr:
        names = [name.removeprefix(f"{self.definition.name}.") for name in metric.parts]
        upper, lower = (exp.cast(self.column(name), "double") for name in names)
        divisor = exp.Nullif(this=lower, expression=exp.Literal.number(0))
        found = exp.Div(this=upper, expression=divisor, typed=False, safe=False)
        if self.columns[metric.name].dtype == LENGTH:
            return exp.cast(exp.func("TRUNC", found), "bigint")
        return found
