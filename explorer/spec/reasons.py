"""Why a session begins and ends where it does, in words."""

from explorer.spec.rules import BY_REASON
from explorer.spec.session import SessionDefinition


def began_words(definition: SessionDefinition, reason: str, gap: str = "") -> str:
    """What goes on after "began": `reason` is one of `started_by`, `gap` a length of time as a text.

    >>> visit = SessionDefinition("visit", "30m", restart="event = 'login'", max_duration="12h")
    >>> for reason in ("first", "restart", "inactivity", "max_duration"):
    ...     print(began_words(visit, reason, "47m"))
    with the actor's first event
    with a start event: event is 'login'
    after a gap of 47m, more than 30m
    because the one before would last longer than 12h
    """
    return BY_REASON[reason].began(definition, gap)


def ended_words(definition: SessionDefinition, reason: str, gap: str = "") -> str:
    """What goes on after "ended": `reason` is what the next session is started by, or `last` where none follows.

    >>> visit = SessionDefinition("visit", "30m", boundary=">=", end="event = 'logout'", calendar="UTC")
    >>> for reason in ("last", "end", "inactivity", "calendar"):
    ...     print(ended_words(visit, reason, "47m"))
    with the actor's last event
    with an end event: event is 'logout'
    by a gap of 47m, at least 30m
    as the day changes in UTC
    """
    return BY_REASON["first" if reason == "last" else reason].ended(definition, gap)


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
