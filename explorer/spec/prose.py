"""Definitions and metrics as English sentences."""

from explorer.spec.aggregates import AGGREGATES
from explorer.spec.cohort import Cohort
from explorer.spec.metric import ActorMetric, Metric
from explorer.spec.rules import RULES, said
from explorer.spec.session import SessionDefinition

ORDINALS = {1: "first", 2: "second", 3: "third", -1: "last", -2: "second to last"}


def definition_sentence(definition: SessionDefinition, actor: str = "actor") -> str:
    """What makes a session, in one sentence; what is muted is not said.

    >>> definition_sentence(SessionDefinition(name="visit", inactivity="30m", restart="event = 'login'"), "user")
    "A session is consecutive events of one user, at most 30m apart; one where event is 'login' begins a new session."
    """
    where = said(definition.where)
    which = f" where {where}" if where else ""
    most = "at most" if definition.boundary == ">" else "less than"
    split = f", separately for each {' and '.join(definition.split_by)}" if definition.split_by else ""
    parts = [f"A session is consecutive events of one {actor}{which}, {most} {definition.inactivity} apart{split}"]
    parts += [words for rule in RULES if (words := rule.says(definition))]
    return "; ".join(parts) + "."


def why_empty(definition: SessionDefinition) -> str:
    """Why there is no session, in a sentence.

    >>> why_empty(SessionDefinition(name="visit", inactivity="30m", where="event = 'x'"))
    "There is no session: no event has event = 'x'."
    """
    if definition.keep is not None:
        return f"There is no session to show: none has {definition.keep}."
    return f"There is no session: no event has {definition.where}." if definition.where else "There is no session."


def metric_sentence(metric: Metric) -> str:
    """What a metric counts, and where.

    >>> scope = {"contains": "event = 'login'", "nth": 1}
    >>> metric_sentence(Metric("purchases", "count", where="event = 'purchase'", scope=scope))
    "purchases: events where event is 'purchase', in the actor's first session with an event where event is 'login'."
    >>> metric_sentence(Metric("detours", "matches", pattern="cart .. [^buy]+ $"))
    'detours: matches of `cart .. [^buy]+ $`.'
    """
    what = AGGREGATES[metric.aggregate].of(metric.column)
    where = said(metric.where)
    if metric.pattern is not None:
        of_which = f" among events where {where}" if where else ""
        of = AGGREGATES[metric.aggregate]
        said_of = "whether {} happened".format if of.needs == "events" else of.of
        return f"{metric.name}: {said_of(f'`{metric.pattern}`')}{of_which}{_scope(metric)}."
    if where:
        what += f" {'where' if metric.column is None else 'over events where'} {where}"
    if metric.aggregate == "any":
        what += " happened"
    return f"{metric.name}: {what}{_scope(metric)}."


def actor_metric_sentence(metric: ActorMetric) -> str:
    """What an actor metric is.

    >>> actor_metric_sentence(ActorMetric("longest", "max", "duration", where="event_count > 1"))
    'longest: max of duration over the sessions where event_count > 1.'
    >>> actor_metric_sentence(ActorMetric("busy", "count", where="event_count > 9"))
    'busy: sessions where event_count > 9.'
    """
    row = AGGREGATES[metric.aggregate]
    what = row.actor_sentence or row.of(metric.column)
    where = said(metric.where)
    if where:
        what += f" {'where' if row.actor_sentence else 'over the sessions where'} {where}"
    return f"{metric.name}: {what}."


def cohort_sentence(cohort: Cohort) -> str:
    """Who belongs to a cohort.

    >>> cohort_sentence(Cohort("regulars", "visit", "session_count > 3"))
    'regulars: actors where session_count > 3 in visit.'
    """
    return f"{cohort.name}: actors where {said(cohort.where) or 'anything holds'} in {cohort.session}."


def _scope(metric: Metric) -> str:
    scope = metric.scope
    if scope is None:
        return ""
    contains, where = said(scope.contains), said(scope.where)
    conditions = [f"with an event where {contains}"] if contains else []
    if where:
        conditions.append(f"where {where}")
    words = f" {' and '.join(conditions)}" if conditions else ""
    if scope.nth is None:
        return f", in sessions{words}"
    place = ORDINALS.get(scope.nth) or (f"{scope.nth}th" if scope.nth > 0 else f"{-scope.nth}th from last")
    return f", in the actor's {place} session{words}"
