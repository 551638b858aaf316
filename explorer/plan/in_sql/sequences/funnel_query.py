"""How many sessions, or actors, reach each step of a funnel, as one query."""

from __future__ import annotations

from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_polars.pattern import reaching_expression
from explorer.plan.in_sql.cutting import with_steps
from explorer.plan.in_sql.inside import Inside
from explorer.plan.in_sql.looking_back import Step
from explorer.plan.in_sql.pattern import letter
from explorer.plan.in_sql.query import sessions_query, with_events
from explorer.plan.in_sql.questions.held import Held
from explorer.plan.in_sql.sequences.funnel import reached
from explorer.plan.in_sql.sequences.words import put_in_words
from explorer.plan.in_sql.source import Source, from_step
from explorer.plan.meaning import outer_name
from explorer.plan.pattern_elements import conditions
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.session import SessionDefinition

AMONG = "among"


def funnel_sql(steps: Steps, definition: SessionDefinition, source: Source, events: exp.Select | None = None) -> str:
    """One row with a column for each step: how many of the kept sessions, or of their actors, reach it."""
    held = Held(source, definition)
    if steps.has_patterns:
        query = _of_patterns(held, steps)
        return source.dialect.text(with_events(query, source, events))
    among = source.step(AMONG) if steps.across or definition.keep is not None else None
    best = reached(held, steps, among)
    made = [(each.alias, each.this) for each in best.ctes]
    if among is not None:
        at = next(at for at, (name, _) in enumerate(made) if name == source.step("across"))
        made.insert(at, (among, _among(held, steps)))
    best.set("with_", None)
    made.append((source.step("best_attempts"), best))
    chosen = []
    for at in range(len(steps)):
        happened = [exp.not_(source.ours(f"happened_{each}").is_(exp.null())) for each in range(at + 1)]
        number = exp.Count(this=exp.Case().when(exp.and_(*happened), exp.Literal.number(1)))
        chosen.append(source.named(number, f"step_{at + 1}"))
    query = with_steps(from_step(exp.select(*chosen), made[-1][0]), made)
    return source.dialect.text(with_events(query, source, events))


def _of_patterns(held: Held, steps: Steps) -> exp.Select:
    """The same for steps that are patterns: an event has a letter for each, a session is a word of them."""
    source, patterns, read = held.source, steps.patterns, []
    letters: list[exp.Expr] = []
    for at, pattern in enumerate(patterns):
        with located(f"steps[{at}]"):
            clauses = conditions(pattern, source.columns.event, Inside(source).schema)
            letters.append(letter([Inside(source).condition(clause) for clause in clauses]))
            read += clauses
    whole = letters[0] if len(letters) == 1 else exp.Concat(expressions=letters, safe=False, coalesce=False)
    found = put_in_words(held, whole, read)
    made: list[Step] = [(each.alias, each.this) for each in found.ctes]
    found.set("with_", None)
    made.append((source.step("session_words"), found))
    chosen = []
    for at in range(len(patterns)):
        regex = reaching_expression([each.tree for each in patterns[: at + 1]], len(patterns))
        there = exp.RegexpLike(this=source.ours("word"), expression=exp.Literal.string(regex))
        number = exp.Count(this=exp.Case().when(there, exp.Literal.number(1)))
        chosen.append(source.named(number, f"step_{at + 1}"))
    query = from_step(exp.select(*chosen), made[-1][0])
    if held.definition.keep is not None:
        among = source.step(AMONG)
        made.append((among, _among(held, steps)))
        kept = exp.select(source.dialect.column("0")).from_(exp.table_(exp.to_identifier(among)))
        query = query.where(exp.In(this=held.at, query=exp.Subquery(this=kept)))
    return with_steps(query, made)


def _among(held: Held, steps: Steps) -> exp.Select:
    """The places of the sessions that are kept, and those of what counts: of the sessions, or of their actors."""
    source, found = held.source, held.measuring
    table = held.sessions_step
    actor = [found.column(outer_name(name), table) for name in source.columns.actor]
    at = source.dialect.column(held.at.name, table)
    whose: exp.Expr = at.copy()
    if steps.across:
        order = exp.Order(expressions=[source.dialect.ordered(each.copy()) for each in actor])
        whose = exp.Window(this=exp.func("DENSE_RANK"), order=order)
    query = from_step(exp.select(source.named(at, "0"), source.named(whose, "1")), table)
    if held.definition.keep is None:
        return query
    names = [*(outer_name(name) for name in source.columns.actor), "session_number"]
    kept = exp.alias_(exp.Subquery(this=sessions_query(held.definition, source)), "kept", table=True)
    same = [exp.EQ(this=found.column(name, table), expression=source.dialect.column(name, "kept")) for name in names]
    return query.join(kept, on=exp.and_(*same))
