"""The rules that the session ids of a table follow: looked for in the events of some of its actors, which come home."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from explorer.engine.answers.rules_from_ids import RulesFromIds
from explorer.engine.local.compare import rules_from_ids as local
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.stages import Stages
from explorer.engine.sql.frames import as_told
from explorer.engine.sql.table_events import TableEvents
from explorer.errors import SpecError
from explorer.events.load import arrange
from explorer.plan.in_sql.questions import profile

# About so many events come home, those of whole actors.
MOST_EVENTS = 200_000


def rules_from_ids(events: TableEvents, column: str, name: str, most: int = MOST_EVENTS) -> RulesFromIds:
    """The rules of these actors' ids, which know how many actors there are besides; raises SpecError as the search in
    memory does."""
    if column not in events.schema:
        raise SpecError(f"There is no column '{column}' of session ids.")

    def make() -> RulesFromIds:
        actors = events.data.frame.select(events.columns.actor)
        fit = max(1, int(most / max(1.0, len(events) / max(1, actors.height))))
        places = np.unique(np.linspace(0, actors.height - 1, min(fit, actors.height)).round().astype(np.int64))
        some = actors[pl.Series(places)]
        with events.kept.rows(some.rename(dict(zip(some.columns, map(str, range(some.width)), strict=True)))) as those:
            found = events.ask(profile.of_actors(events.source, those, 2 * most))
        theirs = as_told(found, pl.DataFrame(schema=dict(events.schema)))
        data = arrange(theirs, events.columns.replace(derived=()))
        its = local.rules_from_ids(EventTable(data, Stages()), column, name)
        return replace(its, actors=some.height, of_actors=actors.height)

    made: RulesFromIds = events.stages.get("rules from ids", (column, name, most), make)
    return made
