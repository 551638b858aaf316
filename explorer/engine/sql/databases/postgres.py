"""PostgreSQL, by ADBC: what it answers comes as Arrow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any, cast
from urllib.parse import urlencode
from weakref import finalize

import polars as pl
import polars.selectors as cs
import pyarrow
from sqlglot import exp

from explorer.engine.sql.database import Gone, Shape
from explorer.engine.sql.databases.addresses import Address, driver, reaching
from explorer.engine.sql.databases.watching import LONGEST, Said, alone, first_line, told, watched
from explorer.errors import EngineError, SourceError, did_you_mean
from explorer.plan.in_sql.dialect import QUALIFIED, Dialect

NAME, EXTRA, DRIVER = "PostgreSQL", "postgres", "adbc_driver_postgresql.dbapi"
TEXTS = ("text", "varchar", "bpchar", "name", "char")
OTHERS = (
    "bool",
    "int2",
    "int4",
    "int8",
    "oid",
    "float4",
    "float8",
    "date",
    "time",
    "timestamp",
    "timestamptz",
    "bytea",
)
# What Arrow has a type for; anything else comes as a text.
PLAIN = frozenset({*TEXTS, *OTHERS, *(f"_{kind}" for kind in (*TEXTS, *OTHERS)), "numeric", "json", "jsonb"})
MOST_DIGITS = 38
TABLES = """
    SELECT n.nspname, c.relname, pg_table_is_visible(c.oid)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\\_%' AND has_table_privilege(c.oid, 'SELECT')
"""
# Nothing but tables of ours is ever written; texts mean what sqlglot writes, and times are shown in UTC.
BEGIN = (
    "SET application_name = 'Session Explorer'",
    "SET standard_conforming_strings = on",
    "SET TIME ZONE 'UTC'",
    "SET default_transaction_read_only = on",
)


class Postgres:
    """Tables of PostgreSQL, asked one question after the other by a connection of our own, which only reads. What is
    kept are temporary tables of it."""

    dialect = "postgres"

    def __init__(
        self, connect: Callable[[], Any], name: str, longest: float = LONGEST, said: Said | None = None
    ) -> None:
        self.name = name
        self._connect = connect
        self._longest = longest
        self._said = said or _said
        self._lock = Lock()
        self._connection: Any = None
        self._closed = False
        self._views: list[str] = []
        self._odd = False

    @classmethod
    def of(cls, connection: Any, longest: float = LONGEST) -> Postgres:
        """A connection of ADBC or psycopg, which tells where it goes: another one is made there."""
        if hasattr(connection, "adbc_clone"):
            with told(NAME, _said):
                found = cls(connection.adbc_clone, NAME, longest)
                (database,) = found.answer("SELECT current_database()").row(0)
            found.name = f"{database} of PostgreSQL"
            return found
        info = connection.info
        given = info.get_parameters() if hasattr(info, "get_parameters") else info.dsn_parameters
        parts = {**given, "password": info.password} if info.password else given
        host, database = parts.get("host", "localhost"), parts.get("dbname")
        address = Address.of(f"postgresql://{'' if host.startswith('/') else host}/{database}?{urlencode(parts)}")
        return cls.of_url(address, longest)

    @classmethod
    def of_url(cls, address: Address, longest: float = LONGEST) -> Postgres:
        """`postgresql://user:password@host:5432/database`, with what libpq knows behind a question mark."""
        postgres = driver(DRIVER, NAME, EXTRA)
        url = re.sub(r"^\w+(\+\w+)?://", "postgresql://", address.url)

        def connect() -> Any:
            with reaching(address, _said):
                return postgres.connect(url)

        found = cls(connect, address.name, longest, address.hides(_said))
        with reaching(address, _said):
            found.answer("SELECT 1")
        return found

    def __repr__(self) -> str:
        return f"<PostgreSQL {self.name}>"

    def tables(self) -> Sequence[str]:
        """The tables and views that may be read, those on the search path by their name alone."""
        return sorted(_written(*row) for row in self.answer(TABLES).rows())

    def shape(self, table: str) -> Shape:
        """The columns of a table or view; raises SourceError where there is none."""
        sql = f"SELECT * FROM {Dialect(self.dialect).table(table).sql(self.dialect)} LIMIT 0"
        try:
            with self._asking() as ask:
                schema = ask.adbc_execute_schema(sql)
        except Gone:
            raise
        except EngineError as error:
            known = self.tables()
            if table in known:
                raise
            raise SourceError(f"There is no table '{table}'. {did_you_mean(table, known)}") from error
        kinds = dict(zip(schema.names, _kinds(schema), strict=True))
        self._odd = self._odd or not PLAIN.issuperset(kinds.values())
        types = dict(zip(kinds, self.answer(sql).dtypes, strict=True))
        texts = [name for name, kind in kinds.items() if types[name] == pl.String and kind not in TEXTS]
        return Shape(types, frozenset(texts))

    def answer(self, sql: str) -> pl.DataFrame:
        """The rows of a query, its columns named by their place."""
        with self._asking() as ask:
            kinds = _kinds(ask.adbc_execute_schema(sql)) if self._odd else ()
            found = _fetched(ask, _readable(sql, kinds))
            if not all(kind in PLAIN for kind in _kinds(found.schema)):
                found = _fetched(ask, _readable(sql, _kinds(found.schema)))
        return _frame(found)

    def keep(self, name: str, sql: str) -> None:
        """Make a table of a query's rows."""
        with self._writing() as ask:
            ask.execute(f"CREATE TEMP TABLE {_quoted(name)} AS {sql}")
            ask.execute(f"ANALYZE {_quoted(name)}")  # nothing else counts what is in a temporary table

    def put(self, name: str, frame: pl.DataFrame) -> None:
        """Make a table of rows that come from here."""
        written = frame.with_columns(
            cs.duration().dt.total_microseconds(), (cs.categorical() | cs.enum() | cs.by_dtype(pl.Null)).cast(pl.String)
        )
        with self._writing() as ask:
            rows = written.to_arrow(compat_level=pl.CompatLevel.oldest())
            ask.adbc_ingest(name, rows, mode="create", temporary=True)

    def view(self, name: str, sql: str) -> None:
        """Give a query a name, by which it is asked like a table."""
        made = f"CREATE TEMP VIEW {_quoted(name)} AS {sql}"
        with self._writing() as ask:
            ask.execute(made)
        self._views.append(made)

    def drop(self, name: str) -> None:
        """Let go of such a table."""
        with self._writing() as ask:
            ask.execute(f"DROP TABLE IF EXISTS pg_temp.{_quoted(name)}")

    def close(self) -> None:
        """End the connection, and with it everything that was kept."""
        self._closed = True
        self._end()

    # ---- asking

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        with alone(self._lock), told(self.name, self._said):
            if self._closed:
                raise EngineError(f"{self.name} is closed.")
            if self._connection is None:
                self._begin()
            with self._connection.cursor() as cursor:
                try:
                    with watched(self.name, cursor.adbc_cancel, self._longest, self._said):
                        yield cursor
                except EngineError as error:
                    if self._answers():
                        raise
                    cursor.close()
                    self._end()
                    raise Gone(f"{error} Ask again for a new connection.") from error

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._asking() as ask:
            ask.execute("BEGIN READ WRITE")
            try:
                yield ask
            except BaseException:
                with suppress(Exception):
                    ask.execute("ROLLBACK")
                raise
            ask.execute("COMMIT")

    def _begin(self) -> None:
        connection = self._connect()
        connection.adbc_connection.set_autocommit(True)
        with connection.cursor() as cursor:
            for said in (*self._views, *BEGIN):
                cursor.execute(said)
        self._connection = connection
        finalize(self, _closed, connection)

    def _answers(self) -> bool:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                return bool(cursor.fetchall())
        except Exception:
            return False

    def _end(self) -> None:
        if self._connection is not None:
            _closed(self._connection)
        self._connection = None


