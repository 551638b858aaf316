"""What each stage reads of a definition: its key. Names, colours and descriptions are in none of them."""

from collections.abc import Iterable

from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.session import SessionDefinition

Key = tuple[object, ...]


def view_key(definition: SessionDefinition) -> Key:
    """The events that exist, and which of them are forced to begin a session."""
    rules = (definition.restart, definition.end, definition.calendar, definition.restart_on_change)
    return (definition.where, definition.passive, definition.split_by, *rules, definition.opens_with)


def cut_key(definition: SessionDefinition) -> Key:
    """All sessions."""
    lengths = (definition.max_duration, definition.max_events)
    return (*view_key(definition), definition.inactivity, definition.boundary, *lengths)


def held_key(definition: SessionDefinition) -> Key:
    """The events that sessions hold, in order."""
    if leaves_out(definition):
        return cut_key(definition)
    return (definition.where, definition.split_by)


def looks_back(definition: SessionDefinition) -> bool:
    """Whether an event alone does not say that it begins a session, whatever the inactivity."""
    rules = (definition.max_duration, definition.max_events, definition.opens_with)
    return any(rule is not None for rule in rules) or bool(definition.restart_on_change)


def leaves_out(definition: SessionDefinition) -> bool:
    """Whether events can lie outside of all sessions."""
    return definition.passive is not None or definition.opens_with is not None


def shown_key(definition: SessionDefinition) -> Key:
    """The sessions that are shown."""
    return clause_key(definition, definition.keep)


def values_key(definition: SessionDefinition) -> Key:
    """The sessions that are shown, with everything that is measured of them and of their actors."""
    return (*table_key(definition), definition.actor_metrics)


def table_key(definition: SessionDefinition) -> Key:
    """The sessions that are shown, with their metrics."""
    asked = tuple((metric.name, *metric_key(definition, metric)) for metric in definition.metrics)
    return (*shown_key(definition), asked)


def clause_key(definition: SessionDefinition, clause: Clause | None) -> Key:
    """A condition on the definition's sessions."""
    names = _own(definition, clauses.columns(clause))
    of_actor = actors_asked(definition, names)
    return (*cut_key(definition), clause, names, of_actor, metrics_asked(definition, clause))


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
    names = _own(definition, tuple(names))
    of_actor = actors_asked(definition, names)
    read = tuple(name for metric in of_actor for name in (metric.column or "", *clauses.columns(metric.where)))
    return needed(definition, (*names, *_own(definition, read)))


def metric_key(definition: SessionDefinition, metric: Metric) -> Key:
    """One metric, whatever it is called."""
    names = reads(definition, metric)
    others = needed(definition, tuple(name for name in names if name != metric.name))
    said = (metric.aggregate, metric.column, metric.where, metric.scope)
    return (*cut_key(definition), said, names, metric.name in names, others)


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
    return _own(definition, (*parts, *clauses.columns(metric.scope.where if metric.scope else None)))


def _names(definition: SessionDefinition, metric: str, names: Iterable[str]) -> bool:
    """Whether an actor metric is among these names, by itself or as `user.metric.visit`."""
    return any(name == metric or name.endswith(f".{metric}.{definition.name}") for name in names)


def _own(definition: SessionDefinition, names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without the definition's own before them."""
    return tuple(name.removeprefix(f"{definition.name}.") for name in names)
