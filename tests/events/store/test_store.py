"""What is stored is what was loaded; a cache that is shared, broken, full or off changes no answer."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.engine.shared import connect_once, is_known
from explorer.errors import SourceError
from explorer.events import load
from explorer.events.files.paths import found
from explorer.events.files.scan import Source
from explorer.events.machine import capacity
from explorer.events.machine.workplace import cache_folder
from explorer.events.store import cache, out_of_core, store
from explorer.spec.expression.clause import Clause
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition
from tests.events.store.storing import VISIT, assert_equal, stored
from tests.strategies import BEGIN, Log, clauses, definitions, logs

pytestmark = pytest.mark.slow


@given(logs(), definitions(), clauses())
def test_events_are_the_same_after_storing(
    tmp_path_factory: pytest.TempPathFactory, log: Log, definition: SessionDefinition, clause: Clause
):
    columns = log.columns
    events = load.load(log.frame, list(columns.actor), columns.time, columns.event, columns.order)
    path = tmp_path_factory.getbasetemp() / "same.arrow"
    store.write(events, path)
    read = store.read(path)
    assert read is not None
    fresh, again = LocalEngine(events), LocalEngine(read)
    assert_equal(fresh, again, definition)
    assert fresh.count(clause) == again.count(clause)


@given(logs(), definitions())
def test_events_are_the_same_from_disk(
    tmp_path_factory: pytest.TempPathFactory, log: Log, definition: SessionDefinition
):
    """The path of sources larger than memory, in pieces of three events."""
    base = tmp_path_factory.getbasetemp()
    path = base / "large.parquet"
    log.frame.write_parquet(path)
    columns = log.columns
    asked = (list(columns.actor), columns.time, columns.event, columns.order)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SESSION_EXPLORER_CACHE", "")
        fresh = LocalEngine(load.load(path, *asked))
        patch.setenv("SESSION_EXPLORER_MEMORY", "1")
        patch.setattr(out_of_core, "AT_ONCE", 3)
        mapped = LocalEngine(load.load(path, *asked))
    assert mapped.quality.said[-1].startswith("kept on disk")
    assert fresh.sessions(definition).equals(mapped.sessions(definition))
    assert fresh.events(definition).equals(mapped.events(definition))
    assert fresh.quality == replace(mapped.quality, said=fresh.quality.said)


def test_a_known_file_is_opened_again(shelf: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    fresh = explorer.connect(source)
    assert len(stored(shelf)) == 1
    never = Source(lambda: pytest.fail("read again"), files=found(source))
    monkeypatch.setattr(load, "scanned", lambda _: never)
    assert_equal(fresh, explorer.connect(source))


def test_what_was_said_of_a_source_larger_than_memory_is_said_again(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "large.csv"
    lines = [f"{'ann' if at % 2 else ''};d1;2024-03-01 10:0{at};{at - 2};{at}" for at in range(6)]
    path.write_text("\n".join(["user;device;ts;took_s;zip", *lines, "ann;d1;2024-03-01 10:09;;007"]))
    asked = {"identity": {"known": "user", "anonymous": "device"}, "time": "ts", "until": "took_s"}
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "1")
    monkeypatch.setattr(out_of_core, "AT_ONCE", 3)
    first = explorer.connect(path, **asked)
    assert first.quality.said[-1].startswith("kept on disk")
    assert len(stored(shelf)) == 1
    never = Source(lambda: pytest.fail("read again"), files=found(path))
    monkeypatch.setattr(load, "scanned", lambda _: never)
    again = explorer.connect(path, **asked)
    assert again.quality == first.quality
    assert again.quality.remarks(again.columns) == first.quality.remarks(first.columns)
    assert len(first.quality.remarked) > 2
    assert {"separator", "type of zip", "time format"} <= {one.what for one in again.quality.how_read}


def of_every_type() -> pl.DataFrame:
    return pl.DataFrame({"user": ["b", "a", None], "ts": [BEGIN] * 3}).with_columns(
        kind=pl.Series(["x", "y", "x"], dtype=pl.Enum(["y", "x"])),
        free=pl.Series([f"text {n}" for n in range(3)]),
        tags=pl.Series([["a"], [], None]),
        part=pl.Series([{"n": 1}, {"n": 2}, None]),
        day=pl.Series([BEGIN.date()] * 3),
        took=pl.Series([timedelta(seconds=1)] * 3),
        word=pl.Series(["p", "q", "p"], dtype=pl.Categorical),
        flag=pl.Series([True, None, False]),
        big=pl.Series([2**63] * 3, dtype=pl.UInt64),
        who=pl.Series(["n", "m", "m"], dtype=pl.Enum(["n", "m"])),
    )


@pytest.mark.parametrize("actor", ["user", "big", "who", ["who", "flag"]], ids=str)
def test_every_type_comes_back(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, actor: str | list[str]):
    path = tmp_path / "types.parquet"
    of_every_type().write_parquet(path)
    definition = VISIT.replace(metrics=[Metric("most", "max", column="kind"), Metric("least", "min", column="word")])
    fresh = explorer.connect(path, actor)
    assert len(stored(shelf)) == 1
    assert_equal(fresh, explorer.connect(path, actor), definition)
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", "")
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "1")
    mapped = explorer.connect(path, actor)
    assert mapped.sessions(definition).equals(fresh.sessions(definition))
    assert mapped.events(definition).equals(fresh.events(definition))


def test_a_changed_file_and_other_roles_are_read_anew(shelf: Path, source: Path):
    explorer.connect(source)
    explorer.connect(source, actor="event")
    explorer.connect(source, drop_duplicates=True)
    assert len(stored(shelf)) == 3
    pl.read_parquet(source).head(10).write_parquet(source)
    assert explorer.connect(source).quality.rows == 10
    assert len(stored(shelf)) == 4


BROKEN = [b"", b"ARROW1", b"junk" * 1000]


@pytest.mark.parametrize("content", BROKEN, ids=["empty", "cut", "junk"])
def test_a_broken_file_is_written_again(shelf: Path, source: Path, content: bytes):
    fresh = explorer.connect(source)
    [file] = stored(shelf)
    good = file.read_bytes()
    file.write_bytes(content if content != b"ARROW1" else good[: len(good) // 2])
    assert_equal(fresh, explorer.connect(source))
    assert stored(shelf) == [file]
    assert len(file.read_bytes()) == len(good)


def test_a_foreign_file_is_ignored(shelf: Path, source: Path):
    fresh = explorer.connect(source)
    [file] = stored(shelf)
    pl.DataFrame({"a": [1]}).write_ipc(file)
    assert_equal(fresh, explorer.connect(source))


def test_another_version_is_ignored(shelf: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    explorer.connect(source)
    [file] = stored(shelf)
    monkeypatch.setattr(store, "VERSION", store.VERSION + 1)
    assert store.read(file) is None
    explorer.connect(source)
    assert len(stored(shelf)) == 2


def test_the_file_is_one_record_batch_without_compression(shelf: Path, source: Path):
    explorer.connect(source)
    [file] = stored(shelf)
    reader = pa.ipc.open_file(pa.memory_map(str(file)))
    assert reader.num_record_batches == 1
    before = pa.total_allocated_bytes()
    events = store.read(file)
    assert events is not None
    assert events.keys["@time"].n_chunks() == 1
    assert pa.total_allocated_bytes() - before < 100_000


def test_the_oldest_use_goes_first(shelf: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    explorer.connect(source)
    [first] = stored(shelf)
    explorer.connect(source, actor="event")
    [second] = set(stored(shelf)) - {first}
    os.utime(second, (1, 1))
    os.utime(first, (2, 2))
    monkeypatch.setenv("SESSION_EXPLORER_CACHE_BYTES", str(int(first.stat().st_size * 2.5)))
    explorer.connect(source)
    assert first.stat().st_mtime > 2
    explorer.connect(source, actor="user", time="ts")
    assert second not in stored(shelf)
    assert first in stored(shelf)
    monkeypatch.setenv("SESSION_EXPLORER_CACHE_BYTES", "10")
    explorer.connect(source, unit="seconds")
    assert len(stored(shelf)) == 2  # what does not fit is not stored


def test_what_a_dead_process_left_is_removed(shelf: Path, source: Path):
    shelf.mkdir()
    old, new = shelf / ".a.part", shelf / ".b.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    explorer.connect(source)
    assert [path.suffix for path in stored(shelf)] == [".part", ".arrow"]
    assert not old.exists()


def test_an_empty_folder_name_switches_it_off(shelf: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", "")
    explorer.connect(source)
    assert stored(shelf) == []
    assert cache_folder() is None


def test_a_folder_that_cannot_be_written_changes_nothing(source: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "SMALL", 0)
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", str(source / "inside a file"))
    assert explorer.connect(source).quality.rows == 500
    cache.settle()


def test_frames_and_small_files_are_not_stored(shelf: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    explorer.connect(pl.read_parquet(source))
    monkeypatch.setattr(cache, "SMALL", 4_000_000)
    explorer.connect(source)
    assert stored(shelf) == []


def test_the_platforms_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("SESSION_EXPLORER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert cache_folder() == tmp_path / "session-explorer" or sys.platform == "darwin"


CHILD = """
import sys, explorer
from explorer.events.store import cache
from explorer.events.machine.workplace import cache_folder
cache.SMALL = 0
for _ in range(5):
    print(explorer.connect(sys.argv[1], drop_duplicates=False).quality.rows)
    for file in cache_folder().glob("*.arrow"):
        file.unlink(missing_ok=True)
