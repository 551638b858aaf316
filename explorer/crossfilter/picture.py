"""The sessions of one definition, binned and ready to be brushed, and the numbers that describe a selection."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.counts import count_bins
from explorer.crossfilter.cube import Crossfilter, Dimension, Mask
from explorer.crossfilter.durations import duration_bins
from explorer.crossfilter.selection import Selection
from explorer.crossfilter.times import time_bins
from explorer.plan.in_polars.boundary import ACTOR
from explorer.spec.session import SessionDefinition

DIMENSIONS = ("duration", "event_count", "time_in_session", "start")


@dataclass(frozen=True)
class Numbers:
    """What a set of sessions comes to; medians in microseconds, None where there is no session."""

    sessions: int
    actors: int
    events: int
    median_duration: float | None
    events_per_session: float | None
    one_event_share: float | None
    median_time_in_session: float | None


@dataclass(frozen=True, eq=False)
class Picture:
    """One definition's sessions as columns of numbers; rows are those of the engine's table."""

    definition: SessionDefinition
    table: pl.DataFrame
    crossfilter: Crossfilter
    actor_starts: npt.NDArray[np.int64]
    time_in_session: npt.NDArray[np.int64]

    def rows(self, selection: Selection) -> pl.Series | None:
        """The places of the selected sessions in the table; None when all are."""
        mask = self.crossfilter.mask(selection)
        return None if mask is None else pl.Series(np.flatnonzero(mask))

    def numbers(self, selection: Selection) -> Numbers:
        """The key numbers of the selected sessions; time in session is over all sessions of their actors."""
        mask = self.crossfilter.mask(selection)
        duration = _chosen(self.table["duration"].to_physical().to_numpy(), mask)
        events = _chosen(self.table["event_count"].to_numpy(), mask)
        total = self.time_in_session
        if mask is not None and len(total):
            total = total[np.logical_or.reduceat(mask, self.actor_starts)]
        count = len(duration)
        return Numbers(
            sessions=count,
            actors=len(total),
            events=int(events.sum()),
            median_duration=float(np.median(duration)) if count else None,
            events_per_session=float(events.mean()) if count else None,
            one_event_share=float((events == 1).mean()) if count else None,
            median_time_in_session=float(np.median(total)) if count else None,
        )


def picture(
    definition: SessionDefinition,
    table: pl.DataFrame,
    zone: str | None,
    dimensions: Iterable[str] = DIMENSIONS,
) -> Picture:
    """Bin an engine's table of sessions; `zone` is the zone that times are shown in (None: as they are)."""
    new = table.select((pl.col(ACTOR) != pl.col(ACTOR).shift(1)).fill_null(True).arg_true()).to_series()
    starts = new.cast(pl.Int64).to_numpy()
    duration = table["duration"].to_physical().to_numpy()
    total = np.add.reduceat(duration, starts) if len(starts) else duration
    lengths = np.diff(np.append(starts, len(duration)))
    found = []
    for name in dict.fromkeys(dimensions):
        if name == "time_in_session":
            bins = duration_bins(name, total)
            codes = np.repeat(bins.codes(total), lengths)
            found.append(Dimension(bins, np.repeat(total, lengths), codes, per_actor=True))
            continue
        values = table[name].to_physical().to_numpy()
        if name == "duration":
            bins = duration_bins(name, values)
        elif name == "start":
            bins = time_bins(name, values, zone)
        else:
            bins = count_bins(name, values, "events")
        found.append(Dimension.of(bins, values))
    return Picture(definition, table, Crossfilter(found, starts), starts, total)


def _chosen(values: npt.NDArray[np.int64], mask: Mask | None) -> npt.NDArray[np.int64]:
    return values if mask is None else values[mask]
