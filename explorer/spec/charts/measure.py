"""One value over a group of sessions."""

from dataclasses import dataclass
from typing import Any, Self

from explorer.errors import SpecError, as_text, located, quoted
from explorer.spec.aggregates import MEASURES
from explorer.spec.document import check_choice
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause

ALONE = ("count", "actors")


@dataclass(frozen=True)
class Measure:
    """One value over a group of sessions: `count`, or an aggregate of a metric such as `median duration`.

    `actors` is how many different actors the sessions have.
    `share` is of all sessions, `share bought` of those where it is true, `share revenue` of the sum of all,
    `share where duration > '1h'` of those where it holds.

    >>> Measure.parse("median duration")
    Measure(aggregate='median', of='duration')
    """

    aggregate: str
    of: str | None = None

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Read `count` or `median duration`; raises SpecError."""
        if isinstance(value, Measure):
            return cls(value.aggregate, value.of)
        aggregate, _, of = as_text(value).strip().partition(" ")
        check_choice(aggregate, MEASURES, "measure")
        with located("measure"):
            if (aggregate in ALONE) == bool(of) and aggregate != "share":
                instead = "Write count, actors, or an aggregate of a metric: median duration."
                raise SpecError(f"{quoted(value)} is not a measure. {instead}")
            measure = cls(aggregate, of.strip() or None)
            measure.where  # noqa: B018  a condition that cannot be read is refused here
        return measure

    @property
    def where(self) -> Clause | None:
        """The condition on sessions of a `share where`."""
        word, _, condition = (self.of or "").partition(" ")
        return clauses.parse(condition) if self.aggregate == "share" and word == "where" else None

    def __str__(self) -> str:
        return f"{self.aggregate} {self.of}" if self.of else self.aggregate


COUNT = Measure("count")
