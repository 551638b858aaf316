"""One value over a group of sessions."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from explorer.errors import SpecError, as_text, located, quoted
from explorer.spec.aggregates import MEASURES
from explorer.spec.charts.formula import Formula, formula_of
from explorer.spec.document import check_choice
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause

ALONE = ("count", "actors")
FORMULA = "formula"


@dataclass(frozen=True)
class Measure:
    """One value over a group of sessions: `count`, or an aggregate of a metric such as `median duration`.

    `actors` is how many different actors the sessions have.
    `share` is of all sessions, `share bought` of those where it is true, `share revenue` of the sum of all,
    `share where duration > '1h'` of those where it holds.

    A formula joins several: `sum revenue / count`; it is null where something is divided by 0.

    >>> Measure.parse("median duration")
    Measure(aggregate='median', of='duration')
    >>> [str(part) for part in Measure.parse("sum revenue / count").parts]
    ['sum revenue', 'count']
    """

    aggregate: str
    of: str | None = None

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Read `count` or `median duration`; raises SpecError."""
        if isinstance(value, Measure):
            return cls(value.aggregate, value.of)
        text = as_text(value).strip()
        aggregate, _, of = text.partition(" ")
        formula = None if of.lstrip().startswith("where ") else formula_of(text)
        if formula is not None:
            with located("measure"):
                for part in formula.parts:
                    cls.parse(part)
            return cls(FORMULA, text)
        alone = re.fullmatch(r"(\w+)\(\s*(.*?)\s*\)", text)
        if alone and alone[1] in MEASURES:  # sum(revenue), as it stands in SQL
            aggregate, of = alone[1], alone[2].removeprefix("*")
        check_choice(aggregate, MEASURES, "measure")
        with located("measure"):
            if (aggregate in ALONE) == bool(of) and aggregate != "share":
                instead = "Write count, actors, or an aggregate of a metric: median duration."
                raise SpecError(f"{quoted(value)} is not a measure. {instead}")
            measure = cls(aggregate, of.strip() or None)
            measure.where  # noqa: B018  a condition that cannot be read is refused here
        return measure

    @property
    def formula(self) -> Formula | None:
        """The arithmetic of a formula; None for one measure."""
        return formula_of(self.of) if self.aggregate == FORMULA and self.of else None

    @property
    def parts(self) -> tuple[Self, ...]:
        """The measures that a formula joins; none for one measure."""
        return tuple(type(self).parse(part) for part in self.formula.parts) if self.formula else ()

    def renamed(self, rename: Callable[[str], str]) -> Self:
        """The same of columns under other names."""
        if self.formula is not None:
            return type(self)(FORMULA, self.formula.text(tuple(str(part.renamed(rename)) for part in self.parts)))
        return type(self)(self.aggregate, self.of and rename(self.of))

    @property
    def where(self) -> Clause | None:
        """The condition on sessions of a `share where`."""
        word, _, condition = (self.of or "").partition(" ")
        return clauses.parse(condition) if self.aggregate == "share" and word == "where" else None

    def __str__(self) -> str:
        if self.aggregate == FORMULA:
            return self.of or ""
        return f"{self.aggregate} {self.of}" if self.of else self.aggregate


COUNT = Measure("count")
