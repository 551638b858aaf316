"""What every event knows of the session that holds it: columns that no source has, and every definition brings."""

from collections.abc import Collection
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


SOURCES_OWN = "_in_source"


def name_inside(column: str) -> str:
    """A source's own column where ours of the same name is known too; two columns never have the same.

    >>> name_inside("until_next"), name_inside("until_next_in_source"), name_inside("page")
    ('until_next_in_source', 'until_next_in_source_in_source', 'page')
    """
    return renamed(column, EVENT_COLUMNS)


def renamed(column: str, ours: Collection[str]) -> str:
    """A column that is called like one of ours, or like what such a column would be called, under another name."""
    bare = column
    while bare.endswith(SOURCES_OWN):
        bare = bare.removesuffix(SOURCES_OWN)
    return f"{column}{SOURCES_OWN}" if bare in ours else column
