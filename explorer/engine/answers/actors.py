"""Who spends how much time in session: how it is shared out, a ranking, and groups of actors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.selections.selection import Selection
from explorer.engine.stopping import go_on
from explorer.spec.cohort import Cohort

Whole = npt.NDArray[np.int64]
TOPS = (0.01, 0.1, 0.5)
POINTS = 400
# A column is a property where at most this share of actors has several values, and groups where it has few of them.
NEARLY, FEW = 0.05, 50


@dataclass(frozen=True, eq=False)
class Concentration:
    """How time in session is shared out among actors, most time first.

    `tops` are (share of actors, how many these are, the share of all time that they hold), for shares that are at
    least one actor. The curve goes from (0, 0) to (1, 1), `actors` across and `time` up; without any time it is empty.
    `ranked` are all times in microseconds, the longest first.
    """

    total: int
    ranked: Whole
    tops: tuple[tuple[float, int, float], ...]
    actors: npt.NDArray[np.float64]
    time: npt.NDArray[np.float64]

    def between(self, first: float, last: float) -> tuple[int, int | None]:
        """The times of the actors from one share of the ranking to another: from, and up to but not including.

        The second is None where the first actor is among them. Equal times belong together.

        >>> concentration(np.array([5, 1, 3, 2])).between(0.25, 0.75)
        (2, 5)
        """
        n = len(self.ranked)
        low, high = min(max(round(first * n), 0), n - 1), min(max(round(last * n), 1), n)
        high = max(high, low + 1)
        above = self.ranked[low - 1] if low else None
        if above is not None and above == self.ranked[low]:
            above = above + 1
        return int(self.ranked[high - 1]), None if above is None else int(above)

    def places(self, low: float, high: float | None) -> tuple[float, float]:
        """Where in the ranking, from 0 to 1, the actors stand whose time is from `low` up to, not including, `high`."""
        rising = self.ranked[::-1]
        n = max(len(rising), 1)
        first = 0 if high is None else len(rising) - int(np.searchsorted(rising, high))
        return first / n, (len(rising) - int(np.searchsorted(rising, low))) / n


@dataclass(frozen=True)
class Property:
    """A column of events by which actors are told apart: each actor has its first value in the order of events.

    There are `values` different ones; `mixed` of the `actors` who have a value have more than one.
    """

    name: str
    values: int
    actors: int
    mixed: int

    @property
    def steady(self) -> bool:
        """Whether nearly all actors have one value only."""
        return self.actors > 0 and self.mixed <= NEARLY * self.actors

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """The first are those that tell groups of actors apart."""
        return (not self.steady, self.values > FEW, self.mixed / max(self.actors, 1))


@dataclass(frozen=True)
class Value:
    """The actors with one value (`others`: of all further ones, `none`: without any); times in microseconds.

    `all_actors` and `all_time` are of all sessions, the rest of those that are selected.
    """

    value: str
    others: int
    none: bool
    actors: int
    time: int
    share: float | None
    median: float | None
    mean: float | None
    sessions: float | None
    all_actors: int
    all_time: int


def concentration(time: Whole) -> Concentration:
    """How times in session, one an actor, are shared out.

    >>> concentration(np.array([6, 1, 1, 1, 1, 0, 0, 0, 0, 0])).tops
    ((0.1, 1, 0.6), (0.5, 5, 1.0))
    """
    ranked = np.sort(time)[::-1]
    go_on()
    held = np.cumsum(ranked)
    n, total = len(ranked), int(held[-1]) if len(ranked) else 0
    if not total:
        nothing = np.zeros(0)
        return Concentration(0, ranked, (), nothing, nothing)
    tops = tuple((top, int(n * top), float(held[int(n * top) - 1] / total)) for top in TOPS if int(n * top))
    at = np.unique(np.rint(np.concatenate([np.geomspace(1, n, POINTS // 2), np.linspace(1, n, POINTS // 2)])))
    places = np.append(0, at).astype(np.int64)
    return Concentration(total, ranked, tops, places / n, np.append(0, held[places[1:] - 1]) / total)


@dataclass(frozen=True)
class Ranking:
    """What is asked of a ranking: its order by `time`, `sessions`, `events`, `median`, `last`, `all_time` or an actor
    metric, which page of which size, and a text in the names of its actors."""

    sort: str = "time"
    descending: bool = True
    page: int = 0
    size: int = 25
    query: str = ""


@dataclass(frozen=True, eq=False)
class RankedPage:
    """A page of a ranking, `page` from 0: the columns of each actor as texts, what its selected sessions come to, and
    how many it has all in all, lasting how long; times in microseconds. `metrics` are the actor metrics.

    `actors` have one of the `selected` sessions (None: all are), `matching` of them have the text in their names.
    `whole` and `most` are the time in session of all of them, and of the one who has most.
    """

    names: pl.DataFrame
    sessions: Whole
    time: Whole
    events: Whole
    median: list[float]
    last: Whole
    all_sessions: Whole
    all_time: Whole
    metrics: pl.DataFrame
    page: int
    matching: int
    actors: int
    selected: int | None
    whole: int
    most: int


@dataclass(frozen=True)
class Short:
    """A selection in other words, and the cohorts that these words need."""

    selection: Selection
    cohorts: tuple[Cohort, ...] = ()
