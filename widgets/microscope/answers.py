"""Everything that opening a session finds out, and where it is among the selected ones; for a thread to run."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.crossfilter.formats import count_text
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.local.coded.picture import Picture
from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.local.cut.event_table import EventTable
from explorer.engine.local.microscope.left_out import left_out
from explorer.engine.local.microscope.session_place import Found, beginning
from explorer.engine.local.microscope.window import Window, window
from explorer.engine.local.session_table import SessionTable
from explorer.engine.stopping import go_on
from widgets.microscope import head, texts
from widgets.microscope.head import Plain

EVENTS, LANES = 25, 8


@dataclass(frozen=True, eq=False)
class Look:
    """A session and all that is shown of it at first."""

    found: Found
    shown: dict[str, Plain]


def looked(found: Found, selected: Selected, size: int, more: bool) -> Look:
    """Find out all that is shown first: `size` events, and with `more` those that `where` leaves out."""
    shown = {"head": head.head(found)}
    go_on()
    low, high = head.home(found)
    shown |= {"strip": stretch(found, low, high, more)}
    go_on()
    shown |= {"events": texts.events(found, 0, size), "lanes": texts.lanes(found, (found.number - 1) // LANES, LANES)}
    go_on()
    return Look(found, shown | {"walk": selected.said(found)})


def stretch(found: Found, low: int, high: int, more: bool) -> Plain:
    """What the strip draws around a stretch of time, with `more` also the events that `where` leaves out."""
    seen = wide_window(found, low, high)
    return texts.strip(seen) | (texts.left(left_out(found, seen.low, seen.high)) if more else {"left": []})


def wide_window(found: Found, low: int, high: int) -> Window:
    """What is asked for and as much on both sides, where that does not hide single events."""
    air = max(high - low, 1)
    wide = window(found, low - air, high + air)
    if wide.step is None:
        return wide
    near = window(found, low, high)
    return near if near.step is None else wide


@dataclass(frozen=True)
class Selected:
    """The selected sessions in the order of the table, as they were when this was made."""

    picture: Picture
    selection: Selection
    sort: tuple[str, bool]

    @property
    def order(self) -> pl.Series:
        return self.picture.ordered(self.selection, *self.sort)

    def place(self, found: Found, order: pl.Series) -> int | None:
        """Where a session is among them; None where it is not."""
        mine = int(found.cut[PLACE][found.place])
        among = (self.picture.table[PLACE] == mine).arg_true()
        here = (order == among[0]).arg_true() if len(among) else among
        return int(here[0]) if len(here) else None

    def said(self, found: Found) -> Plain:
        """Where a session is among them, and which ways there are."""
        order = self.order
        total, place = len(order), self.place(found, order)
        which = "selected" if self.selection else "shown"
        if place is None:
            return {"text": f"not one of {count_text(total)} {which}", "previous": False, "next": total > 0}
        text = f"{count_text(place + 1)} of {count_text(total)} {which}"
        return {"text": text, "previous": place > 0, "next": place + 1 < total}

    def beside(self, found: Found, step: int) -> Found | None:
        """The session so many places further; the first where it is none of them; None beyond the ends."""
        order = self.order
        place = self.place(found, order)
        to = 0 if place is None else place + step
        return self.nth(found.sessions.events, order, to) if 0 <= to < len(order) else None

    def nth(self, events: EventTable, order: pl.Series, to: int) -> Found:
        """The session at a place of the order."""
        begin = int(self.picture.table[PLACE][int(order[to])])
        return beginning(SessionTable(events, self.picture.definition), begin)
