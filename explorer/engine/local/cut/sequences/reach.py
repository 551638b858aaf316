"""How far sessions get through the steps of a funnel, each by its best attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.engine.local.cut.sequences.attempts import Attempts
from explorer.engine.stopping import go_on
from explorer.spec.charts.sequences.steps import Steps

Whole = npt.NDArray[np.int64]
Places = npt.NDArray[np.integer[Any]]
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Reach:
    """For each session how many steps it reaches, 0 to all, and the waits before each in microseconds; those before
    steps that it does not reach mean nothing."""

    reached: npt.NDArray[np.uint8]
    waits: tuple[Whole, ...]

    @classmethod
    def of(cls, start: Whole, times: Sequence[Whole]) -> Reach:
        """From the start of each session and the time at which each step happens, NEVER where it does not. A step is
        reached as soon as it and all before it have happened."""
        reached, waits = np.zeros(len(start), np.uint8), []
        before, alive = start, np.ones(len(start), np.bool_)
        for its in times:
            alive = alive & (its != NEVER)
            reached += alive
            now = np.where(alive, np.maximum(its, before), before)
            waits.append(now - before)
            before = now
        return cls(reached, tuple(waits))


def reach(
    times: Whole,
    begin: Whole,
    end: Whole,
    matching: Sequence[Places],
    steps: Steps,
    without: Places | None = None,
) -> Reach:
    """Each session from its first event to one past its last; `matching` are the places of the events of each step.

    Where nothing limits an attempt, the first event that may begin one is the best: a later one leaves no more for the
    steps that follow. Where it gets less far than it would without limits, every event that may begin one is tried, and
    the first that gets furthest is taken.
    """
    go_on()
    attempts = Attempts(times, tuple(matching), steps, without)
    firsts, held = attempts.firsts(begin, end)
    alone = np.flatnonzero(held)
    starts, ends = firsts[alone], end[alone]
    if steps.is_limited:
        most = attempts.unlimited().depths(starts, ends)
        short = np.flatnonzero(attempts.depths(starts, ends) < most)
        places, of = attempts.starts(begin[alone[short]], ends[short])
        depth = attempts.depths(places, ends[short[of]])
        for at in range(
            1, len(steps) + 1
        ):  # the last one that is written stays: backwards, so the first of the deepest
            deep = np.flatnonzero(depth == at)[::-1]
            starts[short[of[deep]]] = places[deep]
    found = [np.full(len(begin), NEVER) for _ in steps]
    for its, some in zip(found, attempts.happened(starts, ends), strict=True):
        its[alone] = some
    return Reach.of(times[begin] if len(times) else np.zeros(0, np.int64), found)
