"""What stretches sessions by itself, and the click that makes it passive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.editors.mend import Mend
from explorer.engine.local.inactivity.heartbeats import Heartbeat, heartbeats, passive_parts
from explorer.engine.local.session_table import SessionTable
from explorer.errors import ExplorerError
from explorer.spec.duration import Duration
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


def heartbeat_sentence(one: Heartbeat) -> str:
    """What such events do, in sentences.

    >>> hour = 3_600_000_000
    >>> heartbeat_sentence(Heartbeat("event", "ping", 900, hour // 15, 0.98, hour, 0.4, 291, 151, 10 * hour, 6 * hour))
    "'ping' events come every 4m (98.0 % of the gaps between them). Without them 151 sessions are longer than 1h \
instead of 291, and time in session is 40 % less."
    """
    long = Duration(one.long)
    if one.period is not None:
        why = f"'{one.kind}' events come every {_rounded(one.period)} ({one.regular:.1%} of the gaps between them)."
    else:
        why = f"{one.of_long:.0%} of the events in sessions longer than {long} are '{one.kind}', far fewer in others."
    less = 1 - one.time_after / one.time
    after = f"Without them {one.long_after:,} sessions are longer than {long} instead of {one.long_sessions:,}"
    return f"{why} {after}, and time in session is {less:.0%} less.".replace("%", " %")


def _rounded(us: int) -> Duration:
    """A period as people say it: to the second where it is one or longer."""
    return Duration(round(us, -6) if us >= 1_000_000 else us)


def _where(names: tuple[str, ...], definitions: Sequence[SessionDefinition]) -> str:
    """In which definitions, where there are others."""
    return f"This is so in {', '.join(names)}." if len(names) < len(definitions) else ""
