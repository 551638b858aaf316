"""Connections by name: what the file says, what may be opened, and that nobody is told where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from traceback import format_exception

import duckdb
import pytest

from explorer.engine.sql.databases import connections
from explorer.engine.sql.databases.connections import Connection, add, config_folder, is_named, named
from explorer.errors import SourceError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SESSION_EXPLORER_CONFIG", str(tmp_path))
    monkeypatch.setattr(connections, "_added", {})
    with duckdb.connect(str(tmp_path / "shop p@ss.db")) as connection:
        connection.execute("CREATE TABLE events AS SELECT 1 AS a")
        connection.execute('CREATE TABLE "a/b c" AS SELECT 2 AS a')
        connection.execute("CREATE TABLE private AS SELECT 3 AS a")
    return tmp_path


def written(folder: Path, text: str) -> None:
    (folder / "connections.yaml").write_text(text)


def test_no_file(folder: Path):
    assert connections.connections() == {}
    with pytest.raises(SourceError, match=r"There is no connection 'shop'\. There are none\."):
        named("connection://shop/events")


def test_tables_and_queries(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SHOP", f"{folder}/shop p@ss.db")
    written(
        folder,
        "the shop: {url: 'duckdb://${SHOP}', columns: {actor: user_id}}\n"
        "few:\n  url: duckdb://${SHOP}\n  tables: [events]\n  queries:\n    twice: SELECT a * 2 AS a FROM events\n",
    )
    found = connections.connections()
    assert list(found) == ["the shop", "few"]
    assert found["the shop"].choices() == ["a/b c", "events", "private"]
    assert found["the shop"].columns == {"actor": "user_id"}
    assert found["few"].choices() == ["twice", "events"]
    source = found["the shop"].source("a/b c")
    assert source == "connection://the%20shop/a%2Fb%20c"
    assert is_named(source)
    connection, table = named(source)
    database = connection.open()
    assert database.name == "the shop"
    assert list(database.shape(table).schema) == ["a"]
    database.close()
    connection, table = named("connection://few/twice")
    database = connection.open()
    assert database.answer(f"SELECT a FROM {table}").item() == 2
    database.close()
    with pytest.raises(SourceError, match=r"There is no table 'private' in few\. There are: twice, events\."):
        named("connection://few/private")
    with pytest.raises(SourceError, match="names no table"):
        named("connection://few")
    with pytest.raises(SourceError, match=r"Did you mean 'few'\?"):
        named("connection://fwe/events")


def test_what_was_added_is_known(folder: Path):
    add(Connection("mine", f"duckdb://{folder}/shop p@ss.db"))
    assert named("connection://mine/events")[0].open().tables() == ["a/b c", "events", "private"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shop: {tables: [a]}", "The connection shop says no url"),
        ("shop: {url: 'duckdb://s3cret', tabels: [a]}", "The connection shop has no 'tabels'. Did you mean 'tables'?"),
        ("shop: {url: 'duckdb://s3cret', queries: [a]}", "The queries and columns of the connection shop"),
        ("- s3cret", "holds names of connections"),
        ("shop: 'duckdb://s3cret", "connections.yaml cannot be read"),
    ],
)
def test_a_file_that_is_wrong(folder: Path, text: str, said: str):
    written(folder, text)
    with pytest.raises(SourceError) as raised:
        connections.connections()
    assert said in str(raised.value)
    assert "s3cret" not in "".join(format_exception(raised.value))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://s3cretuser:${SHOP_PASSWORD}@localhost:1/s3cretbase?application_name=s3cretapp",
        "clickhouse://s3cretuser:${SHOP_PASSWORD}@localhost:1/s3cretbase",
        "duckdb:///s3cretfolder/${SHOP_PASSWORD}.db",
        "duckdb://${FOLDER}/connections.yaml",
        "s3cretbase://s3cretuser:${SHOP_PASSWORD}@localhost:1",
        "postgresql://s3cretuser:${SHOP_PASSWORD}@localhost:s3cretport/",
    ],
)
def test_nobody_is_told_where_it_lies(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog):
    for scheme, module in {"postgresql": "adbc_driver_postgresql", "clickhouse": "clickhouse_connect"}.items():
        if url.startswith(scheme):
            pytest.importorskip(module)
    monkeypatch.setenv("SHOP_PASSWORD", "s3cret/p@ss")
    monkeypatch.setenv("FOLDER", str(folder))
    written(folder, f"the shop: {url!r}")
    connection, _ = named("connection://the%20shop/events")
    with pytest.raises(SourceError, match="the shop") as raised:
        connection.open()
    told = "".join(format_exception(raised.value)) + repr(connection)
    for secret in ("s3cret", "p@ss", "localhost", "127.0.0.1", "::1", str(folder)):
        assert secret not in told, told
    assert not {"s3cret", "p@ss"} & set(re.findall("s3cret|p@ss", caplog.text))  # a driver may tell its host


def test_a_variable_that_is_missing(folder: Path):
    written(folder, "shop: 'duckdb://${NEVER_SET}'")
    with pytest.raises(SourceError, match=r"The connection shop needs the environment variable NEVER_SET\."):
        named("connection://shop/events")[0].open()


def test_where_the_file_lies(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SESSION_EXPLORER_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/me/settings")
    monkeypatch.setattr("sys.platform", "linux")
    assert config_folder() == Path("/home/me/settings/session-explorer")
