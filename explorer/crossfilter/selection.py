"""What is highlighted now: one range of data values per dimension, and its text for the URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self
from urllib.parse import unquote

from explorer.errors import SpecError
from explorer.spec.duration import Duration

Kind = Literal["duration", "count", "time"]

_EPOCH = datetime(1970, 1, 1)
_EXAMPLE = "duration:1m..10m;event_count:2..6;start:2024-03-04T00:00..2024-03-11T00:00"


@dataclass(frozen=True)
class Range:
    """The data values from `lo` up to, not including, `hi` (None: no end); microseconds or whole numbers.

    >>> Range(60_000_000, None, "duration").to_text()
    '1m..'
    """

    lo: int
    hi: int | None
    kind: Kind = "count"

    def to_text(self) -> str:
        """Both ends exactly, in the unit of the kind."""
        end = "" if self.hi is None else _value_text(self.hi, self.kind)
        return f"{_value_text(self.lo, self.kind)}..{end}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote; SpecError where it is not a range, or ends before it begins.

        >>> Range.from_text("2..6")
        Range(lo=2, hi=6, kind='count')
        """
        low, dots, high = text.partition("..")
        if not dots or not low:
            raise SpecError(f"'{text}' is not a range. Write 1m..10m, 2..6 or 2024-03-04T00:00.. for no end.")
        lo, kind = _value(low)
        hi, same = _value(high) if high else (None, kind)
        if same != kind or (hi is not None and hi <= lo):
            raise SpecError(f"'{text}' is not a range: its end must be a {kind} beyond its beginning.")
        return cls(lo, hi, kind)


@dataclass(frozen=True)
class Selection(Mapping[str, Range]):
    """The brushes by dimension; they hold data values, so they outlive a change of bins.

    >>> Selection().with_("event_count", Range(2, 6)).to_text()
    'event_count:2..6'
    """

    brushes: tuple[tuple[str, Range], ...] = ()

    def __getitem__(self, name: str) -> Range:
        return dict(self.brushes)[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.brushes)

    def __len__(self) -> int:
        return len(self.brushes)

    def __hash__(self) -> int:
        return hash(self.brushes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Selection) and self.brushes == other.brushes

    def with_(self, name: str, range_: Range | None) -> Selection:
        """The same selection with one brush set, or taken away by None."""
        kept = {other: brush for other, brush in self.brushes if other != name}
        if range_ is not None:
            kept[name] = range_
        return Selection(tuple(sorted(kept.items(), key=lambda item: item[0])))

    def to_text(self) -> str:
        """All brushes, exact to the microsecond; empty when nothing is selected."""
        return ";".join(f"{_escape(name)}:{brush.to_text()}" for name, brush in self.brushes)

    @classmethod
    def from_text(cls, text: str) -> Selection:
        """Read what `to_text` wrote; SpecError says which part is wrong.

        >>> Selection.from_text("duration:1m..10m")["duration"]
        Range(lo=60000000, hi=600000000, kind='duration')
        """
        selection = Selection()
        for part in filter(None, text.split(";")):
            name, colon, brush = part.partition(":")
            if not colon:
                raise SpecError(f"'{part}' is not a selection. Write the likes of {_EXAMPLE}.")
            selection = selection.with_(unquote(name), Range.from_text(brush))
        return selection


def _escape(name: str) -> str:
    return re.sub("[%:;]", lambda found: f"%{ord(found[0]):02X}", name)


def _value_text(value: int, kind: Kind) -> str:
    if kind == "duration":
        return str(Duration(value)).replace(" ", "")
    if kind == "time":
        moment = _EPOCH + timedelta(microseconds=value)
        return moment.isoformat(timespec="auto" if moment.second or moment.microsecond else "minutes")
    return str(value)


def _value(text: str) -> tuple[int, Kind]:
    if re.fullmatch(r"-?\d+", text):
        return int(text), "count"
    if re.match(r"\d{4}-\d\d-\d\dT", text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise SpecError(f"'{text}' is not a time. Write the likes of 2024-03-04T00:00.") from error
        if moment.tzinfo is not None:
            raise SpecError(f"'{text}' has a zone. Times in a selection are in UTC and say no zone.")
        return (moment - _EPOCH) // timedelta(microseconds=1), "time"
    return Duration.parse(text).us, "duration"
