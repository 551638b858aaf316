"""Counts of events in sessions that are neighbouring runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Places = npt.NDArray[np.unsignedinteger[Any]]
# New memory costs more than what is done in it: so many sessions at once stay in the same.
AT_ONCE = 1 << 13


def tally(begins: Places, height: int, flags: Callable[[Places], npt.NDArray[np.bool_]]) -> pl.Series:
    """How many events of each session count, where sessions begin there, of so many events. `flags` says which of the
    events between the first and the last of some such edges count.

    >>> counting = np.array([True, False, True, True])
    >>> tally(np.array([0, 1], np.uint32), 4, lambda edges: counting[edges[0] : edges[-1]]).to_list()
    [1, 2]
    """
    edges = np.append(begins, begins.dtype.type(height))
    found = np.empty(len(begins), np.uint32)
    for at in range(0, len(begins), AT_ONCE):
        some = edges[at : at + AT_ONCE + 1]
        its = flags(some)
        running = np.zeros(len(its) + 1, np.uint32)
        np.cumsum(its, out=running[1:])
        found[at : at + AT_ONCE] = np.diff(running[some - some[0]])
    return pl.Series(found)
