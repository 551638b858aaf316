"""ClickHouse in this process as a database that is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from traceback import format_exception

import polars as pl
import pytest

from explorer.engine.sql.database import Database, Gone
from explorer.engine.sql.databases.addresses import Address
from explorer.engine.sql.databases.clickhouse import ClickHouse
from explorer.engine.sql.databases.known import opened
from explorer.errors import EngineError, SourceError
from tests.databases.clickhouse_server import ClickHouseServer
from tests.databases.running import ClickHouse as Running
from tests.engine.sql.databases.contract import Contract

Load = Callable[[str, pl.DataFrame], None]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    made = Running()
    yield made
    made.close()


@pytest.fixture
def load(running: Running) -> Load:
    running.empty()
    return running.load


class TestClickHouse(Contract):
    endless = "SELECT count() AS n FROM numbers(100000000000) WHERE (number * number) % 7 = 3"

    @pytest.fixture
    def database(self, running: Running) -> Iterator[ClickHouse]:
        running.empty()
        made = ClickHouse.of(running.session)
        yield made
        made.close()
        made.close()

    @pytest.fixture
    def hasty(self, running: Running) -> Iterator[ClickHouse]:
        made = ClickHouse.of(running.session, longest=0.3)
        yield made
        made.close()


@pytest.fixture(scope="module")
def server(running: Running) -> Iterator[ClickHouseServer]:
    made = ClickHouseServer("me", "p@ss w/rd")
    yield made
    made.close()


def address(server: ClickHouseServer, password: str = "p%40ss%20w%2Frd") -> str:
    return f"clickhouse://me:{password}@127.0.0.1:{server.port}/tests"


class TestClickHouseServer(TestClickHouse):
    @pytest.fixture
    def database(self, running: Running, server: ClickHouseServer) -> Iterator[Database]:
        running.empty()
        made = opened(address(server))
        yield made
        made.close()

    @pytest.fixture
    def hasty(self, running: Running, server: ClickHouseServer) -> Iterator[Database]:
        made = ClickHouse.of_url(Address.of(address(server)), longest=0.3)
        yield made
        made.close()


def test_a_session_that_was_forgotten(running: Running, server: ClickHouseServer):
    running.empty()
    database = opened(address(server))
    database.view("two", "SELECT 2 AS a")
    database.keep("kept", "SELECT 1 AS a")
    server.forget()
    with pytest.raises(Gone, match=r"^tests on 127\.0\.0\.1 has forgotten the session, .*Ask again\.$"):
        database.answer("SELECT a FROM kept")
    with pytest.raises(EngineError, match="kept"):
        database.answer("SELECT a FROM kept")
    assert database.answer("SELECT a FROM two").item() == 2
    database.keep("kept", "SELECT 3 AS a")
    assert database.answer("SELECT a FROM kept").item() == 3
    database.close()


def test_a_server_that_is_not_there(running: Running):
    gone = ClickHouseServer("me", "p@ss w/rd")
    database = opened(address(gone))
    gone.close()
    with pytest.raises(EngineError, match=r"could not answer: Connection refused$"):
        database.answer("SELECT 1")
    database.close()


def test_what_is_secret_stays_so(running: Running, server: ClickHouseServer, caplog: pytest.LogCaptureFixture):
    wrong = address(server, "s3cret%40")
    with pytest.raises(SourceError, match="cannot be reached: me: Authentication failed") as raised:
        opened(wrong)
    database = opened(address(server))
    with pytest.raises(EngineError) as refused:
        database.answer("SELECT nothing")
    told = "".join([*format_exception(raised.value), *format_exception(refused.value)]) + caplog.text + repr(database)
    assert not re.search("s3cret|p@ss|p%40ss", told)
    database.close()


def test_the_client_of_others(running: Running, server: ClickHouseServer):
    import clickhouse_connect
    from clickhouse_connect import dbapi

    how = {"host": "127.0.0.1", "port": server.port, "username": "me", "password": "p@ss w/rd", "database": "tests"}
    running.empty()
    client = clickhouse_connect.get_client(**how)
    client.command("CREATE TEMPORARY TABLE theirs AS SELECT 1 AS a")
    database = opened(client)
    assert database.name == "tests on 127.0.0.1"
    database.keep("kept", "SELECT 2 AS a")
    assert "theirs" not in database.tables()
    assert client.query("SELECT a FROM theirs").result_rows == [(1,)]
    database.close()
    assert client.query("SELECT a FROM theirs").result_rows == [(1,)]
    client.close()
    database = opened(dbapi.connect(**how))
    assert database.answer("SELECT 1 AS a").item() == 1


ODD = {
    "moment": (
        "toDateTime('2024-03-01 10:00:00', 'UTC')",
        pl.Datetime("us", "UTC"),
        datetime(2024, 3, 1, 10, tzinfo=UTC),
    ),
    "fine": ("toDateTime64('2024-03-01 10:00:00.5', 3)", pl.Datetime("ms", "UTC"), None),
    "day": ("toDate('2024-03-01')", pl.Date(), date(2024, 3, 1)),
    "id": ("toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')", pl.String(), "61f0c404-5cb3-11e7-907b-a6006ad3dba0"),
    "kind": ("CAST('b' AS Enum8('a' = 1, 'b' = 2))", pl.String(), "b"),
    "address": ("toIPv4('10.0.0.1')", pl.String(), "10.0.0.1"),
    "wide": ("toInt256(7)", pl.String(), "7"),
    "either": ("CAST(1 AS Variant(UInt8, String))", pl.String(), "1"),
    "json": ("""CAST('{"a":1}' AS JSON)""", pl.String(), '{"a":1}'),
    "often": ("toLowCardinality(toNullable('x'))", pl.String(), "x"),
    "many": ("[1, 2]", pl.List(pl.UInt8), [1, 2]),
    "money": ("toDecimal64(1.5, 2)", pl.Decimal(18, 2), Decimal("1.50")),
    "true": ("true", pl.Boolean(), True),
}


def test_types_that_arrow_has_not(running: Running):
    running.empty()
    columns = ", ".join(f"{sql} AS `{name}`" for name, (sql, _, _) in ODD.items())
    running.tell(f"CREATE TABLE odd ENGINE = Memory AS SELECT {columns}")
    database = ClickHouse.of(running.session)
    shape = database.shape("odd")
    assert dict(shape.schema) == {name: dtype for name, (_, dtype, _) in ODD.items()}
    assert shape.written == {"id", "kind", "address", "wide", "either", "json"}
    row = dict(zip(ODD, database.answer("SELECT * FROM odd").row(0), strict=True))
    assert {name: row[name] for name in ODD if name != "fine"} == {
        name: value for name, (_, _, value) in ODD.items() if name != "fine"
    }
    assert database.answer("SELECT max(moment) AS m, any(id) AS i, count() AS n FROM odd").row(0) == (
        ODD["moment"][2],
        ODD["id"][2],
        1,
    )
    database.close()


def test_other_databases_and_views(running: Running):
    running.empty()
    running.tell("CREATE DATABASE IF NOT EXISTS `my shop`")
    running.tell("CREATE TABLE `my shop`.`a.b` ENGINE = Memory AS SELECT 2 AS a")
    running.tell("CREATE VIEW seen AS SELECT a FROM `my shop`.`a.b`")
    database = ClickHouse.of(running.session)
    assert database.tables() == ['"my shop"."a.b"', "seen"]
    assert [list(database.shape(name).schema) for name in database.tables()] == [["a"], ["a"]]
    database.close()
    running.tell("DROP DATABASE `my shop`")


def test_two_at_the_same_database(running: Running):
    one, other = ClickHouse.of(running.session), ClickHouse.of(running.session)
    one.keep("kept", "SELECT 1 AS a")
    other.keep("kept", "SELECT 2 AS a")
    assert (one.answer("SELECT a FROM kept").item(), other.answer("SELECT a FROM kept").item()) == (1, 2)
    one.close()
    assert other.answer("SELECT a FROM kept").item() == 2
    other.close()
    with pytest.raises(EngineError, match=r"^ClickHouse could not answer: "):
        other.answer("SELECT 1")


def test_what_cannot_be_put(running: Running):
    database = ClickHouse.of(running.session)
    with pytest.raises(EngineError, match="is not given"):
        database.put("put", pl.DataFrame({"a": [b"x"]}))
    database.close()
