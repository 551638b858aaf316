"""What answers: every test that takes `engines` runs on each of these. Another engine is one more entry."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

import duckdb
import polars as pl

import explorer
from explorer.engine.engine import Engine
from explorer.engine.sql.databases.duckdb import DuckDB
from explorer.engine.sql.databases.known import opened
from explorer.engine.sql.engine import SqlEngine

Connect = Callable[..., Engine]


def in_duckdb(frame: pl.DataFrame, **roles: Any) -> Engine:
    """The events of a frame as a table of a DuckDB of their own."""
    connection = duckdb.connect()
    connection.register("frame", with_times(frame, roles).to_arrow())
    connection.execute("CREATE TABLE events AS SELECT * FROM frame")
    return SqlEngine.of(DuckDB.of(connection), "events", **roles)


def in_clickhouse(frame: pl.DataFrame, **roles: Any) -> Engine:
    """The same in a ClickHouse in the process."""
    server = _server("ClickHouse")
    server.load("events", with_times(frame, roles))
    return SqlEngine.of(opened(server.session), "events", **in_order(frame, roles))


def in_postgres(frame: pl.DataFrame, **roles: Any) -> Engine:
    """The same in a PostgreSQL of the tests."""
    server = _server("Postgres")
    server.load("events", with_times(frame, roles))
    return SqlEngine.of(opened(server.address), "events", **in_order(frame, roles))


def in_spark(frame: pl.DataFrame, **roles: Any) -> Engine:
    """The same in a Spark in a process of Java's."""
    server = _server("Spark")
    server.load("events", with_times(frame, roles))
    return SqlEngine.of(opened(server.session), "events", **in_order(frame, roles))


def with_times(frame: pl.DataFrame, roles: Mapping[str, Any]) -> pl.DataFrame:
    """The frame with times where it has texts and numbers, which are none in a database."""
    time = roles.get("time")
    if not isinstance(time, str) or frame.schema[time].is_temporal():
        return frame
    numbered = frame.with_row_index("row_in_frame")
    return explorer.connect(numbered, **roles).head(frame.height).sort("row_in_frame").drop("row_in_frame")


def in_order(frame: pl.DataFrame, roles: Mapping[str, Any]) -> dict[str, Any]:
    """The roles with the column that says the order of rows, which these databases do not keep."""
    order = roles.get("order", ())
    known = [order] if isinstance(order, str) else list(order)
    return {**roles, "order": [*known, "row"] if "row" in frame.columns and "row" not in known else known}


@cache
def _server(name: str) -> Any:
    from tests.databases import running

    return getattr(running, name)()


ENGINES: dict[str, Connect] = {"local": explorer.connect, "duckdb": in_duckdb}
if find_spec("chdb"):
    ENGINES["clickhouse"] = in_clickhouse
if os.environ.get("SESSION_EXPLORER_TEST_ENGINES"):  # of .ci/engines
    ENGINES |= {"postgres": in_postgres, "spark": in_spark}
