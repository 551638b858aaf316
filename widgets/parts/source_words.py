"""A source in a few words: its name and size, and the zone of its times."""

from __future__ import annotations

from html import escape

from explorer.crossfilter.formats import many
from explorer.engine.local.engine import LocalEngine
from explorer.events.files.source_name import name_or


def said_zone(engine: LocalEngine) -> str:
    """The zone that times are shown in, in words."""
    aware = getattr(engine.schema[engine.columns.time], "time_zone", None)
    return engine.columns.time_zone or "UTC" if aware else "no time zone"


def about(engine: LocalEngine) -> str:
    """Name and size of the source, as HTML."""
    name = name_or(engine.source, "Data frame")
    return f"<b>{escape(name)}</b><span>{many(engine.quality.events, 'event')}</span>"
