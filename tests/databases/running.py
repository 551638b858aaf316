"""Databases that run the SQL that is printed: ClickHouse in the process, PostgreSQL as a server of its own, Spark in a
process of Java's."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from signal import SIGKILL
from socket import socket
from time import monotonic, sleep
from typing import Any, Protocol, cast

import polars as pl
import polars.selectors as cs
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


# A cluster of processes on this machine: `local-cluster[2,1,1024]`.
SPARK = os.environ.get("SESSION_EXPLORER_TEST_SPARK", "local[2]")


def spark_settings(folder: str, zone: str = "UTC") -> dict[str, str]:
    """A small Spark that nobody else sees."""
    return {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": zone,
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "OFF",
    }


class SparkServer:
    """A server of Spark Connect of its own."""

    def __init__(self) -> None:
        import pyspark

        self._folder = tempfile.mkdtemp()
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        how = {**spark_settings(self._folder), "spark.connect.grpc.binding.port": str(self.port)}
        command = [f"{pyspark.__path__[0]}/bin/spark-submit", "--master", SPARK]
        for key, value in {**how, "spark.connect.grpc.binding.address": "127.0.0.1"}.items():
            command += ["--conf", f"{key}={value}"]
        command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
        self._command = command
        self.start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"sc://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin, and wait until it answers."""
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet, start_new_session=True)
        end = monotonic() + 120
        while monotonic() < end:
            with socket() as asked:
                if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self._process.poll() is None
            sleep(0.2)
        raise TimeoutError("Spark Connect does not listen")

    def stop(self) -> None:
        """End at once."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, SIGKILL)
            self._process.wait()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


TYPES_OF_SPARK: dict[Any, str] = {pl.String: "STRING", pl.Float64: "DOUBLE", pl.Boolean: "BOOLEAN", pl.Date: "DATE"}


def load_spark(session: Any, table: str, frame: pl.DataFrame) -> None:
    """Make a temporary view of a session anew."""
    name = exp.to_identifier(table, quoted=True).sql("spark")
    session.sql(f"DROP VIEW IF EXISTS {name}")
    kinds = []
    for column, dtype in frame.schema.items():
        kind = TYPES_OF_SPARK.get(dtype, "BIGINT")
        if isinstance(dtype, pl.Datetime):
            kind = "TIMESTAMP" if dtype.time_zone else "TIMESTAMP_NTZ"
        kinds.append(f"{exp.to_identifier(column, quoted=True).sql('spark')} {kind}")
    rows = frame.with_columns(cs.unsigned_integer().cast(pl.Int64)).to_arrow(compat_level=pl.CompatLevel.oldest())
    session.createDataFrame(rows, schema=", ".join(kinds)).createTempView(name)


class Spark:
    """Spark with two threads."""

    dialect = "spark"

    def __init__(self, zone: str = "UTC") -> None:
        from pyspark.sql import SparkSession

        self._folder = tempfile.mkdtemp()
        how = spark_settings(self._folder, zone)
        builder = SparkSession.builder.master(SPARK)
        for key, value in how.items():
            builder = builder.config(key, value)
        self.session = builder.getOrCreate()

    def empty(self) -> None:
        """Drop every view."""
        for row in self.session.sql("SHOW VIEWS").collect():
            name = exp.to_identifier(row.viewName, quoted=True).sql(self.dialect)
            self.session.sql(f"DROP VIEW IF EXISTS {name}")

    def load(self, table: str, frame: pl.DataFrame) -> None:
        load_spark(self.session, table, frame)

    def ask(self, sql: str) -> pl.DataFrame:
        return cast(pl.DataFrame, pl.from_arrow(self.session.sql(sql).toArrow()))

    def tell(self, sql: str) -> None:
        self.session.sql(sql)

    def close(self) -> None:
        self.session.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
