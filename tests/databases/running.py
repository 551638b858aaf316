"""Databases that run the SQL that is printed: ClickHouse in the process, PostgreSQL as a server of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Protocol

import polars as pl
from sqlglot import exp


class Database(Protocol):
    """A database by the name of its dialect."""

    dialect: str

    def load(self, table: str, frame: pl.DataFrame) -> None:
        """Make a table anew."""
        ...

    def ask(self, sql: str) -> pl.DataFrame:
        """What a query answers."""
        ...

    def tell(self, sql: str) -> None:
        """Run a statement."""
        ...


class ClickHouse:
    """ClickHouse in this process."""

    dialect = "clickhouse"

    def __init__(self) -> None:
        from chdb.session import Session

        self._folder = tempfile.mkdtemp()
        self.session = Session()
        self.empty()

    def empty(self) -> None:
        """Drop every table."""
        self.tell("DROP DATABASE IF EXISTS tests")
        self.tell("CREATE DATABASE tests")  # in the first one, a name that is unknown is a file's
        self.tell("USE tests")

    def load(self, table: str, frame: pl.DataFrame) -> None:
        path = Path(self._folder) / "table.parquet"
        frame.write_parquet(path)
        name = exp.to_identifier(table, quoted=True).sql(self.dialect)
        self.tell(f"DROP TABLE IF EXISTS {name}")
        self.tell(
            f"CREATE TABLE {name} ENGINE = Memory AS SELECT * FROM file('{path}', Parquet) "
            "SETTINGS schema_inference_make_columns_nullable = 1"
        )

    def ask(self, sql: str) -> pl.DataFrame:
        told = "SETTINGS output_format_arrow_string_as_string = 1"
        found = self.session.query(f"SELECT * FROM ({sql}) {told}", "Arrow")
        return pl.read_ipc(found.bytes())

    def tell(self, sql: str) -> None:
        self.session.query(sql)

    def close(self) -> None:
        self.session.close()
        shutil.rmtree(self._folder, ignore_errors=True)


TYPES: dict[Any, str] = {pl.String: "TEXT", pl.Float64: "DOUBLE PRECISION", pl.Boolean: "BOOLEAN", pl.UInt32: "BIGINT"}


class Postgres:
    """A PostgreSQL server that listens on a socket in a folder of its own."""

    dialect = "postgres"

    def __init__(self) -> None:
        import psycopg

        self._folder = Path(tempfile.mkdtemp())
        shutil.chown(self._folder, "postgres")
        (where,) = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
        self._pg_ctl = [
            "runuser",
            "-u",
            "postgres",
            "--",
            str(where / "pg_ctl"),
            "-D",
            str(self._folder / "data"),
            "-s",
        ]
        # Texts are ordered as English is, as on most servers: "a" comes before "B".
        init = "--locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US --encoding=UTF8 --no-sync"
        subprocess.run([*self._pg_ctl, "init", "-o", init], check=True, capture_output=True)
        options = f"-c listen_addresses= -k {self._folder} -c fsync=off"
        subprocess.run([*self._pg_ctl, "start", "-w", "-o", options, "-l", str(self._folder / "log")], check=True)
        self._connection = psycopg.connect(
            f"host={self._folder} user=postgres dbname=postgres", autocommit=True, prepare_threshold=None
        )

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"postgresql:///postgres?host={self._folder}&user=postgres"

    def empty(self) -> None:
        """Drop every table."""
        self.tell("DROP SCHEMA public CASCADE")
        self.tell("CREATE SCHEMA public")

    def load(self, table: str, frame: pl.DataFrame) -> None:
        name = '"' + table.replace('"', '""') + '"'
        kinds = []
        for column, dtype in frame.schema.items():
            kind = TYPES.get(dtype, "BIGINT")
            if isinstance(dtype, pl.Datetime):
                kind = "TIMESTAMPTZ" if dtype.time_zone else "TIMESTAMP"
            quoted = '"' + column.replace('"', '""') + '"'
            kinds.append(f"{quoted} {kind}")
        self.tell(f"DROP TABLE IF EXISTS {name}")
        self.tell(f"CREATE TABLE {name} ({', '.join(kinds)})")
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
            for row in frame.iter_rows():
                copy.write_row(row)

    def ask(self, sql: str) -> pl.DataFrame:
        with self._connection.cursor() as cursor:
            cursor.execute(sql.encode())
            names = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        columns = [pl.Series(name, [row[at] for row in rows], strict=False) for at, name in enumerate(names)]
        return pl.DataFrame(columns)

    def tell(self, sql: str) -> None:
        self._connection.execute(sql.encode())

    def close(self) -> None:
        self._connection.close()
        subprocess.run([*self._pg_ctl, "stop", "-m", "immediate"], check=False)
        shutil.rmtree(self._folder, ignore_errors=True)