"""


def test_two_processes_may_write_at_once(shelf: Path, source: Path):
    running = [
        subprocess.Popen([sys.executable, "-c", CHILD, str(source)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in running:
        said, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong.decode()
        assert said.split() == [b"500"] * 5
    assert_equal(explorer.connect(source), explorer.connect(source))


def test_a_source_that_memory_cannot_hold_is_stored_from_disk(
    shelf: Path, source: Path, monkeypatch: pytest.MonkeyPatch
):
    fresh = explorer.connect(pl.read_parquet(source))
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "1000")
    mapped = explorer.connect(source)
    assert [path.suffix for path in stored(shelf)] == [".arrow"]
    assert "kept on disk with everything else: loading needs about 0.0 GB of memory" in mapped.quality.said[-1]
    assert fresh.sessions(VISIT).equals(mapped.sessions(VISIT))
    assert_equal(mapped, explorer.connect(source))
    assert "POLARS_OOC_MEMORY_BUDGET_MB" not in os.environ


def test_a_full_disk_is_said(source: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "1000")
    monkeypatch.setattr(out_of_core, "disk_usage", lambda _: SimpleNamespace(free=10))
    with pytest.raises(SourceError, match="Set SESSION_EXPLORER_CACHE to a folder with more room"):
        explorer.connect(source)


def test_disk_is_used_even_where_the_cache_cannot_be_written(source: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "1000")
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", str(source / "inside a file"))
    assert explorer.connect(source).sessions(VISIT).equals(explorer.connect(pl.read_parquet(source)).sessions(VISIT))


def test_a_folder_is_connected_once(source: Path):
    engine = connect_once(source.parent)
    assert connect_once(source.parent) is engine
    assert connect_once(str(source.parent / "*.parquet")) is engine
    assert is_known(source.parent)
    pl.read_parquet(source).write_parquet(source.with_name("more.parquet"))
    assert connect_once(source.parent).quality.rows == 1000


@pytest.mark.parametrize("count", [254, 255, 256, 257, 65_534, 65_535, 65_536, 65_537])
def test_codes_are_as_wide_as_they_must_be(count: int, tmp_path: Path):
    texts = pl.Series("event", [f"e{n:05}" for n in range(count)])
    frame = pl.concat([texts, texts, texts, texts]).sort().to_frame().with_columns(user=pl.col("event"), ts=BEGIN)
    path = tmp_path / "wide.arrow"
    events = load.load(frame, "user", "ts")
    store.write(events, path)
    read = store.read(path)
    assert read is not None
    for one in (events, read):
        assert one.frame["event"].cast(pl.String).equals(frame["event"])
        assert one.frame["user"].cast(pl.String).equals(frame["user"])


def test_memory_is_a_number(monkeypatch: pytest.MonkeyPatch):
    assert capacity.available() > 0
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "8e9")
    assert capacity.available() == 8_000_000_000
