"""The databases that are known: how each is recognised and opened, and what it cannot do, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from explorer.engine.sql.database import Database
from explorer.engine.sql.databases.addresses import Address
from explorer.engine.sql.databases.clickhouse import MEMORY, ClickHouse
from explorer.engine.sql.databases.duckdb import DuckDB
from explorer.engine.sql.databases.postgres import Postgres
from explorer.engine.sql.databases.spark import Spark, is_frame
from explorer.errors import SourceError
from explorer.events.files.objects import ADDRESS


@dataclass(frozen=True)
class Known:
    """One database. `modules` are those of the objects that its drivers hand out: `open` takes one of these, `reach` an
    address of one of the `schemes`. `extra` is what to install; `cannot` are sentences."""

    name: str
    example: str
    extra: str
    schemes: tuple[str, ...]
    modules: tuple[str, ...]
    reach: Callable[[Address], Database]
    open: Callable[[Any, str], Database]
    cannot: tuple[str, ...] = ()


def _file(address: Address) -> str | None:
    """The path behind `duckdb://`: three slashes before one that begins here, as SQLAlchemy writes it, or at the root
    where nothing is here."""
    path = address.rest.removeprefix("/")
    if path in ("", MEMORY):
        return None
    rooted = "/" + path
    return rooted if not Path(path).exists() and Path(rooted).exists() else path


def is_relation(source: object) -> bool:
    """Whether something is a relation of DuckDB's or a frame of Spark's, which is a table itself."""
    return is_frame(source) or (hasattr(source, "query") and hasattr(source, "types"))


def _open_duckdb(source: Any, table: str) -> Database:
    if isinstance(source, ModuleType):  # which is a connection too
        return DuckDB.of(source.default_connection())
    if is_relation(source):
        return DuckDB.of_relation(source, table)
    return DuckDB.of(source)


def _open_clickhouse(source: Any, table: str) -> Database:
    return ClickHouse.of(getattr(source, "client", source))  # a connection of DB-API holds a client


KNOWN = (
    Known(
        "DuckDB",
        "duckdb:///shop.db",
        "duckdb",
        ("duckdb",),
        ("duckdb", "_duckdb"),
        lambda address: DuckDB.of_file(_file(address), address),
        _open_duckdb,
        (
            "A relation is asked one question after the other.",
            "Only what is asked of a relation of the default connection is cancelled: another does not tell its own.",
        ),
    ),
    Known(
        "ClickHouse",
        "clickhouse://me:password@db.example.org:8123/shop",
        "clickhouse",
        ("clickhouse", "clickhouses", "clickhousedb"),
        ("clickhouse_connect",),
        ClickHouse.of_url,
        _open_clickhouse,
        (
            "It is asked one question after the other: a session holds the temporary tables and answers one at a time.",
            "A query instead of a table asks for a ClickHouse that has temporary views.",
        ),
    ),
    Known(
        "chDB",
        "chdb:///data/shop",
        "chdb",
        ("chdb",),
        ("chdb",),
        lambda address: ClickHouse.of_chdb(_file(address), address=address),
        _open_clickhouse,
        (
            "One process holds one folder of chDB.",
            "Your session's own temporary tables are not seen: another session asks.",
        ),
    ),
    Known(
        "PostgreSQL",
        "postgresql://me:password@db.example.org/shop",
        "postgres",
        ("postgresql", "postgres"),
        ("psycopg", "psycopg2", "postgresql"),
        Postgres.of_url,
        lambda source, table: Postgres.of(source),
        (
            "It is asked one question after the other: its connection holds the temporary tables.",
            "A temporary table of your own connection is not seen: another connection asks.",
        ),
    ),
    Known(
        "Spark",
        "sc://spark.example.org:15002",
        "spark",
        ("sc",),
        ("pyspark",),
        Spark.of_url,
        lambda source, table: Spark.of_frame(source, table) if is_frame(source) else Spark.of(source),
        (
            "It has no tables that go with a session: what is kept is cached, and made again where Spark loses it.",
            "A session of Spark Connect is taken from Spark 4.3 on, and by its address before.",
        ),
    ),
)
PRINTED = ("BigQuery", "Snowflake")
# What people may try: said to be unknown, and not taken for files or frames.
OTHER_SCHEMES = ("spark", "bigquery", "snowflake", "databricks", "mysql", "mariadb", "mssql", "oracle", "sqlite")
OTHER_MODULES = ("sqlalchemy", "adbc_driver_manager")


def is_database(source: object) -> bool:
    """Whether something is a connection to a database, or the address of one, whatever the database.

    >>> is_database("postgresql://db.example.org/shop"), is_database("s3://logs/a.parquet"), is_database("shop.db")
    (True, False, False)
    """
    if isinstance(source, str):
        found = ADDRESS.match(source)
        schemes = (*OTHER_SCHEMES, *(scheme for known in KNOWN for scheme in known.schemes))
        return found is not None and found[1].lower().partition("+")[0] in schemes
    modules = (*OTHER_MODULES, *(module for known in KNOWN for module in known.modules))
    return _module(source) in modules or (hasattr(source, "cursor") and hasattr(source, "commit"))


def opened(source: Any, table: str = "events", called: str | None = None) -> Database:
    """The database behind a connection or an address; raises SourceError for one that is not known.

    A relation of DuckDB's is called `table` there. Of an address that is `called` something, only that is ever told.
    """
    if isinstance(source, str):
        return _reached(Address.of(source, called))
    module = _module(source)
    if module == "sqlalchemy":
        return _of_sqlalchemy(source)
    if module == "adbc_driver_manager":  # which asks many
        module = str(source.adbc_get_info().get("vendor_name", "")).lower()
    for known in KNOWN:
        if module in known.modules:
            return known.open(source, table)
    raise SourceError(f"A connection of '{module}' is not known here. {_instead()}")


def _of_sqlalchemy(source: Any) -> Database:
    """The database of an engine or a connection of SQLAlchemy. Another connection is made where it leads; DuckDB's is a
    copy of its own, which alone sees what is in memory."""
    engine = getattr(source, "engine", source)
    address = Address.of(engine.url.render_as_string(hide_password=False))
    if address.scheme != "duckdb":
        return _reached(address)
    pooled = source.connection if engine is not source else engine.raw_connection()
    made = pooled.driver_connection.duplicate()
    if pooled is not getattr(source, "connection", None):
        pooled.close()  # which gives it back
    return DuckDB.of(made, own=True)


def _reached(address: Address) -> Database:
    for known in KNOWN:
        if address.scheme in known.schemes:
            return known.reach(address)
    what = f"The address of {address.called}" if address.called else f"{address.scheme}://"
    raise SourceError(f"{what} is not known here. {_instead()}")


def _instead() -> str:
    names = ", ".join(f"{known.name} ({known.example})" for known in KNOWN)
    return f"Known are {names}. For {', '.join(PRINTED)} SQL is printed, not run."


def _module(source: object) -> str:
    if isinstance(source, ModuleType):
        return source.__name__
    return type(source).__module__.partition(".")[0]
