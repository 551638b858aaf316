"""Key numbers as texts; page.js changes them by their names when a brush comes to rest."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.crossfilter.formats import count_text, many
from explorer.crossfilter.key_numbers import KEY_NUMBERS
from explorer.crossfilter.numbers import Numbers
from explorer.engine.answers.trial import MetricNumbers


@dataclass(frozen=True)
class ReportNumber:
    """One number to be read at a glance."""

    name: str
    label: str
    value: str
    help: str
    of_selected: str = ""  # its label while something is brushed, where that is another


def key_numbers(numbers: Numbers) -> list[ReportNumber]:
    """The strip above the charts.

    >>> key_numbers(Numbers(2, 1, 5, 90e6, 2.5, 0.5, 180e6))[3].value
    '1m 30s'
    """
    return [ReportNumber(row.name, row.label, row.text(numbers), row.help, row.of_selected) for row in KEY_NUMBERS]


def metric_text(found: MetricNumbers, which: str = "") -> str:
    """What a metric comes to, in one line; `which` sessions, where it is not all.

    >>> metric_text(MetricNumbers(3605, 373, (("total", "50"), ("mean", "0.13"))))
    'In 373 of 3,605 sessions: total 50, mean 0.13'
    """
    sessions = many(found.sessions, f"{which} session".lstrip())
    if not found.with_value:
        return f"In none of {sessions}" if found.sessions else f"In no {which} session".replace("  ", " ")
    said = ", ".join(f"{label} {text}" for label, text in found.summary)
    every = found.with_value == found.sessions
    place = f"In all {sessions}" if every else f"In {count_text(found.with_value)} of {sessions}"
    return f"{place}{f': {said}' if said else ''}"
