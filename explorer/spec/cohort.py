"""Cohorts: named conditions on actors, which every definition of an analysis can ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer.errors import SpecError, did_you_mean, located
from explorer.spec.document import Spec, check_name
from explorer.spec.event_columns import EVENT_COLUMNS
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from explorer.spec.needed import bare, columns_read
from explorer.spec.session import BUILT_IN, KNOWN_BESIDES, SessionDefinition

if TYPE_CHECKING:
    from explorer.spec.expression.clause import ClauseLike


@dataclass(frozen=True)
class Cohort(Spec):
    """The actors that meet a condition, which reads the values of actors of one definition.

    Every event and session has a truth value of this name: whether its actor is one of them.

    >>> Cohort("regulars", "visit", "session_count > 3").plain()
    {'name': 'regulars', 'session': 'visit', 'where': 'session_count > 3'}
    """

    name: str
    session: str
    where: Clause

    def __post_init__(self) -> None:
        check_name(self.name)
        check_name(self.session, "session")
        with located("where"):
            self._set("where", clauses.parse(self.where))

    if TYPE_CHECKING:

        def __init__(self, name: str, session: str, where: ClauseLike) -> None: ...


@dataclass(frozen=True)
class Members:
    """A cohort with all that says who is one: the definition, with only what the condition reads.

    `place` is the cohort's among those of the analysis.
    """

    name: str
    definition: SessionDefinition
    where: Clause
    place: int

    @property
    def reads(self) -> set[str]:
        """Every name that is asked of events, of sessions and of actors."""
        names = columns_read(self.definition) | set(clauses.columns(self.where))
        return names | {name.removeprefix(f"{self.definition.name}.") for name in names}


def check_cohorts(cohorts: Sequence[Cohort], sessions: Sequence[SessionDefinition], roles: Iterable[str]) -> None:
    """Raise SpecError for a cohort of no definition, whose name is taken, or that needs itself."""
    known = {session.name: session for session in sessions}
    taken = {*BUILT_IN, *KNOWN_BESIDES, *EVENT_COLUMNS, *roles}
    for session in sessions:
        taken |= {*session.actor_values, *(metric.name for metric in session.metrics)}
    for at, cohort in enumerate(cohorts):
        if cohort.name in taken:
            with located(f"cohorts[{at}].name"):
                raise SpecError(f"'{cohort.name}' is taken already. Choose another name.")
        taken.add(cohort.name)
        if cohort.session not in known:
            with located(f"cohorts[{at}].session"):
                raise SpecError(
                    f"There is no session definition '{cohort.session}'. {did_you_mean(cohort.session, known)}"
                )
    for _ in members(cohorts, sessions):
        pass


def members(cohorts: Sequence[Cohort], sessions: Sequence[SessionDefinition]) -> Iterator[Members]:
    """The cohorts with what they read, each after those that it reads; raises SpecError where they need each other."""
    known = {session.name: session for session in sessions}
    left = [
        Members(cohort.name, bare(known[cohort.session], cohort.where), cohort.where, at)
        for at, cohort in enumerate(cohorts)
    ]
    while left:
        waiting = {one.name for one in left}
        ready = next((one for one in left if not one.reads & waiting), None)
        if ready is None:
            circle = _circle(left)
            with located(f"cohorts[{circle[0].place}]"):
                said = " needs ".join(f"'{one.name}' of {one.definition.name}" for one in (*circle, circle[0]))
                raise SpecError(
                    f"A cohort cannot need itself: {said}. Ask it in another definition, or in the session filter."
                )
        left.remove(ready)
        yield ready


def _circle(left: list[Members]) -> list[Members]:
    """Some cohorts of which each needs the next, and the last the first; each of these needs another one."""
    path = [left[0]]
    while True:
        after = next(one for one in left if one.name in path[-1].reads)
        if after in path:
            return path[path.index(after) :]
        path.append(after)
