"""Sessions as the bins that they are in: what a file takes along to be brushed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Codes:
    """Whole actors: how many sessions each has, the bins by dimension (of each session, actor by actor, or of each
    actor where the dimension is one of actors), and how many events each session has."""

    lengths: Whole
    codes: Mapping[str, npt.NDArray[np.uint8]]
    events: npt.NDArray[np.integer]


def sampled(lengths: Whole, most: int) -> Whole:
    """Which actors, by the number of sessions of each, are in a file for at most so many sessions.

    All, if they fit; otherwise in the order of a hash of their place until the next would not fit.

    >>> sampled(np.array([3, 1, 2]), 6), sampled(np.array([3, 1, 2]), 4)
    (array([0, 1, 2]), array([1, 2]))
    """
    if lengths.sum() <= most:
        return np.arange(len(lengths))
    order = np.argsort(_hash(np.arange(len(lengths), dtype=np.uint64)), kind="stable")
    order = order[lengths[order] <= most]
    return np.sort(order[lengths[order].cumsum() <= most])


def _hash(places: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """SplitMix64: neighbours land far apart, and everybody's computer agrees."""
    mixed = places + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
