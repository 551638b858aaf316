"""The events that do not exist for a definition because `where` leaves them out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from explorer.engine.local.event_names import names
from explorer.engine.microscope.session_place import Found, again, rows_of
from explorer.engine.microscope.window import POINTS, Whole
from explorer.plan.in_polars.boundary import ACTOR, TIME
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True, eq=False)
class LeftOut:
    """`total` events of the actor that `where` leaves out; `times` (microseconds) and `codes` are empty where they
    are more than POINTS."""

    total: int
    times: Whole
    codes: Whole


def left_out(found: Found, low: int, high: int) -> LeftOut:
    """The events from `low` up to and with `high` that would be cut together with the session's but for `where`."""
    definition, events, none = found.definition, found.sessions.events, np.zeros(0, np.int64)
    if definition.where is None:
        return LeftOut(0, none, none)
    rows = _together(found)
    times = events.keys[TIME].gather(rows).to_numpy()
    rows = rows[int(np.searchsorted(times, low)) : int(np.searchsorted(times, high, "right"))]
    rows = rows.filter(~events.mask(definition.where).gather(rows))
    if len(rows) > POINTS:
        return LeftOut(len(rows), none, none)
    times = events.keys[TIME].gather(rows).to_numpy()
    known = names(found.sessions)
    codes = pl.repeat(0, len(rows), eager=True) if known is None else known.codes.gather(rows).cast(pl.Int64)
    return LeftOut(len(rows), times, codes.to_numpy())


def _together(found: Found) -> pl.Series:
    """All events that would be cut together with the session's but for `where`, by their place among all events."""
    events, definition = found.sessions.events, found.definition
    if not definition.split_by:
        actors = events.keys[ACTOR].to_numpy()
        begin, end = (int(np.searchsorted(actors, actors[found.first], side)) for side in ("left", "right"))
        return pl.int_range(begin, end, dtype=pl.UInt32, eager=True)
    # All that is asked of the sessions of this definition is which events are cut together.
    everything = SessionDefinition(definition.name, definition.inactivity, split_by=definition.split_by)
    whole = again(found, found.sessions.of(everything))
    return pl.Series([], dtype=pl.UInt32) if whole is None else rows_of(whole.view, whole.around)
