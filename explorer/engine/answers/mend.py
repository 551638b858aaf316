"""A change of the document that one click makes or takes back."""

from dataclasses import dataclass

from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.heartbeat import passive_with, passive_without
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import All, Clause


@dataclass(frozen=True)
class Mend:
    """What is wrong, what would be done about it, and the change: other `columns`, a condition on the events, or events
    that are `passive` in the definitions of these names (`sessions`). With a `selection` there is nothing to change but
    something to look at: these sessions of the first of the definitions.

    One that is `in_force` offers to be taken back.
    """

    key: str
    sentence: str
    action: str
    columns: Columns | None = None
    where: Clause | None = None
    in_force: bool = False
    passive: Clause | None = None
    sessions: tuple[str, ...] = ()
    selection: Selection | None = None

    def applied(self, analysis: Analysis) -> Analysis:
        """The document with this done, or taken back."""
        if self.columns is not None:
            return analysis.replace(columns=self.columns)
        if self.passive is not None:
            make = passive_without if self.in_force else passive_with
            those = (make(one, self.passive) if one.name in self.sessions else one for one in analysis.sessions)
            return analysis.replace(sessions=tuple(those))
        change = without if self.in_force else with_
        sessions = (one.replace(where=change(one.where, self.where)) for one in analysis.sessions)
        return analysis.replace(sessions=tuple(sessions))


def with_(where: Clause | None, part: Clause | None) -> Clause | None:
    """A condition that asks for one thing more, once."""
    held = parts(where)
    if part is None or part in held:
        return where
    return All((*held, part)) if held else part


def without(where: Clause | None, part: Clause | None) -> Clause | None:
    """The same condition without that part; None where nothing is left."""
    left = tuple(one for one in parts(where) if one != part)
    return All(left) if len(left) > 1 else left[0] if left else None


def parts(where: Clause | None) -> tuple[Clause, ...]:
    """The conditions that must all hold."""
    if where is None:
        return ()
    return where.clauses if isinstance(where, All) else (where,)
