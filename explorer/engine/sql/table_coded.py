"""The sessions of a table in bins: brushed here, while what is asked of their events is asked there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import polars as pl

from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.actors import Property, Value
from explorer.engine.answers.batches import Batches, What
from explorer.engine.answers.sequences.inside import FEW_FOLLOWING, Following
from explorer.engine.local.actors.properties import Placed
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.engine.local.query.groups import named
from explorer.engine.sql import table_inside
from explorer.engine.sql.table_pages import event_batches
from explorer.engine.sql.table_sessions import TableSessions
from explorer.engine.stopping import go_on
from explorer.plan.meaning import dtype_of

AT_ONCE = 25  # columns that a question asks for


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

    def by_property(self, name: str, selection: Selection) -> Sequence[Value]:
        """The actors of the selected sessions by a property of theirs, a column of events."""
        prop(self.its, name)  # remembered where all properties are
        return super().by_property(name, selection)


def prop(sessions: TableSessions, name: str) -> Placed:
    """The property that a column is; raises SpecError where there is no such column."""
    dtype_of(name, sessions.events.schema)
    return sessions.stages.get("property", name, lambda: _read(sessions, [name])[0])


def props(sessions: TableSessions, names: Sequence[str]) -> list[Placed]:
    """The same of several columns, for which the database is asked at once."""
    new = [name for name in names if not sessions.stages.has("property", name)]
    for at in range(0, len(new), AT_ONCE):
        go_on()
        some = new[at : at + AT_ONCE]
        for name, found in zip(some, _read(sessions, some), strict=True):
            sessions.stages.put("property", name, found)
    return [prop(sessions, name) for name in names]


def _read(sessions: TableSessions, names: Sequence[str]) -> list[Placed]:
    queries = sessions.queries
    found = sessions.its.ask(queries.per_actor(names), queries.kept)
    columns = found.get_columns()[-2 * len(names) :]
    return [_placed(sessions, name, *columns[2 * at : 2 * at + 2]) for at, name in enumerate(names)]


def _placed(sessions: TableSessions, name: str, values: pl.Series, mixed: pl.Series) -> Placed:
    like = sessions.its.like.schema[name]
    told = values if isinstance(like, pl.String | pl.Categorical | pl.Enum) else values.cast(like)
    group = named(told.cast(pl.String), None)
    known = group.names if group.names is not None else pl.Series([], dtype=pl.String)
    places = group.keys.fill_null(len(known)).to_numpy().astype(np.uint32)
    many = len(values) - values.null_count()
    return Placed(Property(name, len(known), many, int(mixed.cast(pl.Int64).sum())), known, places)
