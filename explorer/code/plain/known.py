"""What each event knows of its session, where a metric reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from explorer.code.funnels import Counted
from explorer.code.plain.clause import Conditions, quoted
from explorer.code.plain.names import Names
from explorer.plan.column_text import read_by_metrics
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.expression import clause as clauses
from explorer.spec.session import SessionDefinition

WRITTEN = {
    "event_number": "pl.int_range(1, pl.len() + 1, dtype=pl.UInt32)",
    "since_start": "({time} - {time}.first())",
    "since_previous": "{time}.diff()",
    "until_next": "{time}.diff().shift(-1)",
}


def known_lines(
    definition: SessionDefinition, names: Names, inside: Conditions, funnels: Iterable[Counted] = ()
) -> Iterator[str]:
    """The columns that metrics and steps of funnels read; `inside` writes conditions on the events of sessions."""
    read = read_by_metrics(definition, inside.schema, None)
    read |= {
        name
        for funnel in funnels
        for clause in (*funnel.steps.asked, funnel.steps.without)
        for name in clauses.columns(clause)
    }
    known = [name for name in EVENT_COLUMNS if name in read]
    if not known:
        return
    time = f"pl.col({quoted(names.time)})"
    yield "# What each event knows of its session."
    yield "events = events.with_columns("
    for name in known:
        yield f"    {WRITTEN[name].format(time=time)}.over({quoted(names.session)}).alias({quoted(name)}),"
    yield ")"
