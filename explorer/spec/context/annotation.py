"""Notes on moments of time, which charts over time show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from explorer.errors import SpecError, located, quoted
from explorer.spec.document import Spec

MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Annotation(Spec):
    """What happened at a moment: a line with its text in every chart over time.

    A time without an offset is one of the analysis's time zone, or stands as the times of the events do.

    >>> Annotation("2026-03-01", "New checkout").plain()
    {'at': '2026-03-01', 'text': 'New checkout'}
    """

    at: str
    text: str

    def __post_init__(self) -> None:
        with located("at"):
            self._set("at", _moment(self.at))
        with located("text"):
            said: Any = self.text
            text = " ".join(said.split()) if isinstance(said, str) else ""
            if not text:
                raise SpecError("A note says what happened. Write a few words.")
            if len(text) > MOST_CHARACTERS:
                raise SpecError(f"It has {len(text)} characters. A note in a chart has at most {MOST_CHARACTERS}.")
            self._set("text", text)


def _moment(value: Any) -> str:
    """A day or a time, as ISO 8601."""
    text = str(value).strip()
    try:
        if len(text) <= 10 and not isinstance(value, datetime):
            return date.fromisoformat(text).isoformat()
        return str(datetime.fromisoformat(text))
    except ValueError:
        raise SpecError(f"{quoted(value)} is not a time. Write 2026-03-01 or 2026-03-01 12:30.") from None
