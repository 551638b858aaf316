"""How many sessions, or actors, reach each step of a funnel, as one query."""

from __future__ import annotations

from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_polars.pattern import reaching_expression
from explorer.plan.in_sql.cutting import with_steps
from explorer.plan.in_sql.inside import Inside
from explorer.plan.in_sql.looking_back import Step
from explorer.plan.in_sql.pattern import letter
from explorer.plan.in_sql.query import sessions_query, told_query, with_events
from explorer.plan.in_sql.questions.held import Held
from explorer.plan.in_sql.sequences.funnel import reached
from explorer.plan.in_sql.sequences.words import is_in, put_in_words
from explorer.plan.in_sql.source import Source, from_step, step_table
from explorer.plan.meaning import outer_name
from explorer.plan.pattern_elements import conditions
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.charts.sequences.told_apart import TOGETHER, ToldApart
from explorer.spec.session import SessionDefinition

AMONG = "among"


def funnel_sql(
    steps: Steps,
    definition: SessionDefinition,
    source: Source,
    events: exp.Select | None = None,
    apart: ToldApart = TOGETHER,
) -> str:
    """One row with a column for each step: how many of the kept sessions, or of their actors, reach it. Told apart, a
    row for each value and step of time that sessions have, with how many these are."""
    held = Held(source, definition)
    kept = definition.keep is not None and not apart  # told apart, only the kept ones are there
    made, reaching = _of_patterns(held, steps) if steps.has_patterns else _of_events(held, steps, kept)
    last = made[-1][0]
    counts = [
        source.named(exp.Count(this=exp.Case().when(each, exp.Literal.number(1))), f"step_{at + 1}")
        for at, each in enumerate(reaching)
    ]
    if apart:
        query = _told_apart(held, made, counts, apart)
    else:
        query = from_step(exp.select(*counts), last)
        if steps.has_patterns and kept:
            made.append((source.step(AMONG), _among(held, steps)))
            places = exp.select(source.dialect.column("0")).from_(step_table(source.step(AMONG)))
            query = query.where(exp.In(this=held.at, query=exp.Subquery(this=places)))
    return source.dialect.text(with_events(with_steps(query, made), source, events))


def _of_events(held: Held, steps: Steps, kept: bool) -> tuple[list[Step], list[exp.Expr]]:
    """The steps to the best attempts, of the kept sessions only where it says so, and for each step of the funnel
    whether one reaches it."""
    source = held.source
    among = source.step(AMONG) if steps.across or kept else None
    best = reached(held, steps, among)
    made: list[Step] = [(each.alias, each.this) for each in best.ctes]
    if among is not None:
        at = next(at for at, (name, _) in enumerate(made) if name == source.step("across"))
        made.insert(at, (among, _among(held, steps)))
    best.set("with_", None)
    made.append((source.step("best_attempts"), best))
    happened = [exp.not_(source.ours(f"happened_{at}").is_(exp.null())) for at in range(len(steps))]
    return made, [exp.and_(*(each.copy() for each in happened[: at + 1])) for at in range(len(steps))]


def _of_patterns(held: Held, steps: Steps) -> tuple[list[Step], list[exp.Expr]]:
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
    trees = [each.tree for each in patterns]
    regexes = [reaching_expression(trees[: at + 1], len(patterns)) for at in range(len(patterns))]
    return made, [is_in(source.ours("word"), regex, source.dialect) for regex in regexes]


def _told_apart(held: Held, made: list[Step], counts: list[exp.Expr], apart: ToldApart) -> exp.Select:
    """The counts for each side and step of time; adds the step that says where each kept session is."""
    source, dialect, last = held.source, held.source.dialect, made[-1][0]
    told, at = source.step("side_and_time"), held.at.name
    value, start = source.own("side"), source.own("step_start")
    kept = exp.alias_(exp.Subquery(this=told_query(held.definition, source, apart, value, start)), "kept", table=True)
    names = [name for name, there in ((value, apart.sides), (start, apart.every)) if there]
    chosen = [source.named(dialect.column(at, held.sessions_step), at)]
    chosen += [source.named(dialect.column(name, "kept"), name) for name in names]
    made.append((told, from_step(exp.select(*chosen), held.sessions_step).join(kept, on=_same(held))))
    called = {value: "value", start: "start"}
    keys = [dialect.column(name, told) for name in names]
    shown = [source.named(key.copy(), called[name]) for key, name in zip(keys, names, strict=True)]
    many = source.named(exp.Count(this=exp.Star()), "sessions")
    same = exp.EQ(this=dialect.column(at, told), expression=dialect.column(at, last))
    query = from_step(exp.select(*shown, many, *counts), told).join(step_table(last), on=same, join_type="left")
    return query.group_by(*(key.copy() for key in keys)).order_by(*(dialect.ordered(key.copy()) for key in keys))


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
    kept = exp.alias_(exp.Subquery(this=sessions_query(held.definition, source)), "kept", table=True)
    return query.join(kept, on=_same(held))


def _same(held: Held) -> exp.Expr:
    """That a session is one of the kept ones."""
    source, found, table = held.source, held.measuring, held.sessions_step
    names = [*(outer_name(name) for name in source.columns.actor), "session_number"]
    each = [exp.EQ(this=found.column(name, table), expression=source.dialect.column(name, "kept")) for name in names]
    return exp.and_(*each)
