"""Where sessions begin, as Polars expressions over events sorted by actor and time.

The expressions read three columns: ACTOR (codes), TIME (microseconds) and GAP, the microseconds since the
event before; the first event of an actor has the gap NEVER, which is longer than any inactivity.
"""

import polars as pl

from explorer.spec.rules import REASON_NAMES
from explorer.spec.session import SessionDefinition

ACTOR, TIME, GAP, FORCED = "@actor", "@time", "@gap", "@forced"
CHANGED, BEFORE, LAST = "@changed", "@before", "@last"
NEVER = 2**63 - 1
REASONS = REASON_NAMES
FIRST, RESTART, CHANGE, END, INACTIVITY, CALENDAR, MAX_DURATION, MAX_EVENTS = range(8)
STARTED_BY = pl.Enum(REASONS)
CUT_OFF = pl.Enum(("start", "end", "both"))


def gap(group: pl.Expr) -> pl.Expr:
    """Microseconds since the event before; NEVER where `group` (true at a new actor or split) begins."""
    return pl.when(group).then(NEVER).otherwise(pl.col(TIME) - pl.col(TIME).shift(1)).fill_null(NEVER)


def exceeds(gap: pl.Expr, definition: SessionDefinition) -> pl.Expr:
    """Whether a gap ends a session under the definition's inactivity and boundary."""
    limit = definition.inactivity.us
    return gap > limit if definition.boundary == ">" else gap >= limit


def forced(restart: pl.Expr | None, change: pl.Expr | None, end: pl.Expr | None, day: pl.Expr | None) -> pl.Expr:
    """The reason other than gap why an event begins a session, whatever came before it; 0 for none."""
    reason = pl.lit(0, dtype=pl.UInt8)
    if day is not None:
        reason = pl.when(day != day.shift(1)).then(pl.lit(CALENDAR, pl.UInt8)).otherwise(reason)
    if end is not None:
        reason = pl.when(end.shift(1, fill_value=False)).then(pl.lit(END, pl.UInt8)).otherwise(reason)
    if change is not None:
        reason = pl.when(change).then(pl.lit(CHANGE, pl.UInt8)).otherwise(reason)
    if restart is not None:
        reason = pl.when(restart).then(pl.lit(RESTART, pl.UInt8)).otherwise(reason)
    return reason


def opens(definition: SessionDefinition, any_forced: bool) -> pl.Expr:
    """The events that begin a session, before any longest duration."""
    begins = exceeds(pl.col(GAP), definition)
    return begins | (pl.col(FORCED) > 0) if any_forced else begins


def reason(definition: SessionDefinition, any_forced: bool) -> pl.Expr:
    """Why a session is closed, or the first begins, at each of these events: the first of REASONS that holds.

    With `restart_on_change` CHANGED says where a value differs from the last one of the session before; where both
    `max_duration` and `max_events` are set, BEFORE is the time at which that session began.
    """
    forced = pl.col(FORCED) if any_forced else pl.lit(0, pl.UInt8)
    code = pl.when(pl.col(GAP) == NEVER).then(FIRST).when(forced == RESTART).then(RESTART)
    if definition.restart_on_change:
        code = code.when(pl.col(CHANGED)).then(CHANGE)
    code = code.when(forced == END).then(END).when(exceeds(pl.col(GAP), definition)).then(INACTIVITY)
    code = code.when(forced == CALENDAR).then(CALENDAR)
    if definition.max_events is None:
        found = code.otherwise(MAX_DURATION)
    elif definition.max_duration is None:
        found = code.otherwise(MAX_EVENTS)
    else:
        over = pl.col(TIME) - pl.col(BEFORE) > definition.max_duration.us
        found = code.when(over).then(MAX_DURATION).otherwise(MAX_EVENTS)
    return found.cast(pl.UInt8).cat.to(STARTED_BY)


def cut_off(definition: SessionDefinition, first: int, last: int) -> pl.Expr:
    """Which edge of the source (`first` and `last` time) a session is so near that some of it may be missing.

    With passive events LAST is the time of the last of all.
    """
    at_start = (pl.col("start") - first).abs() <= definition.inactivity.us
    at_end = (last - pl.col(LAST if definition.passive is not None else "end")).abs() <= definition.inactivity.us
    start, end, both = (pl.lit(place, pl.UInt8) for place in range(3))
    near = pl.when(at_start & at_end).then(both).when(at_start).then(start).when(at_end).then(end)
    return near.otherwise(pl.lit(None, pl.UInt8)).cat.to(CUT_OFF)


def day(zone: str, aware: bool) -> pl.Expr:
    """The calendar day of an event in a zone; a naive time lies on the day it says."""
    if not aware:
        return pl.col(TIME).cast(pl.Datetime("us")).dt.date().to_physical()
    return pl.col(TIME).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone).dt.date().to_physical()
