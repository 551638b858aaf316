"""The picture of a definition, made once for an engine."""

from dataclasses import replace

from explorer.crossfilter.bins.binning import DIMENSIONS, Dimensions
from explorer.engine.local.coded.picture import Picture, picture, picture_key
from explorer.engine.local.cut import keys
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.session_table import SessionTable


def draw(sessions: SessionTable, dimensions: Dimensions = DIMENSIONS) -> Picture:
    """The picture of one definition over one engine, remembered with the engine's other results."""
    key = picture_key(sessions.definition, dimensions)
    found: Picture = sessions.stages.get("picture", key, lambda: picture(sessions, dimensions))
    if found.definition != sessions.definition:
        # Another name, colour or metric: the same sessions in the same bins.
        found = replace(found, definition=sessions.definition, table=sessions.table)
        sessions.stages.put("picture", key, found)
    return found


def is_drawn(sessions: SessionTable, dimensions: Dimensions = DIMENSIONS) -> bool:
    """Whether `draw` would answer at once."""
    known = sessions.stages.has("table", keys.table_key(sessions.definition))
    return known and sessions.stages.has("picture", picture_key(sessions.definition, dimensions))


def shown_zone(events: EventTable) -> str | None:
    """The zone that times are shown in; None where they know none."""
    columns = events.columns
    aware = getattr(events.schema[columns.time], "time_zone", None)
    return (columns.time_zone or "UTC") if aware else None
