"""The steps of the calendar in which actors come first and come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.returns import period_text
from explorer.engine.local.query import calendar_steps
from explorer.engine.local.query.groups import local
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError, located
from explorer.spec.charts.sequences.returns import RETURN_STEPS

Whole = npt.NDArray[np.int64]
# So many steps are looked at together by themselves, and at most.
FEW, MOST = 31, 400


@dataclass(frozen=True, eq=False)
class Periods:
    """Steps of the calendar one after the other, in the zone of the analysis: `at` when they begin, `edges` the same in
    microseconds with the end of the last. The first `over` of them have ended in the source; `early` says that the
    source begins in the first, and `cut` that it begins more than the inactivity after its beginning."""

    at: pl.Series
    edges: Whole
    every: str
    over: int
    early: bool
    cut: bool

    def __len__(self) -> int:
        return len(self.at)

    @property
    def names(self) -> tuple[str, ...]:
        """When they begin: a date each."""
        moments: list[datetime] = self.at.to_list()
        return tuple(moment.date().isoformat() for moment in moments)

    @property
    def labels(self) -> tuple[str, ...]:
        """The same as they are read."""
        return tuple(period_text(name, self.every) for name in self.names)

    def places(self, times: Whole) -> Whole:
        """In which step times lie; -1 before the first, and as many as there are beyond the last."""
        found: Whole = np.searchsorted(self.edges, times, side="right") - 1
        return found


def periods(sessions: SessionTable, starts: Whole, every: str | None) -> Periods:
    """The steps from the first of these starts, or the beginning of the source, to its end; raises SpecError at `every`
    for too many of them.

    A step has ended where the source goes on until its end, or stops less than the inactivity before: what comes after
    a session that is not cut off is known. Starts outside of the bulk of the source are those of a wrong clock.
    """
    first, last = sessions.events.span
    inside = starts[(starts >= first) & (starts <= last)]
    low = int(inside.min()) if len(inside) else first
    ends = _local(sessions, [low, max(low, last)])
    every = every or nice(ends)
    if calendar_steps.count(ends, every) > MOST:
        longer = next(step for step in RETURN_STEPS if calendar_steps.count(ends, step) <= MOST or step == "1y")
        with located("every"):
            raise SpecError(f"{every} makes more than {MOST} steps. Write {longer}.")
    at = calendar_steps.between(calendar_steps.floor(ends, every), every)
    stop = calendar_steps.ends(at[-1:], every)
    edges = pl.concat([at, stop]).dt.cast_time_unit("us").to_physical().to_numpy()
    known = last + sessions.definition.inactivity.us
    over = int(np.searchsorted(edges[1:], known, side="right"))
    early = bool(edges[0] <= first < edges[1])
    return Periods(at, edges, every, over, early, early and first - int(edges[0]) > sessions.definition.inactivity.us)


def nice(ends: pl.Series) -> str:
    """The shortest step of which there are few.

    >>> nice(pl.Series([datetime(2024, 3, 1), datetime(2024, 6, 1)]))
    '1w'
    """
    return next((step for step in RETURN_STEPS if calendar_steps.count(ends, step) <= FEW), RETURN_STEPS[-1])


def _local(sessions: SessionTable, times: list[int]) -> pl.Series:
    moments = pl.Series("start", times, dtype=pl.Int64).cast(pl.Datetime("us"))
    if sessions.events.aware:
        moments = moments.dt.replace_time_zone("UTC")
    return local(moments, sessions)
