"""One value per session, and the sessions it is asked in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from explorer.errors import SpecError, as_text, located, quoted
from explorer.spec import pattern as patterns
from explorer.spec.aggregates import AGGREGATES, METRICS, OF_ACTORS
from explorer.spec.document import Spec, check_choice, check_name
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause, ClauseLike
from explorer.spec.pattern import Pattern


@dataclass(frozen=True)
class Scope(Spec):
    """Which sessions a metric is asked in: `where` on sessions, `contains` on events, `nth` (1 first, -1 last)."""

    where: Clause | None = None
    contains: Clause | None = None
    nth: int | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            where: ClauseLike | None = None,
            contains: ClauseLike | None = None,
            nth: int | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        for name in ("where", "contains"):
            with located(name):
                self._set(name, clauses.optional(getattr(self, name)))
        nth: Any = self.nth
        self._set("nth", None if nth in (None, "") else _place(nth))


@dataclass(frozen=True)
class Metric(Spec):
    """One value per session, null outside its scope.

    A `ratio` takes two metric names: `Metric("rate", "ratio", column="errors / pages")`. A `pattern` of events,
    of those that `where` holds, is asked by `matches`, `any` and `time_of`.

    >>> Metric("purchases", "count", where="event = 'purchase'").aggregate
    'count'
    """

    name: str
    aggregate: str
    column: str | None = None
    where: Clause | None = None
    scope: Scope | None = None
    pattern: Pattern | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            name: str,
            aggregate: str,
            column: str | None = None,
            where: ClauseLike | None = None,
            scope: Scope | dict[str, Any] | None = None,
            pattern: Pattern | str | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        check_name(self.name)
        check_choice(self.aggregate, METRICS, "aggregate")
        with located("where"):
            self._set("where", clauses.optional(self.where))
        scope: Any = self.scope
        if scope is not None:
            with located("scope"):
                scope = Scope.read(scope)
        self._set("scope", None if scope == Scope() else scope)
        self._set("column", self.column or None)
        needs = AGGREGATES[self.aggregate].needs
        with located("pattern"):
            self._set("pattern", patterns.optional(self.pattern))
            if needs == "pattern" and self.pattern is None:
                raise SpecError(f"'{self.aggregate}' needs a pattern, such as view -> add_to_cart .. buy.")
            if self.pattern is not None and needs != "pattern" and self.aggregate != "any":
                raise SpecError(f"'{self.aggregate}' takes no pattern. Say matches, any or time_of, or leave it out.")
        with located("column"):
            of_events = needs == "events"
            if needs == "pattern":
                if self.column:
                    raise SpecError(f"'{self.aggregate}' is about a pattern and takes no column. Leave it out.")
                return
            if of_events and self.column:
                raise SpecError(f"'{self.aggregate}' counts events and takes no column. Use n_unique, or leave it out.")
            if not of_events and not self.column:
                raise SpecError(f"'{self.aggregate}' needs a column.")
            if self.aggregate == "ratio" and len(self.parts) != 2:
                raise SpecError(f"A ratio names two metrics, such as errors / pages, not '{self.column}'.")

    @property
    def parts(self) -> tuple[str, ...]:
        """The two metrics of a ratio."""
        return tuple(part.strip() for part in (self.column or "").split(" / ") if part.strip())


@dataclass(frozen=True)
class ActorMetric(Spec):
    """One value per actor: an aggregate over the actor's sessions of a metric or session column.

    `where` says which of the sessions count. In lists it is called `user_id.spent.visit`.

    >>> ActorMetric("longest", "max", "duration", where="event_count > 1").plain()
    {'name': 'longest', 'aggregate': 'max', 'column': 'duration', 'where': 'event_count > 1'}
    """

    name: str
    aggregate: str
    column: str | None = None
    where: Clause | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            name: str,
            aggregate: str,
            column: str | None = None,
            where: ClauseLike | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        check_name(self.name)
        check_choice(self.aggregate, OF_ACTORS, "aggregate")
        with located("where"):
            self._set("where", clauses.optional(self.where))
        self._set("column", self.column or None)
        with located("column"):
            counts = AGGREGATES[self.aggregate].needs == "events"
            if counts and self.column:
                raise SpecError(f"'{self.aggregate}' counts sessions and takes no column. Leave it out.")
            if not counts and not self.column:
                raise SpecError(f"'{self.aggregate}' needs a metric or a session column, such as duration.")


def _place(said: Any) -> int:
    try:
        nth = int(as_text(said))
    except ValueError:
        nth = 0
    if nth:
        return nth
    with located("nth"):
        raise SpecError(f"{quoted(said)} is not a place. Write 1 for the first, 2 for the second, -1 for the last.")
