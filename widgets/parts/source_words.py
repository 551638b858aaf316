"""A source in a few words: its name and size, and the zone of its times."""

from __future__ import annotations

from html import escape

from explorer.crossfilter.formats import many
from explorer.engine.engine import Engine
from explorer.events.files.source_name import name_or


def said_zone(engine: Engine) -> str:
    """The zone that times are shown in, in words."""
    return engine.zone or "no time zone"


def about(engine: Engine) -> str:
    """Name and size of the source, as HTML."""
    name = name_or(engine.source, "Data frame")
    return f"<b>{escape(name)}</b><span>{many(engine.quality.events, 'event')}</span>"


def own_columns(engine: Engine) -> list[str]:
    """The columns of the source and those derived of it, without the cohorts."""
    return [name for name in engine.schema if name not in engine.cohorts]
