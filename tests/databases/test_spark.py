"""Spark as a database that is asked: a session of it in this process, and a server by Spark Connect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from traceback import format_exception
from typing import Any

import polars as pl
import pytest

import explorer
from explorer.engine.sql.database import Database, Gone
from explorer.engine.sql.databases.addresses import Address
from explorer.engine.sql.databases.known import opened
from explorer.engine.sql.databases.spark import Spark
from explorer.errors import SourceError
from tests.databases.running import Spark as Running
from tests.databases.running import SparkServer, load_spark
from tests.engine.sql.databases.contract import Contract

pytestmark = [
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:.RETRIES_EXCEEDED:UserWarning"),
]
Load = Callable[[str, pl.DataFrame], None]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    made = Running("America/New_York")
    yield made
    made.close()


@pytest.fixture
def load(running: Running) -> Load:
    running.empty()
    return running.load


ENDLESS = "SELECT count(*) AS n FROM range(1000000000000) WHERE hash(id, id + 1, id + 2) % 7 = 3"


class TestSpark(Contract):
    endless = ENDLESS
    patience = 5.0

    @pytest.fixture
    def database(self, running: Running) -> Iterator[Spark]:
        running.empty()
        made = Spark.of(running.session)
        yield made
        made.close()
        made.close()

    @pytest.fixture
    def hasty(self, running: Running) -> Iterator[Spark]:
        made = Spark.of(running.session, longest=self.patience)
        yield made
        made.close()


@pytest.fixture(scope="module")
def server() -> Iterator[SparkServer]:
    made = SparkServer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def afar(server: SparkServer) -> Iterator[Any]:
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(server.address).create()
    session.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    yield session
    session.stop()


class TestSparkConnect(Contract):
    endless = ENDLESS
    patience = 5.0

    @pytest.fixture
    def load(self, afar: Any) -> Load:
        return partial(load_spark, afar)

    @pytest.fixture
    def database(self, afar: Any) -> Iterator[Database]:
        made = opened(afar)
        yield made
        made.close()
        made.close()

    @pytest.fixture
    def hasty(self, server: SparkServer) -> Iterator[Database]:
        made = Spark.of_url(Address.of(server.address), longest=self.patience)
        yield made
        made.close()


def test_a_server_that_ends(server: SparkServer):
    database = opened(server.address)
    database.view("two", "SELECT 2 AS a")
    database.keep("kept", "SELECT 1 AS a")
    server.stop()
    with pytest.raises(Gone, match=r"^127\.0\.0\.1 could not answer: .*Ask again for a new session\.$"):
        database.answer("SELECT a FROM kept")
    with pytest.raises(SourceError, match=r"^127\.0\.0\.1 cannot be reached: "):
        database.answer("SELECT a FROM two")
    server.start()
    assert database.answer("SELECT a FROM two").item() == 2
    database.keep("kept", "SELECT 3 AS a")
    assert database.answer("SELECT a FROM kept").item() == 3
    database.close()


def test_what_is_secret_stays_so():
    address = "sc://127.0.0.1:1/;token=s3cret;user_id=me;use_ssl=true"
    with pytest.raises(SourceError, match=r"^127\.0\.0\.1 cannot be reached: ") as raised:
        opened(address)
    told = "".join(format_exception(raised.value)) + repr(Address.of(address)) + Address.of(address).name
    assert "s3cret" not in told


def test_a_text_reads_no_environment(running: Running, monkeypatch: pytest.MonkeyPatch):
    database = opened(running.session)
    for text in ("${env:HOME}", "${spark.app.name}", "${system:user.name}"):
        assert database.answer(f"SELECT '{text}' AS a").item() == text
    database.close()


def test_the_session_of_others_stays_as_it_is(running: Running):
    running.empty()
    running.load("theirs", pl.DataFrame({"a": [1, 2]}))
    before = running.session.conf.getAll
    database = opened(running.session)
    assert database.tables() == ["theirs"]
    assert list(database.shape("theirs").schema) == ["a"]
    database.keep("kept", "SELECT a FROM theirs")
    assert running.session.conf.getAll == before
    assert [row.viewName for row in running.session.sql("SHOW VIEWS").collect()] == ["theirs"]
    database.close()
    assert not running.session.sql("SHOW VIEWS IN global_temp").filter("namespace = 'global_temp'").collect()
    assert running.session.table("theirs").count() == 2


def test_a_table_is_seen_as_it_is_when_it_is_opened(running: Running):
    running.empty()
    database = opened(running.session)
    for column in ("a", "b"):
        running.load("theirs", pl.DataFrame({column: [1]}))
        assert list(database.shape("theirs").schema) == [column]
    database.close()


def test_a_frame(running: Running):
    frame = running.session.sql("SELECT 'ann' AS user, timestamp'2024-03-01 10:00:00' AS ts, 'login' AS event")
    log = explorer.connect(frame, actor="user", time="ts", event="event")
    (row,) = log.sessions(explorer.SessionDefinition("visit", "30m")).iter_rows(named=True)
    assert (row["session_id"], row["start"]) == ("ann/1", datetime(2024, 3, 1, 15, tzinfo=UTC))  # in New York 10:00
    log.close()


def test_files_and_other_databases(running: Running, tmp_path: Path):
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "events.parquet")
    running.tell("DROP DATABASE IF EXISTS shop CASCADE")
    running.tell("CREATE DATABASE shop")
    running.tell("CREATE TABLE shop.events USING parquet AS SELECT 1 AS a, 2 AS b")
    database = opened(running.session)
    assert "shop.events" in database.tables()
    assert list(database.shape("shop.events").schema) == ["a", "b"]
    assert list(database.shape(f'parquet."{tmp_path}/events.parquet"').schema) == ["a"]
    database.close()
    running.tell("DROP DATABASE shop CASCADE")


ODD = {
    "moment": ("timestamp'2024-03-01 10:00:00'", pl.Datetime("us", "UTC"), datetime(2024, 3, 1, 15, tzinfo=UTC)),
    "clock": ("timestamp_ntz'2024-03-01 10:00:00'", pl.Datetime("us"), datetime(2024, 3, 1, 10)),
    "day": ("date'2024-03-01'", pl.Date(), date(2024, 3, 1)),
    "json": ("""parse_json('{"a":1}')""", pl.String(), '{"a":1}'),
    "while": ("interval 3 months", pl.String(), None),
    "money": ("CAST(1.5 AS DECIMAL(10, 2))", pl.Decimal(10, 2), Decimal("1.50")),
    "many": ("array(1, 2)", pl.List(pl.Int32), [1, 2]),
    "raw": ("X'00ff'", pl.Binary(), b"\x00\xff"),
    "small": ("CAST(1 AS TINYINT)", pl.Int8(), 1),
    "true": ("true", pl.Boolean(), True),
}


def test_types(running: Running):
    running.empty()
    columns = ", ".join(f"{sql} AS `{name}`" for name, (sql, _, _) in ODD.items())
    running.tell(f"CREATE TEMPORARY VIEW odd AS SELECT {columns}")
    database = opened(running.session)
    shape = database.shape("odd")
    assert dict(shape.schema) == {name: dtype for name, (_, dtype, _) in ODD.items()}
    assert shape.written == {"json", "while"}
    row = dict(zip(ODD, database.answer("SELECT * FROM odd").row(0), strict=True))
    assert {name: row[name] for name in ODD if name != "while"} == {
        name: value for name, (_, _, value) in ODD.items() if name != "while"
    }
    database.close()
