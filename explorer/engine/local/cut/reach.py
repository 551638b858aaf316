"""How far sessions get through a list of steps."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.engine.stopping import go_on

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reach:
    """For each session how many steps it reaches, 0 to all, and the waits before each in microseconds; those before
    steps that it does not reach mean nothing."""

    reached: npt.NDArray[np.uint8]
    waits: tuple[Whole, ...]


def reach(times: Whole, begin: Whole, end: Whole, matching: Iterable[npt.NDArray[np.unsignedinteger]]) -> Reach:
    """Each session from its first event to one past its last; `matching` are the places of the events of each step.

    A session reaches the first step with its first event that matches it, and each further step with its first
    matching event after the one that reached the step before: in this order, other events may lie between. One event
    reaches one step. To take the first matching event each time is best: whatever event could be taken in its place
    leaves no more for the steps that follow.
    """
    alive = np.arange(len(begin))  # the sessions that have reached all steps so far
    near, before = begin, times[begin]
    reached, waits = np.zeros(len(begin), np.uint8), []
    for places in matching:
        go_on()
        found = np.append(places, len(times)).astype(np.int64)[np.searchsorted(places, near.astype(places.dtype))]
        got = found < end[alive]
        alive, found, before = alive[got], found[got], before[got]
        reached[alive] += 1
        wait = np.zeros(len(begin), np.int64)
        wait[alive] = times[found] - before
        waits.append(wait)
        near, before = found + 1, times[found]
    return Reach(reached, tuple(waits))
