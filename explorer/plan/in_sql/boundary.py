"""Where sessions begin, as SQL over events that have a place in the order of their actor.

GAP is the microseconds since the event before; the first event of an actor is known by its place, 1.
"""

from sqlglot import exp

from explorer.plan.in_polars.boundary import REASONS
from explorer.plan.in_sql.dialect import Dialect
from explorer.spec.session import SessionDefinition


def gap(time_us: exp.Expr, before: exp.Expr) -> exp.Expr:
    """Microseconds since the event before."""
    return exp.Sub(this=time_us, expression=before)


def exceeds(gap: exp.Expr, definition: SessionDefinition) -> exp.Expr:
    """Whether a gap ends a session under the definition's inactivity and boundary."""
    limit = exp.Literal.number(definition.inactivity.us)
    return (exp.GT if definition.boundary == ">" else exp.GTE)(this=gap, expression=limit)


def reason(holds: dict[str, exp.Expr]) -> exp.Expr:
    """Why an event begins a session: the first of REASONS that holds; null where none does."""
    found = exp.Case()
    for name in REASONS:
        if name in holds:
            found = found.when(holds[name], exp.Literal.string(name))
    return found


def cut_off(definition: SessionDefinition, at_start: exp.Expr, at_end: exp.Expr) -> exp.Expr:
    """Which edge of the source a session is so near that some of it may be missing.

    `at_start` and `at_end` are the microseconds between the session and the first and last event of the source.
    """
    limit = exp.Literal.number(definition.inactivity.us)
    near_start, near_end = (exp.LTE(this=far, expression=limit.copy()) for far in (at_start, at_end))
    return (
        exp.Case()
        .when(exp.and_(near_start, near_end), exp.Literal.string("both"))
        .when(near_start.copy(), exp.Literal.string("start"))
        .when(near_end.copy(), exp.Literal.string("end"))
    )


def day(time: exp.Expr, zone: str, aware: bool, dialect: Dialect) -> exp.Expr:
    """The calendar day of an event in a zone; a naive time lies on the day it says."""
    said = exp.Literal.string(zone)
    match dialect.name:
        case "clickhouse":
            return exp.func("toDate", time, *([said] if aware else []))
        case "bigquery":
            return exp.Anonymous(this="DATE", expressions=[time, *([said] if aware else [])])
        case "spark" if aware:  # whose FROM_UTC_TIMESTAMP is right in a session in UTC only
            return exp.cast(exp.Anonymous(this="CONVERT_TIMEZONE", expressions=[said, time]), "date")
    return exp.cast(exp.AtTimeZone(this=time, zone=said) if aware else time, "date")


def openings(definition: SessionDefinition, time_us: exp.Expr, place: exp.Expr, dialect: Dialect) -> exp.Expr:
    """The times at which sessions begin in a stretch of events that nothing else divides, as a list.

    The clock restarts with every session, so the list is folded.
    """
    assert definition.max_duration is not None
    opened, item = exp.to_identifier("opened"), exp.to_identifier("item")
    since = exp.Sub(this=_at(item, 1), expression=_at(opened, -1))
    beyond = exp.GT(this=since, expression=exp.Literal.number(definition.max_duration.us))
    longer = exp.Case().when(beyond, exp.func("LIST_CONCAT", opened.copy(), item.copy())).else_(opened.copy())
    events = exp.Order(this=exp.Array(expressions=[time_us]), expressions=[dialect.ordered(place)])
    fold = exp.Lambda(this=longer, expressions=[opened.copy(), item.copy()])
    return exp.Anonymous(this="LIST_REDUCE", expressions=[exp.ArrayAgg(this=events), fold])


def _at(items: exp.Expr, at: int) -> exp.Expr:
    number = exp.Literal.number(abs(at))
    return exp.Bracket(this=items.copy(), expressions=[number if at > 0 else exp.Neg(this=number)], offset=1)
