"""Key numbers as texts; page.js changes them by their names when a brush comes to rest."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.crossfilter.key_numbers import KEY_NUMBERS
from explorer.crossfilter.numbers import Numbers


@dataclass(frozen=True)
class ReportNumber:
    """One number to be read at a glance."""

    name: str
    label: str
    value: str
    help: str


def key_numbers(numbers: Numbers) -> list[ReportNumber]:
    """The strip above the charts.

    >>> key_numbers(Numbers(2, 1, 5, 90e6, 2.5, 0.5, 180e6))[3].value
    '1m 30s'
    """
    return [ReportNumber(row.name, row.label, row.text(numbers), row.help) for row in KEY_NUMBERS]
