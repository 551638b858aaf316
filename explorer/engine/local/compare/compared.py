"""Several ways to cut the same events, side by side: key numbers, and distributions over common bins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.counts import count_bins
from explorer.crossfilter.bins.durations import duration_bins
from explorer.crossfilter.bins.extent import Extent, extent
from explorer.crossfilter.numbers import numbers_of
from explorer.engine import keys
from explorer.engine.answers.compare import Asked, Common, Compared, Counts
from explorer.engine.local.coded.dimensions import UNITS, actor_starts
from explorer.engine.local.compare.overlap import Whole
from explorer.engine.local.compare.sides import side_table
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.cut.spans import latest_ends
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from explorer.plan.in_polars.boundary import ACTOR, TIME
from explorer.spec.session import SessionDefinition

# What makes the sessions of a definition or of a column as numbers.
Tables = Callable[[Any, Asked], pl.DataFrame]
BINNED: dict[str, Callable[[Extent], Bins]] = {
    "duration": lambda known: duration_bins("duration", known),
    "event_count": lambda known: count_bins("event_count", known, UNITS["event_count"]),
    "time_in_session": lambda known: duration_bins("time_in_session", known),
}


def compared(events: EventTable, asked: Asked, table: Tables = side_table) -> Compared:
    """The sessions of a definition, or of a column that holds session ids; raises SpecError."""
    found: Compared = events.stages.get("compared", asked_key(asked), lambda: _compared(events, asked, table))
    return found


def common(events: EventTable, several: Sequence[Asked], table: Tables = side_table) -> dict[str, Common]:
    """The distributions of COMPARED, all over the same bins; raises SpecError."""

    def make() -> dict[str, Common]:
        sides = [compared(events, asked, table) for asked in several]
        found = {}
        for name, binned in BINNED.items():
            go_on()
            values = [side.values[name] for side in sides]
            bins = binned(extent(np.concatenate([np.zeros(0, np.int64), *values])))
            counts = (_counted(events, asked, name, bins, each) for asked, each in zip(several, values, strict=True))
            found[name] = Common(bins, tuple(counts))
        return found

    made: dict[str, Common] = events.stages.get("common", tuple(map(asked_key, several)), make)
    return made


def _counted(events: EventTable, asked: Asked, name: str, bins: Bins, values: Whole) -> Counts:
    """What one way has in each bin, remembered: where another way changes the bins mostly stay."""

    def make() -> Counts:
        return np.bincount(bins.codes(values), minlength=len(bins))

    made: Counts = events.stages.get("counted", (asked_key(asked), name, bins), make)
    return made


def asked_key(asked: Asked) -> keys.Key:
    """What the sessions depend on.

    >>> asked_key("session_id")
    ('column', 'session_id')
    """
    return ("column", asked) if isinstance(asked, str) else keys.shown_key(asked)


def _compared(events: EventTable, asked: Asked, tables: Tables) -> Compared:
    if tables is side_table and isinstance(asked, SessionDefinition) and _shows_all(asked):
        return _of_spans(SessionTable(events, asked))
    table = tables(events, asked)
    starts = actor_starts(table)
    duration = table["duration"].to_physical().to_numpy()
    counts = table["event_count"].to_numpy()
    total = np.add.reduceat(duration, starts) if len(starts) else duration
    values = {"duration": duration, "event_count": counts, "time_in_session": total}
    return Compared(numbers_of(duration, counts, total), values)


def _shows_all(definition: SessionDefinition) -> bool:
    """Whether every session is shown, and holds all events from its first to its last."""
    return definition.keep is None and definition.passive is None and not definition.split_by


def _of_spans(sessions: SessionTable) -> Compared:
    """The same from where sessions begin and stop: their other columns are not made."""
    view, spans = sessions.view, sessions.spans
    time, begins, stops = view.keys[TIME], spans.begins, spans.stops
    last = time.gather(stops - 1) if view.ends is None else None
    ends = latest_ends(view.ends.to_numpy(), begins.to_numpy(), stops.to_numpy()) if view.ends is not None else last
    duration = np.asarray(ends) - time.gather(begins).to_numpy()
    counts = (stops - begins).to_numpy()
    actor = view.keys[ACTOR].gather(begins).to_numpy()
    starts = np.flatnonzero(np.append(True, actor[1:] != actor[:-1])) if len(actor) else np.zeros(0, np.int64)
    total = np.add.reduceat(duration, starts) if len(starts) else duration
    values = {"duration": duration, "event_count": counts, "time_in_session": total}
    return Compared(numbers_of(duration, counts, total), values)
