"""An empty cache and a source for it."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from explorer.events.store import cache
from tests.strategies import BEGIN


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache that stores events however few they are."""
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "SMALL", 0)
    return tmp_path / "cache"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = [(f"u{n % 7}", BEGIN + timedelta(minutes=n * 7 % 100), f"e{n % 3}", n / 4) for n in range(500)]
    path = tmp_path / "events.parquet"
    pl.DataFrame(rows, schema=["user", "ts", "event", "amount"], orient="row").write_parquet(path)
    return path
