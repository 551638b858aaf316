"""What patterns and funnels take of the processor, all threads together; no question has been asked before."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from time import process_time
from typing import Any

import pytest

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.inside.funnel import funnel

fresh = count(1)
VIEW, CART, BUY = "event = 'view'", "event = 'click'", "event = 'purchase'"


def visit(**changes: Any) -> explorer.SessionDefinition:
    return explorer.SessionDefinition(name="visit", inactivity=f"{1_900_000_000 + next(fresh)}us", **changes)


def timed(
    benchmark: Callable[..., Any], log: LocalEngine, ask: Callable[[explorer.SessionDefinition], Any], **its: Any
):
    """Each round on another cut, which is made before the clock runs."""

    def cut() -> tuple[tuple[explorer.SessionDefinition], dict[str, Any]]:
        made = visit(**its)
        assert log.table(made.replace(metrics=())).height
        return (made,), {}

    return benchmark.pedantic(ask, setup=cut, rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("aggregate", ["any", "matches", "time_of"])
@pytest.mark.benchmark(group="one more metric of a pattern", timer=process_time)
def test_pattern(benchmark: Callable[..., Any], log: LocalEngine, aggregate: str):
    metric = explorer.Metric("m", aggregate, pattern="view -> [^purchase]* .. error")
    assert timed(benchmark, log, lambda its: log.table(its).height, metrics=[metric])


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("limits", [{}, {"within": "1d", "without": "event = 'error'"}], ids=["plain", "limited"])
@pytest.mark.benchmark(group="a funnel of three steps", timer=process_time)
def test_funnel(benchmark: Callable[..., Any], log: LocalEngine, across: bool, limits: dict[str, str]):
    steps = explorer.Chart("funnel", "visit", steps=(VIEW, CART, BUY), across=across, **limits).funnel
    assert timed(benchmark, log, lambda its: funnel(log.session_table(its), steps).counts()).reached[0]
