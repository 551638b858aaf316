"""Random events, and sessions as the slow loop tells them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from explorer.spec.columns import Columns
from tests.told import plain

NOON = datetime(2024, 3, 30, 20)
MINUTES = [0, 5, 10, 10, 20, 30, 40, 45, 60, 100, 200, 300]
SCHEMA = {"c": pl.String, "d": pl.Int64, "event": pl.String, "lasts": pl.Duration("us")}
COLUMNS = Columns("user", "ts", "event")


def rows_of(dice: random.Random, lasting: bool = False) -> list[dict[str, Any]]:
    return [
        {
            "user": dice.choice("ab"),
            "ts": NOON + timedelta(minutes=dice.choice(MINUTES)),
            "event": dice.choice(["login", "view", "beat", "beat", "logout", None]),
            "c": dice.choice([None, None, "x", "y"]),
            "d": dice.choice([None, 1, 2]),
            "ok": dice.choice([True, False]),
            "lasts": timedelta(minutes=dice.choice([0, 7, 25])) if lasting and dice.random() < 0.7 else None,
        }
        for _ in range(dice.randint(1, 30))
    ]


def assert_as_told(found: pl.DataFrame, wanted: list[dict[str, Any]]) -> None:
    ours = {(row["user"], row["session_number"]): row for row in found.to_dicts()}
    theirs = {(row["user"], row["session_number"]): row for row in wanted}
    assert ours.keys() == theirs.keys()
    for key, row in theirs.items():
        for name in row.keys() - {"rows"}:
            assert plain(ours[key][name]) == plain(row[name]), (key, name)


def frame_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides=SCHEMA).with_row_index("row")
