"""The same events for all benchmarks: `BENCH_EVENTS` of them (10 million), about a tenth as many sessions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import explorer
from explorer.engine.local.engine import LocalEngine
from tests.bench.measuring import Measured

EVENTS = int(float(os.environ.get("BENCH_EVENTS", "1e7")))
EVENTS_PER_ACTOR, EVENTS_PER_SESSION = 50, 10
DAYS = 180


def made_up(events: int, seed: int = 0) -> pl.DataFrame:
    """Events in order of time: sessions of about ten events that start anywhere in half a year."""
    rng = np.random.default_rng(seed)
    lengths = rng.geometric(1 / EVENTS_PER_SESSION, max(1, events // EVENTS_PER_SESSION))
    actor = rng.integers(0, max(1, events // EVENTS_PER_ACTOR), len(lengths))
    start = rng.integers(0, DAYS * 86_400_000_000, len(lengths))
    n = int(lengths.sum())
    gaps = (rng.exponential(90.0, n) * 1e6).astype(np.int64)
    within = gaps.cumsum()
    firsts = lengths.cumsum() - lengths
    time = np.repeat(start - within[firsts], lengths) + within + 1_700_000_000_000_000
    frame = pl.DataFrame(
        {
            "user": np.repeat(actor, lengths),
            "ts": pl.Series(time).cast(pl.Datetime("us")),
            "event": rng.choice(np.array(["view", "click", "search", "login", "purchase", "error"]), n),
            "platform": rng.choice(np.array(["ios", "android", "web"]), n),
            "page": rng.integers(0, 500, n),
            "amount": rng.gamma(2.0, 30.0, n),
        }
    )
    named = frame.with_columns(pl.format("u{}", "user").alias("user"), pl.format("/page/{}", "page").alias("page"))
    return named.sort("ts")


@pytest.fixture(scope="session")
def frame() -> pl.DataFrame:
    return made_up(EVENTS)


@pytest.fixture(scope="session")
def parquet(frame: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "events.parquet"
    frame.write_parquet(path)
    return path


@pytest.fixture(scope="session")
def log(frame: pl.DataFrame) -> LocalEngine:
    return explorer.connect(frame)


@pytest.fixture
def measured(benchmark: Any, log: LocalEngine) -> Measured:
    return Measured(benchmark, log)
