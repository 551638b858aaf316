"""The table of key numbers: what stands above the charts, in the comparison and in the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.crossfilter.differences import points_text
from explorer.crossfilter.formats import NOTHING, count_text, duration_text, percent_text

Say = Callable[[float], str]


@dataclass(frozen=True)
class KeyNumber:
    """One number of a set of sessions: `field` of `Numbers`, how it and its differences are written, what it means.

    `counts` says that it is a number of things: of a selection it is a share of all. `name` is its name in a report.
    `of_selected` is its label where it is of a selection and not of that alone.
    """

    name: str
    field: str
    label: str
    help: str
    say: Say
    say_difference: Say
    counts: bool = False
    of_selected: str = ""

    def text(self, numbers: object) -> str:
        """The number as it is written; a dash where there is none."""
        value = getattr(numbers, self.field)
        return NOTHING if value is None else self.say(value)


def decimal(number: float) -> str:
    """A mean, and the small difference of two.

    >>> decimal(1234.56), decimal(0.0123)
    ('1,234.6', '0.012')
    """
    return f"{number:,.1f}" if number >= 0.05 or not number else f"{number:.2g}"


KEY_NUMBERS = (
    KeyNumber("sessions", "sessions", "Sessions", "Sessions that are shown", count_text, count_text, counts=True),
    KeyNumber(
        "actors", "actors", "Actors", "Actors with at least one of these sessions",
        count_text, count_text, counts=True,
    ),
    KeyNumber("events", "events", "Events", "Events in these sessions", count_text, count_text, counts=True),
    KeyNumber(
        "duration", "median_duration", "Median duration", "Half of the sessions last longer",
        duration_text, duration_text,
    ),
    KeyNumber(
        "mean", "events_per_session", "Mean events per session", "The mean number of events in a session",
        decimal, decimal,
    ),
    KeyNumber(
        "single", "one_event_share", "Single-event sessions", "Sessions that have a single event",
        percent_text, points_text,
    ),
    KeyNumber(
        "time_in_session", "median_time_in_session", "Median time per actor",
        "The median over actors of the durations of all their sessions together, selected or not",
        duration_text, duration_text, of_selected="Median time, all sessions",
    ),
)  # fmt: skip
