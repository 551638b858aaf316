"""Running counts: what a drag needs in order to draw every frame by one subtraction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Running = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Table:
    """Running counts for a drag over one dimension of n bins.

    A chart of sessions has shape (n + 1, m): row i counts the sessions below active bin i. A chart of actors
    has shape (n + 1, n + 1, m): at [lo, hi] it counts pairs of an actor and a bin below hi, where the actor's
    bin before that one lies below lo. `sessions` and `actors` are the same for the whole, with m = 1.
    """

    active: str
    sessions: Running
    actors: Running
    charts: Mapping[str, Running]

    def between(self, lo: int, hi: int) -> dict[str, npt.NDArray[np.int64]]:
        """Per passive chart the counts when bins lo up to hi are brushed; crossfilter.js does the same."""
        return {name: subtract(running, lo, hi) for name, running in self.charts.items()}

    def n_sessions(self, lo: int, hi: int) -> int:
        """How many sessions such a brush holds."""
        return int(subtract(self.sessions, lo, hi)[0])

    def n_actors(self, lo: int, hi: int) -> int:
        """How many actors have a session in such a brush."""
        return int(subtract(self.actors, lo, hi)[0])


def subtract(running: Running, lo: int, hi: int) -> npt.NDArray[np.int64]:
    """The counts, shape (m,), of the active bins lo up to hi.

    >>> subtract(np.array([[0], [3], [4]], dtype=np.uint16), 1, 2)
    array([1])
    """
    if running.ndim == 3:
        return running[lo, hi].astype(np.int64) - running[lo, lo]
    return running[hi].astype(np.int64) - running[lo]


def running_counts(
    active: Codes, n: int, passive: Codes | None = None, m: int = 1, mask: npt.NDArray[np.bool_] | None = None
) -> Running:
    """How many masked sessions lie below each of n active bins, by passive bin: shape (n + 1, m)."""
    joint: npt.NDArray[np.unsignedinteger] = active
    if passive is not None:
        joint = active.astype(np.uint16) * np.uint16(m) + passive
    counts = np.bincount(joint if mask is None else joint[mask], minlength=n * m)
    running = np.zeros((n + 1, m), dtype=np.int64)
    np.cumsum(counts.reshape(n, m), axis=0, out=running[1:])
    return _narrow(running)


def distinct_counts(words: Words, n: int, passive: Codes | None = None, m: int = 1) -> Running:
    """What counts distinct actors in any interval of n active bins, by passive bin: shape (n + 1, n + 1, m).

    A word per actor has a bit for every active bin that the actor has a session in. An actor is met in lo up
    to hi exactly once: at its lowest bin there, the one whose bin before it lies below lo.
    """
    pairs = np.zeros((n + 1) * (n + 1) * m, dtype=np.int64)
    codes = np.zeros(len(words), dtype=np.int64) if passive is None else passive.astype(np.int64)
    before = np.zeros(len(words), dtype=np.int64)
    while True:
        held = words != 0
        words, codes, before = words[held], codes[held], before[held]
        if not len(words):
            break
        lowest = words & (~words + np.uint64(1))
        after = np.bitwise_count(lowest - np.uint64(1)).astype(np.int64) + 1
        pairs += np.bincount((before * (n + 1) + after) * m + codes, minlength=len(pairs))
        words, before = words ^ lowest, after
    running = pairs.reshape(n + 1, n + 1, m)
    return _narrow(running.cumsum(axis=0).cumsum(axis=1))


def _narrow(running: npt.NDArray[np.int64]) -> Running:
    """Half or a quarter of the bytes for the way to the browser, which has no 64-bit whole numbers."""
    small = not running.size or running.max() <= np.iinfo(np.uint16).max
    return running.astype(np.uint16) if small else running.astype(np.uint32)
