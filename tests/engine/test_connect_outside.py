"""Whatever a reader raises, Polars panics too, comes out of `connect` as one of our errors that names the file."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.errors import SourceError


class Panic(BaseException):
    """As Polars raises them."""


@pytest.mark.parametrize("error", [Panic("index out of bounds"), ValueError("bad"), RecursionError(), MemoryError()])
def test_it_names_the_file(error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("explorer.engine.connect.load", fail)
    path = tmp_path / "events.csv"
    path.write_text("user,ts\na,2024-01-01\n")
    with pytest.raises(SourceError, match=r"^events.csv "):
        explorer.connect(path)
    with pytest.raises(SourceError, match=r"^This source "):
        explorer.connect(pl.DataFrame({"a": [1]}))
