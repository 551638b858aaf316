"""Events: sorted by actor and time, with what was read and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from explorer.events.quality.quality import Quality
from explorer.events.until import ends
from explorer.plan.in_polars.boundary import GAP, NEVER, TIME
from explorer.spec.columns import Columns


@dataclass(frozen=True)
class Events:
    """All events, sorted by actor and time, with actor codes, microseconds and gaps beside them."""

    frame: pl.DataFrame
    keys: pl.DataFrame = field(repr=False)
    columns: Columns
    quality: Quality
    schema: dict[str, pl.DataType]

    @property
    def aware(self) -> bool:
        """Whether the times know their zone (they are kept in UTC)."""
        dtype = self.frame.schema[self.columns.time]
        return isinstance(dtype, pl.Datetime) and dtype.time_zone is not None

    @cached_property
    def ends(self) -> pl.Series | None:
        """When each event ends, in microseconds; None where events take no time."""
        return ends(self.frame, self.keys[TIME], self.columns)

    @cached_property
    def firsts(self) -> pl.Series:
        """The place of each actor's first event, by code."""
        return self.keys.select((pl.col(GAP) == NEVER).arg_true()).to_series()

    @cached_property
    def actors(self) -> pl.DataFrame:
        """The columns of the actor as the source gave them, one row for each actor, by code."""
        return decoded(self.frame.select(self.columns.actor)[self.firsts], self.schema)

    def __len__(self) -> int:
        return self.frame.height


def decoded(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Categories in the types that the source gave them; text where it gave none."""
    coded = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Categorical)]
    return frame.with_columns(pl.col(name).cast(schema.get(name, pl.String)) for name in coded)
