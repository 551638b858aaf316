"""The sessions of a table in bins: brushed here, while what is asked of their events is asked there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

import numpy as np
import polars as pl

from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.actors import Property, Value
from explorer.engine.answers.batches import Batches, What
from explorer.engine.answers.inside import FEW_FOLLOWING, Following, Paths
from explorer.engine.local.actors.properties import Placed
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.engine.local.query.groups import named
from explorer.engine.sql import table_inside
from explorer.engine.sql.table_pages import event_batches
from explorer.engine.sql.table_sessions import TableSessions
from explorer.plan.meaning import dtype_of


class TableCoded(LocalCoded):
    """The sessions that a definition of a table shows."""

    @property
    def its(self) -> TableSessions:
        """The sessions."""
        return cast(TableSessions, self.sessions)

    def batches(self, what: What, selection: Selection) -> Batches:
        """The selected sessions, their events or their actors, piece by piece."""
        return event_batches(self.its, self.rows(selection)) if what == "events" else super().batches(what, selection)

    def following(self, column: str, selection: Selection, top: int = FEW_FOLLOWING) -> Following:
        """Which value of a column of events comes right after which in the selected sessions."""
        return table_inside.following(self.its, column, self.rows(selection), top)

    def paths(self, column: str, selection: Selection, steps: int, once: bool) -> Paths:
        """The first so many steps of the selected sessions."""
        return table_inside.paths(self.its, column, self.rows(selection), steps, once)

    def by_property(self, name: str, selection: Selection) -> Sequence[Value]:
        """The actors of the selected sessions by a property of theirs, a column of events."""
        prop(self.its, name)  # remembered where all properties are
        return super().by_property(name, selection)


def prop(sessions: TableSessions, name: str) -> Placed:
    """The property that a column is; raises SpecError where there is no such column."""
    dtype_of(name, sessions.events.schema)
    return sessions.stages.get("property", name, partial(_read, sessions, name))


def _read(sessions: TableSessions, name: str) -> Placed:
    queries = sessions.queries
    found = sessions.its.ask(queries.per_actor(name), queries.kept)
    like = sessions.its.like.schema[name]
    values, mixed = found.to_series(found.width - 2), found.to_series(found.width - 1)
    told = values if isinstance(like, pl.String | pl.Categorical | pl.Enum) else values.cast(like)
    group = named(told.cast(pl.String), None)
    known = group.names if group.names is not None else pl.Series([], dtype=pl.String)
    places = group.keys.fill_null(len(known)).to_numpy().astype(np.uint32)
    many = found.height - values.null_count()
    return Placed(Property(name, len(known), many, int(mixed.cast(pl.Int64).sum())), known, places)
