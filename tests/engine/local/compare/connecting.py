"""Engines over logs that were made up."""

from __future__ import annotations

import explorer
from explorer.engine.local.engine import LocalEngine
from tests.strategies import Log


def connect(log: Log) -> LocalEngine:
    return explorer.connect(log.frame, actor=list(log.columns.actor), time="ts", order=list(log.columns.order))
