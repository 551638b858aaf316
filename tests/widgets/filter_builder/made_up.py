"""Columns to build filters of."""

from __future__ import annotations

from typing import Any as Anything

COLUMNS: dict[str, dict[str, Anything]] = {
    "event": {"type": "text", "values": [("login", 9), ("it's", 2)]},
    "page": {"type": "text"},
    "amount": {"type": "number", "low": 0, "high": 100},
    "ts": {"type": "time"},
    "delay": {"type": "duration"},
    "ok": {"type": "bool"},
}
