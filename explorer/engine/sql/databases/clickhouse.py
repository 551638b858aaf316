"""ClickHouse: a server by its HTTP interface, or chDB, which is ClickHouse in this process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit

import polars as pl
import polars.selectors as cs
from sqlglot import exp

from explorer.engine.sql.database import Gone, Shape
from explorer.engine.sql.databases.addresses import Address, driver, reaching
from explorer.engine.sql.databases.watching import LONGEST, Said, alone, first_line, told, watched
from explorer.errors import EngineError, SourceError, did_you_mean
from explorer.plan.in_sql.dialect import QUALIFIED, Dialect
from explorer.plan.literal import type_word

NAME, EXTRA, CLIENTS = "ClickHouse", "clickhouse", "clickhouse_connect"
MEMORY = ":memory:"
SYSTEM = ("system", "INFORMATION_SCHEMA", "information_schema")
TABLES = "SELECT database, name, database = currentDatabase() OR is_temporary FROM system.tables"
# Times without a zone of their own are instants here, which are shown in the zone of the session.
SETTINGS: Mapping[str, Any] = {"session_timezone": "UTC", "output_format_arrow_low_cardinality_as_dictionary": 0}
# A session that nobody asks is forgotten after this many seconds, with its tables: the longest that is usually allowed.
FORGOTTEN = 3600
NOT_ALLOWED, NO_SESSION = 497, 372
# What Arrow has no word for, or Polars has none: a moment comes as a number, the others as bytes.
ODD = re.compile(
    r"\b(UUID|Enum8|Enum16|IPv4|IPv6|FixedString|U?Int128|U?Int256|Variant|Dynamic|JSON|BFloat16|Interval[A-Z]\w+"
    r"|DateTime|Decimal\((?:39|[4-7]\d))\b"
)
TYPES: Mapping[Any, str] = {
    **{getattr(pl, f"{sign}Int{bits}"): f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)},
    pl.Float32: "Float32",
    pl.Float64: "Float64",
    pl.Boolean: "Bool",
    pl.String: "String",
    pl.Date: "Date32",
    pl.Categorical: "String",
    pl.Enum: "String",
    pl.Duration: "Int64",
    pl.Null: "String",
}


class ClickHouse:
    """Tables of ClickHouse. What is kept are temporary tables of a session, which is asked one question at a time.
    Times are instants here, and come in UTC."""

    dialect = "clickhouse"

    def __init__(
        self,
        client: Any,
        name: str,
        killer: Any = None,
        own: bool = False,
        longest: float = LONGEST,
        said: Said | None = None,
    ) -> None:
        self.name = name
        self._client = client
        self._killer = killer or client
        self._own = own
        self._longest = longest
        self._said = said or _said
        self._lock = Lock()
        self._session = _session()
        self._kept: set[str] = set()
        self._views: dict[str, str] = {}
        self._begun = False
        self._odd = False

    @classmethod
    def of(cls, client: Any, longest: float = LONGEST) -> ClickHouse:
        """A client of clickhouse-connect, a session or a connection of chDB; none of them is closed."""
        with told(NAME, _said):
            if not hasattr(client, "raw_query"):
                path, database = _place(client)
            elif hasattr(client, "path"):
                path, database = client.path, client.database
            else:
                return cls(client, f"{client.database or 'default'} on {_host(client)}", longest=longest)
        return cls.of_chdb(path, database, longest=longest)

    @classmethod
    def of_chdb(
        cls, path: str | None, database: str | None = None, address: Address | None = None, longest: float = LONGEST
    ) -> ClickHouse:
        """chDB in this process, which has one folder or none; by a handle of its own, whose tables no other sees."""
        chosen = None if path in (None, "", MEMORY) else str(path)
        name = (address.called if address else None) or (Path(chosen).name if chosen else NAME)
        said = address.hides(_said) if address else _said
        clients, _ = driver(CLIENTS, NAME, EXTRA), driver("chdb", "ClickHouse in this process", "chdb")

        def connect() -> Any:
            how = {"path": chosen or MEMORY, "database": database, "settings": dict(SETTINGS)}
            return clients.get_client(interface="chdb", **how)

        try:
            client, killer = connect(), connect()
        except Exception as error:
            raise SourceError(f"{name} cannot be opened: {said(error)}") from None
        return cls(client, name, killer, own=True, longest=longest, said=said)

    @classmethod
    def of_url(cls, address: Address, longest: float = LONGEST) -> ClickHouse:
        """`clickhouse://user:password@host:8123/database`; with `?secure=true`, or as `clickhouses://`, by TLS."""
        clients = driver(CLIENTS, NAME, EXTRA)
        secure = address.scheme == "clickhouses" or address.options.get("secure") in ("true", "1")
        others = {name: value for name, value in address.options.items() if name != "secure"}
        with reaching(address, _said):
            client = clients.get_client(
                host=address.host or "localhost",
                port=address.port,
                username=address.user,
                password=address.password or "",
                database=address.database,
                secure=secure,
                **others,
            )
        return cls(client, address.name, own=True, longest=longest, said=address.hides(_said))

    def __repr__(self) -> str:
        return f"<ClickHouse {self.name}>"

    def tables(self) -> Sequence[str]:
        """The tables and views, those of the connection's own database by their name alone."""
        found = self._json(TABLES)
        return sorted({_written(*row) for row in found if row[0] not in SYSTEM} - self._kept - self._views.keys())

    def shape(self, table: str) -> Shape:
        """The columns of a table or view; raises SourceError where there is none."""
        sql = f"SELECT * FROM {Dialect(self.dialect).table(table).sql(self.dialect)}"
        try:
            kinds = self._kinds(sql)
        except EngineError as error:
            known = self.tables()
            if table in known:
                raise
            raise SourceError(f"There is no table '{table}'. {did_you_mean(table, known)}") from error
        self._odd = self._odd or any(ODD.search(kind) for _, kind in kinds)
        found = self.answer(f"{sql} LIMIT 0")
        schema = {name: dtype for (name, _), dtype in zip(kinds, found.dtypes, strict=True)}
        texts = [name for name, kind in kinds if schema[name] == pl.String and _inner(kind) != "String"]
        return Shape(schema, frozenset(texts))

    def answer(self, sql: str) -> pl.DataFrame:
        """The rows of a query, its columns named by their place."""
        if self._odd:  # a table has columns that are read otherwise, and a query may give them back
            kinds = self._kinds(sql)
            if any(ODD.search(kind) for _, kind in kinds):
                columns = ", ".join(f"{_readable(name, kind)} AS c{at}" for at, (name, kind) in enumerate(kinds))
                sql = f"SELECT {columns} FROM ({sql}\n)"
        with self._asking(sql) as (asked, settings):
            table = self._client.query_arrow(asked, settings=settings, use_strings=True)
        found = pl.DataFrame(table.rename_columns([str(at) for at in range(table.num_columns)]))
        return found.with_columns(cs.datetime(time_zone="*").dt.convert_time_zone("UTC"))

    def keep(self, name: str, sql: str) -> None:
        """Make a table of a query's rows."""
        self._make(name, f"AS {sql}")

    def put(self, name: str, frame: pl.DataFrame) -> None:
        """Make a table of rows that come from here."""
        columns = {_quoted(column): _type(dtype) for column, dtype in frame.schema.items()}
        self._make(name, "", f"({', '.join(f'{column} {kind}' for column, kind in columns.items())})")
        rows = BytesIO()
        frame.with_columns(pl.col(pl.Duration).dt.total_microseconds()).write_parquet(rows)
        with self._asking("") as (_, settings):
            self._client.raw_insert(_quoted(name), None, rows.getvalue(), settings, "Parquet")

    def view(self, name: str, sql: str) -> None:
        """Give a query a name, by which it is asked like a table."""
        self._run(f"CREATE TEMPORARY VIEW {_quoted(name)} AS {sql}")
        self._views[name] = sql

    def drop(self, name: str) -> None:
        """Let go of such a table."""
        self._run(f"DROP TEMPORARY TABLE IF EXISTS {_quoted(name)}")
        self._kept.discard(name)

    def close(self) -> None:
        """Let go of what was kept, and of a connection that was opened here."""
        with suppress(EngineError):  # a connection that is closed has let go
            for name in sorted(self._kept):
                self.drop(name)
            for name in sorted(self._views):
                self._run(f"DROP TEMPORARY VIEW IF EXISTS {_quoted(name)}")
        self._kept.clear()
        self._views.clear()
        if self._own:
            self._killer.close()
            self._client.close()

    # ---- asking

    @contextmanager
    def _asking(self, sql: str) -> Iterator[tuple[str, dict[str, Any]]]:
        mark = f"/* session explorer {token_hex(8)} */"
        how = {**SETTINGS, "session_id": self._session, "session_timeout": FORGOTTEN, "session_check": int(self._begun)}
        try:
            with alone(self._lock), watched(self.name, lambda: self._kill(mark), self._longest, self._said):
                yield f"{mark} {sql}", how
        except EngineError as error:
            if getattr(error.__cause__, "code", None) != NO_SESSION:
                raise
            self._begin_again()
            raise Gone(f"{self.name} has forgotten the session, and what was kept in it. Ask again.") from error
        self._begun = True

    def _begin_again(self) -> None:
        self._session, self._begun = _session(), False
        self._kept.clear()
        views, self._views = self._views, {}
        for name, sql in views.items():
            self.view(name, sql)

    def _run(self, sql: str) -> None:
        with self._asking(sql) as (asked, settings):
            self._client.command(asked, settings=settings)

    def _json(self, sql: str) -> list[list[Any]]:
        with self._asking(sql) as (asked, settings):
            return list(json.loads(self._client.raw_query(asked, settings=settings, fmt="JSONCompact"))["data"])

    def _kinds(self, sql: str) -> list[tuple[str, str]]:
        """The names and types of a query's columns, as ClickHouse has them."""
        return [(row[0], row[1]) for row in self._json(f"DESCRIBE TABLE ({sql}\n)")]

    def _make(self, name: str, rows: str, columns: str = "") -> None:
        made = f"CREATE TEMPORARY TABLE {_quoted(name)} {columns}"
        try:
            self._run(f"{made} ENGINE = MergeTree ORDER BY tuple() {rows}")
        except EngineError as error:
            if getattr(error.__cause__, "code", None) != NOT_ALLOWED:
                raise
            self._run(f"{made} ENGINE = Memory {rows}")  # which asks for fewer rights
        self._kept.add(name)

    def _kill(self, mark: str) -> None:
        other = f"{self._session}_cancels"  # a session hears nothing while it is asked
        self._killer.command(f"KILL QUERY WHERE query LIKE '{mark}%' ASYNC", settings={"session_id": other})


