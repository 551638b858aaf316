"""How actors come back, as bins of a brush: the nth return, and what they are in a step of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from explorer.crossfilter.bins.bins import MOST_BINS, Bins
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.formats import day_text
from explorer.crossfilter.selections.brushes import Brush, Range, Values
from explorer.crossfilter.selections.range_text import values_text
from explorer.spec.charts.sequences.returns import ACTIVITY, RETURN, STEP_WORDS, Counted


@dataclass(frozen=True)
class ReturnBins(Bins):
    """One bin for each return, by steps of `every`, `counted` in them, later, or by how many times.

    >>> bins = return_bins("1w", "later")
    >>> bins.text(Range(2, 3)), return_bins("1w", "times").text(Range(2, None))
    ('in week 2 after their first or later', '2 times or more')
    """

    every: str = field(default="1w", kw_only=True)
    counted: Counted = field(default="in", kw_only=True)

    def text(self, brush: Brush) -> str:
        """A brush as people say it."""
        if not isinstance(brush, Range):
            return super().text(brush)
        text = return_words(self.every, self.counted, int(brush.lo), None if brush.hi is None else int(brush.hi) - 1)
        return f"not {text}" if brush.negated else text


def return_words(every: str, counted: Counted, n: int, last: int | None = -1) -> str:
    """The nth return as it stands after "they come back"; up to the `last` where that is another, None for any after.

    >>> return_words("1d", "in", 1), return_words("1mo", "in", 2, 4), return_words("1w", "times", 1)
    ('in the day after their first', 'in months 2 to 4 after their first', 'once or more')
    """
    step = STEP_WORDS[every]
    if counted == "times":
        return "once or more" if n <= 1 else f"{n} times or more"
    if counted == "later" or last is None:
        return f"in the {step} after their first or later" if n == 1 else f"in {step} {n} after their first or later"
    if last > n:
        return f"in {step}s {n} to {last} after their first"
    return f"in the {step} after their first" if n == 1 else f"in {step} {n} after their first"


def return_bins(every: str, counted: Counted) -> ReturnBins:
    """The bins of returns; a brush may reach beyond them."""
    lows = tuple(range(1, MOST_BINS))
    return ReturnBins(RETURN, "count", lows, None, unit="returns", every=every, counted=counted)


@dataclass(frozen=True, eq=False)
class Activities(Categories):
    """What actors are in steps of time of `every`: a date and a word.

    >>> activity_bins("1w", ("2024-03-04",), ("new", "dormant")).text(Values(frozenset({"2024-03-04 new"})))
    'new in the week of 4 Mar 2024'
    """

    every: str = field(default="1w", kw_only=True)

    def text(self, brush: Brush) -> str:
        """A brush as people say it."""
        if not isinstance(brush, Values):
            return super().text(brush)
        pairs = [value.partition(" ") for value in sorted(brush.values)]
        said = [f"{state} in {self._period(date)}" for date, _, state in pairs]
        text = values_text(said, brush.none)
        return f"not {text}" if brush.negated else text

    def _period(self, date: str) -> str:
        said = period_text(date, self.every)
        return said if self.every in ("1mo", "1y") else f"the {STEP_WORDS[self.every]} of {said}"


def period_text(date: str, every: str) -> str:
    """A step of time that begins at a date, as it is read; what is no date as it is.

    >>> [period_text("2024-03-01", every) for every in ("1w", "1mo", "1y")]
    ['1 Mar 2024', 'Mar 2024', '2024']
    """
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return date
    if every == "1y":
        return str(moment.year)
    return f"{moment:%b} {moment.year}" if every in ("1mo", "3mo") else day_text(moment)


def activity_bins(every: str, names: tuple[str, ...], states: tuple[str, ...]) -> Activities:
    """The values of steps of time that begin at these dates."""
    known = pl.Series([f"{name} {state}" for name in names for state in states], dtype=pl.String)
    return Activities(ACTIVITY, known, min(len(known), MOST_BINS - 2), every=every)
