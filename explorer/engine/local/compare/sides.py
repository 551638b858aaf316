"""The two sides of a comparison: the sessions of a definition, or those that a column of the events says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl

from explorer.engine.local.compare.id_column import said, said_sessions, said_table
from explorer.engine.local.compare.overlap import NONE, Labels, Whole
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.session_table import SessionTable
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.needed import metrics_asked
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True, eq=False)
class Side:
    """One way to divide all events: each event's session (NONE: in none), each session's actor, and their frame.

    `sessions` makes session_id, the actor, session_number, start, end and event_count, one row per session, or per
    session at these places.
    """

    name: str
    labels: Labels
    actors: Whole
    sessions: Callable[[pl.Series | None], pl.DataFrame]

    def __len__(self) -> int:
        return len(self.actors)

    @property
    def light(self) -> Side:
        """The same without a label for every event."""
        return replace(self, labels=self.labels[:0])


def side(events: EventTable, asked: SessionDefinition | str) -> Side:
    """The sessions of a definition after `keep`, or of a column; raises SpecError."""
    return _of_column(events, asked) if isinstance(asked, str) else _of_definition(SessionTable(events, bare(asked)))


def side_table(events: EventTable, asked: SessionDefinition | str) -> pl.DataFrame:
    """The same sessions as numbers, by actor: ACTOR, duration, event_count and more; raises SpecError."""
    return said_table(events, asked) if isinstance(asked, str) else SessionTable(events, bare(asked)).table


def bare(definition: SessionDefinition) -> SessionDefinition:
    """The definition with those metrics only that decide which sessions there are.

    >>> visit = SessionDefinition("visit", "1h", metrics=[{"name": "n", "aggregate": "count"}])
    >>> bare(visit).metrics
    ()
    >>> bare(visit.replace(keep="n > 3")) == visit.replace(keep="n > 3")
    True
    """
    needed = metrics_asked(definition, definition.keep)
    return definition.replace(metrics=tuple(metric for metric in definition.metrics if metric in needed))


def _of_definition(sessions: SessionTable) -> Side:
    cut, table, view = sessions.cut, sessions.table, sessions.held
    place = np.full(cut.height, NONE, np.int32)
    place[np.searchsorted(cut[PLACE].to_numpy(), table[PLACE].to_numpy())] = np.arange(table.height, dtype=np.int32)
    labels = np.repeat(place, cut["event_count"].to_numpy())
    if not view.is_all:
        inside, labels = labels, np.full(len(sessions.events.data), NONE, np.int32)
        labels[view.rows.to_numpy()] = inside
    actors = table[ACTOR].to_numpy().astype(np.int64)
    return Side(sessions.definition.name, labels, actors, partial(side_frame, sessions))


def side_frame(sessions: SessionTable, rows: pl.Series | None = None) -> pl.DataFrame:
    """What `Side.sessions` makes of the sessions of a definition."""
    found = sessions.frame(rows)
    actor = found.columns[1 : 1 + len(sessions.events.columns.actor)]
    return found.select("session_id", *actor, "session_number", "start", "end", "event_count")


def _of_column(events: EventTable, name: str) -> Side:
    found = said(events, name)
    place = found.runs["session"].cast(pl.Int32).fill_null(NONE).to_numpy()
    labels = np.repeat(place, found.runs["length"].to_numpy())
    actors = found.firsts[ACTOR].to_numpy().astype(np.int64)
    return Side(name, labels, actors, partial(said_sessions, events, name))
