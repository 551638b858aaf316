"""How cost grows with the events: `python -m tests.bench.growth [--events 1e6 1e7 1e8] [--readme]` (Linux).

Each way and size is a process of its own, which says the seconds of each step, its peak of memory, and the sessions
that it found: all ways must have found the same. 8 GB are allowed;
a way that cannot keep within them is left out, and said.
With --readme the figures are kept beside the benchmarks and drawn for README.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tests.bench.conftest import EVENTS_PER_ACTOR, made_up
from tests.bench.figures import ROOT, commit, machine
from tests.bench.growth_picture import drawn

FIGURES = Path(__file__).with_name("growth.json")
PICTURE = ROOT / ".pictures" / "growth.svg"
WAYS = ("ours", "polars", "duckdb")
# What it may hold in memory; two ways keep within it and use the disk.
ALLOWED = 8_000_000_000
# What cutting holds at its peak in Polars, in bytes per event: measured at ten million.
PER_EVENT = {"polars": 290}
PIECE = 10_000_000

BEFORE = """
import json, re, sys, time
from pathlib import Path
found, path = {}, sys.argv[1]
def step(name, work):
    began = time.perf_counter()
    result = work()
    found[name] = time.perf_counter() - began
    return result
"""
AFTER = """
found["peak"] = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
print(json.dumps(found))
"""
OURS = """
import explorer
from explorer.crossfilter.selections.selection import Range, Selection
def visit(inactivity="30m", **rules):
    return explorer.SessionDefinition("visit", inactivity, **rules)
log = step("load", lambda: explorer.connect(path, actor="user", time="ts", event="event"))
log.table(visit("31m"))
found["sessions"] = step("cut", lambda: log.table(visit()).height)
step("filter", lambda: log.table(visit(where="platform != 'ios'")).height)
metric = explorer.Metric("pages", "n_unique", column="page", where="amount > 10")
step("metric", lambda: log.table(visit(metrics=(metric,))).height)
coded = log.cut(visit()).coded()
brush = Selection().with_("duration", Range(1, 600_000_000, "duration"))
step("brush", lambda: (coded.counts(brush), coded.numbers(brush)))
"""
POLARS = """
import polars as pl
events = step("load", lambda: pl.read_parquet(path).sort("user", "ts"))
def cut(events):
    new = (pl.col("ts").diff().over("user") > pl.duration(minutes=30)).fill_null(True)
    numbered = events.lazy().with_columns(new=new).with_columns(number=pl.col("new").cum_sum().over("user"))
    return numbered.group_by("user", "number")
def whole(events):
    return cut(events).agg(pl.col("ts").min().alias("start"), pl.col("ts").max().alias("end"), pl.len()).collect()
sessions = step("cut", lambda: whole(events))
found["sessions"] = sessions.height
step("filter", lambda: whole(events.filter(pl.col("platform") != "ios")))
pages = pl.col("page").filter(pl.col("amount") > 10).n_unique()
step("metric", lambda: cut(events).agg(pages.alias("pages")).collect())
length = (pl.col("end") - pl.col("start")).dt.total_microseconds()
def brushed():
    some = sessions.filter(length.is_between(1, 600_000_000))
    some.select(length.median(), pl.col("len").sum(), pl.col("user").n_unique())
    some["len"].value_counts(), some.group_by(pl.col("start").dt.truncate("1d")).len()
step("brush", brushed)
"""
DUCKDB = """
import duckdb
d = duckdb.connect()
d.sql(f"SET temp_directory = '{path}.spilled'")
d.sql("SET memory_limit = '8GB'")
step("load", lambda: d.sql(f"CREATE TABLE events AS FROM '{path}'"))
def numbered(where):
    return f'''WITH flagged AS (
        SELECT *, epoch_us(ts) - lag(epoch_us(ts)) OVER (PARTITION BY user ORDER BY ts) > 1800000000 AS new
        FROM events WHERE {where}
    ), numbered AS (
        SELECT *, sum(coalesce(new, true)::INT) OVER (PARTITION BY user ORDER BY ts ROWS UNBOUNDED PRECEDING) AS n
        FROM flagged
    )'''
