"""The coded sessions of a definition, made once for an engine."""

from dataclasses import replace

from explorer.crossfilter.bins.binning import DIMENSIONS, Dimensions
from explorer.engine import keys
from explorer.engine.local.coded.coded_keys import coded_key
from explorer.engine.local.coded.coding import coded_of
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.engine.local.session_table import SessionTable


def coded(
    sessions: SessionTable, dimensions: Dimensions = DIMENSIONS, kind: type[LocalCoded] = LocalCoded
) -> LocalCoded:
    """The shown sessions in the bins of these dimensions, remembered with the engine's other results."""
    key = coded_key(sessions.definition, dimensions)
    found: LocalCoded = sessions.stages.get("coded sessions", key, lambda: coded_of(sessions, dimensions, kind))
    if found.definition != sessions.definition:
        # Another name, colour or metric: the same sessions in the same bins.
        found = replace(found, sessions=sessions, table=sessions.table)
        sessions.stages.put("coded sessions", key, found)
    return found


def is_coded(sessions: SessionTable, dimensions: Dimensions = DIMENSIONS) -> bool:
    """Whether `coded` would answer at once."""
    known = sessions.stages.has("table", keys.table_key(sessions.definition))
    return known and sessions.stages.has("coded sessions", coded_key(sessions.definition, dimensions))