def _said(error: BaseException) -> str:
    """What ClickHouse says, without the address and the version."""
    found = re.search(r"DB::Exception: (.+?)(?: \([A-Z_]+\))?(?: \(version .*)?$", str(error), re.MULTILINE)
    found = found or re.search(r"\[Errno -?\d+\] ([^\"')]+)", str(error))
    return found[1] if found else first_line(error)


def _session() -> str:
    return f"session_explorer_{token_hex(8)}"


def _host(client: Any) -> str:
    return urlsplit(str(client.uri)).hostname or "a server"


def _place(session: Any) -> tuple[str, str]:
    """The folder of chDB and the database in use: a new handle to these sees the same tables."""
    asked = "SELECT path, currentDatabase() FROM system.disks WHERE name = 'default'"
    ((path, database),) = json.loads(str(session.query(asked, "JSONCompact")))["data"]
    return MEMORY if Path(path).name.startswith("clickhouse-embedded-") else path, database


# ---- SQL


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql("clickhouse")


def _written(database: str, name: str, here: object) -> str:
    """A table as it is said: by its name where it is in sight, else with its database."""
    return name if here and not QUALIFIED.fullmatch(name) else Dialect("clickhouse").qualified(database, name)


def _inner(kind: str) -> str:
    """A type without what is wrapped around it.

    >>> _inner("LowCardinality(Nullable(String))")
    'String'
    """
    found = re.fullmatch(r"(?:Nullable|LowCardinality)\((.*)\)", kind)
    return _inner(found[1]) if found else kind


def _readable(name: str, kind: str) -> str:
    """A column as something that Arrow and Polars have: moments in UTC, and texts."""
    column = _quoted(name)
    if re.match(r"DateTime(\(|$)", _inner(kind)):
        return f"toDateTime64({column}, 6, 'UTC')"
    return f"toString({column})" if ODD.search(kind) else column


def _type(dtype: pl.DataType) -> str:
    """The type of a column that is put there."""
    if isinstance(dtype, pl.Datetime):
        return f"Nullable(DateTime64(6, {_text(dtype.time_zone or 'UTC')}))"
    if isinstance(dtype, pl.Decimal):
        return f"Nullable(Decimal({dtype.precision or 38}, {dtype.scale}))"
    if isinstance(dtype, pl.List):
        return f"Array({_type(cast(pl.DataType, dtype.inner))})"
    found = TYPES.get(dtype.base_type())
    if found is None:
        raise EngineError(f"ClickHouse is not given a {type_word(dtype)}.")
    return f"Nullable({found})"


def _text(value: str) -> str:
    return exp.Literal.string(value).sql("clickhouse")
