"""Events with the session ids of a vendor, whose rules are known."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import polars as pl

import explorer
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")
BEGIN = datetime(2024, 3, 1, tzinfo=UTC)
PAUSES = (0, 1, 2, 4, 7, 11, 16, 22, 29, 30, 31, 45, 70, 130, 400, 900, 1_500)


def frame(seed: int = 1, actors: int = 60, events: int = 60) -> pl.DataFrame:
    dice = random.Random(seed)
    rows = []
    for actor in range(actors):
        time, campaign = BEGIN + timedelta(minutes=dice.randrange(2_000)), "none"
        for _ in range(events):
            time += timedelta(minutes=dice.choices(PAUSES, [9, 9, 9, 8, 7, 6, 4, 3, 2, 2, 2, 2, 3, 3, 3, 2, 2])[0])
            campaign = dice.choice(["mail", "search", "none"]) if dice.random() < 0.1 else campaign
            rows.append(
                {
                    "user": f"u{actor}", "ts": time, "event": dice.choice(["view"] * 6 + ["login", "logout"]),
                    "campaign": campaign, "device": dice.choice(["web", "ios"]), "noise": dice.randrange(3),
                }
            )  # fmt: skip
    return pl.DataFrame(rows)


def with_ids(rows: pl.DataFrame, definition: SessionDefinition) -> pl.DataFrame:
    rows = rows.with_row_index("row")
    log = explorer.connect(rows, actor="user", time="ts", event="event")
    ids = log.events(definition).select("row", pl.col("session_id").alias("vendor_id"))
    return rows.join(ids, on="row", how="left", maintain_order="left").drop("row")
