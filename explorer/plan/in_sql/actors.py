"""What is known of each actor, as aggregates over the actor's sessions."""

from collections.abc import Iterator

import polars as pl
from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_polars.measure import result_type
from explorer.plan.in_sql import measure
from explorer.plan.in_sql.sessions import COUNT, LENGTH, Sessions
from explorer.spec.metric import ActorMetric, Metric

Value = tuple[str, exp.Expr, pl.DataType]


def of_actors(found: Sessions) -> Iterator[Value]:
    """What every definition brings, then its actor metrics: the name of each, its value and its type in a group of an
    actor's sessions."""
    yield "session_count", exp.Count(this=exp.Star()), COUNT
    yield "time_in_session", exp.Sum(this=found.column("duration")), LENGTH
    yield "first_start", exp.Min(this=found.column("start")), found.types["start"]
    yield "last_end", exp.Max(this=found.column("end")), found.types["end"]
    for at, metric in enumerate(found.definition.actor_metrics):
        with located(f"actor_metrics[{at}]"):
            yield metric.name, *_measured(found, metric)


def _measured(found: Sessions, metric: ActorMetric) -> tuple[exp.Expr, pl.DataType]:
    value = dtype = where = None
    if metric.column:
        with located("column"):
            value, dtype = found.value(metric.column)
    if metric.where is not None:
        with located("where"):
            where = found.condition(metric.where)
    same, place = Metric(metric.name, metric.aggregate, metric.column), found.column("session_number")
    made = measure.aggregate(same, value, dtype, where, place, place, found.source.dialect)
    if dtype is None:
        return made, COUNT if metric.aggregate == "count" else pl.Boolean()
    return made, result_type(same, dtype)
