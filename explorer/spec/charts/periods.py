"""Charts over time beside an earlier period, and over sliding windows: which lengths go with which steps."""

import re
from dataclasses import dataclass
from typing import Any

from explorer.errors import SpecError, as_text, located, quoted
from explorer.spec.document import check_choice
from explorer.spec.duration import UNITS, Duration

STEPS = ("1m", "5m", "15m", "1h", "3h", "6h", "12h", "1d", "1w", "1mo", "3mo", "1y")
CALENDAR = re.compile(r"(\d+)\s*(mo|months?|y|years?)")
SHORT = re.compile(r"[1-9]\d*(m|h|d|w|mo|y)")
MONTHS = {"m": 1, "y": 12}
MOST_MONTHS, LONGEST = 12_000, 1_000 * 365 * UNITS["d"]


@dataclass(frozen=True)
class Period:
    """How far back the numbers lie that stand beside those of a chart: `length` is fixed, or empty where it is as long
    as what is shown. `label` is its entry in the form, `words` its name in sentences."""

    name: str
    label: str
    words: str
    length: str = ""


_PERIODS = (
    Period("day", "The day before", "the day before", "1d"),
    Period("week", "The week before", "the week before", "1w"),
    Period("month", "The month before", "the month before", "1mo"),
    Period("year", "The year before", "the year before", "1y"),
    Period("span", "The span before, as long as shown", "the span before"),
)
PERIODS = {row.name: row for row in _PERIODS}


def period_words(previous: str | None) -> str:
    """What a period before is called.

    >>> period_words("week")
    'the week before'
    """
    return PERIODS[previous].words if previous else ""


@dataclass(frozen=True)
class Length:
    """A length on the calendar: whole months, or microseconds.

    >>> Length.parse("3mo"), Length.parse("1y").months, str(Length.parse("24 hours"))
    (Length(months=3, us=0), 12, '1d')
    """

    months: int = 0
    us: int = 0

    @classmethod
    def parse(cls, said: Any) -> "Length":
        """Read `7d`, `24h`, `3mo`, `1y`; raises SpecError."""
        text = as_text(said).strip().lower()
        if not (calendar := CALENDAR.fullmatch(text)):
            return cls(us=Duration.parse(said).us)
        if len(calendar[1]) > 6:
            raise SpecError(f"{quoted(said)} is longer than any data. The longest is 1000y.")
        return cls(months=int(calendar[1]) * MONTHS[calendar[2][0]])

    def __str__(self) -> str:
        if self.months:
            return f"{self.months // 12}y" if self.months % 12 == 0 else f"{self.months}mo"
        if self.us % 1_000_000:  # Polars reads no decimals
            return f"{self.us // 1_000}ms" if self.us % 1_000 == 0 else f"{self.us}us"
        return str(Duration(self.us)).replace(" ", "")

    def holds(self, step: str) -> bool:
        """Whether it is a whole number of steps.

        >>> [Length.parse(text).holds("1d") for text in ("7d", "1mo", "36h")]
        [True, True, False]
        >>> Length.parse("1mo").holds("1w"), Length.parse("1y").holds("3mo")
        (False, True)
        """
        each = Length.parse(step)
        if each.months:
            return bool(self.months) and self.months % each.months == 0
        if self.months:
            return UNITS["d"] % each.us == 0
        return self.us >= each.us and self.us % each.us == 0


def read_window(said: Any, every: str | None) -> str | None:
    """The text of a window that slides by the step `every`; raises SpecError at `over`.

    >>> read_window("7d", "1d"), read_window("14 days", "1d"), read_window("", None)
    ('7d', '2w', None)
    """
    if said is None or said == "":
        return None
    with located("over"):
        length = Length.parse(said)
        if not length.months and not length.us:
            raise SpecError("A window of 0 holds nothing. Write a length such as 7d.")
        if length.months > MOST_MONTHS or length.us > LONGEST:
            raise SpecError(f"{quoted(said)} is longer than any data. The longest is 1000y.")
        if not any(length.holds(step) for step in STEPS):
            raise SpecError(f"{quoted(said)} is not a whole number of minutes. Write a length such as 7d.")
        if every is not None and not length.holds(every):
            raise SpecError(_unfit(length, every))
    text = as_text(said).strip()
    return text if SHORT.fullmatch(text) else str(length)


def _unfit(length: Length, every: str) -> str:
    """Why a window does not slide by a step, and what instead."""
    step = Length.parse(every)
    fitting = [each for each in STEPS if length.holds(each)]
    shorter = [each for each in fitting if Length.parse(each) != length] or fitting
    best = "1d" if "1d" in shorter else shorter[-1]
    instead = f"Write every: {best}, or a window of {Length(step.months * 3, step.us * 3)}."
    if not step.months and not length.months and length.us < step.us:
        return f"A window of {length} is shorter than the step of {every}: what lies between is in none. {instead}"
    return f"A window of {length} is not a whole number of steps of {every}. {instead}"


def read_previous(said: Any, every: str | None) -> str | None:
    """Which period before stands beside a chart; raises SpecError at `previous`.

    >>> read_previous("week", "1d")
    'week'
    """
    if said is None or said == "":
        return None
    check_choice(said, tuple(PERIODS), "previous")
    length = PERIODS[said].length
    if every is not None and length and not Length.parse(length).holds(every):
        fitting = [row.name for row in _PERIODS if not row.length or Length.parse(row.length).holds(every)]
        with located("previous"):
            raise SpecError(
                f"Steps of {every} do not lie as they did {PERIODS[said].words}. "
                f"Write previous: {' or '.join(fitting)}, or every: 1d."
            )
    return str(said)


def fitting_steps(over: str | None, previous: str | None) -> list[str]:
    """The steps that a chart over windows and beside a period before can have; all of them where it has neither.

    >>> fitting_steps("7d", "month")[-1], len(fitting_steps(None, None)) == len(STEPS)
    ('1d', True)
    """
    lengths = [length for length in (over, PERIODS[previous].length if previous else "") if length]
    return [step for step in STEPS if all(Length.parse(length).holds(step) for length in lengths)]
