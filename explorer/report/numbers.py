"""Key numbers as texts; page.js changes them by their names when a brush comes to rest."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.crossfilter.formats import NOTHING, count_text, duration_text, percent_text
from explorer.crossfilter.picture import Numbers


@dataclass(frozen=True)
class KeyNumber:
    """One number to be read at a glance."""

    name: str
    label: str
    value: str
    help: str


def key_numbers(numbers: Numbers) -> list[KeyNumber]:
    """The strip above the charts.

    >>> key_numbers(Numbers(2, 1, 5, 90e6, 2.5, 0.5, 180e6))[3].value
    '1m 30s'
    """
    mean = numbers.events_per_session
    return [
        KeyNumber("sessions", "Sessions", count_text(numbers.sessions), "Sessions that all brushes hold"),
        KeyNumber("actors", "Actors", count_text(numbers.actors), "Actors with at least one of these sessions"),
        KeyNumber("events", "Events", count_text(numbers.events), "Events in these sessions"),
        KeyNumber(
            "duration", "Median duration", duration_text(numbers.median_duration), "Half of the sessions last longer"
        ),
        KeyNumber(
            "mean", "Events / session", NOTHING if mean is None else f"{mean:,.1f}", "The mean number in a session"
        ),
        KeyNumber("single", "One event only", percent_text(numbers.one_event_share), "Sessions with a single event"),
        KeyNumber(
            "time_in_session",
            "Time per actor",
            duration_text(numbers.median_time_in_session),
            "The median over actors of the durations of all their sessions together",
        ),
    ]
