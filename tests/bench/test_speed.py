"""What an analyst waits for, beside naive Polars and DuckDB on the same work: `pytest tests/bench`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import process_time
from typing import Any

import duckdb
import polars as pl
import pytest

import explorer
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.engine.local.coded.local_coded import coded_of
from explorer.engine.local.cut.stages import Stages
from explorer.engine.local.editors.live_counts import counts, sample
from explorer.engine.local.editors.menu import menu, session_menu
from explorer.engine.local.editors.metric_trial import trial
from explorer.engine.local.editors.rule_effects import effects, totals
from explorer.engine.local.engine import LocalEngine
from explorer.report import report
from explorer.spec.expression.clause import All, Clause, parse
from explorer.spec.expression.clause import Any as Either

MINUTE = 60_000_000
# Every round asks something that has not been asked before, so that nothing is remembered.
fresh = count(1)
Benchmark = Callable[..., Any]


def define(**changes: object) -> explorer.SessionDefinition:
    rules = {"name": "visit", "inactivity": f"{1_800_000_000 + next(fresh)}us"}
    return explorer.SessionDefinition(**(rules | changes))  # type: ignore[arg-type]


def once(benchmark: Benchmark, work: Callable[[], Any], rounds: int = 5) -> Any:
    return benchmark.pedantic(work, rounds=rounds, iterations=1, warmup_rounds=1)


def naive_polars(frame: pl.DataFrame, where: pl.Expr | None = None) -> pl.DataFrame:
    """Sort, shift and count over the actor, as it is usually written."""
    events = frame.lazy() if where is None else frame.lazy().filter(where)
    limit = pl.duration(microseconds=1_800_000_000 + next(fresh))
    return (
        events.sort("user", "ts")
        .with_columns(new=(pl.col("ts").diff().over("user") > limit).fill_null(True))
        .with_columns(number=pl.col("new").cum_sum().over("user"))
        .group_by("user", "number")
        .agg(pl.col("ts").min().alias("start"), pl.col("ts").max().alias("end"), pl.len())
        .collect()
    )


def duckdb_sql(frame: pl.DataFrame, where: str = "TRUE") -> int:
    """The same with window functions; `frame` is read where it lies."""
    limit = 1_800_000_000 + next(fresh)
    return duckdb.sql(
        f"""
        WITH flagged AS (
            SELECT *, epoch_us(ts) - lag(epoch_us(ts)) OVER (PARTITION BY user ORDER BY ts) > {limit} AS new
            FROM frame WHERE {where}
        ), numbered AS (
            SELECT *, sum(coalesce(new, true)::INT) OVER (PARTITION BY user ORDER BY ts ROWS UNBOUNDED PRECEDING) AS n
            FROM flagged
        )
        SELECT user, n, min(ts), max(ts), count(*) FROM numbered GROUP BY ALL
        """
    ).pl().height  # fmt: skip


def duckdb_count(frame: pl.DataFrame) -> int:
    where = f"platform IN ('ios', 'web') AND amount > {next(fresh)}e-6"
    return duckdb.from_arrow(frame.to_arrow()).filter(where).aggregate("count(*)").fetchall()[0][0]


# ---- a new inactivity


@pytest.mark.benchmark(group="new inactivity -> session table")
def test_inactivity(benchmark: Benchmark, log: LocalEngine):
    log.table(define())
    assert once(benchmark, lambda: log.table(define())).height


@pytest.mark.benchmark(group="new inactivity -> session table")
def test_inactivity_public_frame(benchmark: Benchmark, log: LocalEngine):
    assert once(benchmark, lambda: log.sessions(define())).height


@pytest.mark.benchmark(group="new inactivity -> session table")
def test_inactivity_naive_polars(benchmark: Benchmark, frame: pl.DataFrame):
    assert once(benchmark, lambda: naive_polars(frame), rounds=1).height


@pytest.mark.benchmark(group="new inactivity -> session table")
def test_inactivity_duckdb(benchmark: Benchmark, frame: pl.DataFrame):
    assert once(benchmark, lambda: duckdb_sql(frame), rounds=1)


@pytest.mark.benchmark(group="number of sessions under the slider")
def test_gap_curve(benchmark: Benchmark, log: LocalEngine):
    curve = log.gap_curve(define())
    assert once(benchmark, lambda: curve.sessions(define().inactivity))


# ---- charts over time


def over_time(**fields: Any) -> explorer.Chart:
    """A chart that has not been asked before: 180 days, a step each day."""
    return explorer.Chart("line", "visit", every="1d", where=f"event_count > {next(fresh)}e-6", **fields)


@pytest.mark.parametrize("measure", ["count", "actors", "median duration", "mean duration"])
@pytest.mark.parametrize("over", [None, "7d", "28d"])
@pytest.mark.benchmark(group="chart over time")
def test_windows(benchmark: Benchmark, log: LocalEngine, measure: str, over: str | None):
    visit = define()
    log.table(visit)
    assert once(benchmark, lambda: log.query(over_time(measure=measure, over=over, previous="week"), visit)).height


@pytest.mark.benchmark(group="chart over time")
def test_windows_under_a_brush(benchmark: Benchmark, log: LocalEngine):
    visit = define()
    rows = pl.Series(range(0, log.table(visit).height, 2))
    chart = over_time(measure="median duration", over="7d", previous="week")
    log.query(chart, visit)
    assert once(benchmark, lambda: log.query(chart, visit, rows)).height


@pytest.mark.parametrize("measure", ["count", "median(duration)"])
@pytest.mark.benchmark(group="chart over time")
def test_windows_duckdb(benchmark: Benchmark, log: LocalEngine, measure: str):
    """Each day joined with the sessions of its seven days."""
    sessions = log.sessions(define()).select("start", duration=pl.col("duration").dt.total_microseconds())
    function = "count(*)" if measure == "count" else measure
    sql = f"""
        WITH sessions AS (FROM given), days AS (SELECT DISTINCT date_trunc('day', start) AS day FROM sessions)
        SELECT day, {function} FROM days JOIN sessions
        ON start >= day - INTERVAL 6 DAY AND start < day + INTERVAL 1 DAY GROUP BY day
    """
    assert once(benchmark, lambda: duckdb.from_arrow(sessions.to_arrow()).query("given", sql).pl(), rounds=1).height


# ---- filters


@pytest.mark.benchmark(group="filter count")
def test_count(benchmark: Benchmark, log: LocalEngine):
    assert once(benchmark, lambda: log.count(f"platform IN ('ios', 'web') AND amount > {next(fresh)}e-6"))


@pytest.mark.benchmark(group="filter count")
def test_count_naive_polars(benchmark: Benchmark, frame: pl.DataFrame):
    def work() -> int:
        where = pl.col("platform").is_in(["ios", "web"]) & (pl.col("amount") > next(fresh) * 1e-6)
        return frame.lazy().filter(where).select(pl.len()).collect().item()

    assert once(benchmark, work)


@pytest.mark.benchmark(group="filter count")
def test_count_duckdb(benchmark: Benchmark, frame: pl.DataFrame):
    assert once(benchmark, lambda: duckdb_count(frame))


@pytest.mark.benchmark(group="filter and cut again")
def test_filter(benchmark: Benchmark, log: LocalEngine):
    def work() -> pl.DataFrame:
        return log.table(define(where=f"platform != 'ios' AND amount > {next(fresh)}e-6"))

    assert once(benchmark, work).height


@pytest.mark.benchmark(group="filter and cut again")
def test_filter_naive_polars(benchmark: Benchmark, frame: pl.DataFrame):
    assert once(benchmark, lambda: naive_polars(frame, pl.col("platform") != "ios"), rounds=1).height


@pytest.mark.benchmark(group="filter and cut again")
def test_filter_duckdb(benchmark: Benchmark, frame: pl.DataFrame):
    assert once(benchmark, lambda: duckdb_sql(frame, "platform != 'ios'"), rounds=1)


# ---- metrics

METRICS = [
    ("count", None, "event = 'purchase'"),
    ("sum", "amount", None),
    ("n_unique", "page", None),
    ("median", "amount", None),
    ("first", "page", None),
    ("time_to", None, "event = 'purchase'"),
]


@pytest.mark.benchmark(group="one more metric")
@pytest.mark.parametrize(("aggregate", "column", "where"), METRICS, ids=[name for name, _, _ in METRICS])
def test_metric(benchmark: Benchmark, log: LocalEngine, aggregate: str, column: str | None, where: str | None):
    definition = define()
    log.table(definition)

    def work() -> pl.DataFrame:
        metric = explorer.Metric(f"m{next(fresh)}", aggregate, column=column, where=where)
        return log.table(definition.replace(metrics=(metric,)))

    assert once(benchmark, work).height


# ---- loading


@pytest.mark.benchmark(group="load")
def test_connect(benchmark: Benchmark, frame: pl.DataFrame):
    assert once(benchmark, lambda: explorer.connect(frame), rounds=2)


@pytest.mark.benchmark(group="load")
def test_connect_parquet(benchmark: Benchmark, parquet: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", "")
    assert once(benchmark, lambda: explorer.connect(parquet), rounds=2)


@pytest.mark.benchmark(group="load")
def test_open_a_known_file(benchmark: Benchmark, parquet: Path):
    explorer.connect(parquet)
    assert once(benchmark, lambda: explorer.connect(parquet))


@pytest.mark.benchmark(group="load")
def test_read_and_sort_polars(benchmark: Benchmark, parquet: Path):
    def work() -> pl.DataFrame:
        events = pl.read_parquet(parquet)
        return events.with_columns(pl.col("user").cast(pl.Categorical).to_physical().alias("code")).sort("code", "ts")

    assert once(benchmark, work, rounds=2).height


# ---- drawing and brushing


@pytest.mark.benchmark(group="spec change -> all that charts need")
def test_picture(benchmark: Benchmark, log: LocalEngine):
    def work() -> Any:
        definition = define()
        return coded_of(log.session_table(definition))

    assert once(benchmark, work)


@pytest.mark.benchmark(group="brush")
def test_brush_table(benchmark: Benchmark, log: LocalEngine):
    """What the browser is sent when the pointer enters a chart; every step of the drag is then a subtraction."""
    definition = define()
    crossfilter = coded_of(log.session_table(definition)).crossfilter
    other = Selection().with_("event_count", Range(2, 20))
    assert once(benchmark, lambda: crossfilter.running("duration", other))


@pytest.mark.benchmark(group="brush")
def test_brush_rests(benchmark: Benchmark, log: LocalEngine):
    definition = define()
    drawn = coded_of(log.session_table(definition))

    def work() -> Any:
        selection = Selection().with_("duration", Range(next(fresh), 10 * MINUTE, "duration"))
        return drawn.crossfilter.counts(selection), drawn.numbers(selection)

    assert once(benchmark, work)


@pytest.mark.benchmark(group="brush", timer=process_time)
def test_what_is_different(benchmark: Benchmark, log: LocalEngine):
    """Everything that the selected sessions have more or less often than the others, in seconds of processor."""
    drawn = coded_of(log.session_table(define()))

    def work() -> Any:
        return drawn.different(Selection().with_("duration", Range(next(fresh), 10 * MINUTE, "duration")))

    assert once(benchmark, work).rows


# ---- live previews


def tree() -> list[Clause]:
    """Twelve rules in four groups, none asked before, and the groups."""
    n = next(fresh)
    rules = [
        f"amount > {n}e-6", "platform = 'ios'", f"page = '/page/{n}'", f"contains(page, '{n}')",
        f"amount BETWEEN {n}e-6 AND 70", f"event IN ('login', 'e{n}')", f"page LIKE '%{n}'", f"user != 'u{n}'",
        f"NOT event = 'e{n}'", f"ts > '2024-01-01 00:00:00.{n:06}'", f"page ~ '{n}$'", f"starts_with(user, 'u{n}')",
    ]  # fmt: skip
    leaves = [parse(rule) for rule in rules]
    groups = [kind(tuple(leaves[at : at + 3])) for at, kind in ((0, All), (3, Either), (6, All), (9, Either))]
    return [*leaves, *groups, Either(tuple(groups))]


@pytest.mark.benchmark(group="preview: totals of a changed definition")
@pytest.mark.parametrize("rule", ["inactivity", "where", "restart", "where and max_duration", "keep"])
def test_totals(benchmark: Benchmark, log: LocalEngine, rule: str):
    def changed() -> explorer.SessionDefinition:
        where = f"platform != 'ios' AND amount > {next(fresh)}e-6"
        return {
            "inactivity": lambda: define(),
            "where": lambda: define(where=where),
            "restart": lambda: define(restart=f"event = 'login' AND amount > {next(fresh)}e-6"),
            "where and max_duration": lambda: define(where=where, max_duration="1h"),
            "keep": lambda: define(keep=f"event_count > 2 AND duration > '{next(fresh)}us'"),
        }[rule]()

    assert once(benchmark, lambda: totals(log.session_table(changed()))).sessions


@pytest.mark.benchmark(group="preview: totals without split_by's sort")
def test_totals_of_a_split(benchmark: Benchmark, log: LocalEngine):
    def work() -> Any:
        return totals(log.session_table(define(split_by="platform", where=f"amount > {next(fresh)}e-6")))

    assert once(benchmark, work).sessions


@pytest.mark.benchmark(group="preview: effect of every rule")
def test_effects(benchmark: Benchmark, log: LocalEngine):
    def work() -> Any:
        where = f"platform != 'ios' AND amount > {next(fresh)}e-6"
        return effects(
            log.session_table(define(where=where, restart="event = 'login'", end="event = 'purchase'", boundary=">="))
        )

    assert len(once(benchmark, work)) == 4


@pytest.mark.benchmark(group="preview: 12 rules in 4 groups")
def test_counts(benchmark: Benchmark, log: LocalEngine):
    assert not once(benchmark, lambda: counts(log.event_table, tree()))[1]


@pytest.mark.benchmark(group="preview: 12 rules in 4 groups")
def test_counts_of_one_more_rule(benchmark: Benchmark, log: LocalEngine):
    old = tree()
    counts(log.event_table, old)

    def work() -> Any:
        new = parse(f"amount < {next(fresh)}")
        return counts(log.event_table, [*old, new, All((old[-1], new))])

    assert not once(benchmark, work)[1]


@pytest.mark.benchmark(group="preview: sample of events")
def test_sample(benchmark: Benchmark, log: LocalEngine):
    assert once(benchmark, lambda: sample(log.event_table, f"amount > {next(fresh)}e-6")).height == 5


@pytest.mark.benchmark(group="preview: menus")
def test_menu(benchmark: Benchmark, log: LocalEngine):
    def work() -> Any:
        log.event_table.stages = Stages()
        return menu(log.event_table)

    assert once(benchmark, work)


@pytest.mark.benchmark(group="preview: menus")
def test_session_menu(benchmark: Benchmark, log: LocalEngine):
    metrics = [explorer.Metric(name, name, column=column, where=where) for name, column, where in METRICS]

    def fresh_table() -> tuple[tuple[explorer.SessionDefinition], dict[str, Any]]:
        definition = define(metrics=metrics)
        log.table(definition)
        return (definition,), {}

    assert benchmark.pedantic(
        lambda definition: session_menu(log.session_table(definition)), setup=fresh_table, rounds=5
    )


@pytest.mark.benchmark(group="preview: a metric tried out")
@pytest.mark.parametrize(("aggregate", "column", "where"), METRICS, ids=[name for name, _, _ in METRICS])
def test_trial(benchmark: Benchmark, log: LocalEngine, aggregate: str, column: str | None, where: str | None):
    definition = define()
    log.table(definition)

    def work() -> Any:
        asked = f"amount > {next(fresh)}e-6" + (f" AND {where}" if where else "")
        return trial(log.session_table(definition), explorer.Metric("m", aggregate, column=column, where=asked))

    assert once(benchmark, work).with_value


@pytest.mark.benchmark(group="report")
def test_file_to_report(benchmark: Benchmark, parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file that has never been read, to the HTML of all its sessions."""
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", "")

    def work() -> Any:
        engine = explorer.connect(parquet)
        return report(engine, explorer.Analysis(engine.columns, (define(),)), tmp_path / "report.html")

    assert once(benchmark, work, rounds=1).stat().st_size < 4e6


def test_the_naive_ways_agree(log: LocalEngine, frame: pl.DataFrame):
    """The comparison is fair: all three count the same sessions."""
    log.event_table.stages = Stages()
    found = log.table(explorer.SessionDefinition(name="visit", inactivity="30m")).height
    assert abs(naive_polars(frame).height - found) <= 5
    assert abs(duckdb_sql(frame) - found) <= 5
