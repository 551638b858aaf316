"""The events that exist for a definition, in the order that they are cut in."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from explorer.engine.local.cut.dividing import Pairs, Places
from explorer.plan.in_polars.boundary import GAP, NEVER


@dataclass(frozen=True)
class View:
    """The events that exist for a definition, in the order they are cut in.

    `keys` holds ACTOR, TIME and GAP. `kept` says which of all events these are, None when all; `places` where
    each is among all events, None when they are in the same order. `forced` is why events begin a session besides
    the gap, `changes` the changes of value that do so unless a session has begun in between, and `opening` says at
    which events a session can begin, None for any. `ends` are when they end, None for at once.
    """

    keys: pl.DataFrame
    kept: pl.Series | None = None
    places: pl.Series | None = None
    forced: pl.Series | None = None
    changes: tuple[Pairs, ...] = ()
    opening: pl.Series | None = None
    ends: pl.Series | None = None

    @cached_property
    def rows(self) -> pl.Series:
        """Where each event is among all events."""
        if self.places is not None:
            return self.places
        if self.kept is not None:
            return self.kept.arg_true()
        return pl.int_range(self.keys.height, dtype=pl.UInt32, eager=True)

    @cached_property
    def firsts(self) -> Places:
        """The places at which streams begin: an actor's events, or those of one of its split values."""
        return (self.keys[GAP] == NEVER).arg_true().to_numpy()

    @cached_property
    def openings(self) -> Places:
        """The places at which a session can begin, where not every event can begin one."""
        assert self.opening is not None
        return self.opening.arg_true().to_numpy()

    @property
    def is_all(self) -> bool:
        """Whether these are all events in their own order."""
        return self.kept is None and self.places is None

    def take(self, values: pl.Series) -> pl.Series:
        """A column of all events, as this view sees it."""
        if self.places is not None:
            return values.gather(self.places)
        return values if self.kept is None else values.filter(self.kept)
