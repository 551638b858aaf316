"""A server's large load in another process: the same events, and whatever happens to it is one sentence here."""

import gzip
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.errors import SourceError
from explorer.events.files.paths import found
from explorer.events.machine import workplace
from explorer.events.store import apart
from explorer.spec.session import SessionDefinition
from tests.events.store.storing import assert_equal, stored

pytestmark = pytest.mark.slow

VISIT = SessionDefinition(name="visit", inactivity="30m")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(apart, "LEAST", 0)
    apart.begin()
    yield
    apart.end()


def test_only_a_server_and_only_what_is_large(source: Path):
    assert not apart.is_wanted(found(source))
    apart.begin()
    try:
        assert not apart.is_wanted(found(source))
        assert not apart.is_wanted(None)
        packed = source.with_name("packed.csv.gz")
        packed.write_bytes(gzip.compress(b"user,ts\n" + b"a,2024-03-01\n" * 2_000_000))
        assert packed.stat().st_size * apart.GZIPPED < apart.LEAST
        assert apart.is_wanted(found(packed))
    finally:
        apart.end()


def test_the_same_events_come_back(source: Path, shelf: Path, served: None, monkeypatch: pytest.MonkeyPatch):
    fresh = explorer.connect(pl.read_parquet(source))
    assert_equal(fresh, explorer.connect(source))
    for path in stored(shelf):
        path.unlink()
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", "")
    assert_equal(fresh, explorer.connect(source, actor=["user"], time="ts", event="event"))
    assert stored(shelf) == []
    derived = {"derived": {"who": "upper(user)", "half": "amount / 2"}, "actor": "who"}
    wanted = explorer.connect(pl.read_parquet(source), **derived)
    assert_equal(wanted, explorer.connect(source, **derived))


def test_what_is_large_is_stored_once(tmp_path: Path, shelf: Path, served: None, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "large.parquet"
    ts = pl.datetime_range(pl.datetime(2024, 1, 1), pl.datetime(2024, 1, 2), "300ms", eager=True)
    frame = pl.DataFrame({"ts": ts}).with_row_index("user").with_columns(pl.col("user").cast(pl.String) + "u")
    frame.write_parquet(path)
    engine = explorer.connect(path, actor="user", time="ts")
    assert engine.quality.rows == frame.height
    assert len(stored(shelf)) == 1
    monkeypatch.setattr(apart, "load", lambda *_: pytest.fail("read again"))
    assert explorer.connect(path, actor="user", time="ts").quality == engine.quality


def test_its_errors_are_said_here(source: Path, shelf: Path, served: None):
    with pytest.raises(SourceError, match=r"columns\.order: There is no column 'usr'\. Did you mean 'user'") as raised:
        explorer.connect(source, order="usr")
    assert raised.value.where == "columns.order"
    assert list(workplace.passing(shelf)) == []


DIES = """
import os, signal
os.kill(os.getpid(), signal.{signal})
"""


@pytest.mark.parametrize(("how", "said"), [("SIGKILL", "more memory than there is"), ("SIGSEGV", r"code -11\)")])
def test_its_death_is_one_sentence(
    tmp_path: Path, source: Path, shelf: Path, served: None, how: str, said: str, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "dies.py").write_text(DIES.format(signal=how))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(apart, "CHILD", "dies")
    with pytest.raises(SourceError, match=f"^Reading events.parquet .*{said}.*Nothing else was lost"):
        explorer.connect(source)
    assert list(workplace.passing(shelf)) == []


HUNGRY = """
import sys, time
held = []
while True:
    held.append(bytearray(b"x" * 20_000_000))
"""


def test_it_takes_no_more_memory_than_there_is_for_it(
    tmp_path: Path, source: Path, shelf: Path, served: None, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "hungry.py").write_text(HUNGRY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "1000")
    monkeypatch.setattr(apart, "CHILD", "hungry")
    monkeypatch.setattr(apart, "FLOOR", 300_000_000)
    with pytest.raises(SourceError, match=r"more memory than there is for it \(0\.3 GB\)"):
        explorer.connect(source)


PARENT = """
import sys, explorer
from explorer.events.store import apart
apart.LEAST = 0
apart.CHILD = "waits"
apart.begin()
explorer.connect(sys.argv[1])
"""
WAITS = """
import os, sys
from threading import Thread
from explorer.events.store.apart import wait_for_end
sys.stdin.buffer.raw.read(1)
open(sys.argv[0] + ".pid", "w").write(str(os.getpid()))
wait_for_end()
"""


def test_it_ends_with_the_server(tmp_path: Path, source: Path, shelf: Path):
    (tmp_path / "waits.py").write_text(WAITS)
    root = str(Path(__file__).resolve().parents[3])
    server = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(source)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([root, str(tmp_path)])},
    )
    told = tmp_path / "waits.py.pid"
    assert _in_time(lambda: told.exists() and told.read_text())
    child = int(told.read_text())
    server.kill()
    server.wait()
    assert _in_time(lambda: not _lives(child))


def test_two_at_once_do_not_meet(source: Path, shelf: Path, served: None):
    done: list[int] = []
    loads = [
        threading.Thread(target=lambda actor=actor: done.append(explorer.connect(source, actor=actor).quality.rows))
        for actor in ("user", "event")
    ]
    for each in loads:
        each.start()
    for each in loads:
        each.join()
    assert done == [500, 500]


def _in_time(holds: object) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if holds():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIG_DFL)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not (status.exists() and "zombie" in status.read_text())
