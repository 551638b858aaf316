"""The lines of the script that write sessions as words, in which regular expressions find patterns of events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from explorer.code.plain.clause import Conditions, quoted
from explorer.code.plain.literals import comment
from explorer.code.plain.names import Names
from explorer.errors import located
from explorer.plan.in_polars.pattern import LETTERS, OTHER, reaching_expression
from explorer.plan.pattern_elements import conditions
from explorer.spec.pattern import Pattern


def letter_code(pattern: Pattern, events: Conditions, event: str | None) -> str:
    """The letter of an event: that of the first element of a pattern which it matches."""
    found = "pl"
    for letter, clause in zip(LETTERS, conditions(pattern, event, events.schema), strict=False):
        found += f'.when({events.asked(clause)}).then(pl.lit("{letter}"))'
    return f'{found}.otherwise(pl.lit("{OTHER}"))'


def pattern_lines(
    held: str, patterns: Sequence[Pattern], names: Names, events: Conditions, event: str | None
) -> Iterator[str]:
    """A frame with how many patterns come one after the other in each session of the `held` events."""
    yield comment("An event has a letter for each step, a session is a word of them.")
    yield 'word = pl.col("word").str'
    yield "reached = ("
    yield f"    {held}.group_by({quoted(names.session)}, maintain_order=True)"
    yield "    .agg("
    yield "        pl.concat_str("
    for at, pattern in enumerate(patterns):
        with located(f"steps[{at}]"):
            yield f"            {letter_code(pattern, events, event)},"
    yield '        ).str.join("").alias("word")'
    yield "    )"
    yield "    .select("
    yield f"        {quoted(names.session)},"
    yield "        pl.sum_horizontal("
    for at in range(len(patterns)):
        found = reaching_expression([each.tree for each in patterns[: at + 1]], len(patterns))
        yield f"            word.contains({quoted(found)}),"
    yield '        ).alias("steps"),'
    yield "    )"
    yield ")"
