"""The steps of a funnel, and what an attempt at them must keep to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from explorer.spec.duration import Duration
from explorer.spec.expression.clause import Clause
from explorer.spec.pattern import One, Pattern

WORD = "pattern:"
Order = Literal["given", "strict", "any"]
ORDERS: tuple[Order, ...] = ("given", "strict", "any")


@dataclass(frozen=True)
class PatternStep:
    """A step that is a pattern of events, behind its word in a document.

    >>> str(PatternStep.parse("pattern: search -> product_view"))
    'pattern: search -> product_view'
    """

    pattern: Pattern

    def __str__(self) -> str:
        return f"{WORD} {self.pattern}"

    @classmethod
    def parse(cls, text: str) -> PatternStep:
        """Read a text that `is_pattern`; raises SpecError."""
        return cls(Pattern.parse(text.strip().removeprefix(WORD)))


def is_pattern(text: object) -> bool:
    """Whether a step is written as a pattern; no condition begins so.

    >>> is_pattern("pattern: view -> buy"), is_pattern("event = 'view'")
    (True, False)
    """
    return isinstance(text, str) and text.strip().startswith(WORD)


Step = Clause | PatternStep


@dataclass(frozen=True)
class Steps:
    """Conditions on events, or patterns of them, which an attempt reaches one after the other.

    With a pattern among them the steps are parts of one long pattern: a step is reached where some match of all steps
    up to it, with anything between two, is in the session.

    In the `given` order other events may lie between two steps, in `strict` order none does, and in `any` order a step
    is reached as soon as it and all before it in the list have happened. `within` is the longest time from the first
    event of an attempt to its last; `without` matches no event that lies between two of its steps. With `across` an
    attempt goes over the events of all sessions of an actor, and it is actors that reach steps.

    >>> from explorer.spec.expression.clause import parse
    >>> steps = Steps((parse("event = 'view'"), parse("event = 'buy'")), Duration.parse("10m"))
    >>> len(steps), steps.is_limited
    (2, True)
    """

    conditions: tuple[Step, ...] = ()
    within: Duration | None = None
    without: Clause | None = None
    order: Order = "given"
    across: bool = False

    @classmethod
    def of(cls, conditions: Iterable[Step]) -> Steps:
        """Steps in the given order, with nothing else to keep to."""
        return cls(tuple(conditions))

    def __iter__(self) -> Iterator[Step]:
        return iter(self.conditions)

    def __len__(self) -> int:
        return len(self.conditions)

    def __getitem__(self, at: int) -> Step:
        return self.conditions[at]

    @property
    def unlimited(self) -> Steps:
        """The same with nothing that an attempt must keep to but whether the order is any."""
        return Steps(self.conditions, order="any" if self.order == "any" else "given", across=self.across)

    @property
    def has_patterns(self) -> bool:
        """Whether one of them is a pattern."""
        return any(isinstance(step, PatternStep) for step in self.conditions)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The conditions; raises TypeError where one of the steps is a pattern."""
        found = tuple(step for step in self.conditions if not isinstance(step, PatternStep))
        if len(found) < len(self.conditions):
            raise TypeError("patterns are no conditions on one event")
        return found

    @property
    def asked(self) -> tuple[Clause, ...]:
        """The conditions on events that they ask, those of the elements of patterns too.

        >>> [str(each) for each in Steps.of([PatternStep.parse("pattern: a -> {x > 1}")]).asked]
        ['x > 1']
        """
        every = (each for pattern in self.patterns for each in pattern.elements)
        return tuple(each for each in every if not isinstance(each, str))

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Each step as a pattern: a condition is one event that it holds for."""
        return tuple(
            step.pattern if isinstance(step, PatternStep) else Pattern(f"{{{step}}}", (step,), One((0,)))
            for step in self.conditions
        )

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
