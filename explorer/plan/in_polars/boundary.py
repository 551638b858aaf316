"""Where sessions begin, as Polars expressions over events sorted by actor and time.

The expressions read three columns: ACTOR (codes), TIME (microseconds) and GAP, the microseconds since the
event before; the first event of an actor has the gap NEVER, which is longer than any inactivity.
"""

import polars as pl

from explorer.spec.session import SessionDefinition

ACTOR, TIME, GAP, FORCED = "@actor", "@time", "@gap", "@forced"
NEVER = 2**63 - 1
REASONS = ("first", "restart", "end", "inactivity", "calendar", "max_duration")
FIRST, RESTART, END, INACTIVITY, CALENDAR, MAX_DURATION = range(6)
STARTED_BY = pl.Enum(REASONS)
CUT_OFF = pl.Enum(("start", "end", "both"))


def gap(group: pl.Expr) -> pl.Expr:
    """Microseconds since the event before; NEVER where `group` (true at a new actor or split) begins."""
    return pl.when(group).then(NEVER).otherwise(pl.col(TIME) - pl.col(TIME).shift(1)).fill_null(NEVER)


def exceeds(gap: pl.Expr, definition: SessionDefinition) -> pl.Expr:
    """Whether a gap ends a session under the definition's inactivity and boundary."""
    limit = definition.inactivity.us
    return gap > limit if definition.boundary == ">" else gap >= limit


def forced(restart: pl.Expr | None, end: pl.Expr | None, day: pl.Expr | None) -> pl.Expr:
    """The reason other than gap why an event begins a session, 0 for none."""
    reason = pl.lit(0, dtype=pl.UInt8)
    if day is not None:
        reason = pl.when(day != day.shift(1)).then(pl.lit(CALENDAR, pl.UInt8)).otherwise(reason)
    if end is not None:
        reason = pl.when(end.shift(1, fill_value=False)).then(pl.lit(END, pl.UInt8)).otherwise(reason)
    if restart is not None:
        reason = pl.when(restart).then(pl.lit(RESTART, pl.UInt8)).otherwise(reason)
    return reason


def opens(definition: SessionDefinition, any_forced: bool) -> pl.Expr:
    """The events that begin a session, before any longest duration."""
    begins = exceeds(pl.col(GAP), definition)
    return begins | (pl.col(FORCED) > 0) if any_forced else begins


def reason(definition: SessionDefinition, any_forced: bool) -> pl.Expr:
    """Why each of the events that begin a session does: the first of REASONS that holds."""
    forced = pl.col(FORCED) if any_forced else pl.lit(0, pl.UInt8)
    code = (
        pl.when(pl.col(GAP) == NEVER)
        .then(FIRST)
        .when((forced == RESTART) | (forced == END))
        .then(forced)
        .when(exceeds(pl.col(GAP), definition))
        .then(INACTIVITY)
        .when(forced == CALENDAR)
        .then(CALENDAR)
        .otherwise(MAX_DURATION)
    )
    return code.cast(pl.UInt8).cat.to(STARTED_BY)


def cut_off(definition: SessionDefinition, first: int, last: int) -> pl.Expr:
    """Which edge of the source (`first` and `last` time) a session is so near that some of it may be missing."""
    at_start = (pl.col("start") - first).abs() <= definition.inactivity.us
    at_end = (last - pl.col("end")).abs() <= definition.inactivity.us
    near = pl.when(at_start & at_end).then(pl.lit("both")).when(at_start).then(pl.lit("start"))
    return near.when(at_end).then(pl.lit("end")).otherwise(None).cast(CUT_OFF)


def day(zone: str, aware: bool) -> pl.Expr:
    """The calendar day of an event in a zone; a naive time lies on the day it says."""
    if not aware:
        return pl.col(TIME).cast(pl.Datetime("us")).dt.date().to_physical()
    return pl.col(TIME).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone).dt.date().to_physical()