what = "SELECT user, n, min(ts) AS began, max(ts) AS ended, count(*) AS many FROM numbered GROUP BY ALL"
step("cut", lambda: d.sql(f"CREATE TABLE sessions AS {numbered('TRUE')} {what}"))
found["sessions"] = d.sql("SELECT count(*) FROM sessions").fetchall()[0][0]
step("filter", lambda: d.sql(f"CREATE TABLE others AS {numbered('platform != $$ios$$')} {what}"))
pages = "SELECT user, n, count(DISTINCT page) FILTER (amount > 10) FROM numbered GROUP BY ALL"
step("metric", lambda: d.sql(f"CREATE TABLE metric AS {numbered('TRUE')} {pages}"))
some = "FROM sessions WHERE epoch_us(ended) - epoch_us(began) BETWEEN 1 AND 600000000"
def brushed():
    d.sql(f"SELECT median(ended - began), sum(many), count(DISTINCT user) {some}").fetchall()
    d.sql(f"SELECT many, count(*) {some} GROUP BY ALL").fetchall()
    d.sql(f"SELECT date_trunc('day', began), count(*) {some} GROUP BY ALL").fetchall()
step("brush", brushed)
"""
CODE = {"ours": OURS, "polars": POLARS, "duckdb": DUCKDB}


def written(events: int, folder: Path) -> Path:
    """A file of so many events, made in pieces of other actors each; not sorted as a whole."""
    path = folder / f"{events}.parquet"
    pieces = []
    for at, begins in enumerate(range(0, events, PIECE)):
        some = made_up(min(PIECE, events - begins), seed=at)
        who = pl.col("user").str.slice(1).cast(pl.Int64) + at * (PIECE // EVENTS_PER_ACTOR)
        piece = folder / f"piece{at}.parquet"
        some.with_columns(pl.format("u{}", who).alias("user")).write_parquet(piece)
        pieces.append(piece)
    pl.scan_parquet(pieces).sink_parquet(path)
    for piece in pieces:
        piece.unlink()
    return path


def measured(way: str, path: Path) -> dict[str, float]:
    """The seconds of each step, the peak of memory in bytes, and the sessions found."""
    command = [sys.executable, "-c", BEFORE + CODE[way] + AFTER, str(path)]
    environment = os.environ | {"SESSION_EXPLORER_CACHE": f"{path}.stored", "SESSION_EXPLORER_MEMORY": str(ALLOWED)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def grown(sizes: Sequence[int]) -> list[dict[str, Any]]:
    """All ways at all sizes; `skipped` says why one is not there. Raises AssertionError where two ways disagree."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for events in sizes:
            path = written(events, Path(folder))
            counts = {}
            for way in WAYS:
                if (held := events * PER_EVENT.get(way, 0)) > ALLOWED:
                    said = f"would hold about {held / 1e9:.0f} GB"
                    found.append({"events": events, "way": way, "skipped": said})
                    continue
                its = measured(way, path)
                counts[way] = its.pop("sessions")
                found.append({"events": events, "way": way, "sessions": counts[way], **its})
                print(events, way, {name: round(value, 3) for name, value in its.items()}, flush=True)
            # The naive ways compare the last microsecond otherwise now and then.
            assert max(counts.values()) - min(counts.values()) <= 5, counts
            path.unlink()
    return found


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=float, nargs="+", default=[1e6, 1e7, 1e8])
    parser.add_argument("--readme", action="store_true", help="keep the figures, and draw README's picture from them")
    options = parser.parse_args()
    its = machine()
    found = {
        **commit(),
        "machine": its,
        "figures": grown([int(each) for each in options.events]),
    }
    if options.readme:
        FIGURES.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
        PICTURE.write_text(drawn(found["figures"]))


if __name__ == "__main__":
    main()
