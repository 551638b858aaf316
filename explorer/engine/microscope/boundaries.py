"""Why a session begins where it does, and why it ends."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.engine.local.cut.cutting import PLACE
from explorer.engine.microscope.session_place import Found, rows_of
from explorer.plan.in_polars import boundary
from explorer.plan.in_polars.boundary import GAP, REASONS, TIME
from explorer.spec.expression.clause import Clause

LAST = "last"


@dataclass(frozen=True)
class Boundary:
    """What lies between two sessions that are cut together; `reason` is the first of the rules that hold.

    `gap` in microseconds is None before the first and after the last. `holds` has every rule that holds, in the
    order of `started_by`; after the last session it is `("end",)` where an end event closes it, and `("last",)` else.
    """

    reason: str
    gap: int | None
    holds: tuple[str, ...]


def began(found: Found) -> Boundary:
    """Why the session begins where it does."""
    return between(found, found.place)


def ended(found: Found) -> Boundary:
    """Why the session ends where it does."""
    if found.place + 1 < found.stream.stop:
        return between(found, found.place + 1)
    closed = matches(found, found.definition.end, found.events[-1:])[0]
    return Boundary("end", None, ("end",)) if closed else Boundary(LAST, None, (LAST,))


def between(found: Found, place: int) -> Boundary:
    """What lies before the session at a place of the stream."""
    if place == found.stream.start:
        return Boundary("first", None, ("first",))
    definition, at = found.definition, found.begin(place)
    times = found.view.keys[TIME]
    begin, end = found.cut["start"][place : place + 1], found.cut["end"][place - 1 : place]
    gap = max(int(begin.dt.timestamp("us")[0]) - int(end.dt.timestamp("us")[0]), 0)
    limit = definition.inactivity.us
    longest = definition.max_duration
    before = int(times[int(found.cut[PLACE][place - 1])])
    holds = {
        "restart": matches(found, definition.restart, range(at, at + 1))[0],
        "end": matches(found, definition.end, range(at - 1, at))[0],
        "inactivity": gap > limit if definition.boundary == ">" else gap >= limit,
        "calendar": _other_day(found, int(times[at - 1]), int(times[at])),
        "max_duration": longest is not None and int(times[at]) - before > longest.us,
    }
    reason = str(found.cut["started_by"][place])
    if definition.opens_with is not None or definition.passive is not None:
        holds = {}  # the events on both sides of the cut may lie outside
    also = {rule for rule, held in holds.items() if held} | {reason}
    return Boundary(reason, gap, tuple(rule for rule in REASONS if rule in also))


def matches(found: Found, clause: Clause | None, places: range) -> pl.Series:
    """Which of these events of the view a condition matches; none where there is no condition."""
    if clause is None:
        return pl.repeat(False, len(places), eager=True)
    return found.sessions.events.mask(clause).gather(rows_of(found.view, places))


def gaps(found: Found, places: range) -> pl.Series:
    """The gap before each of these events of the view; null where nothing comes before."""
    gap = found.view.keys[GAP][places.start : places.stop]
    known = pl.when(pl.col(GAP) != boundary.NEVER).then(pl.col(GAP)).cast(pl.Duration("us"))
    return gap.to_frame().select(known).to_series().alias("gap")


def _other_day(found: Found, one: int, other: int) -> bool:
    zone = found.definition.calendar
    if not zone:
        return False
    days = pl.DataFrame({TIME: [one, other]}).select(boundary.day(zone, found.sessions.events.aware)).to_series()
    return bool(days[0] != days[1])
