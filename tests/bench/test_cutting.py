"""Sessions, filters and metrics, beside naive Polars and DuckDB on the same work."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

import explorer
from explorer.engine.local.cut.stages import Stages
from explorer.engine.local.engine import LocalEngine
from tests.bench.measuring import NOTHING_KEPT, Benchmark, Measured, alone, define, fresh
from tests.bench.metrics import OF_METRICS
from tests.bench.naive import count_in_duckdb, count_in_polars, cut_in_duckdb, cut_in_polars

# ---- a new inactivity


@pytest.mark.benchmark(group="new inactivity -> session table")
def test_inactivity(measured: Measured, log: LocalEngine):
    assert measured(lambda: log.table(define()), "cut").height


@pytest.mark.benchmark(group="new inactivity -> session table")
def test_inactivity_public_frame(measured: Measured, log: LocalEngine):
    assert measured(lambda: log.sessions(define()), "cut").height


@pytest.mark.benchmark(group="new inactivity -> session table")
def test_inactivity_public_frame_read(measured: Measured, log: LocalEngine):
    """With every text id built, as who writes a file of them needs it."""
    assert measured(lambda: log.sessions(define())["session_id"].str.len_bytes().sum(), "cut")


@pytest.mark.benchmark(group="new inactivity -> session table")
def test_inactivity_naive_polars(benchmark: Benchmark, frame: pl.DataFrame):
    assert alone(benchmark, lambda: cut_in_polars(frame)).height


@pytest.mark.benchmark(group="new inactivity -> session table")
def test_inactivity_duckdb(benchmark: Benchmark, frame: pl.DataFrame):
    assert alone(benchmark, lambda: cut_in_duckdb(frame))


@pytest.mark.benchmark(group="number of sessions under the slider")
def test_gap_curve(measured: Measured, log: LocalEngine):
    curve = log.gap_curve(define())
    assert measured(lambda: curve.sessions(define().inactivity), NOTHING_KEPT)


# ---- filters


@pytest.mark.benchmark(group="filter count")
def test_count(measured: Measured, log: LocalEngine):
    assert measured(lambda: log.count(f"platform IN ('ios', 'web') AND amount > {next(fresh)}e-6"), "mask")


@pytest.mark.benchmark(group="filter count")
def test_count_naive_polars(benchmark: Benchmark, frame: pl.DataFrame):
    assert alone(benchmark, lambda: count_in_polars(frame), rounds=5)


@pytest.mark.benchmark(group="filter count")
def test_count_duckdb(benchmark: Benchmark, frame: pl.DataFrame):
    assert alone(benchmark, lambda: count_in_duckdb(frame), rounds=5)


@pytest.mark.benchmark(group="filter and cut again")
def test_filter(measured: Measured, log: LocalEngine):
    def work() -> pl.DataFrame:
        return log.table(define(where=f"platform != 'ios' AND amount > {next(fresh)}e-6"))

    assert measured(work, "where").height


@pytest.mark.benchmark(group="filter and cut again")
def test_filter_naive_polars(benchmark: Benchmark, frame: pl.DataFrame):
    assert alone(benchmark, lambda: cut_in_polars(frame, pl.col("platform") != "ios")).height


@pytest.mark.benchmark(group="filter and cut again")
def test_filter_duckdb(benchmark: Benchmark, frame: pl.DataFrame):
    assert alone(benchmark, lambda: cut_in_duckdb(frame, "platform != 'ios'"))


# ---- metrics


@pytest.mark.benchmark(group="one more metric")
@OF_METRICS
def test_metric(measured: Measured, log: LocalEngine, aggregate: str, column: str | None, where: str | None):
    """A metric whose condition nobody has asked before: under another name the same one is remembered."""
    definition = define()
    log.table(definition)

    def work() -> pl.DataFrame:
        asked = f"amount > {next(fresh)}e-6" + (f" AND {where}" if where else "")
        metric = explorer.Metric(f"m{next(fresh)}", aggregate, column=column, where=asked)
        return log.table(definition.replace(metrics=(metric,)))

    assert measured(work, "metric").height


@pytest.mark.benchmark(group="one more metric")
@OF_METRICS
def test_metric_of_all_events(
    measured: Measured, log: LocalEngine, aggregate: str, column: str | None, where: str | None
):
    """Without a condition of its own, of sessions that have none yet."""

    def before() -> explorer.SessionDefinition:
        definition = define()
        log.table(definition)
        return definition

    def work(definition: explorer.SessionDefinition) -> pl.DataFrame:
        metric = explorer.Metric("m", aggregate, column=column, where=where)
        return log.table(definition.replace(metrics=(metric,)))

    assert measured(work, "metric", before=before).height


def test_the_naive_ways_agree(log: LocalEngine, frame: pl.DataFrame):
    """The comparison is fair: all three count the same sessions."""
    log.event_table.stages = Stages()
    found = log.table(explorer.SessionDefinition(name="visit", inactivity="30m")).height
    assert abs(cut_in_polars(frame).height - found) <= 5
    assert abs(cut_in_duckdb(frame) - found) <= 5


def test_a_round_that_remembers_is_no_round(measured: Measured, log: LocalEngine):
    same: Any = define()
    log.table(same)
    with pytest.raises(AssertionError, match="is a memory"):
        measured(lambda: log.table(same), "cut")
