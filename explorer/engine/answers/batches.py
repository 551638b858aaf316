"""Sessions, actors or events a piece at a time, so that any number of them fits into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from explorer.engine.stopping import go_on

What = Literal["sessions", "actors", "events"]
AT_ONCE = 500_000


@dataclass(frozen=True)
class Batches:
    """`height` rows in the order of the engine's public frames; iterate for the frames, at least one."""

    height: int
    part: Callable[[int, int], pl.DataFrame]
    size: int = AT_ONCE

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for at in range(0, self.height or 1, self.size):
            go_on()
            yield self.part(at, min(at + self.size, self.height))
