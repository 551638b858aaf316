"""The two sides of a comparison: the sessions of a definition, or those that a column of the events says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from explorer.engine.local.compare.id_column import said, said_sessions, said_table
from explorer.engine.local.compare.overlap import NONE, Labels, Whole
from explorer.engine.local.cut import keys
from explorer.engine.local.cut.cutting import PLACE
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.expression import clause as clauses
from explorer.spec.session import SessionDefinition

if TYPE_CHECKING:
    from explorer.engine.local.engine import LocalEngine


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


def side(engine: LocalEngine, asked: SessionDefinition | str) -> Side:
    """The sessions of a definition after `keep`, or of a column; raises SpecError."""
    return _of_column(engine, asked) if isinstance(asked, str) else _of_definition(engine, bare(asked))


def side_table(engine: LocalEngine, asked: SessionDefinition | str) -> pl.DataFrame:
    """The same sessions as numbers, by actor: ACTOR, duration, event_count and more; raises SpecError."""
    return said_table(engine, asked) if isinstance(asked, str) else engine.table(bare(asked))


def bare(definition: SessionDefinition) -> SessionDefinition:
    """The definition with those metrics only that decide which sessions there are.

    >>> visit = SessionDefinition("visit", "1h", metrics=[{"name": "n", "aggregate": "count"}])
    >>> bare(visit).metrics
    ()
    >>> bare(visit.replace(keep="n > 3")) == visit.replace(keep="n > 3")
    True
    """
    names = [name.removeprefix(f"{definition.name}.") for name in clauses.columns(definition.keep)]
    needed = keys.needed(definition, names)
    return definition.replace(metrics=tuple(metric for metric in definition.metrics if metric in needed))


def _of_definition(engine: LocalEngine, definition: SessionDefinition) -> Side:
    cut, table, view = engine._cut(definition), engine.table(definition), engine._view(definition)
    place = np.full(cut.height, NONE, np.int32)
    place[np.searchsorted(cut[PLACE].to_numpy(), table[PLACE].to_numpy())] = np.arange(table.height, dtype=np.int32)
    labels = np.repeat(place, cut["event_count"].to_numpy())
    if not view.is_all:
        inside, labels = labels, np.full(len(engine._events), NONE, np.int32)
        labels[view.rows.to_numpy()] = inside
    actors = table[ACTOR].to_numpy().astype(np.int64)
    return Side(definition.name, labels, actors, partial(_sessions, engine, definition))


def _sessions(engine: LocalEngine, definition: SessionDefinition, rows: pl.Series | None = None) -> pl.DataFrame:
    found = engine.sessions(definition, rows)
    actor = found.columns[1 : 1 + len(engine.columns.actor)]
    return found.select("session_id", *actor, "session_number", "start", "end", "event_count")


def _of_column(engine: LocalEngine, name: str) -> Side:
    found = said(engine, name)
    place = found.runs["session"].cast(pl.Int32).fill_null(NONE).to_numpy()
    labels = np.repeat(place, found.runs["length"].to_numpy())
    actors = found.firsts[ACTOR].to_numpy().astype(np.int64)
    return Side(name, labels, actors, partial(said_sessions, engine, name))
