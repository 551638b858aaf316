"""Numbers beyond all others, wherever a condition has them."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

import explorer
from explorer.errors import SpecError

LONG = "9" * 400


@pytest.mark.parametrize("column", ["whole", "part"])
@pytest.mark.parametrize(
    "condition", ["{c} > {n}", "-{n} < {c}", "{c} IN (1, {n})", "{c} + {n} > 1", "lower(event) = {n}"]
)
def test_a_number_longer_than_any_is_refused_in_a_sentence(column: str, condition: str):
    rows = {"user": ["a"], "ts": [datetime(2024, 1, 1)], "event": ["view"], "whole": [1], "part": [1.5]}
    log = explorer.connect(pl.DataFrame(rows), actor="user", time="ts", event="event")
    with pytest.raises(SpecError) as refused:
        log.sessions(explorer.SessionDefinition("visit", "30m", where=condition.format(c=column, n=LONG)))
    assert len(str(refused.value)) < 500
