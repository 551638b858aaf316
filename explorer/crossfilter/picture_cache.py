"""The picture of a definition, made once for an engine."""

from dataclasses import replace

from explorer.crossfilter.picture import DIMENSIONS, Dimensions, Picture, picture, picture_key
from explorer.engine.local.cut import keys
from explorer.engine.local.engine import LocalEngine
from explorer.spec.session import SessionDefinition


def draw(engine: LocalEngine, definition: SessionDefinition, dimensions: Dimensions = DIMENSIONS) -> Picture:
    """The picture of one definition over one engine, remembered with the engine's other results."""
    key = picture_key(definition, dimensions)
    found: Picture = engine.stages.get("picture", key, lambda: picture(engine, definition, dimensions))
    if found.definition != definition:
        # Another name, colour or metric: the same sessions in the same bins.
        found = replace(found, definition=definition, table=engine.table(definition))
        engine.stages.put("picture", key, found)
    return found


def is_drawn(engine: LocalEngine, definition: SessionDefinition, dimensions: Dimensions = DIMENSIONS) -> bool:
    """Whether `draw` would answer at once."""
    known = engine.stages.has("table", keys.table_key(definition))
    return known and engine.stages.has("picture", picture_key(definition, dimensions))


def shown_zone(engine: LocalEngine) -> str | None:
    """The zone that times are shown in; None where they know none."""
    columns = engine.columns
    aware = getattr(engine.schema[columns.time], "time_zone", None)
    return (columns.time_zone or "UTC") if aware else None
