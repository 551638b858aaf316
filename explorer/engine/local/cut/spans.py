"""From where sessions are closed to where each begins and stops."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.engine.local.cut.dividing import Times
from explorer.engine.local.cut.events_view import View
from explorer.plan.in_polars.boundary import GAP, NEVER, TIME

PLACE, OPENED = "@place", "@opened"


@dataclass(frozen=True)
class Spans:
    """Sessions of a view as places: each from `begins` up to but not including `stops`.

    `closers` are where the session before was closed, or the stream begins: the reason is told there. It is the
    place where the session itself begins but for `opens_with`. `gap` is the one before each. `changed` says at which a
    value differs from the last one in the session before; None where only those do that differ from event to event.
    """

    begins: pl.Series
    stops: pl.Series
    closers: pl.Series
    gap: pl.Series
    changed: pl.Series | None = None

    def __len__(self) -> int:
        return len(self.begins)


def tiled(begins: pl.Series, gap: pl.Series, height: int) -> Spans:
    """Sessions without anything between them."""
    return Spans(begins, begins.shift(-1, fill_value=height), begins, gap)


def opened(closers: pl.DataFrame, height: int) -> Spans:
    """Sessions that begin at the first opening at or after a closer, in the same stream.

    Of the closers these are PLACE, GAP and OPENED, the place of that opening, `height` for none.
    """
    opens = pl.col(OPENED)
    inside = closers.with_columns(pl.col(PLACE).shift(-1, fill_value=height).alias("next")).filter(opens < height)
    # Of closers without an opening between them, the first says why and the last is followed by the next closer.
    first = (opens != opens.shift(1)).fill_null(True)
    last = (opens != opens.shift(-1)).fill_null(True)
    found = inside.select(pl.col(OPENED, PLACE, GAP).filter(first), pl.col("next").filter(last))
    return Spans(found[OPENED], found["next"], found[PLACE], found[GAP])


def latest_ends(ends: Times, begins: npt.NDArray[np.integer], stops: npt.NDArray[np.integer]) -> Times:
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
