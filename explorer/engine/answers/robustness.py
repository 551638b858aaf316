"""How much the choice of inactivity matters: the page at many choices, and from where to where it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import polars as pl

from explorer.spec.charts.chart import Chart
from explorer.spec.duration import UNITS, Duration

# The group that is highest: its values, one per dimension.
Group = tuple[Any, ...]
Value = float | Group | None
# What people choose between, in minutes; for a much shorter or longer inactivity the same times its size.
MINUTES = (5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 70, 90, 120)
SHARE = 0.05
# Beside a number so small any change is nothing.
NOTHING_MUCH = 1e-12


def lengths_around(inactivity: Duration) -> tuple[Duration, ...]:
    """What is tried: 5 minutes to 2 hours, and the inactivity; where it is far from these, a sixth to four times of it.

    >>> " ".join(map(str, lengths_around(Duration.parse("45m"))))
    '5m 6m 7m 8m 10m 12m 15m 20m 25m 30m 40m 45m 50m 1h 1h 10m 1h 30m 2h'
    >>> " ".join(map(str, lengths_around(Duration.parse("1d"))[:3]))
    '4h 4h 48m 5h 36m'
    """
    low, high = (MINUTES[at] * UNITS["m"] for at in (0, -1))
    size = 1.0 if low <= inactivity.us <= high else inactivity.us / (30 * UNITS["m"])
    tried = {max(1, round(minutes * UNITS["m"] * size)) for minutes in MINUTES}
    return tuple(map(Duration, sorted(tried | {inactivity.us})))


@dataclass(frozen=True, eq=False)
class Tried:
    """One number, or one finding of a chart, at each inactivity that was tried: `values` by microseconds.

    `name` is a key number's, a measure of a metric (`mean revenue`), or `chart 2` for what the second chart of the
    analysis says; then `chart` is what was asked. `kind` is `count`, `number`, `duration` (in microseconds), `share`,
    or `finding`, whose values are groups: that which is highest.
    """

    name: str
    kind: str
    chart: Chart | None = None
    values: Mapping[int, Value] = field(default_factory=dict)

    def same(self, us: int, as_at: int, share: float) -> bool:
        """Whether it is the same at two inactivities, numbers within so large a share of the second."""
        one, other = self.values[us], self.values[as_at]
        if isinstance(one, int | float) and isinstance(other, int | float):
            return abs(one - other) <= share * abs(other) + NOTHING_MUCH
        return one == other

    def holds(self, now: Duration, share: float = SHARE) -> tuple[Duration, Duration]:
        """The shortest and the longest inactivity, of those tried and with all between them, at which it is as it is
        now."""
        known = sorted(self.values)
        low = high = known.index(now.us)
        while low > 0 and self.same(known[low - 1], now.us, share):
            low -= 1
        while high + 1 < len(known) and self.same(known[high + 1], now.us, share):
            high += 1
        return Duration(known[low]), Duration(known[high])

    @property
    def numbers(self) -> list[float]:
        """Its values that are numbers."""
        return [value for value in self.values.values() if isinstance(value, int | float)]

    @property
    def spread(self) -> float:
        """How much it changes: the range of its numbers beside the largest; 1 of groups that change."""
        numbers = self.numbers
        if not numbers:
            return float(len(set(self.values.values())) > 1)
        return (max(numbers) - min(numbers)) / (max(map(abs, numbers)) or 1)


@dataclass(frozen=True, eq=False)
class Robustness:
    """What the page says at every inactivity of `lengths`, with all else as the definition says; `now` is its own.

    `left_out` are charts that say nothing that could be followed. Where `done` is smaller than `steps`, some of it is
    still to come. "Holds" means: the same at every inactivity between two that was tried; of others nothing is known.
    """

    now: Duration
    lengths: tuple[Duration, ...]
    rows: tuple[Tried, ...] = ()
    left_out: tuple[Chart, ...] = ()
    done: int = 0
    steps: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether everything was tried."""
        return self.done == self.steps

    def holds(self, share: float = SHARE) -> tuple[Duration, Duration]:
        """From where to where everything is as it is now, numbers within so large a share."""
        ranges = [row.holds(self.now, share) for row in self.rows if self.now.us in row.values]
        if not ranges:
            return self.now, self.now
        return max(low for low, _ in ranges), min(high for _, high in ranges)

    @property
    def ends(self) -> tuple[Duration, Duration]:
        """The shortest and the longest inactivity that everything was tried at."""
        common = reduce(set.intersection, ({*row.values} for row in self.rows), {each.us for each in self.lengths})
        return (Duration(min(common)), Duration(max(common))) if common else (self.now, self.now)

    def always(self, share: float = SHARE) -> list[Tried]:
        """What holds wherever it was tried."""
        return [row for row in self.rows if row.holds(self.now, share) == self._ends_of(row)]

    def sensitive(self, share: float = SHARE) -> Tried | None:
        """What holds over the narrowest range, of several what changes most; None where everything holds."""
        always = self.always(share)
        others = [row for row in self.rows if all(row is not each for each in always)]

        def narrow(row: Tried) -> tuple[float, float]:
            low, high = row.holds(self.now, share)
            return high.us / max(1, low.us), -row.spread

        return min(others, key=narrow, default=None)

    @staticmethod
    def _ends_of(row: Tried) -> tuple[Duration, Duration]:
        return Duration(min(row.values)), Duration(max(row.values))

    @property
    def frame(self) -> pl.DataFrame:
        """One row per number or finding and inactivity: name, inactivity, value (durations in seconds), group (of a
        finding), and whether it is the inactivity now."""
        told: list[dict[str, Any]] = []
        for row in self.rows:
            for us, value in sorted(row.values.items()):
                number = float(value) if isinstance(value, int | float) else None
                if number is not None and row.kind == "duration":
                    number /= UNITS["s"]
                group = ", ".join(map(str, value)) if isinstance(value, tuple) else None
                now = us == self.now.us
                told.append(
                    {"name": row.name, "inactivity": str(Duration(us)), "value": number, "group": group, "now": now}
                )
        kinds = {"name": pl.String, "inactivity": pl.String, "value": pl.Float64, "group": pl.String, "now": pl.Boolean}
        return pl.DataFrame(told, schema=kinds)
