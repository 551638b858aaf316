"""Sessions as words of a pattern's elements, as SQL: a letter for each event, put together in their order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_sql.cutting import Cutting, with_steps
from explorer.plan.in_sql.inside import Inside
from explorer.plan.in_sql.looking_back import Step
from explorer.plan.in_sql.pattern import letter, put_together
from explorer.plan.in_sql.questions.held import Held
from explorer.plan.in_sql.source import from_step
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause


def words(held: Held, elements: Sequence[Clause], where: Clause | None, timed: bool) -> exp.Select:
    """The place of a session, its word, and with `timed` the times of its letters in microseconds, with commas between;
    sessions without an event that `where` holds are left out."""
    source, events = held.source, Inside(held.source)
    with located("pattern"):
        told = source.named(letter([events.condition(element) for element in elements]), source.own("letter"))
    query = exp.select(held.at, source.ours("place"), source.ours("time_us"), told)
    if where is not None:
        with located("where"):
            query = query.where(events.condition(where))
    read = {name for each in (*elements, where) for name in clauses.columns(each)}
    known = [name for name in Cutting(source, held.definition, telling=True).known if name in read]
    whole = held.over(query, known)
    steps: list[Step] = [(each.alias, each.this) for each in whole.ctes]
    whole.set("with_", None)
    steps.append((source.step("lettered"), whole))

    place = source.ours("place")
    chosen = [source.named(put_together(source.ours("letter"), place, source.dialect), source.own("word"))]
    if timed:
        text = exp.cast(source.ours("time_us"), "text")
        chosen.append(source.named(put_together(text, place, source.dialect, between=","), source.own("word_times")))
    found = from_step(exp.select(held.at, *chosen), source.step("lettered"))
    return with_steps(found.group_by(held.at.copy()), steps)
