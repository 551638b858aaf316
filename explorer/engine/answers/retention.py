"""Who comes back: the share of actors that returns, who is new and who stays away, and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.returns import return_words
from explorer.crossfilter.formats import count_text, duration_text, many, percent_text
from explorer.crossfilter.selections.brushes import Brush
from explorer.engine.answers.different import Interval
from explorer.spec.charts.sequences.returns import STEP_WORDS, Counted

Counts = npt.NDArray[np.int64]
# Two-sided, in standard deviations: intervals hold the true share 95 times in 100.
REACH = 1.959963984540054
# Shares of fewer actors are not put beside each other in words.
FEWEST = 30
# Differences between rows that are this likely by chance are not told.
CHANCE = 0.05
STATES = ("new", "returning", "resurrected", "dormant")
ALL = "all actors"


def wilson(count: int, of: int) -> Interval:
    """From where to where a share is, at 95 %: Wilson (1927), *Probable inference, the law of succession, and
    statistical inference*. The unit is the actor, who counts once, so that nothing about it is repeated.

    >>> wilson(10, 100)
    Interval(low=0.0552..., high=0.1743...)
    """
    share, square = count / of, REACH**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = REACH / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of**2))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def chance_alike(back: Counts, seen: Counts) -> float:
    """How likely shares differ at least so much by chance: Pearson's chi-square of homogeneity, made a normal deviate
    as Wilson and Hilferty (1931), *The distribution of chi-square*, do. Of few returns nothing is told: then it is 1.

    >>> round(chance_alike(np.array([20, 40]), np.array([100, 100])), 3)
    0.002
    """
    share, freedom = back.sum() / seen.sum(), len(seen) - 1
    if not 0 < share < 1 or (seen * min(share, 1 - share)).min() < 5:
        return 1.0
    square = float((((back - seen * share) ** 2) / (seen * share * (1 - share))).sum())
    z = ((square / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / sqrt(2 / (9 * freedom))
    return erfc(z / sqrt(2)) / 2


@dataclass(frozen=True, eq=False)
class Row:
    """The actors who came first in a step of time, or with a value of a dimension, and how many of them come back:
    `name` is the date of the step, or the value; `label` the same as it is read.

    `seen` are for each return those of them who could be seen that long, `back` those of these who came back. `brush`
    holds them all, None where no brush does. With `early` they are the first that the source holds: they may have been
    there before.
    """

    name: str
    label: str
    actors: int
    seen: Counts
    back: Counts
    brush: Brush | None = None
    early: bool = False

    def share(self, at: int) -> float | None:
        """Which share came back; None where nobody could be seen that long."""
        return float(self.back[at] / self.seen[at]) if self.seen[at] else None

    def interval(self, at: int) -> Interval | None:
        """Where the true share is, at 95 %."""
        return wilson(int(self.back[at]), int(self.seen[at])) if self.seen[at] else None


@dataclass(frozen=True, eq=False)
class Activity:
    """How many actors are new in each step of time, returning (they had a session in the step before, too), resurrected
    (they had one before, but not in the step before) or dormant (they had one in the step before, and have none).

    `at` are the beginnings of the steps, `names` their dates and `labels` these as they are read; the source holds
    those that are not `whole` in parts only. With `early` it begins in the first, where everybody is new.
    """

    at: pl.Series
    names: tuple[str, ...]
    labels: tuple[str, ...]
    whole: npt.NDArray[np.bool_]
    early: bool
    new: Counts
    returning: Counts
    resurrected: Counts
    dormant: Counts

    def of(self, state: str) -> Counts:
        """The counts of one of STATES."""
        found: Counts = getattr(self, state)
        return found

    def frame(self) -> pl.DataFrame:
        """A row for each step of time: when it begins, the counts, and whether the source holds all of it."""
        counts = {state: self.of(state) for state in STATES}
        return pl.DataFrame({"start": self.at, **counts, "whole": pl.Series(self.whole, dtype=pl.Boolean)})


@dataclass(frozen=True)
class Between:
    """The time from the end of a session to the actor's next one: quartiles over all such times, and the middle of each
    actor's own median with the quartiles of these, in microseconds. `once` actors have a single session: no time."""

    times: int = 0
    actors: int = 0
    once: int = 0
    quartiles: tuple[float, float, float] | None = None
    per_actor: tuple[float, float, float] | None = None
    middle: Interval | None = None

    @property
    def sentence(self) -> str:
        """In words; empty where nobody comes twice."""
        if self.quartiles is None or self.per_actor is None:
            return "No actor has a second session."
        low, middle, high = map(duration_text, self.quartiles)
        if self.times == 1:
            return f"A single time between sessions: {middle}."
        sure = ""
        if self.middle is not None:
            sure = f" ({duration_text(self.middle.low)} to {duration_text(self.middle.high)})"
        return (
            f"Half of the {many(self.times, 'time')} between sessions are at most {middle}; the middle half lies from "
            f"{low} to {high}. {_middle_of(self.actors)} has a median of "
            f"{duration_text(self.per_actor[1])}{sure}."
        )


