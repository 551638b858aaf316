"""Round numbers along an axis of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor

SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400)

Tick = tuple[float, str]
Numbers = Sequence[float | None]


def axis(values: Numbers, text: Callable[[float], str], long: bool) -> tuple[list[Tick], float, float]:
    """About four round numbers with their places from the bottom, and the ends of the axis.

    >>> axis([3.0, 70.0], "{:.0f}".format, False)
    ([(0.0, '0'), (0.25, '20'), (0.5, '40'), (0.75, '60'), (1.0, '80')], 0.0, 80.0)
    """
    known = [value for value in values if value is not None]
    least, most = min([0.0, *known]), max([0.0, *known])
    step = _step((most - least) / 4, long) if most > least else 1.0
    first, last = floor(least / step), ceil(most / step) or (0 if least < 0 else 1)
    marks = [at * step for at in range(first, last + 1)]
    low, high = marks[0], marks[-1]
    return [((mark - low) / (high - low), text(mark)) for mark in marks], low, high


def _step(least: float, long: bool) -> float:
    """The next round number."""
    if long:
        found = next((unit * 1e6 for unit in SECONDS if unit * 1e6 >= least), None)
        if found is not None and least > 0.5e6:
            return found
        if found is None:
            return 86_400e6 * _step(least / 86_400e6, False)
    power = 10.0 ** _floor_log(least)
    return next(power * unit for unit in (1, 2, 2.5, 5, 10) if power * unit >= least * 0.999_999)


def _floor_log(value: float) -> int:
    return int(f"{value:e}".partition("e")[2])
