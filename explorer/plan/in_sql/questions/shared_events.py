"""The events that two ways of cutting share, as queries over a table of each with the places of their sessions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from explorer.plan.in_sql.looking_back import STAR
from explorer.plan.in_sql.questions.held import AT
from explorer.plan.in_sql.source import Source


def shared(source: Source, one: str, other: str) -> exp.Select:
    """How many events are in each pair of sessions of two tables of events with their sessions, -1 where in none."""
    left, right = _both(source, one, other)
    query = exp.select(source.named(_or_none(left), "one_at"), source.named(_or_none(right), "other_at"))
    query = _joined(source, query.select(source.named(exp.Count(this=STAR), "events")), one, other)
    return query.group_by(_or_none(left.copy()), _or_none(right.copy()))


def events_of_both(source: Source, one: str, other: str, ones: Sequence[int], others: Sequence[int]) -> exp.Select:
    """The events in some sessions of one table or of the other, by actor and time: both sessions, then the columns."""
    left, right = _both(source, one, other)

    def known(name: str) -> exp.Expr:
        sides = (source.dialect.column(name, side) for side in ("one_side", "other_side"))
        first, second = sides
        return exp.Coalesce(this=first, expressions=[second])

    query = exp.select(source.named(_or_none(left), "one_at"), source.named(_or_none(right), "other_at"))
    query = _joined(source, query.select(*(source.named(known(name), name) for name in source.schema)), one, other)
    among = [
        exp.In(this=each.copy(), expressions=[exp.Literal.number(place) for place in places])
        for each, places in ((left, ones), (right, others))
        if places
    ]
    keys = [*source.columns.actor, source.own("time_us"), source.own("input_row")]
    return query.where(exp.or_(*among)).order_by(*(source.dialect.ordered(known(name)) for name in keys))


def _both(source: Source, one: str, other: str) -> tuple[exp.Column, exp.Column]:
    at = source.own(AT)
    return source.dialect.column(at, "one_side"), source.dialect.column(at, "other_side")


def _joined(source: Source, query: exp.Select, one: str, other: str) -> exp.Select:
    names = [source.own("input_row"), *(source.columns.actor if source.counted else ())]
    same = [
        exp.EQ(this=source.dialect.column(name, "one_side"), expression=source.dialect.column(name, "other_side"))
        for name in names
    ]
    tables = [
        exp.alias_(exp.table_(exp.to_identifier(name)), side, table=True)
        for name, side in ((one, "one_side"), (other, "other_side"))
    ]
    return query.from_(tables[0]).join(tables[1], on=exp.and_(*same), join_type="full")


def _or_none(at: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=at, expressions=[exp.Literal.number(-1)])
