"""The route of paths: from or to which event, how far, and what tells their steps apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypedDict

from explorer.spec.expression.clause import All, Clause, ClauseLike

Occurrence = Literal["first", "last"]
OCCURRENCES: tuple[Occurrence, ...] = ("first", "last")
FEWEST_STEPS, FEW_STEPS, MOST_STEPS = 2, 4, 10
# How many values are told apart at each step where nobody says so, and at most.
FEW_VALUES, MOST_VALUES = 6, 20


class RouteFields(TypedDict, total=False):
    """The fields of a chart that make a route, as they are written."""

    of: str | None
    at: ClauseLike | None
    occurrence: str | None
    backward: bool
    length: int | None
    repeats: bool
    top: int | None
    where: ClauseLike | None


@dataclass(frozen=True)
class Route:
    """A path is the values of a column of events, step by step: onward from an event of the session, or `backward` from
    it; without a condition `at`, from the first event of the session, or back from the last.

    Of several events that meet the condition the path begins at the one that `occurrence` says. Equal values one after
    the other are one step, unless `repeats` count. An empty `column` is the event column. Only events that meet the
    condition `where` count, as though the others were not there.

    >>> Route().whole, Route(backward=True).begins
    (True, 'the last event')
    """

    column: str = ""
    at: Clause | None = None
    occurrence: Occurrence = "first"
    backward: bool = False
    length: int = FEW_STEPS
    repeats: bool = False
    top: int = FEW_VALUES
    where: Clause | None = None

    @property
    def whole(self) -> bool:
        """Whether every session has such a path."""
        return self.at is None and self.where is None

    @property
    def met(self) -> Clause | None:
        """What an event meets that a path begins with; None for any event.

        >>> from explorer.spec.expression.clause import parse
        >>> str(Route(at=parse("page = '/'"), where=parse("amount > 2")).met)
        "page = '/' AND amount > 2"
        """
        asked = tuple(each for each in (self.at, self.where) if each is not None)
        return All(asked) if len(asked) > 1 else asked[0] if asked else None

    @property
    def begins(self) -> str:
        """The event where paths begin, in words."""
        if self.at is not None:
            return f"the {self.occurrence} event where {self.at}"
        return "the last event" if self.backward else "the first event"
