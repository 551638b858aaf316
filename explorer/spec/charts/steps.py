"""The steps of a funnel, and what an attempt at them must keep to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from explorer.spec.duration import Duration
from explorer.spec.expression.clause import Clause

Order = Literal["given", "strict", "any"]
ORDERS: tuple[Order, ...] = ("given", "strict", "any")


@dataclass(frozen=True)
class Steps:
    """Conditions on events, which an attempt reaches one after the other.

    In the `given` order other events may lie between two steps, in `strict` order none does, and in `any` order a step
    is reached as soon as it and all before it in the list have happened. `within` is the longest time from the first
    event of an attempt to its last; `without` matches no event that lies between two of its steps. With `across` an
    attempt goes over the events of all sessions of an actor, and it is actors that reach steps.

    >>> from explorer.spec.expression.clause import parse
    >>> steps = Steps((parse("event = 'view'"), parse("event = 'buy'")), Duration.parse("10m"))
    >>> len(steps), steps.is_limited
    (2, True)
    """

    conditions: tuple[Clause, ...] = ()
    within: Duration | None = None
    without: Clause | None = None
    order: Order = "given"
    across: bool = False

    @classmethod
    def of(cls, conditions: Iterable[Clause]) -> Steps:
        """Steps in the given order, with nothing else to keep to."""
        return cls(tuple(conditions))

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.conditions)

    def __len__(self) -> int:
        return len(self.conditions)

    def __getitem__(self, at: int) -> Clause:
        return self.conditions[at]

    @property
    def unlimited(self) -> Steps:
        """The same with nothing that an attempt must keep to but whether the order is any."""
        return Steps(self.conditions, order="any" if self.order == "any" else "given", across=self.across)

    @property
    def things(self) -> str:
        """What reaches the steps.

        >>> Steps(across=True).things
        'actors'
        """
        return "actors" if self.across else "sessions"

    @property
    def is_limited(self) -> bool:
        """Whether a later start may reach further than the first."""
        return self.within is not None or self.without is not None or self.order == "strict"
