"""How much memory there is, and how much reading a source would take."""

import os
import sys
from contextlib import suppress
from pathlib import Path

import polars as pl

from explorer.events.files.paths import PACKED, Files

MEMORY = "SESSION_EXPLORER_MEMORY"
CODE, KEYS = 4, 20
# The most memory while loading beside the size of what is loaded, as measured, with some air.
PEAK = 2.5
# A packed text is about this many times as long when it is unpacked.
UNPACKED = 6


def available() -> int:
    """Bytes that loading may use: SESSION_EXPLORER_MEMORY, or what this machine and this process have left."""
    with suppress(ValueError):
        if asked := os.environ.get(MEMORY):
            return int(float(asked))
    return min(_of_machine(), _of_group())


def needed(lazy: pl.LazyFrame, sample: pl.DataFrame, coded: list[str], files: Files) -> int:
    """About how many bytes loading needs at its peak."""
    size = sample.height
    wide = sum(CODE * size if name in coded else sample[name].estimated_size() for name in sample.columns)
    return int(PEAK * _rows(lazy, sample, files) * (wide / size + KEYS))


def _rows(lazy: pl.LazyFrame, sample: pl.DataFrame, files: Files) -> int:
    if files.kind in (".parquet", ".pq", ".arrow", ".ipc", ".feather"):
        return int(lazy.select(pl.len()).collect().item())
    try:
        text = sample.write_csv()
    except pl.exceptions.PolarsError:  # lists have no form in CSV
        text = sample.write_ndjson()
    size = sum(path.stat().st_size * (UNPACKED if path.suffix in PACKED else 1) for path in files.paths)
    return int(size / len(text.encode()) * sample.height)


def _of_machine() -> int:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return _of_windows()
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return 8_000_000_000


def _of_group() -> int:
    """What a container leaves to this process."""
    left = sys.maxsize
    with suppress(OSError, ValueError):
        most, used = (Path("/sys/fs/cgroup", name).read_text().strip() for name in ("memory.max", "memory.current"))
        if most != "max":
            left = max(0, int(most) - int(used))
    return left


def _of_windows() -> int:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong) for name in ("total", "free", "a", "b", "c", "d", "e")
        ]

    status = Status()
    status.length = ctypes.sizeof(Status)
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined]
    return int(status.free)
