"""From where sessions are closed to where each begins and stops, and which passive events join it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.local.cut.dividing import Places, first_at
from explorer.engine.local.cut.events_view import View
from explorer.engine.stopping import go_on
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


def opened(closers: Places, opening: Places, is_first: npt.NDArray[np.bool_], height: int) -> Spans:
    """Sessions that begin at the first opening at or after a closer, in the same stream.

    `is_first` says which closers begin their stream.
    """
    begins = first_at(opening, closers, height)
    firsts = np.flatnonzero(is_first)
    stream_ends = np.repeat(np.append(closers[firsts], height)[1:], np.diff(np.append(firsts, len(closers))))
    inside = np.flatnonzero(begins < stream_ends)
    begins = begins[inside]
    # Of closers without an opening between them, the first says why and the last is followed by the next closer.
    first = np.diff(begins, prepend=-1) > 0
    last = np.diff(begins, append=height) > 0
    stops = np.append(closers, height)[inside[last] + 1]
    return Spans(*(pl.Series(part.astype(np.uint32)) for part in (begins[first], stops, closers[inside[first]])))


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
    time = view.keys[TIME].to_numpy()
    height = len(time)
    begins, last = active.gather(spans.begins), active.gather(spans.stops - 1)
    after = begins.shift(-1, fill_value=height)
    if spans.closers is not spans.begins:
        beyond = spans.stops == len(active)
        after = active.gather(spans.stops.zip_with(~beyond, spans.begins))
        after = after.zip_with(~beyond, pl.Series([height], dtype=pl.UInt32))
    # Only behind these sessions are passive events.
    some = (after > last + 1).arg_true()
    if closed is not None:
        some = some.filter(~closed.gather(spans.stops.gather(some) - 1))
    low, high = (part.gather(some).to_numpy().astype(np.int64) for part in (last, after))
    since = time[low]
    if view.ends is not None:
        ends = view.ends.gather(active).to_numpy()
        since = latest_ends(ends, spans.begins.to_numpy(), spans.stops.to_numpy())[some.to_numpy()]
    limit = definition.inactivity.us - (definition.boundary == ">=")
    stream_ends = np.append(view.firsts, height)[np.searchsorted(view.firsts, low, "right")]
    found = _first_beyond(time, low, np.minimum(high, stream_ends), since + limit)
    stops = (last + 1).scatter(some, pl.Series(found.astype(np.uint32)))
    if view.ends is None:
        return Joined(begins, stops, view.keys[TIME].gather(stops - 1))
    latest = latest_ends(view.ends.to_numpy(), begins.to_numpy(), stops.to_numpy().astype(np.int64))
    return Joined(begins, stops, pl.Series(latest))


def _first_beyond(time: Places, low: Places, high: Places, limit: Places) -> Places:
    """The first event in (low, high] whose time is beyond the limit, `high` where none is: binary searches at once."""
    low, found = low.copy(), high.copy()
    wide = np.flatnonzero(found - low > 1)
    while len(wide):
        go_on()
        middle = (low[wide] + found[wide]) // 2
        beyond = time[middle] > limit[wide]
        found[wide[beyond]] = middle[beyond]
        low[wide[~beyond]] = middle[~beyond]
        wide = wide[found[wide] - low[wide] > 1]
    return found


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
