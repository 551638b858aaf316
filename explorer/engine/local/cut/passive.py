"""Which passive events join the session that is open at their place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from explorer.engine.local.cut.dividing import Places, Times
from explorer.engine.local.cut.events_view import View
from explorer.engine.local.cut.spans import Spans, latest_ends
from explorer.engine.stopping import go_on
from explorer.plan.in_polars.boundary import TIME
from explorer.spec.duration import Duration
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True)
class Joined:
    """The same sessions with their passive events, as places of a view that has these: from `begins` up to `stops`.

    `last` is the time of each one's last event.
    """

    begins: pl.Series
    stops: pl.Series
    last: pl.Series


@dataclass(frozen=True)
class Active:
    """The events of a view that are not passive: their places in it, and which of them are end events, if any end."""

    view: View
    places: pl.Series
    closed: pl.Series | None

    def runs(self, stops: pl.Series, since: Times | None = None) -> Runs:
        """The passive events behind the active ones before these stops; `since` is from when their gaps count, the
        time of that active event where it is not told."""
        height, active = self.view.keys.height, self.places
        last = active.gather(stops - 1)
        high = (last + 1).to_numpy(writable=True)
        after = active.gather(stops.clip(upper_bound=max(1, len(active)) - 1)).to_numpy(writable=True)
        after[stops.to_numpy() == len(active)] = height
        some = np.flatnonzero(after > high)
        if self.closed is not None:
            some = some[~self.closed.gather(stops.gather(some) - 1).to_numpy()]
        firsts = self.view.firsts
        stream_ends = np.append(firsts, np.uint32(height))[np.searchsorted(firsts, high[some] - 1, "right")]
        high[some] = np.minimum(after[some], stream_ends)
        time = self.view.keys[TIME].gather(last)
        return Runs(last, time, pl.Series(high), time if since is None else pl.Series(since))

    def near(self, candidates: pl.Series, least: Duration) -> Runs:
        """Runs before all but the first that can begin a session at an inactivity between `least` and four times that,
        and before the end: few of their events are still in question."""
        stops = candidates.shift(-1, fill_value=len(self.places))
        return self.runs(stops).sure(self.view, least.us - 1).short(self.view, 4 * least.us)

    def joined(self, begins: pl.Series, runs: Runs, definition: SessionDefinition) -> Joined:
        """Sessions from their first active events, and the runs behind their last."""
        runs = runs.sure(self.view, limit(definition))
        return Joined(self.places.gather(begins), runs.last + 1, runs.time)

    def lasting(self, spans: Spans, definition: SessionDefinition) -> Joined:
        """Sessions of events that last."""
        assert self.view.ends is not None
        ends = self.view.ends.gather(self.places).to_numpy()
        since = latest_ends(ends, spans.begins.to_numpy(), spans.stops.to_numpy())
        found = self.joined(spans.begins, self.runs(spans.stops, since), definition)
        latest = latest_ends(self.view.ends.to_numpy(), found.begins.to_numpy(), found.stops.to_numpy())
        return Joined(found.begins, found.stops, pl.Series(latest))


@dataclass(frozen=True)
class Runs:
    """Passive events behind active ones: `last` is the last event that surely joins, `time` its time, `high` the first
    that surely does not, and `since` is from when gaps count."""

    last: pl.Series
    time: pl.Series
    high: pl.Series
    since: pl.Series

    def filter(self, some: pl.Series) -> Runs:
        """Some of them."""
        frame = pl.DataFrame(vars(self)).filter(some)
        return Runs(*frame.get_columns())

    def sure(self, view: View, limit: int) -> Runs:
        """The same, where all that is not beyond the limit joins."""
        wide, found = self._beyond(view, limit)
        if not len(wide):
            return self
        last = pl.Series(found - 1)
        # scatter() changes the series that it is called on.
        time = self.time.clone().scatter(wide, view.keys[TIME].gather(last))
        return Runs(self.last.clone().scatter(wide, last), time, self.high, self.since)

    def short(self, view: View, limit: int) -> Runs:
        """The same, where nothing beyond the limit joins."""
        wide, found = self._beyond(view, limit)
        return Runs(self.last, self.time, self.high.clone().scatter(wide, pl.Series(found)), self.since)

    def _beyond(self, view: View, limit: int) -> tuple[pl.Series, Places]:
        """Where there are events in question, and the first of each that is beyond the limit."""
        wide = ((self.high - self.last) > 1).arg_true()
        low, high = (part.gather(wide).to_numpy() for part in (self.last, self.high))
        return wide, first_beyond(view.keys[TIME].to_numpy(), low, high, self.since.gather(wide).to_numpy() + limit)


def limit(definition: SessionDefinition) -> int:
    """The longest gap that does not end a session, in microseconds."""
    return definition.inactivity.us - (definition.boundary == ">=")


def first_beyond(time: Times, low: Places, high: Places, limit: Times) -> Places:
    """The first event in (low, high] whose time is beyond the limit, `high` where none is: binary searches at once."""
    low, found = low.copy(), high.copy()
    wide = np.flatnonzero(found - low > 1)
    while len(wide):
        go_on()
        middle = low[wide] + (found[wide] - low[wide]) // 2
        beyond = time[middle] > limit[wide]
        found[wide[beyond]] = middle[beyond]
        low[wide[~beyond]] = middle[~beyond]
        wide = wide[found[wide] - low[wide] > 1]
    return found
