"""Events that charts of every kind are drawn of."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from explorer.engine.engine import Engine
from tests.engines.making import Connect


@pytest.fixture(scope="module")
def log(engines: Connect) -> Engine:
    """Forty days of sessions on three platforms."""
    start = datetime(2024, 3, 1)
    rows = [
        (f"u{at % 7}", start + timedelta(hours=7 * at, minutes=5 * i), event, ("ios", "web", "tv")[at % 3], float(at))
        for at in range(120)
        for i, event in enumerate(("view", "buy"))
    ]
    frame = pl.DataFrame(rows, schema=["user", "ts", "event", "platform", "amount"], orient="row")
    return engines(frame, actor="user", time="ts", event="event")
