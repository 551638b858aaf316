"""The steps of the paths of sessions, as SQL."""

from __future__ import annotations

from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_sql.cutting import Cutting, with_steps
from explorer.plan.in_sql.inside import Inside
from explorer.plan.in_sql.looking_back import STAR, Step
from explorer.plan.in_sql.questions.held import Held
from explorer.plan.in_sql.source import from_step
from explorer.spec.charts.sequences.route import Route
from explorer.spec.expression import clause as clauses

ONE = exp.Literal.number(1)


def path_steps(held: Held, column: str, route: Route, most: int) -> exp.Select:
    """The place of a session, of a step in its path from 1, and the step's value, for the first so many steps."""
    source = held.source
    value, known = held.column(column)
    chosen = [held.at, source.ours("place"), source.named(value, source.own("step_value"))]
    read = [*clauses.columns(route.at), *clauses.columns(route.where)]
    known = [name for name in Cutting(source, held.definition, telling=True).known if name in (*known, *read)]
    for name, clause, flag in (("at", route.at, "met_at"), ("where", route.where, "counts_at")):
        if clause is not None:
            with located(name):
                meets = Inside(source).condition(clause)
            chosen.append(source.named(exp.Case().when(meets, source.ours("place")), source.own(flag)))
    whole = held.over(exp.select(*chosen), known)
    steps: list[Step] = [(each.alias, each.this) for each in whole.ctes]
    whole.set("with_", None)
    steps.append((source.step("valued_steps"), whole))
    if route.where is not None:
        counted = from_step(exp.select(STAR), steps[-1][0]).where(exp.not_(source.ours("counts_at").is_(exp.null())))
        steps.append((source.step("counted_steps"), counted))
    if route.at is not None:
        steps += _walking(held, route, steps[-1][0])
    if not route.repeats:
        steps += _merged(held, route, steps[-1][0])
    number = exp.Window(this=exp.RowNumber(), partition_by=[held.at], order=_order(held, route))
    numbered = exp.select(STAR, source.named(number, source.own("step_number")))
    steps.append((source.step("numbered_steps"), from_step(numbered, steps[-1][0])))
    query = from_step(exp.select(held.at, source.ours("step_number"), source.ours("step_value")), steps[-1][0])
    return with_steps(query.where(exp.LTE(this=source.ours("step_number"), expression=exp.Literal.number(most))), steps)


def _order(held: Held, route: Route) -> exp.Order:
    return exp.Order(expressions=[held.source.dialect.ordered(held.source.ours("place"), descending=route.backward)])


def _walking(held: Held, route: Route, before: str) -> list[Step]:
    """The events from that of the route on, or back from it."""
    source = held.source
    kind = exp.Min if route.occurrence == "first" else exp.Max
    event = exp.Window(this=kind(this=source.ours("met_at")), partition_by=[held.at])
    begun = from_step(exp.select(STAR, source.named(event, source.own("begins_at"))), before)
    side = exp.LTE if route.backward else exp.GTE
    inside = side(this=source.ours("place"), expression=source.ours("begins_at"))
    kept = from_step(exp.select(held.at, source.ours("place"), source.ours("step_value")), source.step("begun_steps"))
    return [(source.step("begun_steps"), begun), (source.step("walked_steps"), kept.where(inside))]


def _merged(held: Held, route: Route, before: str) -> list[Step]:
    """Events that differ from the one before them on the way."""
    source = held.source
    value = exp.Window(this=exp.Lag(this=source.ours("step_value")), partition_by=[held.at], order=_order(held, route))
    first = exp.Window(this=exp.RowNumber(), partition_by=[held.at], order=_order(held, route))
    told = exp.select(STAR, source.named(value, source.own("value_before")), source.named(first, source.own("nth")))
    other = exp.not_(source.dialect.same(source.ours("step_value"), source.ours("value_before")))
    new = exp.or_(exp.EQ(this=source.ours("nth"), expression=ONE), other)
    kept = from_step(exp.select(held.at, source.ours("place"), source.ours("step_value")), source.step("told_steps"))
    return [(source.step("told_steps"), from_step(told, before)), (source.step("other_steps"), kept.where(new))]
