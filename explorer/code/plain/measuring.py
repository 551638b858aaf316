"""The end of the script: one row per session with what every definition brings, metrics, what is kept, and actors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

import polars as pl

from explorer.code.funnels import Counted, held_name, told_name
from explorer.code.plain.attempts import held_line
from explorer.code.plain.clause import Conditions, quoted
from explorer.code.plain.literals import assigned, comment, length_code
from explorer.code.plain.names import Names, columns_code, session_types
from explorer.code.plain.words import letter_code
from explorer.errors import SpecError, located
from explorer.plan.column_text import read_of_sessions
from explorer.plan.in_polars.measure import aggregate, result_type, sorts_by_its_list
from explorer.plan.in_polars.pattern import regular_expression
from explorer.plan.in_sql.source import free
from explorer.plan.meaning import Schema, dtype_of, outer_name
from explorer.spec.aggregates import AGGREGATES, Aggregate
from explorer.spec.columns import Columns
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.pattern import Pattern
from explorer.spec.prose import metric_sentence
from explorer.spec.session import BESIDES, BUILT_IN, SessionDefinition

BETWEEN = {
    "since_previous": '(pl.col("start") - pl.col("end").shift(1))',
    "until_next": '(pl.col("start").shift(-1) - pl.col("end"))',
}


@dataclass(frozen=True)
class Measuring:
    """Writes the sessions of a definition, and those of them that are `selected`; `events` writes conditions on the
    events of sessions. Metrics that only `funnels` ask are left out in the end."""

    definition: SessionDefinition
    columns: Columns
    schema: Schema
    names: Names
    events: Conditions
    selected: Clause | None = None
    funnels: tuple[Counted, ...] = ()
    contained: dict[str, str] = field(default_factory=dict)

    @cached_property
    def ordered(self) -> list[Metric]:
        """The metrics, those that others need before them; raises SpecError where they need each other."""
        found: list[Metric] = []

        def visit(metric: Metric, above: tuple[str, ...]) -> None:
            if metric.name in above:
                raise SpecError(f"The metrics need each other in a circle: {' needs '.join((*above, metric.name))}.")
            if metric not in found:
                for name in self._needs(metric):
                    if (other := self.definition.metric(self._plain(name))) is not None:
                        visit(other, (*above, metric.name))
                found.append(metric)

        for metric in self.definition.metrics:
            visit(metric, ())
        return found

    @cached_property
    def sessions(self) -> Conditions:
        """Writes conditions on sessions, whose names may have the definition's before them."""
        schema = dict(session_types(self.definition, self.columns, self.schema))
        names = {name: outer_name(name) for name in (*self.columns.actor, *self.definition.split_by)}
        names |= {name: name for name in (*BUILT_IN, *BESIDES)}
        for metric in self.ordered:
            schema[metric.name] = self._type(metric, schema)
            names[metric.name] = metric.name
        prefix = f"{self.definition.name}."
        schema |= {prefix + name: dtype for name, dtype in schema.items()}
        names |= {prefix + name: called for name, called in names.items()}
        return Conditions(schema, self.columns.time_zone, "start", names, self.events.now)

    # ---- lines

    def session_lines(self) -> Iterator[str]:
        """One row per session."""
        names, time = self.names, quoted(self.names.time)
        yield f"sessions = events.group_by({quoted(names.session)}, maintain_order=True).agg("
        firsts = dict.fromkeys((*names.actor, *names.split))
        yield f"    pl.col({', '.join(map(quoted, firsts))}).first(),"
        if names.split:
            yield f"    pl.col({quoted(names.place)}).first(),"
        yield f'    pl.col({time}).first().alias("start"),'
        active = f".filter(~pl.col({quoted(names.passive)}))" if self.definition.passive is not None else ""
        yield f'    pl.col({time}){active}.last().alias("end"),'
        if active:
            yield f"    pl.col({time}).last().alias({quoted(names.last)}),"
        if "gap_margin" in self._beside:
            yield f"    pl.col({time}){active}.diff().max().alias({quoted(names.longest)}),"
        yield '    pl.len().alias("event_count"),'
        yield f"    pl.col({quoted(names.started_by)}).first(),"
        for at, metric in enumerate(self.definition.metrics):
            with located(f"metrics[{at}]"):
                yield from (f"    {line}," for line in self._aggregates(metric))
        yield ")"
        yield from self._built_in()

    def _built_in(self) -> Iterator[str]:
        actor = columns_code(self.names.actor)
        if self.names.split:
            yield f"sessions = sessions.sort({columns_code((*self.names.actor, self.names.place))})"
        near = length_code(timedelta(microseconds=self.definition.inactivity.us))
        yield f'at_start = (pl.col("start") - first).abs() <= {near}  # the source may not hold all of it'
        latest = "end" if self.definition.passive is None else self.names.last
        yield f"at_end = (last - pl.col({quoted(latest)})).abs() <= {near}"
        yield "cut_off = ("
        yield '    pl.when(at_start & at_end).then(pl.lit("both"))'
        yield '    .when(at_start).then(pl.lit("start"))'
        yield '    .when(at_end).then(pl.lit("end"))'
        yield ")"
        yield "sessions = sessions.with_columns("
        yield f'    pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over({actor}).alias("session_number"),'
        yield '    (pl.col("end") - pl.col("start")).alias("duration"),'
        yield '    cut_off.alias("cut_off"),'
        yield ")"
        yield f"sessions = sessions.with_columns({self._id()})"
        if beside := [name for name in self._beside if name in BETWEEN]:
            yield "sessions = sessions.with_columns("
            yield from (f"    {BETWEEN[name]}.over({actor}).alias({quoted(name)})," for name in beside)
            yield ")"
        if "gap_margin" in self._beside:
            yield from self._margin()

    def _margin(self) -> Iterator[str]:
        """The distance of the inactivity from the nearest gap that it judged."""
        names = self.names
        yield "# The inactivity judged the gaps inside a session, and those before the sessions that it began."
        limit = length_code(timedelta(microseconds=self.definition.inactivity.us))
        inside = f"{limit} - pl.col({quoted(names.longest)})"
        if self.definition.opens_with is not None:
            yield f'sessions = sessions.with_columns(({inside}).alias("gap_margin"))'
            return
        stream = columns_code(tuple(dict.fromkeys((*names.actor, *names.split))))
        beyond = quoted(names.beyond)
        yield f'since = (pl.col("start") - pl.col("end").shift(1)).over({stream})'
        yield f'beyond = pl.when(pl.col({quoted(names.started_by)}) == "inactivity").then(since - {limit})'
        yield f"sessions = sessions.with_columns(beyond.alias({beyond}))"
        yield f"after = pl.col({beyond}).shift(-1).over({stream})"
        yield f"nearest = pl.min_horizontal({inside}, pl.col({beyond}), after)"
        yield 'sessions = sessions.with_columns(nearest.alias("gap_margin"))'

    @property
    def _beside(self) -> list[str]:
        """What is known of sessions besides, where conditions or ratios read it."""
        conditions = (self.selected, *(funnel.where for funnel in self.funnels))
        each = (read_of_sessions(self.definition, BESIDES, condition) for condition in conditions)
        return list(dict.fromkeys(name for names in each for name in names))

    def metric_lines(self) -> Iterator[str]:
        """Metrics that read others, and scopes, outside of which a metric is null."""
        for metric in self.ordered:
            at = self.definition.metrics.index(metric)
            with located(f"metrics[{at}]"):
                if metric.aggregate == "ratio":
                    yield from self._ratio(metric)
                if metric.scope is not None:
                    yield from self._scope(metric)

    def last_lines(self) -> Iterator[str]:
        """What is kept, the actors, what is selected, and the columns of sessions in their order."""
        if self.definition.keep is not None:
            with located("keep"):
                yield assigned("keep", self.sessions.code(self.definition.keep))
            yield "sessions = sessions.filter(keep)"
        if self.funnels:
            yield held_line(self.names)
            session = quoted(self.names.session)
            for at, funnel in enumerate(self.funnels):
                if funnel.where is not None:
                    yield assigned("its", self.sessions.code(funnel.where))
                    yield f"its = sessions.filter(its)[{session}].implode()"
                    yield f"{held_name(at)} = held.filter(pl.col({session}).is_in(its))"
                if funnel.apart:
                    yield from self._told_lines(at, funnel)
        yield f"actors = sessions.group_by({columns_code(self.names.actor)}, maintain_order=True).agg("
        yield '    pl.len().alias("session_count"),'
        yield '    pl.col("duration").sum().alias("time_in_session"),'
        yield '    pl.col("start").min().alias("first_start"),'
        yield '    pl.col("end").max().alias("last_end"),'
        for at, metric in enumerate(self.definition.actor_metrics):
            with located(f"actor_metrics[{at}]"):
                yield f"    {self._of_actor(metric)}.alias({quoted(metric.name)}),"
        yield ")"
        built_in = ("session_number", "start", "end", "duration", "event_count", "started_by", "cut_off")
        hidden = {metric.name for funnel in self.funnels for metric in funnel.metrics}
        metrics = (metric.name for metric in self.definition.metrics if metric.name not in hidden)
        chosen = ["session_id", *dict.fromkeys((*self.names.actor, *self.names.split)), *built_in, *metrics]
        if self.selected is not None:
            yield "# What is selected."
            yield assigned("held", self.sessions.code(self.selected))
            yield "selected = sessions.filter(held)"
        yield "sessions = sessions.select("
        yield from (f"    {quoted(name)}," for name in chosen)
        yield ")"
        if self.selected is not None:
            yield "selected = selected.select(sessions.columns)"

    def _told_lines(self, at: int, funnel: Counted) -> Iterator[str]:
        """The sessions of a funnel, with what tells them apart."""
        session = quoted(self.names.session)
        if funnel.apart.sides:
            yield "side = ("
            for place, side in enumerate(funnel.apart.sides):
                when = "pl.when" if not place else ".when"
                yield f"    {when}({self.sessions.code(side.clause)}).then(pl.lit({quoted(side.label)}))"
            yield ")"
        of = "sessions" if funnel.where is None else f"sessions.filter(pl.col({session}).is_in(its))"
        yield f"{told_name(at)} = {of}.select("
        yield f"    {session},"
        if funnel.apart.sides:
            yield '    side.alias("value"),'
        if funnel.apart.every:
            yield f'    {self.sessions.said(funnel.apart.start)}.alias("start"),'
        yield ")"

    # ---- pieces

    def _aggregates(self, metric: Metric) -> Iterator[str]:
        """The values that are taken of a session's events for one metric."""
        if metric.aggregate != "ratio":
            yield f"{self._aggregate(metric)}.alias({quoted(metric.name)})"
        if metric.scope is not None and metric.scope.contains is not None:
            taken = [*self.sessions.schema, *self.contained.values(), self.names.session, self.names.place]
            name = self.contained[metric.name] = free(f"{metric.name} contains", taken)
            with located("scope.contains"):
                yield f"{self.events.asked(metric.scope.contains)}.any().alias({quoted(name)})"

    def _aggregate(self, metric: Metric) -> str:
        where = None
        if metric.where is not None:
            with located("where"):
                where = self.events.asked(metric.where)
        matching = f".filter({where})" if where else ""
        if metric.pattern is not None:
            return self._of_pattern(metric.aggregate, metric.pattern, matching)
        match metric.aggregate:
            case "count":
                return f"{where}.sum()" if where else "pl.len()"
            case "any":
                return f"{where}.any()" if where else "(pl.len() > 0)"
            case "time_to":
                time = f"pl.col({quoted(self.names.time)})"
                return f"({time}{matching}.first() - {time}.first())"
        with located("column"):
            dtype = self.events.type_of(metric.column or "")
        aggregate(metric, dtype)
        return aggregated(AGGREGATES[metric.aggregate], f"{self.events.said(metric.column or '')}{matching}", dtype)

    def _of_pattern(self, aggregate: str, pattern: Pattern, matching: str) -> str:
        """A letter for each event makes a word of a session, in which a regular expression finds the pattern."""
        letters = letter_code(pattern, self.events, self.columns.event)
        word, regex = f'{letters}{matching}.str.join("")', regular_expression(pattern)
        if aggregate != "time_of":
            return f'{word}.str.{"contains" if aggregate == "any" else "count_matches"}(r"{regex}")'
        time, begin = f"pl.col({quoted(self.names.time)}){matching}", f'{word}.str.find(r"{regex}")'
        last = f'({begin} + {word}.str.extract(r"({regex})", 1).str.len_bytes() - 1)'
        return f"({time}.get({last}) - {time}.get({begin}))"

    def _of_actor(self, metric: ActorMetric) -> str:
        """One value of an actor's sessions."""
        where = None
        if metric.where is not None:
            with located("where"):
                where = self.sessions.asked(metric.where)
        if not metric.column:
            how = "any" if metric.aggregate == "any" else "sum"
            return f"{where}.{how}()" if where else "(pl.len() > 0)" if how == "any" else "pl.len()"
        with located("column"):
            value, dtype = self._session_column(metric.column), dtype_of(metric.column, self.sessions.schema)
        return aggregated(AGGREGATES[metric.aggregate], f"{value}.filter({where})" if where else value, dtype)

    def _ratio(self, metric: Metric) -> Iterator[str]:
        above, below = (self._session_column(name) for name in metric.parts)
        yield "sessions = sessions.with_columns("
        yield f"    pl.when({below} != 0).then({above} / {below}).alias({quoted(metric.name)})"
        yield ")"

    def _scope(self, metric: Metric) -> Iterator[str]:
        scope = metric.scope
        assert scope is not None
        parts = []
        if metric.name in self.contained:
            parts.append(f"pl.col({quoted(self.contained[metric.name])})")
        if scope.where is not None:
            with located("scope.where"):
                parts.append(self.sessions.code(scope.where))
        inside = "(" + " & ".join(parts) + ")" if len(parts) > 1 else "".join(parts)
        yield comment(metric_sentence(metric))
        if scope.nth is None:
            yield assigned("inside", inside)
        else:
            yield assigned("asked", inside or 'pl.col("start").is_not_null()')
            backwards = "reverse=True" if scope.nth < 0 else ""
            place = f"asked.cum_sum({backwards}).over({columns_code(self.names.actor)})"
            yield f"inside = asked & ({place} == {abs(scope.nth)})"
        yield f"sessions = sessions.with_columns(pl.when(inside).then(pl.col({quoted(metric.name)})))"

    def _session_column(self, name: str) -> str:
        dtype_of(name, self.sessions.schema)
        return self.sessions.column(name)

    def _id(self) -> str:
        parts = [f"pl.col({quoted(name)}).cast(pl.String)" for name in self.names.actor]
        if len(parts) > 1:
            parts = [rf'{part}.str.replace_all(r"([\\/])", r"\$1")' for part in parts]
        return f'pl.concat_str({", ".join(parts)}, "session_number", separator="/").alias("session_id")'

    def _type(self, metric: Metric, known: Schema) -> pl.DataType:
        match metric.aggregate:
            case "count" | "matches":
                return pl.UInt32()
            case "any":
                return pl.Boolean()
            case "time_to" | "time_of":
                return pl.Duration("us")
            case "ratio":
                above, below = (dtype_of(self._plain(name), known) for name in metric.parts)
                return pl.Duration("us") if isinstance(above, pl.Duration) and above != below else pl.Float64()
        return result_type(metric, self.events.type_of(metric.column or ""))

    def _needs(self, metric: Metric) -> tuple[str, ...]:
        parts = metric.parts if metric.aggregate == "ratio" else ()
        return (*parts, *clauses.columns(metric.scope.where if metric.scope else None))

    def _plain(self, name: str) -> str:
        return name.removeprefix(f"{self.definition.name}.")


def aggregated(row: Aggregate, value: str, dtype: pl.DataType) -> str:
    """An aggregate of values, which are written already; nulls are not values."""
    if row.name == "sum" and (dtype.is_integer() or dtype.is_float()):
        whole = "Int128" if dtype in (pl.Int64, pl.UInt64, pl.Int128) else "Int64"  # wide enough for any sum
        value += f".cast(pl.{whole})" if dtype.is_integer() else ".cast(pl.Float64)"
    if sorts_by_its_list(row, dtype):
        value += ".cast(pl.String)"
    if row.between and isinstance(dtype, pl.Duration):
        us = f"{value}.dt.total_microseconds().{row.code}"
        return f'{us}.round().cast(pl.Int64).cast(pl.Duration("us"))'
    return f"{value}.{row.code}" if row.skips_nulls else f"{value}.drop_nulls().{row.code}"
