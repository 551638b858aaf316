"""What a new metric is called until somebody gives it a name of its own: what it counts, and in which sessions."""

from __future__ import annotations

from explorer.events.vocabulary import plural, several_of, singular
from explorer.spec.expression.clause import Clause, Compare
from explorer.spec.metric import ActorMetric, Metric

PLACES = {1: "first", 2: "second", 3: "third", -1: "last"}
# What an aggregate of a column is called; of the others its own name stands before the column.
BEFORE = {"n_unique": "different", "sum": "total", "p50": "median"}
LONGEST = 60


def suggested_name(metric: Metric | ActorMetric) -> str:
    """A name that needs no quotes, by what the metric says.

    >>> scope = {"contains": "event = 'login'", "nth": 1}
    >>> suggested_name(Metric("m", "count", where="event = 'purchase'", scope=scope))
    'purchases_in_first_login'
    >>> suggested_name(Metric("m", "time_to", where="event = 'purchase'")), suggested_name(Metric("m", "count"))
    ('time_to_purchase', 'events')
    >>> suggested_name(Metric("m", "any", pattern="cart .. buy"))
    'has_cart_buy'
    >>> suggested_name(Metric("m", "sum", "amount")), suggested_name(ActorMetric("m", "max", "duration"))
    ('total_amount', 'max_duration')
    """
    scope = metric.scope if isinstance(metric, Metric) else None
    parts = [_what(metric, "events" if isinstance(metric, Metric) else "sessions")]
    if scope is not None:
        contains = _value(scope.contains)
        place = PLACES.get(scope.nth or 0, "" if not scope.nth else f"number {abs(scope.nth)}")
        where = " ".join(part for part in (place, singular(contains) if contains else "") if part)
        parts += [f"in {where}"] if where else ["in some sessions"] if scope.contains or scope.where else []
    letters = "".join(char if char.isalnum() else " " for char in " ".join(parts))
    return "_".join(letters.split())[:LONGEST].strip("_") or "metric"


def _what(metric: Metric | ActorMetric, things: str) -> str:
    value, aggregate, column = _value(metric.where), metric.aggregate, metric.column
    one = singular(value) if value else ""
    if isinstance(metric, Metric) and metric.pattern is not None:
        kinds = " ".join(metric.pattern.values) or "pattern"
        return {"any": f"has {kinds}", "time_of": f"time of {kinds}"}.get(aggregate, kinds)
    if aggregate == "ratio" and column:
        above, _, below = column.partition("/")
        return f"{above.strip()} per {below.strip()}"
    if column is None:
        return {"any": f"has {one or things}", "time_to": f"time to {one or 'first event'}"}.get(
            aggregate, plural(value) if value else things
        )
    said = f"{BEFORE.get(aggregate, aggregate)} {several_of(column) if aggregate == 'n_unique' else column}"
    return f"{said} of {one}" if one else said


def _value(clause: Clause | None) -> str:
    """The text that a condition asks for, where it asks for one."""
    if isinstance(clause, Compare) and clause.op == "=" and isinstance(clause.value, str):
        return clause.value
    return ""
