"""The sessions that brushes hold, in the table and at other times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from explorer.crossfilter.selections.brushes import Range


@dataclass(frozen=True, eq=False)
class Held:
    """What brushes hold, for charts that look at other times too: `start` is the brush of when sessions start, and
    `under` says which rows of the table are held with another one in its place."""

    start: Range | None
    under: Callable[[Range | None], pl.Series | None]
