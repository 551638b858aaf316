"""PostgreSQL as a database that is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Thread
from traceback import format_exception

import polars as pl
import pytest

from explorer.engine.sql.database import Gone
from explorer.engine.sql.databases.addresses import Address
from explorer.engine.sql.databases.postgres import Postgres
from explorer.errors import EngineError, SourceError
from tests.databases.running import Postgres as Running
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


class TestPostgres(Contract):
    endless = "SELECT count(*) AS n FROM generate_series(1, 100000000000) AS a WHERE a % 7 = 3"

    @pytest.fixture
    def database(self, running: Running) -> Iterator[Postgres]:
        running.empty()
        made = Postgres.of_url(Address.of(running.address))
        yield made
        made.close()
        made.close()

    @pytest.fixture
    def hasty(self, running: Running) -> Iterator[Postgres]:
        made = Postgres.of_url(Address.of(running.address), longest=0.3)
        yield made
        made.close()


@pytest.fixture
def database(running: Running) -> Iterator[Postgres]:
    running.empty()
    made = Postgres.of_url(Address.of(running.address))
    yield made
    made.close()


ODD = {
    "small": ("1::int2", pl.Int16(), 1),
    "money": ("1.50::numeric(10, 2)", pl.Decimal(38, 2), Decimal("1.50")),
    "any": ("12345678901234567890123::numeric", pl.Decimal(38, 0), Decimal("12345678901234567890123")),
    "at": ("timestamp '2024-03-01 10:00:00.000001'", pl.Datetime("us"), datetime(2024, 3, 1, 10, 0, 0, 1)),
    "then": ("timestamptz '2024-03-01 10:00+01'", pl.Datetime("us", "UTC"), datetime(2024, 3, 1, 9, tzinfo=UTC)),
    "day": ("date '2024-03-01'", pl.Date(), date(2024, 3, 1)),
    "id": ("'61f0c404-5cb3-11e7-907b-a6006ad3dba0'::uuid", pl.String(), "61f0c404-5cb3-11e7-907b-a6006ad3dba0"),
    "kind": ("'b'::mood", pl.String(), "b"),
    "lasting": ("interval '90 minutes'", pl.String(), "01:30:00"),
    "address": ("inet '10.0.0.1'", pl.String(), "10.0.0.1/32"),
    "json": ("""'{"a":1}'::json""", pl.String(), '{"a":1}'),
    "range": ("'[1,2]'::int4range", pl.String(), "[1,3)"),
    "many": ("array[1, 2]", pl.List(pl.Int32), [1, 2]),
    "true": ("true", pl.Boolean(), True),
    "text": ("'x'::varchar(3)", pl.String(), "x"),
}


def test_types_that_arrow_has_not(running: Running, database: Postgres):
    running.tell("CREATE TYPE mood AS ENUM ('a', 'b')")
    running.tell(f"CREATE TABLE odd AS SELECT {', '.join(f'{sql} AS {name}' for name, (sql, _, _) in ODD.items())}")
    shape = database.shape("odd")
    types = {name: dtype for name, (_, dtype, _) in ODD.items()}
    assert dict(shape.schema) == {**types, "any": pl.Float64()}  # where nothing says how many digits there are
    assert shape.written == {"id", "kind", "lasting", "address", "json", "range"}
    found = database.answer("SELECT * FROM odd")
    assert found.dtypes == list(types.values())
    assert dict(zip(ODD, found.row(0), strict=True)) == {name: value for name, (_, _, value) in ODD.items()}
    assert database.answer("SELECT sum(small), max(id::text), min(lasting) FROM odd").row(0) == (
        1,
        ODD["id"][2],
        "01:30:00",
    )


def test_a_query_gives_what_no_table_has(database: Postgres):
    assert database.answer("SELECT interval '1 day' AS a, 2 AS b").row(0) == ("1 day", 2)
    numbers = "SELECT n::numeric FROM (VALUES ('1.5'), ('-20.25'), (NULL)) AS v(n)"
    assert database.answer(numbers)["0"].to_list() == [Decimal("1.50"), Decimal("-20.25"), None]
    for some in ("'NaN'", "repeat('9', 50)"):
        assert isinstance(database.answer(f"SELECT {some}::numeric AS n").item(), float)


def test_other_schemas_and_views(running: Running, database: Postgres):
    running.tell('CREATE SCHEMA IF NOT EXISTS "my shop"')
    running.tell('CREATE TABLE "my shop"."a.b" AS SELECT 2 AS a')
    running.tell('CREATE VIEW seen AS SELECT a FROM "my shop"."a.b"')
    running.tell("CREATE TABLE mine AS SELECT 1 AS a")
    assert database.tables() == ['"my shop"."a.b"', "mine", "seen"]
    assert [list(database.shape(name).schema) for name in database.tables()] == [["a"]] * 3
    running.tell('DROP SCHEMA "my shop" CASCADE')


def test_nothing_is_written(running: Running, database: Postgres):
    running.tell("CREATE TABLE mine AS SELECT 1 AS a")
    running.tell("CREATE SEQUENCE counted")
    for sql in ("WITH gone AS (DELETE FROM mine RETURNING a) SELECT a FROM gone", "DROP TABLE mine"):
        with pytest.raises(EngineError):
            database.answer(sql)
    database.keep("kept", "SELECT a FROM mine")
    with pytest.raises(EngineError):
        database.keep("other", "SELECT nothing")
    with pytest.raises(EngineError, match="read-only"):
        database.answer("SELECT nextval('counted')")
    assert database.answer("SELECT a FROM kept").item() == 1
    assert database.tables() == ["mine"]


def test_no_right_to_keep(running: Running):
    running.empty()
    running.tell("REVOKE TEMP ON DATABASE postgres FROM PUBLIC")
    running.tell("DROP ROLE IF EXISTS reader")
    running.tell("CREATE ROLE reader LOGIN")
    running.tell("GRANT USAGE ON SCHEMA public TO reader")
    running.tell("CREATE TABLE mine AS SELECT 1 AS a")
    running.tell("CREATE TABLE secret AS SELECT 1 AS a")
    running.tell("GRANT SELECT ON mine TO reader")
    database = Postgres.of_url(Address.of(running.address.replace("user=postgres", "user=reader")))
    assert database.tables() == ["mine"]
    assert database.answer("SELECT a FROM mine").item() == 1
    with pytest.raises(EngineError, match="permission denied to create temporary tables"):
        database.keep("kept", "SELECT 1 AS a")
    database.close()
    running.tell("GRANT TEMP ON DATABASE postgres TO PUBLIC")


def test_a_connection_that_ends(running: Running, database: Postgres):
    database.keep("kept", "SELECT 1 AS a")
    running.tell("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'Session Explorer'")
    with pytest.raises(Gone, match=r"could not answer: .*Ask again for a new connection\.$"):
        database.answer("SELECT a FROM kept")
    with pytest.raises(EngineError, match="kept"):
        database.answer("SELECT a FROM kept")
    assert database.answer("SELECT 1 AS a").item() == 1
    database.close()
    with pytest.raises(EngineError, match="is closed"):
        database.answer("SELECT 1 AS a")


def test_an_administrator_cancels(running: Running, database: Postgres):
    said: list[BaseException] = []

    def ask() -> None:
        try:
            database.answer(TestPostgres.endless)
        except EngineError as error:
            said.append(error)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    cancels = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'Session Explorer'"
    while asking.is_alive():
        running.tell(f"{cancels} AND state = 'active' AND query LIKE 'COPY%'")
        asking.join(0.1)
    assert "canceling statement" in str(said[0])
    assert not isinstance(said[0], Gone)
    assert database.answer("SELECT 1 AS a").item() == 1


def test_the_connection_of_others(running: Running):
    import adbc_driver_postgresql.dbapi as adbc
    import psycopg

    with adbc.connect(running.address) as theirs:
        database = Postgres.of(theirs)
        assert database.name == "postgres of PostgreSQL"
        database.keep("kept", "SELECT 1 AS a")
        assert database.answer("SELECT a FROM kept").item() == 1
        database.close()
    with psycopg.connect(running.address) as theirs:
        database = Postgres.of(theirs)
        assert database.name == "postgres on this machine"
        assert database.answer("SELECT 1 AS a").item() == 1
        database.close()
        assert theirs.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:p%40ss%20w%2Frd@localhost:1/shop",
        "postgresql://localhost:1/shop?user=me&password=p%40ss%20w%2Frd",
        "postgresql+psycopg://me:p%40ss%20w%2Frd@localhost:1/shop?options=p%40ss",
    ],
)
def test_what_is_secret_stays_so(url: str, caplog: pytest.LogCaptureFixture):
    with pytest.raises(SourceError, match=r"^shop on localhost cannot be reached: ") as raised:
        Postgres.of_url(Address.of(url))
    told = "".join(format_exception(raised.value)) + caplog.text + repr(Address.of(url))
    assert not re.search("p@ss|p%40ss|w/rd|w%2Frd", told)
