"""From where sessions are closed to where each begins and stops, and which passive events join it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from explorer.engine.local.cut.dividing import Places, first_at
from explorer.engine.local.cut.events_view import View
from explorer.plan.in_polars.boundary import GAP, NEVER, TIME
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True)
class Spans:
    """Sessions of a view as places: each from `begins` up to but not including `stops`.

    `closers` are where the session before was closed, or the stream begins: the reason is told there. It is the
    place where the session itself begins but for `opens_with`.
    """

    begins: pl.Series
    stops: pl.Series
    closers: pl.Series

    def __len__(self) -> int:
        return len(self.begins)


def tiled(begins: pl.Series, height: int) -> Spans:
    """Sessions without anything between them."""
    return Spans(begins, begins.shift(-1, fill_value=height), begins)


def opened(closers: Places, opening: Places, firsts: Places, height: int) -> Spans:
    """Sessions that begin at the first opening at or after a closer, in the same stream; `firsts` begin the streams."""
    begins = first_at(opening, closers, height)
    stream_ends = np.append(firsts, height)[np.searchsorted(firsts, closers, "right")]
    inside = begins < stream_ends
    begins, first = np.unique(begins[inside], return_index=True)
    stops = np.append(closers, height)[np.searchsorted(closers, begins, "right")]
    return Spans(*(pl.Series(part.astype(np.uint32)) for part in (begins, stops, closers[inside][first])))


@dataclass(frozen=True)
class Joined:
    """The same sessions with their passive events, as places of a view that has these: from `begins` up to `stops`.

    `last` is the time of each one's last event.
    """

    begins: pl.Series
    stops: pl.Series
    last: pl.Series


def joined(
    spans: Spans, view: View, active: pl.Series, closed: pl.Series | None, definition: SessionDefinition
) -> Joined:
    """Passive events join the session that is open at their place.

    `view` has all events, `active` the places in it of those that are not passive, in the order of the view that
    was cut; `closed` says which of these are end events.
    """
    places, time = active.to_numpy().astype(np.int64), view.keys[TIME].to_numpy()
    last = places[spans.stops.to_numpy().astype(np.int64) - 1]
    after = np.append(places, len(time))[spans.stops.to_numpy()]
    firsts = (view.keys[GAP] == NEVER).arg_true().to_numpy().astype(np.int64)
    after = np.minimum(after, np.append(firsts, len(time))[np.searchsorted(firsts, last, "right")])
    since = time[last]
    if view.ends is not None:
        ends = view.ends.gather(active).to_numpy()
        since = latest_ends(ends, spans.begins.to_numpy(), spans.stops.to_numpy())
    # The first event after the last that is not passive with too long a gap from it lies in (low, high].
    low, high = last, after
    if closed is not None:
        high = np.where(closed.gather(spans.stops - 1).to_numpy(), last + 1, high)
    limit = definition.inactivity.us - (definition.boundary == ">=")
    while (wide := high - low > 1).any():
        middle = np.where(wide, (low + high) // 2, low)
        beyond = time[middle] - since > limit
        high, low = np.where(wide & beyond, middle, high), np.where(wide & ~beyond, middle, low)
    begins = pl.Series(places[spans.begins.to_numpy()].astype(np.uint32))
    stops = pl.Series(high.astype(np.uint32))
    if view.ends is None:
        return Joined(begins, stops, pl.Series(time[high - 1]))
    return Joined(begins, stops, pl.Series(latest_ends(view.ends.to_numpy(), begins.to_numpy(), high)))


def latest_ends(ends: Places, begins: Places, stops: Places) -> Places:
    """The latest end in each session; `stops` are one past their last events.

    >>> latest_ends(np.array([9, 4, 7]), np.array([0, 2]), np.array([2, 3])).tolist()
    [9, 7]
    """
    if not len(begins):
        return ends[:0]
    both = np.stack([begins, stops], axis=1).astype(np.int64).ravel()
    return np.asarray(np.maximum.reduceat(np.append(ends, 0), both)[::2])


def held(view: View, begins: pl.Series, stops: pl.Series, first: pl.Series) -> View:
    """The events of a view that a session holds; `first` says which sessions begin their stream."""
    sizes = (stops - begins).to_numpy().astype(np.int64)
    if int(sizes.sum()) == view.keys.height:
        return View(view.keys, view.kept, view.places, ends=view.ends)
    change = np.zeros(view.keys.height + 1, np.int8)
    np.add.at(change, begins.to_numpy(), 1)
    np.add.at(change, stops.to_numpy(), -1)
    inside = pl.Series(np.cumsum(change[:-1], dtype=np.int8).astype(bool))
    keys = view.keys.filter(inside)
    begin = pl.Series((np.cumsum(sizes) - sizes).astype(np.uint32)).filter(first)
    gap = (keys[TIME] - keys[TIME].shift(1)).fill_null(NEVER).scatter(begin, NEVER)
    ends = None if view.ends is None else view.ends.filter(inside)
    return View(keys.with_columns(gap.alias(GAP)), places=view.rows.filter(inside), ends=ends)
