"""A session's events and its actor's sessions, page by page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.local.cut import frames
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.microscope import boundaries
from explorer.engine.microscope.names import codes_of
from explorer.engine.microscope.session_place import Found, rows_of
from explorer.events.events import decoded
from explorer.plan.in_polars.boundary import TIME

CELLS = 240


@dataclass(frozen=True, eq=False)
class EventPage:
    """Some of a session's events: `frame` as `engine.events` gives them, `places` where each is in the view.

    `gap` before each is null where nothing comes before. `restart` and `end` say which match these rules;
    `opens` and `closes` hold why the session begins at its first event and ends at its last, null elsewhere.
    """

    frame: pl.DataFrame
    places: range
    total: int
    gap: pl.Series
    restart: pl.Series
    end: pl.Series
    opens: list[str | None]
    closes: list[str | None]


def events(found: Found, page: slice) -> EventPage:
    """A page of the session's own events, in order."""
    return _events(found, found.events[page], len(found.events))


def event(found: Found, place: int) -> EventPage:
    """One event of `found.around`, by its place in the view."""
    at = min(max(place, found.around.start), found.around.stop - 1)
    return _events(found, range(at, at + 1), 1)


def _events(found: Found, places: range, total: int) -> EventPage:
    definition, own = found.definition, found.events
    session = _sessions(found, places)
    begins, rows = found.cut["session_number"].gather(session), rows_of(found.view, places)
    known = found.sessions.inside.known(pl.Series(places, dtype=pl.Int64), session)
    return EventPage(
        frames.event_frame(found.sessions.events.data, rows, begins, known),
        places,
        total,
        boundaries.gaps(found, places),
        boundaries.matches(found, definition.restart, places),
        boundaries.matches(found, definition.end, places),
        [boundaries.began(found).reason if place == own[0] else None for place in places],
        [boundaries.ended(found).reason if place == own[-1] else None for place in places],
    )


def _sessions(found: Found, places: range) -> pl.Series:
    begins = found.cut[PLACE].to_numpy()
    return pl.Series(np.searchsorted(begins, np.asarray(places, dtype=begins.dtype), "right") - 1)


@dataclass(frozen=True, eq=False)
class Lanes:
    """Some of an actor's sessions by number: `frame` has the split columns, session_number, start, end, duration,
    event_count, started_by and cut_off; `shown` says which `keep` shows.

    `gap` is what precedes each among those that are cut together. `marks` has for each session the cells, of
    `CELLS` from its start on, in which it has events, each with the code of its first event there; a cell lasts
    `cell` microseconds.
    """

    frame: pl.DataFrame
    total: int
    shown: pl.Series
    gap: pl.Series
    cell: int
    marks: list[tuple[list[int], list[int]]]


def lanes(found: Found, page: slice) -> Lanes:
    """A page of the sessions of the actor, in order of number."""
    cut, actor = found.cut, found.actor
    if found.definition.split_by:
        order = cut["session_number"][actor.start : actor.stop].arg_sort()[page]
        places = order.cast(pl.Int64) + actor.start
    else:
        chosen = actor[page]
        places = pl.int_range(chosen.start, chosen.stop, eager=True)
    table = cut[places]
    split = found.sessions.split(table)
    texts = decoded(split, found.sessions.events.schema)
    names = ("session_number", "start", "end", "duration", "event_count", "started_by", "cut_off")
    rows = (
        pl.concat([texts, decoded(table.select(names), {})], how="horizontal") if split.width else table.select(names)
    )
    firsts = [found.begin(place) for place in places]
    gap = pl.concat([pl.Series("gap", [], pl.Duration("us")), *(_gap(found, at) for at in firsts)])
    longest = int(table["duration"].to_physical().max() or 0)  # type: ignore[arg-type]
    cell = longest // CELLS + 1
    marks = [_marks(found, range(at, found.begin(place + 1)), cell) for at, place in zip(firsts, places, strict=True)]
    return Lanes(rows, len(actor), found.shown(places), gap, cell, marks)


def _gap(found: Found, at: int) -> pl.Series:
    return boundaries.gaps(found, range(at, at + 1))


def _marks(found: Found, places: range, cell: int) -> tuple[list[int], list[int]]:
    times: npt.NDArray[np.int64] = found.view.keys[TIME].to_numpy()[places.start : places.stop]
    at = (times - times[0]) // cell
    firsts = np.flatnonzero(np.append(True, at[1:] != at[:-1]))
    codes = codes_of(found, places)
    return at[firsts].tolist(), [0] * len(firsts) if codes is None else codes[firsts].tolist()
