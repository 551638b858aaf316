"""Reading events, beside Polars reading and sorting them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import explorer
from tests.bench.measuring import Benchmark, alone


@pytest.mark.benchmark(group="load")
def test_connect(benchmark: Benchmark, frame: pl.DataFrame):
    assert alone(benchmark, lambda: explorer.connect(frame), rounds=2)


@pytest.mark.benchmark(group="load")
def test_connect_parquet(benchmark: Benchmark, parquet: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", "")
    assert alone(benchmark, lambda: explorer.connect(parquet), rounds=2)


@pytest.mark.benchmark(group="load")
def test_open_a_known_file(benchmark: Benchmark, parquet: Path):
    explorer.connect(parquet)
    assert alone(benchmark, lambda: explorer.connect(parquet), rounds=5)


@pytest.mark.benchmark(group="load")
def test_read_and_sort_polars(benchmark: Benchmark, parquet: Path):
    def work() -> pl.DataFrame:
        events = pl.read_parquet(parquet)
        return events.with_columns(pl.col("user").cast(pl.Categorical).to_physical().alias("code")).sort("code", "ts")

    assert alone(benchmark, work, rounds=2).height
