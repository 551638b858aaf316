"""A brush: which values of one dimension are held, and its text for the link."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Self
from urllib.parse import unquote

from explorer.errors import SpecError
from explorer.spec.duration import Duration

Kind = Literal["duration", "count", "time", "number"]

_EPOCH = datetime(1970, 1, 1)
_NONE, _EMPTY = "~none", "~empty"
MOST_DIGITS = 18  # a number of 64 bits holds all of these
_FLOAT = re.compile(r"-?(\d+\.\d*(e[+-]?\d+)?|\d+e[+-]?\d+|inf)")


@dataclass(frozen=True)
class Range:
    """The data values from `lo` up to, not including, `hi` (None: no end); microseconds or numbers.

    `none` says that sessions without a value are held too; `negated` that all other sessions are held instead.

    >>> Range(60_000_000, None, "duration").to_text()
    '1m..'
    >>> Range(1.5, 2, "number", none=True, negated=True).to_text()
    '!1.5..2.0|~none'
    """

    lo: float
    hi: float | None
    kind: Kind = "count"
    none: bool = field(default=False, kw_only=True)
    negated: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if self.kind == "number":
            object.__setattr__(self, "lo", float(self.lo))
            object.__setattr__(self, "hi", None if self.hi is None else float(self.hi))

    def inverted(self) -> Self:
        """The brush that holds exactly the other sessions."""
        return replace(self, negated=not self.negated)

    def to_text(self) -> str:
        """Both ends exactly, in the unit of the kind."""
        end = "" if self.hi is None else _value_text(self.hi, self.kind)
        none = f"|{_NONE}" if self.none else ""
        return f"{'!' if self.negated else ''}{_value_text(self.lo, self.kind)}..{end}{none}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote; SpecError where it is not a range, or ends before it begins.

        >>> Range.from_text("2..6") == Range(2, 6)
        True
        """
        said, bar, none = text.removeprefix("!").partition("|")
        low, dots, high = said.partition("..")
        if not dots or not low or (bar and none != _NONE):
            raise SpecError(f"'{text}' is not a range. Write 1m..10m, 2..6 or 2024-03-04T00:00.. for no end.")
        lo, kind = _value(low)
        hi, same = _value(high) if high else (None, kind)
        if {kind, same} == {"count", "number"}:
            kind = same = "number"
        if same != kind or (hi is not None and hi <= lo):
            raise SpecError(f"'{text}' is not a range: its end must be a {kind} beyond its beginning.")
        return cls(lo, hi, kind, none=bool(bar), negated=text.startswith("!"))


@dataclass(frozen=True)
class Values:
    """Some of the values of a dimension, by their texts; `none` and `negated` are as those of a range.

    All that a chart shows as "other" is said by what it is not: `negated`, so that it is data values too.

    >>> Values(frozenset({"web", "ios"}), none=True).to_text()
    'ios|web|~none'
    """

    values: frozenset[str] = frozenset()
    none: bool = field(default=False, kw_only=True)
    negated: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if not self.values and not self.none:
            raise SpecError("A brush names at least one value.")

    def inverted(self) -> Self:
        """The brush that holds exactly the other sessions."""
        return replace(self, negated=not self.negated)

    def to_text(self) -> str:
        """The values in order, what could be taken for something else escaped."""
        parts = [_escaped(value) for value in sorted(self.values)] + [_NONE] * self.none
        return ("!" if self.negated else "") + "|".join(parts)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote; SpecError where it names nothing.

        >>> Values.from_text("!ios|~none") == Values(frozenset({"ios"}), none=True, negated=True)
        True
        """
        parts = text.removeprefix("!").split("|")
        if "" in parts:
            raise SpecError(f"'{text}' names no value. Write ios|web, {_EMPTY} for an empty text, {_NONE} for none.")
        values = frozenset("" if part == _EMPTY else unquote(part) for part in parts if part != _NONE)
        return cls(values, none=_NONE in parts, negated=text.startswith("!"))


Brush = Range | Values


def read_brush(text: str) -> Brush:
    """A range where there are two dots, values otherwise; raises SpecError.

    >>> read_brush("ios|web").to_text(), read_brush("1m..10m").to_text()
    ('ios|web', '1m..10m')
    """
    return Range.from_text(text) if ".." in text else Values.from_text(text)


def _escaped(value: str) -> str:
    def code(found: re.Match[str]) -> str:
        return f"%{ord(found[0]):02X}"

    return re.sub(r"[%;|]|^[!~]|\.(?=\.)", code, value) or _EMPTY


def _value_text(value: float, kind: Kind) -> str:
    if kind == "duration":
        return f"{'-' if value < 0 else ''}{Duration(abs(int(value)))}".replace(" ", "")
    if kind == "time":
        return time_text(int(value))
    return repr(value)


def time_text(us: int) -> str:
    """A time in microseconds since 1970, exactly; raises SpecError beyond the years 1 and 9999.

    >>> time_text(1_709_510_400_000_000)
    '2024-03-04T00:00'
    """
    try:
        moment = _EPOCH + timedelta(microseconds=us)
    except OverflowError:
        raise SpecError("Times before the year 1 and after 9999 cannot be said. Brush the years between.") from None
    return moment.isoformat(timespec="auto" if moment.second or moment.microsecond else "minutes")


def _value(text: str) -> tuple[float, Kind]:
    if re.fullmatch(r"-?\d+", text):
        if len(text.removeprefix("-")) > MOST_DIGITS:
            raise SpecError(f"'{text}' is too large a number. Write one of at most {MOST_DIGITS} digits.")
        return int(text), "count"
    if _FLOAT.fullmatch(text):
        return float(text), "number"
    if re.match(r"\d{4}-\d\d-\d\dT", text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise SpecError(f"'{text}' is not a time. Write the likes of 2024-03-04T00:00.") from error
        if moment.tzinfo is not None:
            raise SpecError(f"'{text}' has a zone. Times in a selection are in UTC and say no zone.")
        return (moment - _EPOCH) // timedelta(microseconds=1), "time"
    length = Duration.parse(text.removeprefix("-")).us
    return -length if text.startswith("-") else length, "duration"
