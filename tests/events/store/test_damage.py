"""Whatever happens to a stored file or to its source: the numbers are those of the source as it is, or none."""

import gc
import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

import explorer
from explorer.errors import SourceError
from explorer.events.files.paths import found as found_files
from explorer.events.load import load
from explorer.events.machine import workplace
from explorer.events.machine.workplace import Workplace
from explorer.events.store import cache, store
from explorer.spec.session import SessionDefinition
from tests.events.store.storing import stored

VISIT = SessionDefinition(name="visit", inactivity="30m")


def flipped(file: Path, at: int, content: bytes) -> None:
    changed = bytearray(content)
    changed[at] ^= 1 << random.Random(at).randrange(8)
    file.write_bytes(changed)


def test_no_flipped_bit_is_read(shelf: Path, source: Path):
    explorer.connect(source)
    [file] = stored(shelf)
    content = file.read_bytes()
    places = {*range(0, len(content), max(1, len(content) // 400)), *range(len(content) - 40, len(content))}
    for at in sorted(places):
        flipped(file, at, content)
        assert store.read(file) is None, at
    file.write_bytes(content)
    assert store.read(file) is not None


@pytest.mark.parametrize("damage", ["zeros", "short", "long", "twice", "empty"])
def test_a_damaged_file_is_removed_and_written_anew(shelf: Path, source: Path, damage: str):
    fresh = explorer.connect(source).sessions(VISIT)
    [file] = stored(shelf)
    good = file.read_bytes()
    middle = len(good) // 2
    file.write_bytes(
        {
            "zeros": good[:middle] + bytes(4096) + good[middle + 4096 :],
            "short": good[: middle * 2 - 100],
            "long": good + b"more",
            "twice": good + good,
            "empty": b"",
        }[damage]
    )
    assert store.read(file) is None
    place = cache.Place(file, None, ())  # type: ignore[arg-type]
    assert cache.recall(place) is None
    assert not file.exists()
    assert explorer.connect(source).sessions(VISIT).equals(fresh)
    assert [path.stat().st_size for path in stored(shelf)] == [len(good)]


def test_a_stored_file_is_an_arrow_file_still(shelf: Path, source: Path):
    explorer.connect(source)
    [file] = stored(shelf)
    assert pa.ipc.open_file(str(file)).get_batch(0).num_rows == 500
    assert pl.read_ipc(file).height == 500


@pytest.mark.parametrize("size", [500, 60_000])
@pytest.mark.parametrize("at", [0.02, 0.5, 0.98])
def test_a_source_rewritten_with_its_size_and_time_is_read_anew(
    shelf: Path,
    tmp_path: Path,
    size: int,
    at: float,
    monkeypatch: pytest.MonkeyPatch,
):
    path = tmp_path / "events.csv"
    rows = [f"u{n % 9},2024-03-01 {n % 24:02}:00:00,a{n:06}" for n in range(size)]
    path.write_text("\n".join(["user,ts,event", *rows]))
    before = path.stat()
    explorer.connect(path)
    stored(shelf)
    place = int(size * at)
    rows[place] = rows[place].replace(",a", ",b")
    path.write_text("\n".join(["user,ts,event", *rows]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    found = explorer.connect(path).events(VISIT)["event"].cast(pl.String)
    assert found.str.starts_with("b").sum() == 1


def test_what_changed_while_it_was_read_is_not_stored(shelf: Path, source: Path):
    events = load(source)
    [file] = stored(shelf)
    file.unlink()
    place = cache.place(found_files(source), {})
    assert place is not None
    assert place.is_of_now
    pl.read_parquet(source).head(10).write_parquet(source)
    cache.keep(place, events)
    assert stored(shelf) == []


def test_only_the_owner_reads_what_is_stored(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "SMALL", 0)
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", str(tmp_path / "deep" / "cache"))
    before = os.umask(0)
    try:
        explorer.connect(source)
        [file] = stored(tmp_path / "deep" / "cache")
        monkeypatch.setenv("SESSION_EXPLORER_MEMORY", "1")
        explorer.connect(source, actor="event")
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in stored(file.parent)} == {0o600}


def test_a_folder_of_ours_becomes_private_and_no_other(tmp_path: Path):
    ours, shared = tmp_path / "ours", tmp_path / "shared"
    for folder in (ours, shared):
        folder.mkdir()
        folder.chmod(0o755)
        (folder / "a.arrow").touch()
    (shared / "letter.txt").touch()
    assert workplace.private(ours)
    assert workplace.private(shared)
    assert [stat.S_IMODE(each.stat().st_mode) for each in (ours, shared)] == [0o700, 0o755]


def test_a_source_that_may_be_read_no_more_is_not_read_from_the_cache(
    shelf: Path,
    source: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    explorer.connect(source)
    stored(shelf)

    def refused(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(SourceError, match=r"events\.parquet cannot be read: Permission denied"):
        explorer.connect(source)


KILLED = """
import os, sys, explorer
from explorer.events.store import out_of_core
out_of_core._Plan.write = lambda self, path, told: (print("now", flush=True), sys.stdin.read())
os.environ["SESSION_EXPLORER_MEMORY"] = "1"
explorer.connect(sys.argv[1])
"""


def test_what_a_killed_process_left_is_counted_and_removed(shelf: Path, source: Path):
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(source)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin
    assert child.stdout
    assert child.stdout.readline() == b"now\n"
    [work] = workplace.passing(shelf)
    assert work.name.startswith(".large-")
    assert workplace.tidy(shelf) == workplace.size(work) > 1_000
    assert work.exists()
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()
    explorer.connect(source)
    assert not work.exists()


def test_what_older_versions_left_goes_after_a_day(shelf: Path):
    shelf.mkdir()
    for name in (".large-abc", ".large-new"):
        (shelf / name).mkdir()
        (shelf / name / "sorted.arrow").write_bytes(b"1" * 1000)
    os.utime(shelf / ".large-abc", (1, 1))
    assert workplace.tidy(shelf) == 1000
    assert [path.name for path in shelf.iterdir()] == [".large-new"]


def test_work_in_progress_counts(shelf: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    explorer.connect(source)
    [first] = stored(shelf)
    os.utime(first, (1, 1))
    with Workplace(shelf) as work:
        (work.path / "large").write_bytes(bytes(2 * first.stat().st_size))
        monkeypatch.setenv("SESSION_EXPLORER_CACHE_BYTES", str(int(first.stat().st_size * 2.5)))
        explorer.connect(source, actor="event")
        assert first not in stored(shelf)
    assert list(workplace.passing(shelf)) == []


def test_a_folder_to_work_in_goes_with_its_object_and_not_with_a_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one, other = Workplace(tmp_path), Workplace(tmp_path)
    path = one.path
    del one
    gc.collect()
    assert not path.exists()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    other.close()
    assert other.path.exists()
