"""What of a definition a condition, a metric or a column of its sessions reads."""

from collections.abc import Iterable, Iterator

from explorer.errors import SpecError
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.rules import fields_of
from explorer.spec.session import SessionDefinition


def actors_asked(definition: SessionDefinition, names: Iterable[str]) -> tuple[ActorMetric, ...]:
    """The actor metrics among these columns of the sessions."""
    names = tuple(names)
    return tuple(metric for metric in definition.actor_metrics if _names(definition, metric.name, names))


def metrics_asked(definition: SessionDefinition, clause: Clause | None) -> tuple[Metric, ...]:
    """The metrics that a condition on the definition's sessions reads, also through its actor metrics.

    >>> visit = SessionDefinition("visit", "1h", metrics=[{"name": "n", "aggregate": "count"}],
    ...     actor_metrics=[{"name": "most", "aggregate": "max", "column": "n"}])
    >>> [metric.name for metric in metrics_asked(visit, clauses.parse("most > 3"))]
    ['n']
    """
    return measured_by(definition, clauses.columns(clause))


def measured_by(definition: SessionDefinition, names: Iterable[str]) -> tuple[Metric, ...]:
    """The metrics among these columns of the sessions, and all that they or the actor metrics among them read."""
    names = own_names(definition, tuple(names))
    of_actor = actors_asked(definition, names)
    read = tuple(name for metric in of_actor for name in (metric.column or "", *clauses.columns(metric.where)))
    return needed(definition, (*names, *own_names(definition, read)))


def needed(definition: SessionDefinition, names: Iterable[str]) -> tuple[Metric, ...]:
    """The metrics among these columns of the sessions, and all the metrics that they read."""
    found: list[Metric] = []
    left = list(names)
    while left:
        metric = definition.metric(left.pop(0))
        if metric is not None and metric not in found:
            found.append(metric)
            left += reads(definition, metric)
    return tuple(found)


def reads(definition: SessionDefinition, metric: Metric) -> tuple[str, ...]:
    """The columns of the sessions that a metric reads.

    >>> visit = SessionDefinition("visit", "1h")
    >>> reads(visit, Metric("pages", "n_unique", "page", scope={"where": "visit.duration > '1h'"}))
    ('duration',)
    """
    parts = metric.parts if metric.aggregate == "ratio" else ()
    return own_names(definition, (*parts, *clauses.columns(metric.scope.where if metric.scope else None)))


def _names(definition: SessionDefinition, metric: str, names: Iterable[str]) -> bool:
    """Whether an actor metric is among these names, by itself or as `user.metric.visit`."""
    return any(name == metric or name.endswith(f".{metric}.{definition.name}") for name in names)


def own_names(definition: SessionDefinition, names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of columns without the definition's own before them."""
    return tuple(name.removeprefix(f"{definition.name}.") for name in names)


def bare(definition: SessionDefinition, clause: Clause | None) -> SessionDefinition:
    """The definition with all of its sessions, and only what a condition on them reads.

    >>> visit = SessionDefinition("visit", "1h", metrics=[{"name": "n", "aggregate": "count"}], keep="n > 1")
    >>> bare(visit, clauses.parse("duration > '1m'")) == SessionDefinition("visit", "1h")
    True
    """
    names = own_names(definition, clauses.columns(clause))
    metrics, of_actors = measured_by(definition, names), actors_asked(definition, names)
    return definition.replace(keep=None, metrics=metrics, actor_metrics=of_actors, color="", description="")


def columns_read(definition: SessionDefinition) -> set[str]:
    """Every name that the definition asks of events or of sessions."""
    found = {name for clause in definition.clauses for name in clauses.columns(clause)}
    found |= {name for field in fields_of("columns") for name in getattr(definition, field)}
    for metric in definition.metrics:
        found |= {*metric.parts} if metric.aggregate == "ratio" else {*_of_column(metric.column)}
    return found


def _of_column(text: str | None) -> Iterator[str]:
    if text:
        yield text
        try:
            yield from clauses.columns(clauses.parse_value(text))
        except SpecError:
            return
