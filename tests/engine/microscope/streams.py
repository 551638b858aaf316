"""Events of one actor, and definitions over them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from explorer.engine.local.engine import LocalEngine
from explorer.engine.microscope.session_place import Found, find
from explorer.spec.session import SessionDefinition
from tests import oracle
from tests.strategies import Log

NOON = datetime(2024, 5, 1, 12)
MINUTE = 60_000_000


def us(value: Any) -> int:
    return oracle.microseconds(value) if isinstance(value, datetime) else value // oracle.MICROSECOND


def every(engine: LocalEngine, definition: SessionDefinition) -> list[Found]:
    return [find(engine.session_table(definition), name) for name in engine.sessions(definition)["session_id"]]


def streams(log: Log, definition: SessionDefinition) -> dict[tuple, list[dict]]:
    """The oracle's sessions before `keep`, by what is cut together, in order."""
    found: dict[tuple, list[dict]] = {}
    for session in oracle.sessions(log.rows, log.columns, definition.replace(keep=None, metrics=())):
        key = tuple(
            None if session[name] != session[name] else session[name]
            for name in (*log.columns.actor, *definition.split_by)
        )
        found.setdefault(key, []).append(session)
    return found


def many(count: int, actors: int = 1, **more: Any) -> pl.DataFrame:
    """Events a second apart, a pause of an hour after every 600."""
    at = np.arange(count)
    time = us(NOON) + (at + at // 600 * 3_600) * 1_000_000
    columns = {"user": [f"u{each % actors}" for each in at], "ts": pl.Series(time).cast(pl.Datetime("us"))}
    return pl.DataFrame(columns | {name: values(at) for name, values in more.items()})
