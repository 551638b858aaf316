"""DuckDB: a connection, a relation, a file of its own, or files that it reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any, Protocol
from weakref import finalize

import polars as pl
from sqlglot import exp

from explorer.engine.sql.database import Shape
from explorer.engine.sql.databases.addresses import Address, driver
from explorer.engine.sql.databases.watching import LONGEST, Said, alone, first_line, told, watched
from explorer.errors import EngineError, SourceError, did_you_mean
from explorer.events.machine.workplace import Workplace
from explorer.plan.in_sql.dialect import QUALIFIED, Dialect

NAME = "DuckDB"
OURS = "session_explorer_"
# Arrow has these, and Polars has not: they come as texts. An interval alone is microseconds.
AS_TEXT = re.compile(r"\b(INTERVAL|UNION|BIT|BIGNUM|VARIANT|GEOMETRY)\b")
HERE = "SELECT current_database(), current_schema()"
TABLES = """
    SELECT database_name, schema_name, table_name FROM duckdb_tables() WHERE NOT internal
    UNION SELECT database_name, schema_name, view_name FROM duckdb_views() WHERE NOT internal
"""

Ask = Callable[[str], Any]
Cancel = Callable[[], object]


class DuckDB:
    """Tables that DuckDB reads. Each question has a cursor of its own, and what is kept lies in a database of ours
    beside the user's: nothing is written to theirs. Times come in UTC."""

    dialect = "duckdb"

    def __init__(self, way: Way, name: str = NAME, longest: float = LONGEST, said: Said = first_line) -> None:
        self.name = name
        self._said = said
        self._way = way
        self._longest = longest
        self._kept: set[str] = set()
        self._found = False
        self._views: set[str] = set()

    @classmethod
    def of(cls, connection: Any, longest: float = LONGEST, own: bool = False) -> DuckDB:
        """A connection that somebody else has opened, and closes unless it is our `own`."""
        with told(NAME):
            return cls(_Cursors(connection, own), longest=longest)

    @classmethod
    def of_relation(cls, relation: Any, table: str, longest: float = LONGEST) -> DuckDB:
        """A relation, called `table` in what is asked of it."""
        return cls(_Relation(relation, table), longest=longest)

    @classmethod
    def of_file(cls, path: str | Path | None, address: Address | None = None, longest: float = LONGEST) -> DuckDB:
        """A file of DuckDB's, which is only read; without one, a DuckDB that has no tables and reads files."""
        duckdb = driver("duckdb", NAME, "duckdb")
        called = address.called if address else None
        name = called or (Path(path).name if path else NAME)
        if path and not Path(path).exists():
            raise SourceError(f"The file of {called} is not there." if called else f"There is no file {path}.")
        said = address.hides(first_line) if address else first_line
        try:
            connection = _opened(duckdb, str(path)) if path else duckdb.connect()
        except Exception as error:
            raise SourceError(f"{name} cannot be opened by DuckDB: {said(error)}") from None
        return cls(_Cursors(connection, own=True), name, longest, said)

    def __repr__(self) -> str:
        return f"<DuckDB {self.name}>"

    def tables(self) -> Sequence[str]:
        """The tables and views, those of the connection's own schema by their name alone."""
        with self._asking() as ask:
            (here,) = ask(HERE).fetchall()
            found = {tuple(names) for names in ask(TABLES).fetchall() if not names[0].startswith(OURS)}
        return sorted({_written(names, here) for names in found} - self._kept - self._views | set(self._way.more()))

    def shape(self, table: str) -> Shape:
        """The columns of a table or view; raises SourceError where there is none."""
        sql = f"SELECT * FROM {Dialect(self.dialect).table(table).sql(self.dialect)} LIMIT 0"
        try:
            found, kinds = self._rows(sql)
        except EngineError as error:
            itself = None if self._found else self._way.itself(sql)
            if itself is None:
                known = self.tables()
                if table in known:
                    raise
                raise SourceError(f"There is no table '{table}'. {did_you_mean(table, known)}") from error
            self.close()
            self._way = itself
            found, kinds = self._rows(sql)
        self._found = True  # what fails from now on is no other way to the table
        schema = {
            name: pl.Duration("us") if kind == "INTERVAL" else dtype
            for (name, kind), dtype in zip(kinds, found.dtypes, strict=True)
        }
        return Shape(schema, frozenset(name for name, kind in kinds if schema[name] == pl.String and kind != "VARCHAR"))

    def answer(self, sql: str) -> pl.DataFrame:
        """The rows of a query, its columns named by their place; an interval comes as microseconds."""
        return self._rows(sql)[0]

    def keep(self, name: str, sql: str) -> None:
        """Make a table of a query's rows."""
        with self._asking() as ask:
            _run(ask, f"CREATE {self._way.temporary} TABLE {self._place(name)} AS {sql}")
        self._kept.add(name)

    def put(self, name: str, frame: pl.DataFrame) -> None:
        """Make a table of rows that come from here."""
        with Workplace() as work:
            file = work.path / "rows.parquet"
            frame.write_parquet(file)
            self.keep(name, f"SELECT * FROM read_parquet({_text(file)})")

    def view(self, name: str, sql: str) -> None:
        """Give a query a name, by which it is asked like a table."""
        with self._asking() as ask:
            _run(ask, f"CREATE {self._way.temporary} VIEW {self._place(name)} AS {sql}")
        self._views.add(name)

    def drop(self, name: str) -> None:
        """Let go of such a table."""
        with self._asking() as ask:
            _run(ask, f"DROP TABLE IF EXISTS {self._place(name)}")
        self._kept.discard(name)

    def close(self) -> None:
        """Let go of what was kept, and of a connection that was opened here."""
        with suppress(EngineError):  # a connection that is closed has let go
            for name in sorted(self._kept):
                self.drop(name)
            with self._asking() as ask:
                for name in sorted(self._views):
                    _run(ask, f"DROP VIEW IF EXISTS {self._place(name)}")
        self._kept.clear()
        self._views.clear()
        self._way.close()

    @contextmanager
    def _asking(self) -> Iterator[Ask]:
        said, longest = self._said, self._longest
        with told(self.name, said), self._way.hand() as (ask, cancel), watched(self.name, cancel, longest, said):
            yield ask

    def _rows(self, sql: str) -> tuple[pl.DataFrame, list[tuple[str, str]]]:
        """The rows, and the names and types of the columns as DuckDB has them."""
        with self._asking() as ask:
            relation = ask(sql)
            kinds = list(zip(relation.columns, map(str, relation.types), strict=True))
            if any(AS_TEXT.search(kind) for _, kind in kinds):
                relation = relation.project(", ".join(_readable(at, kind) for at, (_, kind) in enumerate(kinds, 1)))
            table = relation.to_arrow_table()
        return pl.DataFrame(table.rename_columns([str(at) for at in range(len(kinds))])), kinds

    def _place(self, name: str) -> str:
        return f"{self._way.schema}.{_quoted(name)}"


