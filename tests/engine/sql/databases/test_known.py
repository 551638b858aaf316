"""What is recognised as a database, and what is said of one that is not known."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
import polars as pl
import pytest

from explorer.engine.sql.databases.addresses import Address, driver
from explorer.engine.sql.databases.duckdb import DuckDB
from explorer.engine.sql.databases.known import KNOWN, is_database, opened
from explorer.errors import SourceError
from explorer.plan.in_sql.dialect import SPOKEN
from tests.source_code import ROOT


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.name)
def test_each_has_its_example_and_its_extra(known):
    assert is_database(known.example)
    assert Address.of(known.example).scheme == known.schemes[0]
    assert f"\n{known.extra} = [" in (ROOT / "pyproject.toml").read_text()
    assert all(sentence.endswith(".") for sentence in known.cannot)
    assert "password" not in repr(Address.of(known.example))


@pytest.mark.parametrize(
    "source",
    ["shop.db", "s3://logs/a.parquet", "/data/*.csv", Path("a.csv"), ["a.csv"], pl.DataFrame(), pd.DataFrame(), None],
)
def test_what_is_no_database(source):
    assert not is_database(source)


def test_objects_of_duckdb():
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE events AS SELECT 1 AS a")
        for source in (connection, connection.sql("FROM events"), duckdb):
            assert is_database(source)
            database = opened(source)
            assert isinstance(database, DuckDB)
            assert database.answer("SELECT 1").item() == 1
            database.close()


def test_addresses_of_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(str(tmp_path / "my shop.db")) as connection:
        connection.execute("CREATE TABLE events AS SELECT 1 AS a")
    for address in (
        "duckdb:///my shop.db",
        "duckdb:///my%20shop.db",
        "duckdb://my shop.db",
        f"duckdb://{tmp_path}/my shop.db",
    ):
        database = opened(address)
        assert (database.name, database.tables()) == ("my shop.db", ["events"])
        database.close()
    for address in ("duckdb://", "duckdb:///:memory:"):
        assert opened(address).tables() == []
    with pytest.raises(SourceError, match=r"There is no file nothing\.db"):
        opened("duckdb:///nothing.db")


def test_others_are_refused_with_what_is_known():
    for source in (sqlite3.connect(":memory:"), "mysql://me:secret@db/shop", "spark://master:7077"):
        assert is_database(source)
        with pytest.raises(
            SourceError, match=r"is not known here\. Known are DuckDB .*For BigQuery, Snowflake SQL is"
        ) as raised:
            opened(source)
        assert "secret" not in str(raised.value)
    assert {known.name for known in KNOWN} >= {"DuckDB", "ClickHouse", "PostgreSQL", "Spark"}
    assert set(SPOKEN.values()) == {"DuckDB", "ClickHouse", "Postgres", "Spark", "BigQuery", "Snowflake"}


def test_an_engine_of_sqlalchemy():
    url = SimpleNamespace(
        render_as_string=lambda hide_password: "oracle://me:secret@db/shop" if not hide_password else ""
    )

    class Engine:
        __module__ = "sqlalchemy.engine.base"

    Engine.url = url
    assert is_database(Engine())
    with pytest.raises(SourceError, match=r"^oracle:// is not known here") as raised:
        opened(Engine())
    assert "secret" not in str(raised.value)


def test_duckdb_in_memory_behind_sqlalchemy():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE events AS SELECT 1 AS a")
    given_back = []

    class Engine:
        __module__ = "sqlalchemy.engine.base"
        url = SimpleNamespace(render_as_string=lambda hide_password: "duckdb:///:memory:")

        def raw_connection(self):
            return SimpleNamespace(driver_connection=connection, close=lambda: given_back.append(True))

    class Connection:
        __module__ = "sqlalchemy.engine.base"
        engine = Engine()
        connection = engine.raw_connection()

    for source in (Engine(), Connection()):
        database = opened(source)
        assert database.tables() == ["events"]
        database.close()
    assert given_back == [True]
    assert connection.execute("SELECT a FROM events").fetchall() == [(1,)]


def test_a_file_of_duckdb_that_is_open_here(tmp_path: Path):
    path = tmp_path / "shop.db"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE events AS SELECT 1 AS a")
        database = opened(f"duckdb:///{path}")
        assert database.tables() == ["events"]
        database.close()
        assert connection.execute("SELECT a FROM events").fetchall() == [(1,)]


def test_a_driver_that_is_missing():
    with pytest.raises(SourceError, match=r"^PostgreSQL needs its driver: pip install 'session-explorer\[postgres\]'"):
        driver("a_module_that_nobody_has", "PostgreSQL", "postgres")


@pytest.mark.parametrize(
    "url", ["postgresql://me:pa/ss@db/shop", "postgresql://me:p[ss@db", "clickhouse://me:a#1@db:x/y"]
)
def test_an_address_that_cannot_be_read_is_not_quoted(url):
    with pytest.raises(SourceError) as raised:
        opened(url)
    assert "pa" not in str(raised.value).replace("password", "").replace("pip", "")
    assert "p[ss" not in str(raised.value)


def test_no_driver_is_imported_before_it_is_needed():
    drivers = {"duckdb", "chdb", "psycopg", "sqlalchemy", "clickhouse_connect", "adbc_driver_manager"}
    script = f"import sys, explorer.engine.sql.databases.known\nprint(*{drivers} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
