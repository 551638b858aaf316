"""The sessions of one definition as the events of another."""

from __future__ import annotations

import polars as pl

from explorer.engine.local.session_table import SessionTable
from explorer.errors import SourceError
from explorer.events.events import Events
from explorer.events.load import arrange
from explorer.spec.columns import Columns


def nested(sessions: SessionTable) -> tuple[Events, pl.DataFrame]:
    """Each session as one event at its start, with all its columns; raises SourceError where there is none."""
    found = sessions.frame()
    if not found.height:
        raise SourceError(f"'{sessions.definition.name}' has no session here. There is nothing to cut.")
    actor = tuple(found.columns[1 : 1 + len(sessions.events.columns.actor)])
    columns = Columns(actor, "start", "started_by", time_zone=sessions.events.columns.time_zone)
    return arrange(found, columns), found
