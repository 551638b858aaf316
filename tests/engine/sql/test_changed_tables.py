"""A table that changes while it is looked at, and a database without room: each said in a sentence, nothing lost."""

from __future__ import annotations

import duckdb
import pytest

import explorer
from explorer.engine.sql.databases.duckdb import DuckDB
from explorer.engine.sql.databases.watching import sentence
from explorer.engine.sql.engine import SqlEngine
from explorer.errors import EngineError
from tests.factories import made

VISIT = explorer.SessionDefinition("visit", "30m")
VIEWS = VISIT.replace(where="event = 'view'")
Opened = tuple[duckdb.DuckDBPyConnection, SqlEngine]


@pytest.fixture
def opened() -> Opened:
    connection = duckdb.connect()
    connection.register("frame", made().to_arrow())
    connection.execute("CREATE TABLE visits AS SELECT * FROM frame")
    return connection, SqlEngine.of(DuckDB.of(connection), "visits", actor="user", time="ts", event="event")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DROP TABLE visits", "is gone"),
        ("ALTER TABLE visits DROP COLUMN event", "there is no 'event' any more"),
        ("ALTER TABLE visits RENAME COLUMN ts TO moment", "there is no 'ts' any more"),
        ("ALTER TABLE visits ALTER ts TYPE VARCHAR", "'ts' is a text and was a time"),
        ("ALTER TABLE visits ALTER amount TYPE VARCHAR", "'amount' is a text and was a number"),
    ],
)
def test_a_table_that_is_no_more_what_it_was(opened: Opened, change: str, said: str):
    connection, engine = opened
    before = engine.sessions(VISIT)
    connection.execute(change)
    with pytest.raises(EngineError, match=said):
        engine.sessions(VIEWS)
    with pytest.raises(EngineError, match="What was found before stays"):
        engine.menu()
    assert engine.sessions(VISIT).equals(before)


def test_a_column_more_changes_nothing(opened: Opened):
    connection, engine = opened
    wanted = engine.under(engine.columns).sessions(VIEWS)
    connection.execute("ALTER TABLE visits ADD COLUMN later INTEGER")
    assert engine.sessions(VIEWS).equals(wanted)


def test_events_that_come_later_are_not_mixed_with_those_that_were_counted(opened: Opened):
    connection, engine = opened
    _, other = opened[0], SqlEngine.of(DuckDB.of(connection), "visits", actor="user", time="ts", event="event")
    wanted, totals = other.sessions(VIEWS), other.cut(VISIT).totals()
    texts, head = other.menu()["event"]["values"], other.sessions(VISIT).height
    assert engine.quality.events
    connection.execute(
        "INSERT INTO visits (user, user_id, ts, event) SELECT user, user, ts + INTERVAL 90 DAY, 'view' FROM visits"
    )
    assert engine.sessions(VIEWS).equals(wanted)
    assert engine.cut(VISIT).totals() == totals
    assert engine.menu()["event"]["values"] == texts
    assert engine.count("event = 'view'") == int(wanted["event_count"].sum())
    again = SqlEngine.of(DuckDB.of(connection), "visits", actor="user", time="ts", event="event")
    assert again.sessions(VISIT).height > head


def test_no_room_is_said_and_the_rest_stays():
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE visits AS SELECT (i % 1000)::TEXT AS who, TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND AS ts, "
        "'/page/' || i AS page FROM range(500000) AS numbers(i)"
    )
    engine = SqlEngine.of(DuckDB.of(connection), "visits", actor="who", time="ts")
    before = engine.sessions(VISIT)
    connection.execute("SET max_temp_directory_size = '64MB'")
    connection.execute("SET memory_limit = '12MB'")
    with pytest.raises(EngineError, match="DuckDB has too little memory or disk for this"):
        engine.sessions(VISIT.replace(where="page != '/page/1'"))
    assert engine.sessions(VISIT).equals(before)
    connection.execute("SET memory_limit = '1GB'")
    connection.execute("SET max_temp_directory_size = '1GB'")
    assert engine.sessions(VISIT.replace(where="page != '/page/1'")).height == before.height


@pytest.mark.parametrize(
    ("database", "said", "told"),
    [
        (
            "PostgreSQL",
            "could not write block 7 of temporary file: No space left on device",
            "too little memory or disk",
        ),
        ("ClickHouse", "Code: 241. DB::Exception: (total) memory limit exceeded", "too little memory or disk"),
        ("ClickHouse", "Code: 394. DB::Exception: Query was cancelled", "Somebody has ended this question"),
        ("PostgreSQL", "canceling statement due to user request", "Somebody has ended this question"),
        ("Spark", "[PARSE_SYNTAX_ERROR] near 'x'", "could not answer"),
    ],
)
def test_what_a_database_says(database: str, said: str, told: str):
    assert told in sentence(database, said)
    assert said in sentence(database, said)


def test_a_lost_question_does_not_lose_the_connection(opened: Opened, monkeypatch: pytest.MonkeyPatch):
    _, engine = opened
    before = engine.sessions(VISIT)
    database = engine.event_table.database
    assert isinstance(database, DuckDB)

    def dies(*_: object) -> None:
        raise duckdb.ConnectionException("the connection is gone")

    with monkeypatch.context() as broken:
        broken.setattr(database._way, "hand", dies)
        with pytest.raises(EngineError, match="the connection is gone"):
            engine.sessions(VIEWS)
    assert engine.sessions(VIEWS).height
    assert engine.sessions(VISIT).equals(before)
