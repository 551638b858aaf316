"""What engines answer, held to what the slow loop tells."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tests import oracle


def plain(value: Any) -> Any:
    """Times and lengths as whole microseconds, and every not-a-value as None."""
    if isinstance(value, datetime):
        return oracle.microseconds(value)
    if isinstance(value, timedelta):
        return value // oracle.MICROSECOND
    return None if isinstance(value, float) and math.isnan(value) else value


def by(rows: list[dict], names: tuple[str, ...]) -> dict[tuple, dict]:
    """Rows by key, in plain values; a key comes once."""
    found = {tuple(row[name] for name in names): {name: plain(row[name]) for name in row} for row in rows}
    assert len(found) == len(rows)
    return found


def assert_same(found: pl.DataFrame, wanted: list[dict], key: tuple[str, ...]) -> None:
    """The columns that the oracle tells are the same in both, row by row; floats up to their last bits."""
    names = [name for name in wanted[0] if name != "rows"] if wanted else []
    assert found.height == len(wanted)
    ours, theirs = by(found.to_dicts(), key), by(wanted, key)
    assert ours.keys() == theirs.keys()
    for at, row in theirs.items():
        assert {name: ours[at][name] for name in names} == {name: close(row[name], ours[at][name]) for name in names}


def close(wanted: Any, found: Any) -> Any:
    """What was found, where it differs from what is wanted in the last bits of a float only."""
    if isinstance(wanted, int | float) and isinstance(found, float) and math.isclose(wanted, found, rel_tol=1e-12):
        return found
    return wanted
