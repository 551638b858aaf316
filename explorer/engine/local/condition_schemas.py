"""What conditions on sessions and on actors may ask, and where a condition would see other values than a chart."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError
from explorer.spec.session import BESIDES


def session_schema(sessions: SessionTable) -> dict[str, pl.DataType]:
    """The columns of sessions that `keep` may use, and their types."""
    table = sessions.table.schema
    own = {name: table[name] for name in table if not name.startswith("@")}
    others = [*sessions.events.columns.actor, *sessions.definition.split_by]
    ours = {"session_id": pl.String(), **dict.fromkeys(BESIDES, pl.Duration("us"))}
    return {name: sessions.events.schema[name] for name in others} | ours | own


def keep_schema(sessions: SessionTable) -> dict[str, pl.DataType]:
    """The columns that `keep` may use, and their types: those of the sessions, and the values of their actors."""
    found = session_schema(sessions)
    for name in sessions.definition.actor_values:
        dtype = sessions.column(name).dtype
        found.setdefault(name, dtype)
        found[f"{sessions.events.columns.actor_name}.{name}.{sessions.definition.name}"] = dtype
    return found


def actor_schema(sessions: SessionTable) -> dict[str, pl.DataType]:
    """The columns that are one value per actor, and their types: the actor, what is known of it, the cohorts."""
    names = (*sessions.events.columns.actor, *sessions.definition.actor_values, *sessions.events.cohorts)
    return {name: sessions.own(name).dtype for name in names}


def check_actors_of(sessions: SessionTable, names: Iterable[str]) -> None:
    """Raise SpecError for a value of actors that a condition would see otherwise than the charts show it: a condition
    asks all sessions of an actor, a chart those that `keep` shows."""
    shown = sessions.shown
    if shown is None:
        return
    for name in filter(sessions.is_actors, map(sessions.plain_name, names)):
        if not sessions.column(name).filter(shown).equals(sessions.own(name).filter(shown)):
            raise SpecError(
                f"'{name}' is shown over the sessions that the session filter keeps, and a condition asks it of all "
                "sessions of the actor. Remove the session filter first, or clear this brush."
            )
