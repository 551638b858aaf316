"""What sessions are grouped by, in words: `duration`, `first platform`, `hour of start`."""

import re
from dataclasses import dataclass
from typing import Any, Self

from explorer.errors import SpecError, quoted

PLACES = ("first", "last", "any")
PARTS = ("hour", "weekday")
SAID = re.compile(rf"(?:(?P<place>{'|'.join(PLACES)}) |(?P<part>{'|'.join(PARTS)}) of )?(?P<column>.+)", re.DOTALL)


@dataclass(frozen=True)
class Dimension:
    """A column of sessions, the `part` of a time, or a column of events by its value at a `place` in the session.

    >>> Dimension.parse("hour of start")
    Dimension(column='start', place=None, part='hour')
    >>> str(Dimension.parse("first platform"))
    'first platform'
    """

    column: str
    place: str | None = None
    part: str | None = None

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Read a dimension's text; raises SpecError for what is no text."""
        if isinstance(value, Dimension):
            return cls(value.column, value.place, value.part)
        said = SAID.fullmatch(value.strip()) if isinstance(value, str) else None
        if said is None:
            raise SpecError(f"{quoted(value)} is not a dimension. Write a column, first platform or hour of start.")
        return cls(said["column"].strip(), said["place"], said["part"])

    def __str__(self) -> str:
        return (
            f"{self.place} {self.column}"
            if self.place
            else f"{self.part} of {self.column}"
            if self.part
            else self.column
        )