# ---- who is asked


class Way(Protocol):
    """How DuckDB is asked: each question is a relation. What is kept is `temporary`, in `schema`."""

    temporary: str
    schema: str

    def hand(self) -> AbstractContextManager[tuple[Ask, Cancel]]:
        """Inside, how to ask and how to cancel."""
        ...

    def itself(self, sql: str) -> Way | None:
        """Another way, by which this is answered and by this one not."""
        ...

    def more(self) -> Sequence[str]:
        """The tables that only the connection itself sees."""
        ...

    def close(self) -> None: ...


class _Cursors:
    """A cursor for each question. They see no temporary tables of each other: what is kept lies in a database beside
    the others, in memory, or in a file where these are open for reading only."""

    temporary = ""

    def __init__(self, connection: Any, own: bool = False) -> None:
        self._connection = connection
        self._work: Workplace | None = None
        self._name = OURS + token_hex(4)
        self.schema = f"{self._name}.main"
        with connection.cursor() as cursor:
            try:
                (here,) = connection.sql(HERE).fetchall()
            except Exception:  # it is in the middle of an answer
                (here,) = cursor.sql(HERE).fetchall()
            path = ".".join(map(_quoted, here))
            self._set = f"SET search_path = {_text(f'{path},{self.schema}')}"
            try:
                cursor.execute(f"ATTACH ':memory:' AS {self._name}")
            except Exception:
                self._work = Workplace()
                cursor.execute(f"ATTACH {_text(self._work.path / 'kept.db')} AS {self._name} (READ_WRITE)")
        self._end = finalize(self, _detach, connection, self._name, self._work, own)

    @contextmanager
    def hand(self) -> Iterator[tuple[Ask, Cancel]]:
        with self._connection.cursor() as cursor:
            cursor.execute(self._set)
            cursor.execute("SET TimeZone = 'UTC'")
            yield cursor.sql, cursor.interrupt

    def itself(self, sql: str) -> Way | None:
        try:
            self._connection.sql(sql)
        except Exception:
            return None
        return _Itself(self._connection)

    def more(self) -> Sequence[str]:
        with suppress(Exception):  # it may be in the middle of an answer
            return [name for base, _, name in self._connection.sql(TABLES).fetchall() if base == "temp"]
        return []

    def close(self) -> None:
        self._end()


