"""The time between an actor's sessions."""

from __future__ import annotations

from math import ceil, floor, sqrt

import numpy as np
import polars as pl

from explorer.engine.answers.different import Interval
from explorer.engine.answers.retention import REACH, Between
from explorer.engine.local.returning.actors_in_time import InTime, Mask
from explorer.engine.local.session_table import SessionTable
from explorer.plan.in_polars.boundary import ACTOR

QUARTERS = (0.25, 0.5, 0.75)


def between(sessions: SessionTable, actors: InTime, chosen: Mask) -> Between:
    """Of the sessions of the chosen actors that come after another one."""
    since = sessions.column("since_previous").gather(sessions.kept).to_physical()
    held = pl.Series(actors.repeated(chosen))
    frame = pl.DataFrame([sessions.table[ACTOR], since.alias("since")]).filter(held & since.is_not_null())
    once = int(np.count_nonzero(chosen & (actors.lengths == 1)))
    if not frame.height:
        return Between(once=once)
    each = frame.with_columns(pl.col(ACTOR).set_sorted()).group_by(ACTOR, maintain_order=True)
    medians = np.sort(each.agg(pl.col("since").median())["since"].to_numpy())
    quartiles = np.quantile(frame["since"].to_numpy(), QUARTERS)
    per_actor = np.quantile(medians, QUARTERS)
    return Between(frame.height, len(medians), once, _three(quartiles), _three(per_actor), middle(medians))


def middle(ordered: np.ndarray) -> Interval | None:
    """Where the median of all actors is, at 95 %, from those in order: the values between the ranks that hold it
    (Conover 1999, *Practical nonparametric statistics*); None where there are too few.

    >>> middle(np.arange(100.0))
    Interval(low=39.0, high=60.0)
    """
    n = len(ordered)
    far = REACH * sqrt(n) / 2
    low, high = floor(n / 2 - far) - 1, ceil(n / 2 + far)
    if low < 0 or high >= n:
        return None
    return Interval(float(ordered[low]), float(ordered[high]))


def _three(values: np.ndarray) -> tuple[float, float, float]:
    low, half, high = values.tolist()
    return low, half, high
