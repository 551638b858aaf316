"""What counts as coming back, and by which steps of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from explorer.spec.duration import Duration
from explorer.spec.expression.clause import Clause

Counted = Literal["in", "later", "times"]
COUNTED: tuple[Counted, ...] = ("in", "later", "times")
# Steps of the calendar that actors come back after.
STEP_WORDS = {"1d": "day", "1w": "week", "1mo": "month", "3mo": "quarter", "1y": "year"}
RETURN_STEPS = tuple(STEP_WORDS)
# The names of what is brushed of how actors come back, and what they are in a step of time.
RETURN, ACTIVITY = "return of actors", "activity of actors"
# A dimension of the first session of each actor ends so.
OF_FIRST = " of the first session"


@dataclass(frozen=True)
class Returns:
    """How the return of actors is counted: `in` the nth step of time after that of their first session, in it or
    `later`, or how many `times`, then `within` a length of time after their first session. Sessions that match `where`
    count as a return.

    >>> Returns("1w").counted
    'in'
    """

    every: str | None = None
    counted: Counted = "in"
    where: Clause | None = None
    within: Duration | None = None
