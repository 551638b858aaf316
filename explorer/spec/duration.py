"""Lengths of time with their unit: `30m`, `1h 30m`, `2w`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Self

from explorer.errors import SpecError, as_text, quoted

UNITS = {
    "w": 604_800_000_000,
    "d": 86_400_000_000,
    "h": 3_600_000_000,
    "m": 60_000_000,
    "s": 1_000_000,
    "ms": 1_000,
    "us": 1,
}
WORDS = {
    "week": "w", "weeks": "w", "day": "d", "days": "d",
    "hour": "h", "hours": "h", "hr": "h", "hrs": "h",
    "minute": "m", "minutes": "m", "min": "m", "mins": "m",
    "second": "s", "seconds": "s", "sec": "s", "secs": "s",
    "millisecond": "ms", "milliseconds": "ms", "microsecond": "us", "microseconds": "us", "µs": "us",
}  # fmt: skip
LONGEST = 2**62
PART = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*([a-zµ]+)\s*")


@dataclass(frozen=True, order=True)
class Duration:
    """A length of time in whole microseconds, at least 0.

    >>> Duration.parse("90 minutes")
    Duration(us=5400000000)
    >>> str(Duration.parse("90 minutes"))
    '1h 30m'
    """

    us: int

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Read `30m`, `1h 30m`, `2.5 hours`, a timedelta or a Duration; a bare number has no unit and is refused."""
        if isinstance(value, Duration):
            return cls(value.us)
        if isinstance(value, timedelta):
            if value < timedelta(0):
                raise SpecError(f"A duration cannot be negative, and {value} is.")
            return cls(value // timedelta(microseconds=1))
        text = as_text(value).strip()
        if isinstance(value, bool) or not isinstance(value, str | int | float) or not text:
            raise SpecError(f"{quoted(value)} is not a duration. Write a number and a unit, such as 30m or 1h 30m.")
        try:
            Decimal(text)
        except ArithmeticError:
            return cls(_microseconds(text))
        raise SpecError(f"'{text}' has no unit. Write {text}s, {text}m, {text}h or {text}d.")

    def __str__(self) -> str:
        """What is finer than a second is decimals of one: `1m 0.5s`.

        >>> [str(Duration(us)) for us in (500_000, 61_250_000, 1_000, 1_000_001)]
        ['0.5s', '1m 1.25s', '0.001s', '1.000001s']
        """
        rest, parts = self.us, []
        for unit in ("w", "d", "h", "m", "s"):
            count, rest = divmod(rest, UNITS[unit])
            more = ""
            if unit == "s":
                more = f".{rest:06}".rstrip("0").rstrip(".")
            if count or more:
                parts.append(f"{count}{more}{unit}")
        return " ".join(parts) or "0s"


def _microseconds(text: str) -> int:
    total, at, folded = Decimal(0), 0, text.lower()
    while at < len(folded):
        part = PART.match(folded, at)
        unit = part and WORDS.get(part[2], part[2])
        if not part or unit not in UNITS:
            raise SpecError(
                f"'{text}' is not a duration. Write a number and a unit (s, m, h, d, w), such as 30m or 1h 30m."
            )
        total += Decimal(part[1]) * UNITS[unit]
        at = part.end()
    if total != total.to_integral_value():
        raise SpecError(f"'{text}' is finer than a microsecond. The smallest is 0.000001s.")
    if total > LONGEST:
        raise SpecError(f"'{text}' is too long to count in microseconds. The longest is 7000000w.")
    return int(total)


DurationLike = Duration | timedelta | str
"""What `Duration.parse` reads."""
