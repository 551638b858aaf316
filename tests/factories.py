"""Events, engines and definitions that tests of several rooms ask."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

import explorer
from explorer.spec.analysis import Analysis
from explorer.spec.needed import columns_read
from explorer.spec.session import SessionDefinition
from tests.strategies import Log

ROOT = Path(__file__).parents[1]
GALLERY = sorted((ROOT / "tests" / "analyses").glob("*.yaml"))


def of_no_cohort(analysis: Analysis) -> list[SessionDefinition]:
    """The definitions that ask no cohort: databases do not know them, test_cohorts holds these to the slow loop."""
    names = {cohort.name for cohort in analysis.cohorts}
    return [definition for definition in analysis.sessions if not columns_read(definition) & names]


@cache
def made() -> pl.DataFrame:
    """Three nights of a few people, in no order, with ties and holes, over a night in which clocks go forward."""
    dice = random.Random(7)
    pages = ["/home", "/category/lamps", "/product/12", "/product/x", "/thanks", None]
    rows: list[dict[str, Any]] = []
    for user in ("ann", "bob", "cleo", "dan", None):
        time = datetime(2024, 3, 29, 20)
        for _ in range(150):
            time += timedelta(minutes=dice.choice([0, 1, 3, 5, 8, 15, 15, 30, 31, 60, 61, 200]))
            event = dice.choice(
                ["login", "view", "view", "view", "purchase", "error", "register", "logout", "heartbeat"]
            )
            row = {"user": user, "user_id": user, "ts": dice.choice([time] * 40 + [None]), "event": event}
            row["page"] = dice.choice(pages)
            row["platform"] = dice.choice(["ios", "android", "web", "web", None])
            row["amount"] = dice.choice([None, 5.0, 12.5, 30.5, float("nan")]) if event == "purchase" else None
            rows.append(row)
    dice.shuffle(rows)
    return pl.DataFrame(rows, schema_overrides={"ts": pl.Datetime("us"), "amount": pl.Float64})


def connect(log: Log) -> Any:
    columns = log.columns
    return explorer.connect(
        log.frame,
        actor=list(columns.actor),
        time=columns.time,
        event=columns.event,
        order=list(columns.order),
    )


def left_out(log: Log) -> set[int]:
    columns = log.columns
    return {
        at
        for at, row in enumerate(log.rows)
        if row[columns.time] is None or any(row[name] is None for name in columns.actor)
    }


BEGIN = datetime(2024, 3, 1)
ROWS = [
    {
        "user": f"u{at % 4}",
        "ts": BEGIN + timedelta(minutes=7 * at + 90 * (at // 20)),
        "event": ("login", "view", "view", "purchase", "view")[at % 5],
        "platform": ("ios", "web")[at % 4 % 2],
    }
    for at in range(80)
]


FRAME = pl.DataFrame(ROWS)
