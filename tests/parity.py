"""The local engine beside DuckDB over the same events, and what must be the same of both."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl
from polars.testing import assert_frame_equal

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.engine.sql.remote_engine import RemoteEngine
from explorer.spec.columns import Columns
from explorer.spec.session import SessionDefinition

DATABASE = duckdb.connect()


def both(frame: pl.DataFrame, columns: Columns) -> tuple[LocalEngine, RemoteEngine]:
    roles: dict[str, Any] = {
        "actor": list(columns.actor),
        "time": columns.time,
        "event": columns.event,
        "order": list(columns.order),
        "time_zone": columns.time_zone,
        "derived": columns.plain().get("derived"),
    }
    relation = DATABASE.from_arrow(frame.to_arrow())
    return explorer.connect(frame, **roles), RemoteEngine.of(relation, "log", **roles)


def assert_same(local: pl.DataFrame, remote: pl.DataFrame) -> None:
    """Names, order, types and values; floats up to their last bits."""
    assert_frame_equal(local, remote, rel_tol=1e-12, abs_tol=0)


def check(local: LocalEngine, remote: RemoteEngine, definition: SessionDefinition) -> None:
    assert_same(local.sessions(definition), remote.sessions(definition))
    assert_same(local.actors(definition), remote.actors(definition))
    for page in (slice(0, 1_000), slice(3, 8)):
        assert_same(local.events(definition, page=page), remote.events(definition, page=page))
