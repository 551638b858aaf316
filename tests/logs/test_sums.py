"""Sums that 64 bits cannot hold, and sums and means of truth values."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

import explorer
from explorer.cli import main
from explorer.code.polars import polars_code
from explorer.code.sql import sql_code
from explorer.report import report
from explorer.spec.analysis import Analysis
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


def of_actors() -> tuple[pl.DataFrame, SessionDefinition]:
    times = [datetime(2024, 3, 1, 10) + timedelta(hours=at) for at in range(5)]
    events = pl.DataFrame({"user": ["a"] * 4 + ["b"], "ts": times, "n": [LARGE, LARGE, LARGE, 5, 7]})
    metrics = [{"name": "s", "aggregate": "sum", "column": "n"}, {"name": "most", "aggregate": "max", "column": "n"}]
    per_actor = [{"name": name, "aggregate": name, "column": "s"} for name in ("sum", "max", "mean")]
    return events, SessionDefinition("visit", "30m", metrics=metrics, actor_metrics=per_actor)


def test_sums_over_the_sessions_of_an_actor_are_never_wrapped() -> None:
    events, visit = of_actors()
    engine = explorer.connect(events)
    actors = engine.actors(visit)
    assert actors["sum"].to_list() == [float(3 * LARGE + 5), 7.0]
    assert actors["max"].to_list() == [LARGE, 7]
    assert actors["mean"].to_list() == pytest.approx([(3 * LARGE + 5) / 4, 7.0])
    kept = engine.sessions(visit.replace(keep="sum > 0"))
    assert kept.height == 5
    unsigned = explorer.connect(events.with_columns(n=pl.Series([2**63, 1, 2, 3, 4], dtype=pl.UInt64)))
    large = visit.replace(metrics=[{"name": "s", "aggregate": "max", "column": "n"}])
    assert unsigned.actors(large)["sum"].to_list() == [float(2**63 + 6), 4.0]


def test_sums_that_are_decimals_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events, visit = of_actors()
    engine = explorer.connect(events)
    said = "sum adds up to more than 64 bits hold: its sums are decimals, exact to 15 digits."
    assert engine.remarks(visit) == [said]
    small = explorer.connect(events.with_columns(n=pl.lit(1)))
    assert small.remarks(visit) == []
    floats = explorer.connect(events.with_columns(n=pl.lit(1e300)))
    assert floats.remarks(visit) == []
    analysis = Analysis(columns=engine.columns, sessions=[visit])
    path = report(engine, analysis, tmp_path / "report.html")
    assert said in path.read_text(encoding="utf-8")
    events.write_parquet(tmp_path / "events.parquet")
    (tmp_path / "events.yaml").write_text(analysis.to_yaml())
    for command in (["inspect"], ["sessionize", "-o", str(tmp_path / "out.parquet")]):
        assert main([command[0], str(tmp_path / "events.parquet"), *command[1:]]) == 0
        assert said in capsys.readouterr().err
