"""What patterns and funnels take of the processor, all threads together; no question has been asked before."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.engine.local.inside.funnel import funnel
from tests.bench.measuring import Measured, fresh

VIEW, CART, BUY = "event = 'view'", "event = 'click'", "event = 'purchase'"


def visit(**changes: Any) -> explorer.SessionDefinition:
    return explorer.SessionDefinition(name="visit", inactivity=f"{1_900_000_000 + next(fresh)}us", **changes)


def timed(
    measured: Measured, log: LocalEngine, makes: str, ask: Callable[[explorer.SessionDefinition], Any], **its: Any
):
    """Each round on another cut, which is made before the clock runs."""

    def cut() -> explorer.SessionDefinition:
        made = visit(**its)
        assert log.table(made.replace(metrics=())).height
        return made

    return measured(ask, makes, before=cut)


@pytest.mark.parametrize("aggregate", ["any", "matches", "time_of"])
@pytest.mark.benchmark(group="one more metric of a pattern", timer=process_time)
def test_pattern(measured: Measured, log: LocalEngine, aggregate: str):
    metric = explorer.Metric("m", aggregate, pattern="view -> [^purchase]* .. error")
    assert timed(measured, log, "metric", lambda its: log.table(its).height, metrics=[metric])


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("limits", [{}, {"within": "1d", "without": "event = 'error'"}], ids=["plain", "limited"])
@pytest.mark.benchmark(group="a funnel of three steps", timer=process_time)
def test_funnel(measured: Measured, log: LocalEngine, across: bool, limits: dict[str, str]):
    steps = explorer.Chart("funnel", "visit", steps=(VIEW, CART, BUY), across=across, **limits).funnel
    assert timed(measured, log, "funnel", lambda its: funnel(log.session_table(its), steps).counts()).reached[0]


@pytest.mark.benchmark(group="who comes back, by first week", timer=process_time)
def test_retention(measured: Measured, log: LocalEngine):
    chart = explorer.Chart("return", "visit")
    made = timed(measured, log, "actors in time", lambda its: log.cut(its).retention(chart))
    assert made is not None