def _detach(connection: Any, name: str, work: Workplace | None, own: bool) -> None:
    with suppress(Exception), connection.cursor() as cursor:  # it may be closed already
        cursor.execute(f"DETACH DATABASE IF EXISTS {name}")
    if work is not None:
        work.close()
    if own:
        connection.close()


class _Itself:
    """A connection with a table that no cursor of it sees, a temporary one or a frame: one question after the other."""

    temporary = "TEMP"
    schema = "temp.main"

    def __init__(self, connection: Any) -> None:
        self._lock = Lock()
        self._ask: Ask = connection.sql
        self._cancel: Cancel = connection.interrupt

    @contextmanager
    def hand(self) -> Iterator[tuple[Ask, Cancel]]:
        with alone(self._lock):
            yield self._ask, self._cancel

    def itself(self, sql: str) -> Way | None:
        return None

    def more(self) -> Sequence[str]:
        return []

    def close(self) -> None:
        pass


class _Relation(_Itself):
    """A relation answers by the connection that it is of. DuckDB tells which one only where it is the default one:
    elsewhere what is asked of it cannot be cancelled."""

    def __init__(self, relation: Any, table: str) -> None:
        import duckdb

        self._lock = Lock()
        self._ask = lambda sql: relation.query(table, sql)
        self._cancel = lambda: None
        default = duckdb.default_connection()
        with suppress(Exception):
            default.sql("FROM relation")  # refuses a relation of another connection
            self._cancel = default.interrupt
        self._table = table

    def more(self) -> Sequence[str]:
        return [self._table]


# ---- SQL


def _opened(duckdb: Any, path: str) -> Any:
    try:
        return duckdb.connect(path, read_only=True)
    except duckdb.ConnectionException:  # it is open in this process already, for writing
        return duckdb.connect(path)


def _run(ask: Ask, sql: str) -> None:
    done = ask(sql)
    if done is not None:  # DuckDB 1 has nothing to say of a statement
        done.fetchall()


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql("duckdb")


def _text(value: str | Path) -> str:
    return exp.Literal.string(str(value)).sql("duckdb")


def _written(names: tuple[str, ...], here: tuple[str, str]) -> str:
    """A table as it is said: by its name where it is in sight, else with its schema, and with its database."""
    database, schema, table = names
    if ((database, schema) == here or database == "temp") and not QUALIFIED.fullmatch(table):
        return table
    return Dialect("duckdb").qualified(*([] if database == here[0] else [database]), schema, table)


def _readable(at: int, kind: str) -> str:
    """The column at a place, as something that Polars reads."""
    if kind == "INTERVAL":
        return f"epoch_us(#{at})"
    return f"CAST(#{at} AS VARCHAR)" if AS_TEXT.search(kind) else f"#{at}"