@dataclass(frozen=True, eq=False)
class Retention:
    """Which share of actors comes back: `rows` by `dimension`, `total` of all actors who could be seen that long.

    Returns are counted by steps of `every`, in the nth after that of the first session, in it or later; or, `counted`
    by `times`, by how often. `names` are the returns. `far` actors are left out: a wrong clock says when they came
    first. `open_ended` says that who has not come back so often may still do so.
    """

    dimension: str
    every: str
    counted: Counted
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row
    activity: Activity
    between: Between
    far: int = 0
    open_ended: bool = False
    by: str = ""

    @property
    def step(self) -> str:
        """The step of time in words."""
        return STEP_WORDS[self.every]

    @property
    def problem(self) -> str:
        """Why there is nothing to see, as a sentence; empty where there is something."""
        shorter = "" if self.every == "1d" else " Count by shorter steps."
        said = ""
        if not self.total.actors:
            said = "There is no actor with a session."
        elif not self.names and self.counted == "times":
            said = "No actor comes back."
        elif not self.names:
            said = f"No {self.step} after the first is over in this source: nobody can be seen so long.{shorter}"
        return f"{said} {self._left_out}".strip() if said else ""

    @property
    def _left_out(self) -> str:
        if not self.far:
            return ""
        are = "is" if self.far == 1 else "are"
        return f"{many(self.far, 'actor')} {are} left out, whose first session lies far from all others."

    @property
    def sentences(self) -> list[str]:
        """The results in words: of all actors, and which rows differ most."""
        if self.problem:
            return [self.problem]
        said = [self._said()]
        spread = self._spread()
        return [*said, spread] if spread else said

    @property
    def sentence(self) -> str:
        """The same as one text."""
        return " ".join(self.sentences)

    def _said(self) -> str:
        at, total = 0, self.total
        interval = total.interval(at)
        assert interval is not None
        share = f"{percent_text(total.share(at))} ({_ends(interval)})"
        so_long = "" if self.counted == "times" and self.open_ended else " who could be seen so long"
        if total.seen[at] == 1:
            return self._said_of_one(so_long)
        said = f"Of {many(int(total.seen[at]), 'actor')}{so_long}, {share} come back {self.words(at)}"
        last = int(np.flatnonzero(total.seen >= min(FEWEST, total.seen[0]))[-1])
        if last > at:
            far = f"{percent_text(total.share(last))} of {count_text(int(total.seen[last]))}"
            said += f", and {far} {self.words(last)}"
        return f"{said}."

    def _said_of_one(self, so_long: str) -> str:
        """The same of a single actor, of whom nobody says a share."""
        back = self.total.back[self.total.seen == 1] > 0
        said = f"The only actor{so_long} {'comes' if back[0] else 'does not come'} back {self.words(0)}"
        if len(back) > 1:
            said += f", and {'does' if back[-1] else 'does not'} {self.words(len(back) - 1)}"
        return f"{said}."

    def words(self, at: int) -> str:
        """A return in words, as after "they come back"."""
        return return_words(self.every, self.counted, at + 1)

    def _spread(self) -> str:
        """Between which rows the first return differs most, and whether by more than chance; nothing where rows cannot
        be compared, as they had unequal time, or fewer than two have enough actors."""
        if not self.by and self.open_ended:
            return ""
        known = [row for row in self.rows if row.seen[0] >= FEWEST and not row.early]
        if len(known) < 2:
            return ""
        seen, back = (np.array([int(counts[0]) for counts in each]) for each in _columns(known))
        what = f"first {self.step}" if not self.by else f"{self.by} of their first session"
        few = sum(0 < row.seen[0] < FEWEST for row in self.rows)
        left = f" Left out of this: {many(few, 'row')} with fewer than {FEWEST} actors." if few else ""
        if chance_alike(back, seen) > CHANCE:
            return f"By {what} it does not differ by more than chance.{left}"
        known.sort(key=lambda row: row.back[0] / row.seen[0])
        ends = (
            f"{percent_text(row.share(0))} ({row.label}, of {count_text(int(row.seen[0]))})"
            for row in (known[0], known[-1])
        )
        return f"By {what} it goes from {' to '.join(ends)}.{left}"

    @property
    def caution(self) -> str:
        """What was left out, and what may mislead, in sentences; empty where there is nothing."""
        said = []
        if any(row.early and row.actors for row in self.rows):
            said.append(f"The source begins in the first {self.step}: its actors may have been there before.")
        if self.open_ended:
            instead = "say within which time to compare" if self.counted == "times" else "rows are not compared"
            said.append(f"Who came late had less time to come back: {instead}.")
        return " ".join(filter(None, (*said, self._left_out)))

    def frame(self) -> pl.DataFrame:
        """A row for each row and return: `first` (a date or a value), `nth` (which return), `value` (the share; null
        where nobody could be seen that long), `actors` (who could), `back`, and the interval `low` and `high`; all
        actors come last."""
        rows = [
            (row.name, at + 1, row.share(at), int(row.seen[at]), int(row.back[at]), *_both(row.interval(at)))
            for row in (*self.rows, self.total)
            for at in range(len(self.names))
        ]
        schema = {
            "first": pl.String, "nth": pl.Int64, "value": pl.Float64, "actors": pl.Int64, "back": pl.Int64,
            "low": pl.Float64, "high": pl.Float64,
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")


def _middle_of(actors: int) -> str:
    if actors == 1:
        return "The only actor who comes back"
    return f"The middle one of {many(actors, 'actor')} who come back"


def _columns(rows: Sequence[Row]) -> tuple[list[Counts], list[Counts]]:
    return [row.seen for row in rows], [row.back for row in rows]


def _both(interval: Interval | None) -> Sequence[float | None]:
    return (None, None) if interval is None else (interval.low, interval.high)


def _ends(interval: Interval) -> str:
    return f"{100 * interval.low:.1f} to {100 * interval.high:.1f}"
