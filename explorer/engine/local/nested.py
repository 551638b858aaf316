"""The sessions of one definition as the events of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from explorer.errors import SourceError
from explorer.events.events import Events
from explorer.events.load import arrange
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition

if TYPE_CHECKING:
    from explorer.engine.local.engine import LocalEngine


def nested(engine: LocalEngine, definition: SessionDefinition) -> tuple[Events, pl.DataFrame]:
    """Each session as one event at its start, with all its columns; raises SourceError where there is none."""
    found = engine.sessions(definition)
    if not found.height:
        raise SourceError(f"'{definition.name}' has no session here. There is nothing to cut.")
    actor = tuple(found.columns[1 : 1 + len(engine.columns.actor)])
    columns = Columns(actor, "start", "started_by", time_zone=engine.columns.time_zone)
    return arrange(found, columns), found
