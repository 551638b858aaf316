"""What a definition or a metric comes to while it is tried."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from explorer.spec.expression.clause import Clause

Bars = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Totals:
    """The sessions that a definition shows, their actors, the events in them, and those that no session holds."""

    sessions: int
    actors: int
    events: int
    outside: int = 0


@dataclass(frozen=True, eq=False)
class Trial:
    """A metric over the sessions or actors that are shown, of which there are `total`.

    `kind` is number, duration, time, text, bool or "other".

    `bars` are ready to be drawn; `summary` are the least, median and greatest value, or what is most frequent, as
    texts with their labels; `examples` a few sessions or actors that have a value. `milliseconds` is what the
    metric took when it was computed, without the cut and without the metrics that it reads.
    """

    kind: str
    total: int
    with_value: int
    bars: Bars
    summary: tuple[tuple[str, str], ...]
    examples: pl.DataFrame
    milliseconds: float

    @property
    def nulls(self) -> int:
        """The sessions or actors without a value."""
        return self.total - self.with_value


@dataclass(frozen=True)
class MetricNumbers:
    """What a metric comes to in some sessions: in how many of them it has a value, and the `summary` of these as labels
    and texts, what says most first; nothing where none has a value."""

    sessions: int
    with_value: int
    summary: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Counted:
    """How many there are of what conditions are asked of, how many of them meet each, and what is wrong with those that
    cannot be asked."""

    total: int
    counts: dict[Clause, int]
    problems: dict[Clause, str]


@dataclass(frozen=True)
class Covered:
    """How many of so many have a value."""

    count: int
    total: int


@dataclass(frozen=True, eq=False)
class Members:
    """Who belongs to a cohort: how many of all actors, how many of all sessions are theirs, and some of them."""

    actors: int
    all_actors: int
    sessions: int
    all_sessions: int
    some: pl.DataFrame
