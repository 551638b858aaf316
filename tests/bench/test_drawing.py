"""What charts need: after a change, under a brush, over time, and in a report."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import duckdb
import pytest

import explorer
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.local.coded.coding import coded_of
from explorer.engine.local.engine import LocalEngine
from explorer.report import report
from tests.bench.measuring import NOTHING_KEPT, Benchmark, Measured, alone, define, fresh

MINUTE = 60_000_000
WEEKS = "line"


def over_time(**fields: Any) -> explorer.Chart:
    """A chart that has not been asked before: 180 days, a step each day."""
    return explorer.Chart(WEEKS, "visit", every="1d", where=f"event_count > {next(fresh)}e-6", **fields)


def brushed() -> Selection:
    """A brush that nobody has drawn before."""
    return Selection().with_("duration", Range(next(fresh), 10 * MINUTE, "duration"))


@pytest.mark.benchmark(group="spec change -> all that charts need")
def test_picture(measured: Measured, log: LocalEngine):
    assert measured(lambda: coded_of(log.session_table(define())), "cut")


@pytest.mark.benchmark(group="spec change -> all that charts need")
def test_picture_of_a_filter(measured: Measured, log: LocalEngine):
    def work() -> Any:
        return coded_of(log.session_table(define(where=f"platform != 'ios' AND amount > {next(fresh)}e-6")))

    assert measured(work, "where")


@pytest.mark.benchmark(group="brush")
def test_brush_table(measured: Measured, log: LocalEngine):
    """What the browser is sent when the pointer enters a chart; every step of the drag is then a subtraction."""
    crossfilter = coded_of(log.session_table(define())).crossfilter

    def work() -> Any:
        other = Selection().with_("event_count", Range(2, 20 + next(fresh) % 40))
        return crossfilter.running("duration", other)

    assert measured(work, NOTHING_KEPT)


@pytest.mark.benchmark(group="brush")
def test_brush_rests(measured: Measured, log: LocalEngine):
    drawn = coded_of(log.session_table(define()))

    def work() -> Any:
        selection = brushed()
        return drawn.crossfilter.counts(selection), drawn.numbers(selection)

    assert measured(work, NOTHING_KEPT)


@pytest.mark.benchmark(group="brush", timer=process_time)
def test_what_is_different(measured: Measured, log: LocalEngine):
    """Everything that the selected sessions have more or less often than the others, in seconds of processor."""
    drawn = coded_of(log.session_table(define()))
    assert measured(lambda: drawn.different(brushed()), NOTHING_KEPT).rows


@pytest.mark.parametrize("measure", ["count", "actors", "median duration", "mean duration"])
@pytest.mark.parametrize("over", [None, "7d", "28d"])
@pytest.mark.benchmark(group="chart over time")
def test_windows(measured: Measured, log: LocalEngine, measure: str, over: str | None):
    visit = define()
    log.table(visit)
    assert measured(lambda: log.query(over_time(measure=measure, over=over, previous="week"), visit), "query").height


@pytest.mark.benchmark(group="chart over time")
def test_windows_under_a_brush(measured: Measured, log: LocalEngine):
    """The chart of the page: its values and sums for the steps of time, under a brush that is new each time."""
    chart = explorer.Chart(WEEKS, "visit", every="1d", measure="median duration", over="7d", previous="week")
    drawn = coded_of(log.session_table(define()))
    assert measured(lambda: drawn.query(chart, brushed()), NOTHING_KEPT).height


@pytest.mark.parametrize("measure", ["count", "median(duration)"])
@pytest.mark.benchmark(group="chart over time")
def test_windows_duckdb(benchmark: Benchmark, log: LocalEngine, measure: str):
    """Each day joined with the sessions of its seven days."""
    sessions = log.sessions(define()).select("start", "duration").to_arrow()
    function = "count(*)" if measure == "count" else "median(epoch_us(duration))"
    sql = f"""
        WITH sessions AS (FROM given), days AS (SELECT DISTINCT date_trunc('day', start) AS day FROM sessions)
        SELECT day, {function} FROM days JOIN sessions
        ON start >= day - INTERVAL 6 DAY AND start < day + INTERVAL 1 DAY GROUP BY day
    """
    assert alone(benchmark, lambda: duckdb.from_arrow(sessions).query("given", sql).pl()).height


@pytest.mark.benchmark(group="report")
def test_file_to_report(benchmark: Benchmark, parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file that has never been read, to the HTML of all its sessions."""
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", "")

    def work() -> Any:
        engine = explorer.connect(parquet)
        return report(engine, explorer.Analysis(engine.columns, (define(),)), tmp_path / "report.html")

    assert alone(benchmark, work).stat().st_size < 4e6
