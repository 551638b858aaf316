"""Sums that 64 bits cannot hold, and sums and means of truth values."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import polars as pl
import pytest

import explorer
from explorer.code.polars import polars_code
from explorer.code.sql import sql_code
from explorer.spec.charts.chart import Chart
from explorer.spec.session import SessionDefinition
from tests.code.running import check, run

LARGE = 2**62


def frame(values: pl.Series) -> pl.DataFrame:
    times = [datetime(2024, 3, 1, 10) + timedelta(minutes=at) for at in range(len(values))]
    return pl.DataFrame({"user": ["a"] * (len(values) - 1) + ["b"], "ts": times, "n": values})


VALUES = [
    (pl.Series([LARGE, LARGE, LARGE, 5]), [float(3 * LARGE), 5.0]),
    (pl.Series([-LARGE, -LARGE, -LARGE, -5]), [float(-3 * LARGE), -5.0]),
    (pl.Series([2**63, 1, 2, 3], dtype=pl.UInt64), [float(2**63 + 3), 3.0]),
    (pl.Series([LARGE, LARGE, -LARGE, 5]), [LARGE, 5]),
    (pl.Series([True, False, True, None]), [2, 0]),
]


@pytest.mark.parametrize(("values", "sums"), VALUES)
def test_sums_are_never_wrapped(values: pl.Series, sums: list[float]) -> None:
    events = frame(values)
    metrics = [{"name": name, "aggregate": name, "column": "n"} for name in ("sum", "mean")]
    metrics.append({"name": "some", "aggregate": "sum", "column": "n", "where": "ts > '2024-03-01 10:00'"})
    visit = SessionDefinition("visit", "30m", metrics=metrics)
    engine = explorer.connect(events)
    sessions = engine.sessions(visit)
    assert sessions["sum"].to_list() == sums
    mean = [sum(one) / len(one) if one else None for one in (values[:-1].to_list(), values[-1:].drop_nulls().to_list())]
    assert sessions["mean"].to_list() == pytest.approx(mean)
    check(engine, visit, run(polars_code(engine, visit), events=events))
    told = duckdb.sql(sql_code(engine, visit)).pl()
    assert [float(one) for one in told["sum"]] == pytest.approx([float(one) for one in sums])
    chart = Chart("number", "visit", measure="sum sum")
    assert engine.query(chart, visit)["value"].to_list() == pytest.approx([sum(sums)])
