"""How many actors come back after how long, or how often, for each group of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.engine.local.returning.actors_in_time import InTime, Mask
from explorer.spec.charts.sequences.returns import Counted

Counts = npt.NDArray[np.int64]
# Returns are told apart up to this one.
MOST_TIMES = 20


@dataclass(frozen=True, eq=False)
class Grid:
    """For each group, a row, and each return, a column: how many actors could be `seen` that long, and how many of them
    came `back`; and how many `actors` each group has."""

    seen: Counts
    back: Counts
    actors: Counts


def grid(actors: InTime, counted: Counted, groups: Counts, many: int, chosen: Mask) -> Grid:
    """Of the chosen actors, each in one of so many groups."""
    its = np.bincount(groups[chosen], minlength=many)
    if counted == "times":
        return _times(actors, groups, many, chosen, its)
    over, first = actors.periods.over, actors.first
    columns = max(0, over - 1)
    began = _table(groups[chosen], first[chosen], many, len(actors.periods))
    upto = began.cumsum(axis=1)
    seen = np.zeros((many, columns), np.int64)
    for n in range(1, columns + 1):
        seen[:, n - 1] = upto[:, over - 1 - n]
    who, at = actors.returns.who, actors.returns.at
    if counted == "in":
        after = at - first[who]
        some = chosen[who] & (after > 0) & (at < over)
        back = _table(groups[who[some]], after[some] - 1, many, columns)
    else:
        last = np.full(len(actors), -1)
        last[who] = at  # in order: the latest stays
        length = np.minimum(last, over - 1) - first
        some = chosen & (length > 0)
        back = _at_least(groups[some], length[some], many, columns)
    return _trimmed(Grid(seen, back, its))


def _times(actors: InTime, groups: Counts, many: int, chosen: Mask, its: Counts) -> Grid:
    some = chosen & actors.seen
    times = actors.times[some]
    columns = int(min(MOST_TIMES, times.max(initial=0)))
    seen = np.repeat(np.bincount(groups[some], minlength=many)[:, None], columns, axis=1)
    positive = times > 0
    back = _at_least(groups[some][positive], np.minimum(times[positive], columns), many, columns)
    return Grid(seen, back, its)


def _at_least(groups: Counts, lengths: Counts, many: int, columns: int) -> Counts:
    """How many of each group have a length of at least 1, 2 ..."""
    exactly = _table(groups, lengths - 1, many, columns)
    return exactly[:, ::-1].cumsum(axis=1)[:, ::-1]


def _table(rows: Counts, columns: Counts, many: int, wide: int) -> Counts:
    found: Counts = np.bincount(rows * wide + columns, minlength=many * wide).reshape(many, wide)
    return found


def _trimmed(found: Grid) -> Grid:
    """Without the last columns, for which nobody could be seen long enough."""
    known = np.flatnonzero(found.seen.sum(axis=0))
    wide = int(known[-1]) + 1 if len(known) else 0
    return Grid(found.seen[:, :wide], found.back[:, :wide], found.actors)
