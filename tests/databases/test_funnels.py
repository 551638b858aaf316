"""The SQL that is printed of funnels gives the engine's numbers there."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import explorer
from explorer.code.funnels import funnels_of
from explorer.code.sql import sql_code
from explorer.spec.charts.sequences.steps import Steps
from explorer.spec.session import SessionDefinition
from tests.code.told_apart import APART, PATTERNED, WHERES, chart_apart, check_told, expected, told
from tests.databases.running import Database
from tests.strategies import Log, definitions, funnels, logs


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(log=logs(), definition=definitions(), steps=st.one_of(funnels(False), PATTERNED), where=WHERES, asked=APART)
def test_funnels_told_apart(
    database: Database, log: Log, definition: SessionDefinition, steps: Steps, where: str | None, asked: Any
):
    assume(not any(metric.aggregate == "mode" for metric in definition.metrics))
    engine = explorer.connect(log.frame, actor="user", time="ts", event="event", order=["row"])
    chart = chart_apart(steps, where, *asked)
    (funnel,) = funnels_of(engine, [chart], definition, ()).counted
    if not engine.sessions(funnel.of(definition)).height:
        return
    _, query = sql_code(engine, definition, database.dialect, funnels=(funnel,)).split(";\n\n")
    database.load("events", log.frame)
    found = told(database.ask(query), len(steps))
    check_told(found, expected(engine, chart, definition), len(steps), bool(chart.every))
