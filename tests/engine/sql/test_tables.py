"""From a connection or an address to the engine of a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from polars.testing import assert_frame_equal

import explorer
from explorer.engine.connect import is_engine
from explorer.engine.shared import connect_once
from explorer.engine.sql.databases import connections
from explorer.engine.sql.databases.connections import Connection, add
from explorer.engine.sql.engine import SqlEngine
from explorer.engine.sql.tables import named_source
from explorer.errors import SourceError
from explorer.spec.session import SessionDefinition
from tests.factories import made

VISIT = SessionDefinition("visit", "30m")
ROLES = {"actor": "user", "time": "ts", "event": "event", "order": "row"}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SESSION_EXPLORER_CONFIG", str(tmp_path))
    monkeypatch.setattr(connections, "_added", {})
    with duckdb.connect(str(tmp_path / "shop.db")) as connection:
        connection.register("frame", made().with_row_index("row").to_arrow())
        connection.execute("CREATE TABLE visits AS SELECT * FROM frame")
        connection.unregister("frame")
    return tmp_path / "shop.db"


def check(log: Any) -> None:
    assert isinstance(log, SqlEngine)
    assert is_engine(log)
    assert_frame_equal(log.sessions(VISIT), explorer.connect(made().with_row_index("row"), **ROLES).sessions(VISIT))


def test_a_connection_a_relation_an_address_and_a_name(path: Path):
    with duckdb.connect(str(path), read_only=True) as connection:
        check(explorer.connect(connection, table="visits", **ROLES))
        check(explorer.connect(connection, **ROLES))
        check(explorer.connect(connection.sql("FROM visits"), **ROLES))
    address = f"duckdb:///{path}"
    log = explorer.connect(address, table="visits", **ROLES)
    check(log)
    assert log.source == "connection://shop.db/visits"
    check(explorer.connect(address, **ROLES))
    check(explorer.connect(log.source, **ROLES))
    add(Connection("the shop", address, columns=ROLES))
    log = explorer.connect("connection://the%20shop/visits")
    check(log)
    assert (log.columns.actor, log.columns.order) == (("user",), ("row",))
    check(explorer.connect("connection://the%20shop", table="visits"))


def test_what_a_source_is_called(path: Path):
    with duckdb.connect(str(path), read_only=True) as connection:
        assert str(explorer.connect(connection, **ROLES).source) == "visits in DuckDB"
    other = path.with_name("other") / "shop.db"
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    sources = [named_source(f"duckdb:///{each}", "visits") for each in (path, other, path)]
    assert sources == ["connection://shop.db/visits", "connection://shop.db%202/visits", sources[0]]


def test_a_query_in_the_place_of_a_table(path: Path):
    query = "SELECT * FROM visits WHERE user IS NOT NULL -- all of them"
    with duckdb.connect(str(path), read_only=True) as connection:
        check(explorer.connect(connection, query=query, **ROLES))
        check(explorer.connect(connection, table="known", query=query, **ROLES))
        with pytest.raises(SourceError, match="There is a table 'visits' in DuckDB: give the query another name"):
            explorer.connect(connection, table="visits", query=query, **ROLES)
    log = explorer.connect(f"duckdb:///{path}", query=query, **ROLES)
    check(log)
    assert log.source == "connection://shop.db/events"
    check(explorer.connect(log.source, **ROLES))
    with pytest.raises(SourceError, match=r"There is a table 'visits' in shop\.db: give the query another name"):
        explorer.connect(f"duckdb:///{path}", table="visits", query=query)
    assert connections.connections()["shop.db"].queries == {"events": query}
    other = explorer.connect(f"duckdb:///{path}", query="SELECT * FROM visits WHERE false", **ROLES)
    assert other.source == "connection://shop.db%202/events"
    with pytest.raises(SourceError, match="stands among the queries"):
        explorer.connect("connection://shop.db/events", query=query)


def test_nothing_else_of_an_address_is_opened(path: Path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE salaries AS SELECT * FROM visits")
    source = named_source(f"duckdb:///{path}", "visits")
    for other in (source.replace("visits", "salaries"), "connection://shop.db"):
        with pytest.raises(SourceError, match=r"There is no table 'salaries' in shop\.db|names no table"):
            explorer.connect(other, **ROLES)
    asked = named_source(f"duckdb:///{path}", query="SELECT * FROM visits")
    with pytest.raises(SourceError, match="There is no table 'salaries'"):
        explorer.connect(asked.replace("events", "salaries"), **ROLES)
    explorer.connect(f"duckdb:///{path}", table="salaries", **ROLES)
    assert connections.connections()["shop.db"].tables == ("visits", "salaries")


def test_what_is_missing_is_said(path: Path):
    with pytest.raises(SourceError, match="Only a database has tables"):
        explorer.connect(made(), table="visits")
    with pytest.raises(SourceError, match=r"There is no table 'visit'\. Did you mean 'visits'\?"):
        explorer.connect(f"duckdb:///{path}", table="visit")
    with pytest.raises(SourceError, match="There is no connection 'nowhere'"):
        explorer.connect("connection://nowhere/visits")
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE a AS SELECT 1 AS a")
        connection.execute("CREATE TABLE b AS SELECT 1 AS a")
        with pytest.raises(SourceError, match=r"Say which table of DuckDB holds the events\. There are: a, b\."):
            explorer.connect(connection)
        with pytest.raises(SourceError, match="are read as they are: leave out unit"):
            explorer.connect(connection, table="a", unit="s", actor="a", time="a")
        assert connection.sql("SELECT database_name FROM duckdb_databases() WHERE NOT internal").fetchall() == [
            ("memory",)
        ]


def test_a_table_is_opened_once(path: Path):
    source = named_source(f"duckdb:///{path}", "visits")
    assert connect_once(source, **ROLES) is connect_once(source, **ROLES)
