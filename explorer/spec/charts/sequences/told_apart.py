"""What funnels are told apart by where they are counted in code: conditions on sessions, and steps of time."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.spec.expression.clause import Clause

# The steps of time that an expression on sessions makes, by its words.
TRUNCATED = {"1d": "day", "1w": "week", "1mo": "month", "3mo": "quarter", "1y": "year"}


@dataclass(frozen=True)
class Side:
    """The sessions of a funnel that meet a condition, and what they are called."""

    label: str
    clause: Clause


@dataclass(frozen=True)
class ToldApart:
    """A funnel side by side for the values of `by`, each session on one of the `sides`, and for the steps of time
    `every` in which sessions start."""

    by: str = ""
    sides: tuple[Side, ...] = ()
    every: str = ""

    def __bool__(self) -> bool:
        return bool(self.sides or self.every)

    @property
    def start(self) -> str:
        """The beginning of a session's step of time, as an expression.

        >>> ToldApart(every="1w").start
        "date_trunc('week', start)"
        """
        return f"date_trunc('{TRUNCATED[self.every]}', start)"

    @property
    def words(self) -> str:
        """As it stands behind what is counted.

        >>> ToldApart("platform", (), "1w").words
        ' by platform and week of start'
        """
        parts = [self.by, f"{TRUNCATED[self.every]} of start" if self.every else ""]
        return f" by {' and '.join(filter(None, parts))}" if any(parts) else ""


TOGETHER = ToldApart()
