"""Sessions of a small shop, and brushes over them."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

import explorer
from explorer.crossfilter.selections.selection import Brush, Range, Values
from explorer.engine.local.engine import LocalEngine
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.crossfilter.slow_brush import measured, said
from tests.engine.local.query.slow_query import Session, keys
from tests.engines.making import Connect
from tests.strategies import Log

NAMES = [
    *("event", "page", "first page", "last page", "last items", "amount", "ok", "ts"),
    *("duration", "event_count", "session_number", "start", "end", "started_by", "cut_off", "user"),
    *("time_in_session", "session_count", "visit.duration", "hour of start", "weekday of start", "hour of ts"),
]


def connect(log: Log, zone: str = "UTC") -> LocalEngine:
    return explorer.connect(
        log.frame, actor=list(log.columns.actor), time="ts", order=list(log.columns.order), time_zone=zone
    )


def values_of(sessions: list[Session], name: str, zone: str) -> list[Any]:
    if name == "hour of ts":  # the first event's time is the start
        name = "hour of start"
    return [keys(session, name.removeprefix("visit."), zone)[0] for session in sessions]


def brushes(values: list[Any], chooser: random.Random) -> Brush:
    """Some brush for such values, its ends often values themselves."""
    present = [value for value in values if value is not None]
    flags = {"none": chooser.random() < 0.5, "negated": chooser.random() < 0.5}
    if not present or chooser.random() < 0.1:
        return Values(none=True, negated=flags["negated"])
    if isinstance(present[0], str | bool):
        chosen = chooser.sample(present, chooser.randint(1, min(3, len(present))))
        return Values(frozenset(map(said, chosen)), **flags)
    kind: Any = "number" if isinstance(present[0], float) else "count"
    kind = {timedelta: "duration", datetime: "time"}.get(type(present[0]), kind)
    lo, hi = sorted(measured(chooser.choice(present)) for _ in range(2))
    return Range(lo, chooser.choice([hi + 1, None]), kind, **flags)


NOON = datetime(2024, 3, 4, 12)


def shop(n: int, seed: int = 0, connect: Connect = explorer.connect) -> Any:
    """One event an hour for every user: each is a session of its own."""
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, 41)
    page = rng.choice([f"/page/{i}" for i in range(40)], n, p=weights / weights.sum())
    frame = pl.DataFrame(
        {
            "user": [f"u{i % 7}" for i in range(n)],
            "ts": [NOON + timedelta(hours=i) for i in range(n)],
            "page": page,
            "paid": np.where(rng.random(n) < 0.3, np.nan, rng.gamma(2, 20, n)),
            "small": pl.Series(rng.gamma(2, 0.7, n), dtype=pl.Float32),
            "vip": rng.choice([True, False], n),
            "wait": pl.Series(rng.integers(-(10**9), 10**10, n)).cast(pl.Duration("us")),
            "day": [date(2024, 1, 1) + timedelta(days=int(i)) for i in rng.integers(0, 300, n)],
        }
    )
    return connect(frame, actor="user", time="ts")


VISIT = SessionDefinition(
    "visit",
    "30m",
    metrics=[Metric(name, "first", name) for name in ("page", "paid", "small", "vip", "wait", "day")],
)
