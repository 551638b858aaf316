"""Results remembered by the part of the spec they read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, fields, is_dataclass
from threading import RLock
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from explorer.engine.stopping import go_on

BUDGET = 4_000_000_000
# How often a thread that waits for another one's result asks whether it is still wanted, in seconds.
PATIENCE = 0.1


@dataclass
class _Making:
    """A result under way, and how many threads want it."""

    lock: RLock = field(default_factory=RLock)
    wanted: int = 0


class Stages:
    """The most recent results by stage and key, within a budget of bytes.

    Safe to ask from several threads; each result is made once. Where its maker is stopped or fails, the next one that
    waits for it makes it. `made` counts what was not remembered.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: OrderedDict[Hashable, tuple[Any, int, float]] = OrderedDict()
        self._making: dict[Hashable, _Making] = {}
        self._lock = RLock()
        self._held = 0
        self.made: dict[str, int] = {}

    def has(self, stage: str, key: Hashable) -> bool:
        """Whether the result is there already."""
        return (stage, key) in self._kept

    def seconds(self, stage: str, key: Hashable) -> float:
        """How long a remembered result took to make, with all that was made for it alone; 0 where it is forgotten."""
        return self._kept.get((stage, key), (None, 0, 0.0))[2]

    def get(self, stage: str, key: Hashable, make: Callable[[], Any]) -> Any:
        """The result of `make` for this stage and key, remembered."""
        place = (stage, key)
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
                return self._kept[place][0]
            making = self._making.setdefault(place, _Making())
            making.wanted += 1
        try:
            while not making.lock.acquire(timeout=PATIENCE):  # another result can be made, or found, meanwhile
                go_on()
            try:
                return self._found_or_made(stage, key, make)
            finally:
                making.lock.release()
        finally:
            with self._lock:
                making.wanted -= 1
                if not making.wanted:
                    self._making.pop(place, None)

    def put(self, stage: str, key: Hashable, found: Any, seconds: float = 0.0) -> None:
        """Remember a result, in place of an older one."""
        with self._lock:
            _, before, _ = self._kept.pop((stage, key), (None, 0, 0.0))
            held = size(found)
            self._kept[stage, key] = found, held, seconds
            self._held += held - before
            while len(self._kept) > 1 and self._held > self._budget:
                _, (_, forgotten, _) = self._kept.popitem(last=False)
                self._held -= forgotten

    def beside(self, budget: int) -> Stages:
        """What is remembered here is found there, and what is made there is remembered there alone."""
        return _Beside(self, budget)

    def _found_or_made(self, stage: str, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            if (stage, key) in self._kept:
                return self._kept[stage, key][0]
        go_on()
        began = perf_counter()
        found = make()
        with self._lock:
            self.made[stage] = self.made.get(stage, 0) + 1
        self.put(stage, key, found, perf_counter() - began)
        return found


class _Beside(Stages):
    """Results that are wanted once: they do not crowd out others."""

    def __init__(self, other: Stages, budget: int) -> None:
        super().__init__(budget)
        self._other = other

    def has(self, stage: str, key: Hashable) -> bool:
        return super().has(stage, key) or self._other.has(stage, key)

    def get(self, stage: str, key: Hashable, make: Callable[[], Any]) -> Any:
        its = not super().has(stage, key) and self._other.has(stage, key)
        return self._other.get(stage, key, make) if its else super().get(stage, key, make)


def size(value: Any) -> int:
    """About how many bytes a result holds.

    >>> size(pl.Series([1, 2, 3]))
    24
    """
    if isinstance(value, pl.Series | pl.DataFrame):
        return int(value.estimated_size())
    if isinstance(value, np.ndarray):
        return value.nbytes
    if is_dataclass(value):
        return sum(size(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict):
        return sum(map(size, value.values()))
    return sum(map(size, vars(value).values())) if hasattr(value, "dimensions") else 64
