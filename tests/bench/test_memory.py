"""Peak memory of reading a Parquet file and cutting it once, each way in a process of its own (Linux)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


@pytest.mark.parametrize(("name", "code"), [("ours", OURS), ("naive polars", POLARS), ("duckdb", DUCKDB)])
def test_peak(name: str, code: str, parquet: Path, capsys: pytest.CaptureFixture[str]):
    run = subprocess.run(
        [sys.executable, "-c", code + PEAK, str(parquet)], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    peak = int(run.stdout.split()[-1])
    with capsys.disabled():
        print(f"\npeak memory, {name}: {peak / 1e9:.2f} GB")
    assert peak
