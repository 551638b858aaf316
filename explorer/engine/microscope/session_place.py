"""Where a session lies among its actor's sessions and events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.engine import Engine
from explorer.engine.local.cut.cutting import PLACE, View
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.session_ids import numbered, of_actor, place_of
from explorer.engine.local.session_table import SessionTable
from explorer.plan.in_polars.boundary import ACTOR, FIRST, TIME
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True, eq=False)
class Found:
    """A session by its place in the order of the cut, before `keep`.

    `actor` are the places of its actor's sessions, `stream` those among them that are cut together with it: the same
    where nothing is split.
    """

    sessions: SessionTable
    place: int
    actor: range
    stream: range

    @property
    def definition(self) -> SessionDefinition:
        """What the sessions are cut by."""
        return self.sessions.definition

    @property
    def cut(self) -> pl.DataFrame:
        """All sessions, in the order of the cut."""
        return self.sessions.cut

    @property
    def view(self) -> View:
        """The events that the definition's sessions hold."""
        return self.sessions.held

    @property
    def number(self) -> int:
        """Which of its actor's sessions it is, from 1."""
        return int(self.cut["session_number"][self.place])

    @property
    def events(self) -> range:
        """The places of its events in the view."""
        return range(self.begin(self.place), self.begin(self.place + 1))

    @property
    def around(self) -> range:
        """The places in the view of all events that are cut together with its own."""
        return range(self.begin(self.stream.start), self.begin(self.stream.stop))

    @cached_property
    def times(self) -> npt.NDArray[np.int64]:
        """The times of `around` in microseconds, in order."""
        return self.view.keys[TIME].to_numpy()[self.around.start : self.around.stop]

    @cached_property
    def row(self) -> pl.DataFrame:
        """The session as `engine.sessions` gives it, also where `keep` does not show it."""
        one = self.cut[self.place : self.place + 1]
        one = one.with_columns(self.sessions.metric(metric.name)[[self.place]] for metric in self.definition.metrics)
        return self.sessions.framed(one)

    @property
    def id(self) -> str:
        """The session's id."""
        return str(self.row["session_id"][0])

    @property
    def first(self) -> int:
        """Where its first event is among all events."""
        return int(rows_of(self.view, range(self.events.start, self.events.start + 1))[0])

    def begin(self, session: int) -> int:
        """Where a session's first event is in the view; for the place after the last, where the view ends."""
        begins = self.cut[PLACE]
        return int(begins[session]) if session < len(begins) else self.view.keys.height

    def shown(self, places: pl.Series) -> pl.Series:
        """Which of these sessions `keep` shows; raises SpecError."""
        shown = self.sessions.shown
        return pl.repeat(True, len(places), eager=True) if shown is None else shown.gather(places)

    def numbered(self, number: int) -> Found:
        """Another session of the same actor; raises SpecError."""
        return at(self.sessions, numbered(self.cut, self.actor, number, self.definition))


def of_one_actor(engine: Engine, definition: SessionDefinition, session_id: str) -> SessionTable:
    """The sessions of the actor of a session, over that actor's events alone; raises SpecError where there is no such
    actor."""
    small = engine.actor(definition, session_id.rpartition("/")[0])
    if not isinstance(small, LocalEngine):
        raise TypeError(f"{type(small).__name__} is no engine in memory")
    return small.session_table(definition)


def look(engine: Engine, definition: SessionDefinition, session_id: str) -> Found:
    """A session of a definition over the events of its actor; raises SpecError where there is none of that id."""
    return find(of_one_actor(engine, definition, session_id), session_id)


def find(sessions: SessionTable, session_id: str) -> Found:
    """The session of that id, whether `keep` shows it or not; raises SpecError where there is none."""
    return at(sessions, place_of(sessions, session_id))


def again(found: Found, sessions: SessionTable) -> Found | None:
    """The session that holds the same first event now; None where none does, or where the events are others."""
    if not same_events(found, sessions.events):
        return None
    row, view = found.first, sessions.held
    if view.is_all:
        place = row
    elif view.places is not None:
        places = np.flatnonzero(view.places.to_numpy() == row)
        if not len(places):
            return None
        place = int(places[0])
    else:
        if not view.kept[row]:  # type: ignore[index]
            return None
        place = int(np.searchsorted(view.rows.to_numpy(), row))
    return beginning(sessions, place)


def holding(found: Found, place: int) -> Found:
    """The session that holds an event of `found.around`, by the event's place in the view."""
    return beginning(found.sessions, min(max(place, found.around.start), found.around.stop - 1))


def beginning(sessions: SessionTable, place: int) -> Found:
    """The session that begins with an event of the view, or holds it."""
    begins = sessions.cut[PLACE].to_numpy()
    return at(sessions, int(np.searchsorted(begins, begins.dtype.type(place), "right")) - 1)


def at(sessions: SessionTable, place: int) -> Found:
    """The session at a place in the order of the cut."""
    cut = sessions.cut
    actor = stream = of_actor(cut, int(cut[ACTOR][place]))
    if sessions.definition.split_by:
        reasons = cut["started_by"][actor.start : actor.stop].to_physical().to_numpy()
        firsts = np.flatnonzero(reasons == FIRST) + actor.start
        which = int(np.searchsorted(firsts, place, "right"))
        stream = range(int(firsts[which - 1]), int(firsts[which]) if which < len(firsts) else actor.stop)
    return Found(sessions, place, actor, stream)


def same_events(found: Found, events: EventTable) -> bool:
    """Whether these are of the events that the session was found among, in the same order."""
    return events.order is found.sessions.events.order


def rows_of(view: View, places: range) -> pl.Series:
    """Where these events of a view are among all events."""
    if view.is_all:
        return pl.int_range(places.start, places.stop, dtype=pl.UInt32, eager=True)
    return view.rows[places.start : places.stop]
