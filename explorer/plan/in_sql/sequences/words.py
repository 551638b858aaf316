"""Sessions as words of a pattern's elements, as SQL: a letter for each event, put together in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from explorer.errors import located
from explorer.plan.in_sql.cutting import Cutting, with_steps
from explorer.plan.in_sql.dialect import Dialect
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
    with located("pattern"):
        letters = letter([Inside(held.source).condition(element) for element in elements])
    return put_in_words(held, letters, elements, where, timed)


def put_in_words(
    held: Held, letters: exp.Expr, read: Sequence[Clause], where: Clause | None = None, timed: bool = False
) -> exp.Select:
    """The same where the letters of an event are told, which `read` these conditions."""
    source, events = held.source, Inside(held.source)
    told = source.named(letters, source.own("letter"))
    query = exp.select(held.at, source.ours("place"), source.ours("time_us"), told)
    if where is not None:
        with located("where"):
            query = query.where(events.condition(where))
    names = {name for each in (*read, where) for name in clauses.columns(each)}
    known = [name for name in Cutting(source, held.definition, telling=True).known if name in names]
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


def is_in(word: exp.Expr, regex: str, dialect: Dialect) -> exp.Expr:
    """Whether a word holds what a regular expression finds."""
    if dialect.name == "snowflake":  # its REGEXP_LIKE wants the whole word, and its expressions are those of POSIX
        found = exp.Anonymous(this="REGEXP_INSTR", expressions=[word, exp.Literal.string(of_posix(regex))])
        return exp.GT(this=found, expression=exp.Literal.number(0))
    return exp.RegexpLike(this=word, expression=exp.Literal.string(regex))


def of_posix(regex: str) -> str:
    """The same without groups that are not captured and repetitions that stop early: what is found begins and ends
    elsewhere, and whether something is found stays.

    >>> of_posix("^(?:.{2})*?(?:(?:a.{1})(?:b.{1})+)")
    '^(.{2})*((a.{1})(b.{1})+)'
    """
    return re.sub(r"([*+?}])\?", r"\1", regex.replace("(?:", "("))
