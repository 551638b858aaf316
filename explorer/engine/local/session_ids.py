"""Where the actor and the session of an id are."""

from __future__ import annotations

import numpy as np
import polars as pl

from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.session import SessionDefinition


def place_of(sessions: SessionTable, session_id: str) -> int:
    """The place of a session in the order of the cut, whether `keep` shows it or not; raises SpecError where there is
    none of that id."""
    who, slash, number = session_id.rpartition("/")
    code = actor_code(sessions.events, who)
    if not slash or code is None or not number.isdecimal():
        raise SpecError(f"'{sessions.definition.name}' has no session '{session_id}': there is no such actor.")
    return numbered(sessions.cut, of_actor(sessions.cut, code), int(number), sessions.definition)


def actor_code(events: EventTable, who: str) -> int | None:
    """The code of the actor whose sessions have ids that begin so; None where there is none."""
    codes = (events.actor_ids == f"{who}/").arg_true()
    return int(codes[0]) if len(codes) else None


def of_actor(cut: pl.DataFrame, code: int) -> range:
    """The places of an actor's sessions."""
    actors = cut[ACTOR].to_numpy()
    # A number of another type would make NumPy change the whole column's first.
    low, high = (int(np.searchsorted(actors, actors.dtype.type(code), side)) for side in ("left", "right"))
    return range(low, high)


def numbered(cut: pl.DataFrame, actor: range, number: int, definition: SessionDefinition) -> int:
    """The place of the session of a number among those of its actor; raises SpecError."""
    if not 1 <= number <= len(actor):
        has = f"{len(actor)} session{'' if len(actor) == 1 else 's'}"
        raise SpecError(f"'{definition.name}' has no session {number} of this actor, who has {has}.")
    if not definition.split_by:
        return actor.start + number - 1
    numbers = cut["session_number"][actor.start : actor.stop]
    return actor.start + int((numbers == number).arg_max() or 0)
