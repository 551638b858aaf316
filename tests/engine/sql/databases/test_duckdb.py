"""DuckDB as a database that is asked."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from explorer.engine.sql.databases.duckdb import DuckDB
from explorer.errors import EngineError, SourceError
from tests.engine.sql.databases.contract import Contract, quoted

Load = Callable[[str, pl.DataFrame], None]
LEFT = "SELECT database_name, table_name FROM duckdb_tables() UNION SELECT database_name, '' FROM duckdb_databases()"


def loads(connection: Any) -> Load:
    def load(name: str, frame: pl.DataFrame) -> None:
        connection.register("rows to load", frame.to_arrow())
        connection.execute(f'CREATE OR REPLACE TABLE {quoted(name, "duckdb")} AS SELECT * FROM "rows to load"')
        connection.unregister("rows to load")

    return load


@pytest.fixture
def connection() -> Iterator[Any]:
    with duckdb.connect() as made:
        yield made


@pytest.fixture
def load(connection: Any) -> Load:
    return loads(connection)


class TestDuckDB(Contract):
    endless = "SELECT count(*) AS n FROM range(10000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3"

    @pytest.fixture
    def database(self, connection: Any) -> Iterator[DuckDB]:
        before = connection.execute(LEFT).fetchall()
        made = DuckDB.of(connection)
        yield made
        made.close()
        made.close()
        left = [row for row in connection.execute(LEFT).fetchall() if row[0].startswith("session_explorer")]
        assert not left
        assert set(before) <= set(connection.execute(LEFT).fetchall())

    @pytest.fixture
    def hasty(self, connection: Any) -> Iterator[DuckDB]:
        made = DuckDB.of(connection, longest=0.3)
        yield made
        made.close()


class TestTheConnectionItself(TestDuckDB):
    """With a temporary table, which no cursor sees."""

    @pytest.fixture
    def database(self, connection: Any) -> Iterator[DuckDB]:
        connection.execute("CREATE TEMP TABLE mine AS SELECT 1 AS a")
        made = DuckDB.of(connection)
        assert list(made.shape("mine").schema) == ["a"]
        yield made
        made.close()
        assert connection.execute(LEFT).fetchall().count(("temp", "mine")) == 1
        assert [
            row for row in connection.execute(LEFT).fetchall() if row[0] == "temp" and row[1] not in ("", "mine")
        ] == []

    @pytest.fixture
    def hasty(self, connection: Any) -> Iterator[DuckDB]:
        connection.execute("CREATE TEMP TABLE mine AS SELECT 1 AS a")
        made = DuckDB.of(connection, longest=0.3)
        made.shape("mine")
        yield made
        made.close()


def made_file(path: Path) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE events AS SELECT 1 AS a")
        connection.execute('CREATE SCHEMA "my shop"')
        connection.execute('CREATE TABLE "my shop"."a.b" AS SELECT 2 AS a')
        connection.execute('CREATE TABLE "a.b" AS SELECT 3 AS a')
        connection.execute("CREATE VIEW seen AS SELECT * FROM events")
    return path


def test_a_file_is_only_read(tmp_path: Path):
    path = made_file(tmp_path / "shop.db")
    before = path.read_bytes()
    database = DuckDB.of_file(path)
    assert database.name == "shop.db"
    assert database.tables() == ['"my shop"."a.b"', "events", 'main."a.b"', "seen"]
    assert list(database.shape("seen").schema) == ["a"]
    database.keep("kept", "SELECT a FROM events")
    assert database.answer("SELECT a FROM kept").item() == 1
    assert database.answer('SELECT a FROM "my shop"."a.b"').item() == 2
    for name in database.tables():
        assert list(database.shape(name).schema) == ["a"]
    with pytest.raises(EngineError, match="read-only"):
        database.answer("CREATE TABLE main.x AS SELECT 1")
    database.close()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_files_that_cannot_be_opened(tmp_path: Path):
    with pytest.raises(SourceError, match="There is no file"):
        DuckDB.of_file(tmp_path / "nothing.db")
    (tmp_path / "text.db").write_text("no database\n" * 1000)
    with pytest.raises(SourceError, match=r"text\.db cannot be opened by DuckDB: "):
        DuckDB.of_file(tmp_path / "text.db")


def test_files_of_others_are_read(tmp_path: Path):
    pl.DataFrame({"a": [1, 2]}).write_parquet(tmp_path / "rows.parquet")
    database = DuckDB.of_file(None)
    assert database.name == "DuckDB"
    assert database.answer(f"SELECT sum(a) FROM '{tmp_path / 'rows.parquet'}'").item() == 3
    database.close()


def test_other_schemas_and_databases(connection: Any, tmp_path: Path):
    connection.execute(f"ATTACH '{made_file(tmp_path / 'shop.db')}' AS \"the shop\"")
    connection.execute("CREATE TABLE events AS SELECT 9 AS a")
    database = DuckDB.of(connection)
    assert '"the shop".main.events' in database.tables()
    assert list(database.shape('"the shop"."my shop"."a.b"').schema) == ["a"]
    database.close()
    connection.execute('USE "the shop"')
    used = DuckDB.of(connection)
    assert used.answer("SELECT a FROM events").item() == 1
    used.keep("kept", "SELECT a FROM events")
    assert used.answer("SELECT a FROM kept").item() == 1
    used.close()


def test_types_that_polars_has_not(connection: Any):
    connection.execute(
        "CREATE TABLE odd AS SELECT INTERVAL '90 minutes' AS lasting, uuid() AS id, '101'::BIT AS bits, "
        "union_value(num := 2) AS either, [INTERVAL 1 DAY] AS days, 1::HUGEINT AS huge, '{}'::JSON AS json, "
        "'b'::ENUM('a', 'b') AS kind, NULL AS none, '2024-03-01 12:00:00+02'::TIMESTAMPTZ AS at, 'x' AS text"
    )
    connection.execute("SET TimeZone = 'Asia/Tokyo'")
    database = DuckDB.of(connection)
    shape = database.shape("odd")
    assert shape.schema["lasting"] == pl.Duration("us")
    assert shape.schema["at"] == pl.Datetime("us", "UTC")
    assert shape.written == {"id", "bits", "either", "days", "json"}
    row = database.answer("SELECT * FROM odd").row(0)
    assert row[0] == 5_400_000_000
    assert (row[2], row[3], row[4]) == ("101", "2", "[1 day]")
    assert database.answer("SELECT lasting, lasting FROM odd").row(0) == (5_400_000_000, 5_400_000_000)
    database.close()


def test_a_frame_that_was_registered(connection: Any):
    connection.register("frame", pl.DataFrame({"a": [1, 2]}).to_arrow())
    database = DuckDB.of(connection)
    assert "frame" in database.tables()
    database.shape("frame")
    database.keep("kept", "SELECT a FROM frame")
    assert database.answer("SELECT sum(a) FROM kept").item() == 3
    database.close()


@pytest.mark.parametrize("default", [True, False])
def test_a_relation(default: bool, connection: Any):
    here = duckdb if default else connection
    database = DuckDB.of_relation(here.sql("SELECT 1 AS a UNION ALL SELECT 2"), "log")
    assert list(database.shape("log").schema) == ["a"]
    database.keep("kept", "SELECT sum(a) AS a FROM log")
    database.put("put", pl.DataFrame({"b": [4]}))
    assert database.answer("SELECT a, b FROM kept, put").row(0) == (3, 4)
    with pytest.raises(SourceError, match=r"There is no table 'logs'\. Did you mean 'log'"):
        database.shape("logs")
    database.close()
    assert ("kept",) not in here.sql("SELECT table_name FROM duckdb_tables()").fetchall()


def test_a_relation_of_the_default_connection_is_cancelled():
    relation = duckdb.sql(f"FROM ({TestDuckDB.endless})")
    database = DuckDB.of_relation(relation, "log", longest=0.3)
    with pytest.raises(EngineError, match="did not answer within"):
        database.answer("SELECT * FROM log")


def test_a_connection_that_was_closed():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE events AS SELECT 1 AS a")
    database = DuckDB.of(connection)
    connection.close()
    for ask in (database.tables, lambda: database.shape("events"), lambda: database.answer("SELECT 1")):
        with pytest.raises(EngineError, match=r"^DuckDB could not answer: .*closed"):
            ask()
    database.close()
    with pytest.raises(EngineError, match=r"^DuckDB could not answer: .*closed"):
        DuckDB.of(connection)


def test_two_at_the_same_database(connection: Any):
    one, other = DuckDB.of(connection), DuckDB.of(connection)
    one.keep("kept", "SELECT 1 AS a")
    other.keep("kept", "SELECT 2 AS a")
    assert (one.answer("FROM kept").item(), other.answer("FROM kept").item()) == (1, 2)
    one.close()
    assert other.answer("FROM kept").item() == 2
    other.close()


def test_nothing_is_left_by_one_that_nobody_holds(connection: Any):
    database = DuckDB.of(connection)
    database.keep("kept", "SELECT 1 AS a")
    del database
    gc.collect()
    assert connection.sql("SELECT database_name FROM duckdb_databases() WHERE NOT internal").fetchall() == [("memory",)]
