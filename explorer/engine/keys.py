"""What each stage reads of a definition: its key. Names, colours and descriptions are in none of them."""

from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import Metric
from explorer.spec.needed import actors_asked, metrics_asked, needed, own_names, reads
from explorer.spec.rules import RULES, fields_of
from explorer.spec.session import SessionDefinition

Key = tuple[object, ...]
CUTS = tuple(rule.field for rule in RULES if rule.stage != "Filter sessions")
# Which events are forced to begin a session does not hang on these.
MOST = fields_of("boundary", "duration", "number")


def view_key(definition: SessionDefinition) -> Key:
    """The events that exist, and which of them are forced to begin a session."""
    return tuple(getattr(definition, field) for field in CUTS if field not in MOST)


def cut_key(definition: SessionDefinition) -> Key:
    """All sessions."""
    return (definition.inactivity, *(getattr(definition, field) for field in CUTS))


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
    names = own_names(definition, clauses.columns(clause))
    of_actor = actors_asked(definition, names)
    return (*cut_key(definition), clause, names, of_actor, metrics_asked(definition, clause))


def metric_key(definition: SessionDefinition, metric: Metric) -> Key:
    """One metric, whatever it is called."""
    names = reads(definition, metric)
    others = needed(definition, tuple(name for name in names if name != metric.name))
    said = (metric.aggregate, metric.column, metric.where, metric.scope, metric.pattern)
    return (*cut_key(definition), said, names, metric.name in names, others)
