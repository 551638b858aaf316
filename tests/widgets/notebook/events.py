"""Events that notebooks of the tests explore."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

FRAME = pl.DataFrame(
    {
        "user": [f"u{at % 4}" for at in range(80)],
        "ts": [datetime(2024, 3, 1) + timedelta(minutes=7 * at + 90 * (at // 20)) for at in range(80)],
        "event": ["login" if at % 5 else "view" for at in range(80)],
    }
)
