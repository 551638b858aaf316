"""What every event knows of the session that holds it: columns that no source has, and every definition brings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EventColumn:
    """A column of the events of sessions: what it is in a menu and in a sentence, and what its values are."""

    name: str
    title: str
    kind: str


EVENT_COLUMNS = {
    each.name: each
    for each in (
        EventColumn("event_number", "Place of the event in its session, from 1", "number"),
        EventColumn("since_start", "Time since the session's first event", "duration"),
        EventColumn("since_previous", "Time since the event before in the session", "duration"),
        EventColumn("until_next", "Time until the next event in the session", "duration"),
    )
}


def name_inside(column: str) -> str:
    """A source's own column where ours of the same name is known too.

    >>> name_inside("until_next"), name_inside("page")
    ('until_next_in_source', 'page')
    """
    return f"{column}_in_source" if column in EVENT_COLUMNS else column
