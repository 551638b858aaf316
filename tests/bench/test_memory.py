"""Peak memory of reading a Parquet file and cutting it once, each way in a process of its own (Linux)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Not getrusage: on Linux a process inherits the peak of the one that started it.
PEAK = """
import re, pathlib
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]) * 1024)
"""
OURS = """
import sys, explorer
log = explorer.connect(sys.argv[1])
assert log.table(explorer.SessionDefinition(name="visit", inactivity="30m")).height
"""
POLARS = """
import sys, polars as pl
new = (pl.col("ts").diff().over("user") > pl.duration(minutes=30)).fill_null(True)
events = pl.read_parquet(sys.argv[1]).sort("user", "ts").with_columns(new=new)
events = events.with_columns(number=pl.col("new").cum_sum().over("user"))
assert events.group_by("user", "number").agg(pl.col("ts").min(), pl.len()).height
"""
DUCKDB = """
import sys, duckdb
assert duckdb.sql(f'''
    WITH flagged AS (
        SELECT *, epoch_us(ts) - lag(epoch_us(ts)) OVER (PARTITION BY user ORDER BY ts) > 1800000000 AS new
        FROM '{sys.argv[1]}'
    ), numbered AS (
        SELECT *, sum(coalesce(new, true)::INT) OVER (PARTITION BY user ORDER BY ts ROWS UNBOUNDED PRECEDING) AS n
        FROM flagged
    )
    SELECT user, n, min(ts), count(*) FROM numbered GROUP BY ALL
''').pl().height
"""


@pytest.mark.parametrize("code", [OURS, POLARS, DUCKDB], ids=["ours", "naive_polars", "duckdb"])
@pytest.mark.benchmark(group="peak memory")
def test_peak(benchmark: Any, code: str, parquet: Path):
    command = [sys.executable, "-c", code + PEAK, str(parquet)]

    def work() -> int:
        run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path.cwd())
        return int(run.stdout.split()[-1])

    peak = benchmark.pedantic(work, rounds=1, iterations=1)
    benchmark.extra_info["peak_bytes"] = peak
    assert peak
