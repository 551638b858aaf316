"""Everything that opening a session finds out, and where it is among the selected ones; for a thread to run."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.charts.figure.moments import moments_of
from explorer.crossfilter.formats import count_text
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.engine.engine import Engine
from explorer.engine.microscope.left_out import left_out
from explorer.engine.microscope.session_place import Found, look
from explorer.engine.microscope.window import Window, window
from explorer.engine.stopping import go_on
from explorer.plan.links import row_links
from explorer.spec.context.annotation import Annotation
from explorer.spec.context.link import Link
from widgets.microscope import head, texts
from widgets.microscope.head import Plain

EVENTS, LANES = 25, 8


@dataclass(frozen=True, eq=False)
class Look:
    """A session and all that is shown of it at first."""

    engine: Engine
    found: Found
    shown: dict[str, Plain]


def looked(found: Found, selected: Selected, size: int, more: bool) -> Look:
    """Find out all that is shown first: `size` events, and with `more` those that `where` leaves out."""
    links = row_links(selected.links, found.row, found.sessions.events.columns)[0]
    notes = [[each.us, each.text, each.said] for each in moments_of(selected.annotations, selected.engine.zone)]
    shown = {"head": head.head(found) | {"links": links, "moments": notes}}
    go_on()
    low, high = head.home(found)
    shown |= {"strip": stretch(found, low, high, more)}
    go_on()
    shown |= {"events": texts.events(found, 0, size), "lanes": texts.lanes(found, (found.number - 1) // LANES, LANES)}
    go_on()
    return Look(selected.engine, found, shown | {"walk": selected.said(found)})


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

    engine: Engine
    coded: Coded
    selection: Selection
    sort: tuple[str, bool]
    links: tuple[Link, ...] = ()
    annotations: tuple[Annotation, ...] = ()

    def place(self, found: Found) -> int | None:
        """Where a session is among them; None where it is not."""
        return self.coded.place(found.id, self.selection, self.sort)

    def said(self, found: Found) -> Plain:
        """Where a session is among them, and which ways there are."""
        total, place = self.coded.n_sessions(self.selection), self.place(found)
        which = "selected" if self.selection else "shown"
        if place is None:
            return {"text": f"not one of {count_text(total)} {which}", "previous": False, "next": total > 0}
        text = f"{count_text(place + 1)} of {count_text(total)} {which}"
        return {"text": text, "previous": place > 0, "next": place + 1 < total}

    def beside(self, found: Found, step: int) -> Found | None:
        """The session so many places further; the first where it is none of them; None beyond the ends."""
        place = self.place(found)
        return self.nth(0 if place is None else place + step)

    def nth(self, to: int) -> Found | None:
        """The session at a place among them; None beyond the ends."""
        if to < 0:
            return None
        ids = self.coded.page(self.selection, self.sort, slice(to, to + 1)).frame["session_id"]
        return look(self.engine, self.coded.definition, ids[0]) if len(ids) else None
