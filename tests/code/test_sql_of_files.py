"""The SQL for DuckDB reads the file that was explored by itself, and gives its sessions."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

import explorer
from explorer.code.languages import code
from explorer.spec.analysis import Analysis
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m", metrics=[{"name": "spent", "aggregate": "sum", "column": "amount"}])
BEGIN = datetime(2024, 3, 1, 9, tzinfo=UTC)
TIMES = {
    "iso": lambda at: at.strftime("%Y-%m-%d %H:%M:%S"),
    "iso, fractions": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.%f"),
    "utc": lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "offset": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
    "day first": lambda at: at.strftime("%d.%m.%Y %H:%M"),
    "seconds": lambda at: str(int(at.timestamp())),
    "milliseconds": lambda at: str(int(at.timestamp() * 1000)),
    "seconds with fractions": lambda at: f"{at.timestamp():.1f}",
}


def rows(form: str) -> pl.DataFrame:
    times = [BEGIN + timedelta(minutes=n * n % 211, days=n % 20) for n in range(80)]
    return pl.DataFrame(
        {
            "user": [f"u{n % 7}" for n in range(80)],
            "ts": [TIMES[form](at) for at in times],
            "event": [None if n % 5 == 0 else "ab"[n % 2] for n in range(80)],
            "amount": [n / 4 for n in range(80)],
            "order": range(80),
        }
    )


def asked(path: Path | str) -> tuple[str, pl.DataFrame]:
    engine = explorer.connect(path, actor="user", time="ts", event="event", order="order")
    analysis = Analysis(engine.columns, (VISIT,))
    return code(engine, analysis, "sql"), engine.sessions(VISIT)


def same(text: str, wanted: pl.DataFrame) -> None:
    found = duckdb.connect().sql(text).pl()
    for name in ("session_id", "event_count", "started_by", "spent"):
        assert found[name].to_list() == wanted[name].to_list(), name
    assert found["duration"].to_list() == wanted["duration"].dt.total_microseconds().to_list()


@pytest.mark.parametrize("form", TIMES)
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".tsv", ".parquet"])
def test_it_runs_on_the_file_that_it_was_made_for(
    tmp_path: Path, form: str, suffix: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    path = Path(f"it's [1]{suffix}")
    Path(f"it's 1{suffix}").write_text("user,ts,event,amount,order\n")
    frame = rows(form)
    if suffix == ".parquet":
        frame.write_parquet(path)
    else:
        text = frame.write_csv(separator="\t" if suffix == ".tsv" else ",").encode()
        path.write_bytes(gzip.compress(text) if suffix.endswith(".gz") else text)
    text, wanted = asked(path)
    same(text, wanted)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC"])
def test_times_of_parquet(tmp_path: Path, unit: str, zone: str | None):
    frame = rows("iso").with_columns(pl.col("ts").str.to_datetime().dt.cast_time_unit(unit).dt.replace_time_zone(zone))  # type: ignore[arg-type]
    path = tmp_path / "events.parquet"
    frame.write_parquet(path)
    text, wanted = asked(path)
    if unit != "ns" or zone is None:
        assert "READ_PARQUET" in text
        same(text, wanted)


def test_texts_for_nothing_and_quoted_empty_ones(tmp_path: Path):
    path = tmp_path / "events.csv"
    path.write_text(
        'user,ts,event\na,2024-03-01 10:00,""\nNA,2024-03-01 10:05,view\n"",2024-03-01 10:06,view\nb,-,view\n'
    )
    engine = explorer.connect(path, actor="user", time="ts", event="event", null_values=["NA", "-"])
    definition = VISIT.replace(metrics=[{"name": "kinds", "aggregate": "n_unique", "column": "event"}])
    text = code(engine, Analysis(engine.columns, (definition,)), "sql")
    assert "READ_CSV" in text
    wanted = engine.sessions(definition)
    found = duckdb.connect().sql(text).pl()
    assert found["session_id"].to_list() == wanted["session_id"].to_list() == ["a/1"]
    assert found["kinds"].to_list() == wanted["kinds"].to_list() == [0]


def test_what_duckdb_reads_otherwise_says_what_the_table_must_be(tmp_path: Path):
    path = tmp_path / "events.csv"
    frame = rows("iso").with_columns(ts=pl.lit("3/14/2024 5:01 PM"))
    frame.write_csv(path, separator=";")
    text, _ = asked(path)
    assert "READ_CSV" not in text
    assert "-- Its column ts must be a TIMESTAMP" in text
