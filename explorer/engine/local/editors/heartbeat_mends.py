"""What stretches sessions by itself, and the click that makes it passive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from explorer.engine.answers.heartbeat import Heartbeat, heartbeat_sentence, passive_parts
from explorer.engine.answers.mend import Mend
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.inactivity.heartbeats import heartbeats
from explorer.engine.local.session_table import SessionTable
from explorer.errors import ExplorerError
from explorer.spec.expression.clause import Clause, Compare
from explorer.spec.session import SessionDefinition


def heartbeat_mends(events: EventTable, definitions: Sequence[SessionDefinition]) -> Iterator[Mend]:
    """Each kind of events that stretches the sessions of a definition, and each that is passive in one already."""
    found: dict[str, tuple[Heartbeat, tuple[str, ...]]] = {}
    for definition in definitions:
        with suppress(ExplorerError):  # what cannot be cut is said elsewhere
            for one in heartbeats(SessionTable(events, definition)):
                first, names = found.get(one.kind, (one, ()))
                found[one.kind] = first, (*names, definition.name)
    for named, (one, names) in found.items():
        said = f"{heartbeat_sentence(one)} {_where(names, definitions)}".rstrip()
        yield Mend(f"heartbeat {named}", said, "Make passive", passive=one.clause, sessions=names)
    for clause in dict.fromkeys(part for definition in definitions for part in passive_parts(definition)):
        kind = _kind(clause, events.columns.event)
        if kind is None or kind in found:
            continue
        its = tuple(one.name for one in definitions if clause in passive_parts(one))
        told = f"'{kind}' events are passive: they keep no session open. {_where(its, definitions)}".rstrip()
        yield Mend(f"heartbeat {kind}", told, "Count them", passive=clause, sessions=its, in_force=True)


def _kind(clause: Clause, column: str | None) -> str | None:
    """The kind of events that a condition asks for, where it asks for one."""
    if column and isinstance(clause, Compare) and isinstance(clause.value, str):
        return clause.value if clause == Compare(column, "=", clause.value) else None
    return None


def _where(names: tuple[str, ...], definitions: Sequence[SessionDefinition]) -> str:
    """In which definitions, where there are others."""
    return f"This is so in {', '.join(names)}." if len(names) < len(definitions) else ""
