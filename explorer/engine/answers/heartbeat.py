"""A kind of events that comes by itself, and definitions in which it is passive."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.spec.duration import Duration
from explorer.spec.expression.clause import Any, Clause, Compare
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True)
class Heartbeat:
    """A kind of events that comes by itself, and what its being passive would change in the sessions of a definition.

    `period` is the exact gap between two of them in microseconds, None where there is none; `regular` the share of
    their gaps that is so long. `of_long` is the share of the events in long sessions (more than `long` microseconds)
    that are of this kind. `long_sessions` and `time` (microseconds in session) are as things are, `long_after` and
    `time_after` with the kind passive.
    """

    column: str
    kind: str
    events: int
    period: int | None
    regular: float
    long: int
    of_long: float
    long_sessions: int
    long_after: int
    time: int
    time_after: int

    @property
    def clause(self) -> Clause:
        """The condition on events that such events meet."""
        return Compare(self.column, "=", self.kind)


def passive_with(definition: SessionDefinition, clause: Clause) -> SessionDefinition:
    """The definition with such events passive too.

    >>> one, other = Compare("event", "=", "heartbeat"), Compare("event", "=", "ping")
    >>> visit = passive_with(SessionDefinition("visit", "30m"), one)
    >>> str(passive_with(visit, other).passive)
    "event = 'heartbeat' OR event = 'ping'"
    """
    held = passive_parts(definition)
    if clause in held:
        return definition
    return definition.replace(passive=Any((*held, clause)) if held else clause)


def passive_without(definition: SessionDefinition, clause: Clause) -> SessionDefinition:
    """The definition without such events among the passive ones."""
    left = tuple(part for part in passive_parts(definition) if part != clause)
    return definition.replace(passive=Any(left) if len(left) > 1 else left[0] if left else None)


def passive_parts(definition: SessionDefinition) -> tuple[Clause, ...]:
    """The conditions of which one makes an event passive."""
    passive = definition.passive
    return passive.clauses if isinstance(passive, Any) else () if passive is None else (passive,)


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
