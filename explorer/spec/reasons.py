"""Why a session begins and ends where it does, in words."""

from explorer.spec.expression.clause import Clause
from explorer.spec.expression.clause_words import clause_words
from explorer.spec.expression.muted import active
from explorer.spec.session import SessionDefinition


def began_words(definition: SessionDefinition, reason: str, gap: str = "") -> str:
    """What goes on after "began": `reason` is one of `started_by`, `gap` a length of time as a text.

    >>> visit = SessionDefinition("visit", "30m", restart="event = 'login'", max_duration="12h")
    >>> for reason in ("first", "restart", "inactivity", "max_duration"):
    ...     print(began_words(visit, reason, "47m"))
    with the actor's first event
    with a restart: event is 'login'
    after 47m of gap, more than 30m
    because the one before would last longer than 12h
    """
    match reason:
        case "first":
            return f"with the actor's first event{_split(definition)}"
        case "restart":
            return f"with a restart: {_said(definition.restart)}"
        case "end":
            return f"after an end event: {_said(definition.end)}"
        case "inactivity":
            return f"after {gap} of gap, {_limit(definition)}"
        case "calendar":
            return f"as the day changes in {definition.calendar}"
    return f"because the one before would last longer than {definition.max_duration}"


def ended_words(definition: SessionDefinition, reason: str, gap: str = "") -> str:
    """What goes on after "ended": `reason` is what the next session is started by, or `last` where none follows.

    >>> visit = SessionDefinition("visit", "30m", boundary=">=", end="event = 'logout'", calendar="UTC")
    >>> for reason in ("last", "end", "inactivity", "calendar"):
    ...     print(ended_words(visit, reason, "47m"))
    with the actor's last event
    with an end event: event is 'logout'
    by 47m of gap, at least 30m
    as the day changes in UTC
    """
    match reason:
        case "last":
            return f"with the actor's last event{_split(definition)}"
        case "restart":
            return f"by a restart: {_said(definition.restart)}"
        case "end":
            return f"with an end event: {_said(definition.end)}"
        case "inactivity":
            return f"by {gap} of gap, {_limit(definition)}"
        case "calendar":
            return f"as the day changes in {definition.calendar}"
    return f"because it would last longer than {definition.max_duration}"


def cut_off_words(definition: SessionDefinition, cut_off: str | None) -> str:
    """What the data may not hold of a session that is cut off by their edges; empty where it is not.

    >>> cut_off_words(SessionDefinition("visit", "30m"), "start")
    'It begins within 30m of the beginning of the data: it may have begun earlier.'
    """
    near = f"within {definition.inactivity} of"
    match cut_off:
        case "start":
            return f"It begins {near} the beginning of the data: it may have begun earlier."
        case "end":
            return f"It ends {near} the end of the data: it may have gone on."
        case "both":
            return f"It begins and ends {near} the edges of the data: it may have begun earlier and gone on."
    return ""


def _limit(definition: SessionDefinition) -> str:
    return f"{'more than' if definition.boundary == '>' else 'at least'} {definition.inactivity}"


def _said(clause: Clause | None) -> str:
    left = None if clause is None else active(clause)
    return "every event" if left is None else clause_words(left)


def _split(definition: SessionDefinition) -> str:
    return f" for its {' and '.join(definition.split_by)}" if definition.split_by else ""
