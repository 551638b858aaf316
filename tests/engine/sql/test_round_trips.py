"""How often a database is asked: each time costs what the way there takes."""

from __future__ import annotations

import duckdb
import pytest

import explorer
from explorer.crossfilter.bins.binning import AUTOMATIC
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.sql.engine import SqlEngine
from tests.counting import Counting
from tests.factories import made

VISIT = explorer.SessionDefinition("visit", "30m")


@pytest.fixture
def database() -> Counting:
    connection = duckdb.connect()
    connection.register("frame", made().to_arrow())
    connection.execute("CREATE TABLE visits AS SELECT * FROM frame")
    return Counting.of(connection)  # type: ignore[return-value]


def test_a_brush_asks_nothing_and_a_change_twice(database: Counting) -> None:
    engine = SqlEngine.of(database, "visits", actor="user", time="ts", event="event")
    assert database.trips(lambda: engine.cut(VISIT).totals()) <= 8
    cut = engine.cut(VISIT)
    coded = cut.coded({"duration": AUTOMATIC, "event_count": AUTOMATIC})

    def brush() -> None:
        selection = Selection.from_text("event_count:1")
        coded.counts(selection)
        coded.numbers(selection)
        coded.running("event_count", selection)
        cut.sessions()

    assert database.trips(brush) == 0
    shorter = VISIT.replace(inactivity="20m")
    assert database.trips(lambda: engine.cut(shorter).totals()) == 2
    metric = explorer.Metric("logins", "count", where="event = 'login'")
    assert database.trips(lambda: engine.cut(shorter.replace(metrics=(metric,))).sessions()) == 2
    assert database.trips(lambda: engine.cut(VISIT).sessions()) == 0


def test_menus_ask_for_all_columns_at_once(database: Counting) -> None:
    engine = SqlEngine.of(database, "visits", actor="user", time="ts", event="event")
    engine.cut(VISIT).totals()
    assert database.trips(engine.menu) <= 3
    assert database.trips(engine.menu) == 0
    assert database.trips(engine.described) == 1
    assert database.trips(lambda: engine.search_values("log", 10)) == 1
    cut = engine.cut(VISIT)
    cut.sessions()
    assert database.trips(cut.event_menu) <= 2
    assert database.trips(engine.properties) <= 2