def _closed(connection: Any) -> None:
    with suppress(Exception):  # it may have ended
        connection.close()


def _said(error: BaseException) -> str:
    """What PostgreSQL says, or else libpq."""
    found = re.search(r"(?:ERROR|FATAL|PANIC): +(.+)", str(error)) or re.search(r"\[libpq\] (.+)", str(error))
    return found[1] if found else first_line(error)


def _fetched(ask: Any, sql: str) -> Any:
    ask.execute(sql)
    return ask.fetch_arrow_table()


# ---- SQL


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql("postgres")


def _written(schema: str, name: str, here: bool) -> str:
    """A table as it is said: by its name where it is in sight, else with its schema."""
    return name if here and not QUALIFIED.fullmatch(name) else Dialect("postgres").qualified(schema, name)


def _readable(sql: str, kinds: Sequence[str]) -> str:
    """The query with columns that Arrow and Polars have."""
    if all(kind in PLAIN for kind in kinds):
        return sql
    names = [f"c{at}" for at in range(len(kinds))]
    columns = [name if kind in PLAIN else f"{name}::text" for name, kind in zip(names, kinds, strict=True)]
    return f"SELECT {', '.join(columns)} FROM ({sql}\n) AS q({', '.join(names)})"


# ---- Arrow


def _kinds(schema: Any) -> tuple[str, ...]:
    """The types of the columns in PostgreSQL."""
    return tuple((field.metadata or {}).get(b"POSTGRESQL:type", b"").decode() for field in schema)


def _frame(found: Any) -> pl.DataFrame:
    columns = {}
    for at, field in enumerate(found.schema):
        column = found.column(at)
        if hasattr(field.type, "storage_type"):  # numbers of any size, and JSON: as texts
            column = pyarrow.chunked_array([chunk.storage for chunk in column.chunks], field.type.storage_type)
        series = pl.Series(str(at), pl.from_arrow(column))
        columns[str(at)] = _number(series, field) if _kinds([field]) == ("numeric",) else series
    return pl.DataFrame(columns)


def _number(texts: pl.Series, field: Any) -> pl.Series:
    """Numbers as exactly as Polars has them: decimals of the digits that are declared, else of those that there are,
    else floats."""
    declared = int(field.metadata.get(b"POSTGRESQL:typmod", b"-1")) - 4
    if declared >= 0:
        return texts.cast(pl.Decimal(MOST_DIGITS, declared & 0x7FF), strict=False)  # one that is no number is null
    parts = texts.str.strip_chars("-").str.split_exact(".", 1)
    whole, behind = (_digits(parts.struct.field(f"field_{at}")) for at in (0, 1))
    if texts.is_empty() or texts.str.contains(r"[^-.\d]").any() or whole + behind > MOST_DIGITS:
        return texts.cast(pl.Float64, strict=False)
    return texts.cast(pl.Decimal(MOST_DIGITS, behind))


def _digits(texts: pl.Series) -> int:
    return cast(int, texts.str.len_chars().max() or 0)
