"""What answers: every test that takes `engines` runs on each of these. Another engine is one more entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import polars as pl

import explorer
from explorer.engine.engine import Engine
from explorer.engine.sql.databases.duckdb import DuckDB
from explorer.engine.sql.engine import SqlEngine

Connect = Callable[..., Engine]


def in_duckdb(frame: pl.DataFrame, **roles: Any) -> Engine:
    """The events of a frame as a table of a DuckDB of their own."""
    connection = duckdb.connect()
    connection.register("frame", frame.to_arrow())
    connection.execute("CREATE TABLE events AS SELECT * FROM frame")
    return SqlEngine.of(DuckDB.of(connection), "events", **roles)


ENGINES: dict[str, Connect] = {"local": explorer.connect, "duckdb": in_duckdb}
