"""The Polars script, run without anything of ours, gives the engine's sessions."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explorer
from explorer.code.polars import polars_code
from explorer.engine.local.engine import LocalEngine
from explorer.spec.analysis import Analysis
from explorer.spec.columns import Columns
from explorer.spec.expression.clause import parse
from explorer.spec.needed import columns_read
from explorer.spec.session import SessionDefinition
from tests.code.running import check, run
from tests.examples import examples
from tests.factories import GALLERY, ROOT, connect, made
from tests.strategies import Log, actor_metrics, definitions, logs

pytestmark = pytest.mark.slow

SHOP = ROOT / "sample_data" / "shop.csv.gz"


def script(engine: LocalEngine, definition: SessionDefinition) -> str:
    return polars_code(engine, definition)


@examples(80)
@given(logs(), definitions())
def test_any_definition_over_any_log(log: Log, definition: SessionDefinition):
    engine = connect(log)
    check(engine, definition, run(script(engine, definition), events=log.frame))


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_the_gallery(path: Path):
    analysis = Analysis.from_yaml(path.read_text())
    for frame in (made(), made().with_columns(pl.col("ts").dt.replace_time_zone("UTC"))):
        engine = explorer.connect(frame, **(analysis.columns.plain() | {"unit": None}))
        cohorts = {cohort.name for cohort in analysis.cohorts}
        for definition in analysis.sessions:
            if cohorts & columns_read(definition):  # refused in a sentence, see test_others.py
                continue
            check(engine, definition, run(script(engine, definition), events=frame))


def test_the_sample_in_a_process_of_its_own(tmp_path: Path):
    analysis = Analysis.from_yaml((ROOT / "sample_data" / "shop.yaml").read_text())
    engine = explorer.connect(SHOP, **analysis.columns.plain())
    for definition in analysis.sessions:
        code = script(engine, definition) + 'sessions.write_parquet("out.parquet")\nactors.write_parquet("a.parquet")\n'
        (tmp_path / "script.py").write_text(code)
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, env=clean, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found = {
            name: pl.read_parquet(tmp_path / f"{file}.parquet") for name, file in (("sessions", "out"), ("actors", "a"))
        }
        check(engine, definition, found)
        assert "explorer" not in code.replace("Session Explorer", "")


def test_a_condition_that_is_turned_around_is_asked_as_a_whole():
    turned = {"where": "NOT event = 'view'"}
    metrics = [{"name": name, "aggregate": name, **turned} for name in ("any", "count", "time_to")]
    metrics.append({"name": "scoped", "aggregate": "count", "scope": {"contains": "NOT event = 'view'", "nth": -1}})
    engine = explorer.connect(made(), actor="user", time="ts")
    definition = SessionDefinition("visit", "30m", metrics=metrics)
    check(engine, definition, run(script(engine, definition), events=made()))


def test_what_is_selected():
    engine = explorer.connect(made(), actor="user", time="ts")
    definition = SessionDefinition("visit", "30m")
    clause = parse("duration >= '1m' AND NOT (started_by = 'first')")
    code = polars_code(engine, definition, clause)
    found = run(code, events=made())["selected"]
    assert found.height == engine.sessions(definition.replace(keep=clause)).height > 0


def test_what_is_selected_by_the_time_between_sessions():
    engine = explorer.connect(made(), actor="user", time="ts")
    definition = SessionDefinition("visit", "30m")
    clause = parse("since_previous > '1h' OR CASE WHEN session_number = 1 THEN 'new' ELSE 'old' END = 'new'")
    found = run(polars_code(engine, definition, clause), events=made())
    assert found["selected"].columns == found["sessions"].columns == engine.sessions(definition).columns
    assert found["selected"].height == engine.sessions(definition.replace(keep=clause)).height > 0


@examples(40)
@given(logs(), definitions(), st.data())
def test_any_actor_metrics_over_any_log(log: Log, definition: SessionDefinition, data: st.DataObject):
    definition = definition.replace(actor_metrics=data.draw(actor_metrics(definition)))
    engine = connect(log)
    check(engine, definition, run(script(engine, definition), events=log.frame))


TIMES: list[tuple[str, Any]] = [
    ("texts", ["2024-03-01 10:00", " 2024-03-01T10:05:00.5 ", "2024-03-02", "nonsense"]),
    ("texts with a zone", ["2024-03-01T10:00:00+01:00", "2024-03-01T10:05:00Z", "2024-03-01 10:00:00", None]),
    ("american", ["03/04/2024 10:00", "03/13/2024 10:00", "03/14/2024 10:00", None]),
    ("seconds", [1_709_287_200, 1_709_287_300, 1_709_290_000, None]),
    ("milliseconds", [1_709_287_200_123, 1_709_287_300_000, 1_709_290_000_000, None]),
    ("nanoseconds", [1_709_287_200_123_456_789, 1_709_287_300_000_000_001, 1_709_290_000_000_000_000, None]),
    ("decimal", [1_709_287_200.25, 1_709_287_300.5, 1_709_290_000.0, None]),
    ("numbers in texts", ["1709287200", " 1709287300.5", "1709290000", "x"]),
    ("days", pl.Series([19_783, 19_784, 19_790, None]).cast(pl.Date)),
    ("another zone", pl.Series([10**15, 10**15 + 1, 10**15 + 2, None]).cast(pl.Datetime("ns", "Asia/Kathmandu"))),
    ("milliseconds typed", pl.Series([10**12, 10**12 + 1, 10**12 + 2, None]).cast(pl.Datetime("ms"))),
]


@pytest.mark.parametrize("times", [times for _, times in TIMES], ids=[name for name, _ in TIMES])
def test_how_times_are_read(times: Any):
    frame = pl.DataFrame({"who": ["b", "a", "a", "a"], "start": times, "kind": ["x", "y", None, "x"]})
    frame = frame.with_columns(pl.col("kind").cast(pl.Categorical))
    engine = explorer.connect(frame, actor="who", time="start")
    definition = SessionDefinition("visit", "30m", restart="start >= '2024-03-01 10:05' AND kind = 'x'")
    check(engine, definition, run(script(engine, definition), events=frame))


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".tsv", ".parquet", ".ndjson", ".arrow"])
def test_how_files_are_read(tmp_path: Path, suffix: str):
    path = tmp_path / f"it's{suffix}"
    frame = made().head(50)
    match suffix:
        case ".parquet":
            frame.write_parquet(path)
        case ".arrow":
            frame.write_ipc(path)
        case ".ndjson":
            frame.write_ndjson(path)
        case ".tsv":
            frame.write_csv(path, separator="\t")
        case _:
            data = frame.write_csv().encode()
            path.write_bytes(gzip.compress(data) if suffix == ".csv.gz" else data)
    engine = explorer.connect(path, actor="user", time="ts")
    definition = SessionDefinition("visit", "30m", metrics=[{"name": "most", "aggregate": "max", "column": "amount"}])
    check(engine, definition, run(script(engine, definition)))


def test_folders_that_tell_values(tmp_path: Path):
    for at, country in enumerate(("de", "it's")):
        folder = tmp_path / "logs" / f"country={country}"
        folder.mkdir(parents=True)
        made()[at * 40 : at * 40 + 40].write_parquet(folder / "a.parquet")
    engine = explorer.connect(tmp_path / "logs", actor="user", time="ts")
    definition = SessionDefinition("visit", "30m", where="country != 'de'", split_by=("country",))
    check(engine, definition, run(script(engine, definition)))
    engine = explorer.connect(tmp_path / "logs" / "*" / "*.parquet", actor="user", time="ts")
    check(engine, definition, run(script(engine, definition)))


def test_types_that_the_first_rows_do_not_tell(tmp_path: Path):
    path = tmp_path / "late.csv"
    rows = [f"a,{1_700_000_000 + at},{at}" for at in range(12_000)] + ["a,1700099999,x"]
    path.write_text("who,ts,n\n" + "\n".join(rows))
    engine = explorer.connect(path, actor="who", time="ts")
    definition = SessionDefinition("visit", "30m", where="n != 'x'")
    check(engine, definition, run(script(engine, definition)))


HOSTILE = ["start", "session", "place", "events", "a\"b'c\\", "日\n本", "session_id", "pl", "duration_in_source"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_and_values(name: str):
    values = [name, "\\' OR", "a\nb", '"""', name, None]
    frame = pl.DataFrame({name: values, name + " too": values[::-1], "at": range(1_700_000_000, 1_700_000_600, 100)})
    for actor, other in ((name, name + " too"), (name + " too", name)):
        engine = explorer.connect(frame, actor=actor, time="at")
        quoted, column = name.replace("'", "''"), other.replace('"', '""')
        definition = SessionDefinition(
            name,
            "1m",
            restart=f"\"{column}\" = '{quoted}'",
            split_by=(other,),
            max_duration="2m",
            metrics=[
                {"name": f"{name} 2", "aggregate": "last", "column": other},
                {"name": "n", "aggregate": "count", "scope": {"where": f"\"{column} 2\" = 'x'"}},
            ]
            if other == name
            else (),
            description='"""\nimport os',
        )
        check(engine, definition, run(script(engine, definition), events=frame))


def test_an_empty_result():
    engine = explorer.connect(made(), actor="user", time="ts")
    definition = SessionDefinition("visit", "30m", where="event = 'never'", max_duration="2h")
    check(engine, definition, run(script(engine, definition), events=made()))


def test_columns_are_said_once(tmp_path: Path):
    columns = Columns(actor=("user", "platform"), time="ts", order=("page",), drop_duplicates=True)
    frame = pl.concat([made(), made().head(20)])
    engine = explorer.connect(frame, **columns.plain())
    definition = SessionDefinition("visit", "30m", split_by=("event",))
    check(engine, definition, run(script(engine, definition), events=frame))


def test_a_pattern_or_folder_of_one_file(tmp_path: Path):
    made().write_parquet(tmp_path / "one.parquet")
    definition = SessionDefinition("visit", "30m")
    for source in (tmp_path, tmp_path / "*.parquet"):
        engine = explorer.connect(source, actor="user", time="ts", event="event")
        check(engine, definition, run(script(engine, definition)))
