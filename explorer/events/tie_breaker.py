"""Which column tells the order of events that share actor and time."""

import polars as pl

from explorer.events.events import Events
from explorer.events.quality.quality import Quality
from explorer.plan.in_polars.boundary import ACTOR, GAP, TIME

NUMBERS = ("seq", "sequence", "sequence_number", "seq_no", "offset", "row", "row_number", "index", "line", "position")
IDS = ("event_id", "eventid", "hit_number", "hit", "id", "step", "number", "no", "n")


def breaker(events: Events, report: Quality) -> str | None:
    """The column that gives all tied events an order other than that of the source; None where there is none.

    It is a number that is called like one that counts, or another time.
    """
    frame, keys = events.frame, events.keys
    same = keys[GAP] == 0
    places = (same | same.shift(-1, fill_value=False)).arg_true()
    distinct = len(places) - (0 if report.duplicates_dropped else report.duplicates or 0)
    same, tied = same.gather(places), keys.select(ACTOR, TIME)[places]
    for name in candidates(events):
        values = frame[name].gather(places)
        if values.null_count() or not (same & (values < values.shift(1))).any():
            continue
        if tied.with_columns(values.alias("@value")).n_unique() == distinct:
            return name
    return None


def candidates(events: Events) -> list[str]:
    """The columns that may count events, likeliest first."""
    roles = {*events.columns.actor, events.columns.time, events.columns.event}
    free = {name: dtype for name, dtype in events.schema.items() if name not in roles}
    whole = {name.lower(): name for name, dtype in reversed(free.items()) if dtype.is_integer()}
    times = [name for name, dtype in free.items() if isinstance(dtype, pl.Datetime)]
    return [*(whole[name] for name in (*NUMBERS, *IDS) if name in whole), *times]
