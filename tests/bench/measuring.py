"""How the benchmarks measure: every round must have made what it is said to measure."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, Final

import explorer
from explorer.engine.local.engine import LocalEngine

# Every round asks something that has not been asked before.
fresh = count(1)
Benchmark = Callable[..., Any]
# In place of a stage, where the measured code keeps nothing of what it finds.
NOTHING_KEPT: Final = ""


class RememberedError(AssertionError):
    """A round found what it should have made."""


def define(**changes: object) -> explorer.SessionDefinition:
    """A definition with an inactivity that no other has: about half an hour."""
    rules = {"name": "visit", "inactivity": f"{1_800_000_000 + next(fresh)}us"}
    return explorer.SessionDefinition(**(rules | changes))  # type: ignore[arg-type]


class Measured:
    """Runs the rounds of one benchmark over a log."""

    def __init__(self, benchmark: Any, log: LocalEngine) -> None:
        self._benchmark, self._log = benchmark, log

    def __call__(
        self,
        work: Callable[..., Any],
        makes: str,
        rounds: int = 5,
        before: Callable[[], Any] | None = None,
    ) -> Any:
        """What `work` gives in the last round; `makes` is the stage that each round makes anew.

        `before` runs before each round, outside of the clock; its value is given to `work`.
        """

        def made() -> int:
            return self._log.event_table.stages.made.get(makes, 0)

        def one_round(*given: Any) -> Any:
            already = made()
            found = work(*given)
            if makes != NOTHING_KEPT and made() == already:
                raise RememberedError(f"nothing was made in the stage {makes!r}: what is measured is a memory")
            return found

        if before is None:
            return self._benchmark.pedantic(one_round, rounds=rounds, iterations=1, warmup_rounds=1)
        return self._benchmark.pedantic(one_round, setup=lambda: ((before(),), {}), rounds=rounds, warmup_rounds=1)


def alone(benchmark: Any, work: Callable[[], Any], rounds: int = 1) -> Any:
    """The same for what others do, and for what remembers nothing."""
    return benchmark.pedantic(work, rounds=rounds, iterations=1, warmup_rounds=1)
