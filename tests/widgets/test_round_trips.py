"""How often a page asks a database: where the way there takes 200 ms, five questions more are a second."""

from __future__ import annotations

import duckdb
import pytest

import explorer
from explorer.engine.sql.engine import SqlEngine
from explorer.spec.analysis import Analysis
from tests.counting import Counting
from tests.factories import made
from widgets import SessionExplorer

pytestmark = pytest.mark.slow
VISIT = explorer.SessionDefinition("visit", "30m")


def test_a_page_asks_seldom():
    connection = duckdb.connect()
    connection.register("frame", made().to_arrow())
    connection.execute("CREATE TABLE visits AS SELECT * FROM frame")
    database = Counting.of(connection)
    assert isinstance(database, Counting)
    apps: list[SessionExplorer] = []

    def open_page() -> None:
        engine = SqlEngine.of(database, "visits", actor="user", time="ts", event="event")
        apps.append(SessionExplorer(engine, Analysis(engine.columns, (VISIT,))))

    assert database.trips(open_page) <= 14
    state = apps[0].state
    for view, most in {"inside": 6, "actors": 2, "inactivity": 1, "compare": 0, "charts": 0}.items():
        assert database.trips(lambda view=view: setattr(state, "view", view)) <= most, view
    shorter = state.analysis.replace(sessions=(VISIT.replace(inactivity="20m"),))
    assert database.trips(lambda: setattr(state, "analysis", shorter)) <= 5
