"""A small packed file that holds very much is refused while it is unpacked, whatever packed it."""

import bz2
import gc
import gzip
import lzma
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

import explorer
from explorer.errors import SourceError
from explorer.events.machine import workplace
from explorer.events.store import cache

pytestmark = pytest.mark.slow

HEAD, ROW = b"user,ts,event\n", b"somebody,2024-03-01 10:00:00,view\n"
ROWS = 200_000


def zipped(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for at in range(4):
            archive.writestr(
                f"{at}.csv", data[: len(HEAD)] + data[len(HEAD) :][: len(data) // 4 // len(ROW) * len(ROW)]
            )


PACK: dict[str, Callable[[Path, bytes], object]] = {
    ".gz": lambda path, data: path.write_bytes(gzip.compress(data)),
    ".bz2": lambda path, data: path.write_bytes(bz2.compress(data)),
    ".xz": lambda path, data: path.write_bytes(lzma.compress(data)),
    ".zlib": lambda path, data: path.write_bytes(zlib.compress(data)),
    ".zst": lambda path, data: path.write_bytes(pa.Codec("zstd").compress(data, asbytes=True)),
    ".zip": zipped,
}


@pytest.mark.parametrize("suffix", PACK)
def test_more_than_may_be_unpacked_is_said(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", str(tmp_path / "cache"))
    path = tmp_path / f"bomb.csv{suffix}"
    PACK[suffix](path, HEAD + ROW * ROWS)
    assert path.stat().st_size < 100_000
    monkeypatch.setenv("SESSION_EXPLORER_UNPACKED", "3e6")
    with pytest.raises(SourceError, match=rf"bomb\.csv\{suffix} is more than 3\.0 MB when unpacked"):
        explorer.connect(path)
    monkeypatch.setenv("SESSION_EXPLORER_UNPACKED", "3e8")
    assert explorer.connect(path).quality.rows > ROWS - 10
    cache.settle()
    gc.collect()
    assert list(workplace.passing(tmp_path / "cache")) == []


HOLDS = """
import sys, explorer
try:
    explorer.connect(sys.argv[1])
except explorer.errors.SourceError as error:
    print(error)
print(next(line.split()[1] for line in open("/proc/self/status").readlines() if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize("suffix", [".gz", ".zlib"])
def test_nothing_of_it_is_in_memory(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch):
    """300 MB that are refused at 100 MB take no more memory than a file of one row."""
    monkeypatch.setenv("SESSION_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SESSION_EXPLORER_UNPACKED", "1e8")
    held = []
    for rows in (1, 300_000_000 // len(ROW)):
        path = tmp_path / f"{rows}.csv{suffix}"
        PACK[suffix](path, HEAD + ROW * rows)
        done = subprocess.run([sys.executable, "-c", HOLDS, str(path)], capture_output=True, text=True, check=True)
        held.append(int(done.stdout.split()[-1]) * 1024)
    assert "is more than 0.1 GB when unpacked" in done.stdout
    assert held[1] - held[0] < 60_000_000
