"""Results remembered by the part of the spec they read."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from threading import RLock
from typing import Any

import numpy as np
import polars as pl

BUDGET = 4_000_000_000


class Stages:
    """The most recent results by stage and key, within a budget of bytes.

    Safe to ask from several threads; each result is made once. `made` counts what was not remembered.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[tuple[str, Hashable], Any] = {}
        self._lock = RLock()
        self.made: dict[str, int] = {}

    def has(self, stage: str, key: Hashable) -> bool:
        """Whether the result is there already."""
        return (stage, key) in self._kept

    def get(self, stage: str, key: Hashable, make: Callable[[], Any]) -> Any:
        """The result of `make` for this stage and key, remembered."""
        place = (stage, key)
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
                return self._kept[place][0]
            making = self._making.setdefault(place, RLock())
        with making:  # another result can be made, or found, meanwhile
            with self._lock:
                if place in self._kept:
                    return self._kept[place][0]
            found = make()
            self._keep(place, found)
            return found

    def _keep(self, place: tuple[str, Hashable], found: Any) -> None:
        with self._lock:
            self.made[place[0]] = self.made.get(place[0], 0) + 1
            self._kept[place] = found, size(found)
            self._making.pop(place, None)
            while len(self._kept) > 1 and sum(held for _, held in self._kept.values()) > self._budget:
                self._kept.popitem(last=False)


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
