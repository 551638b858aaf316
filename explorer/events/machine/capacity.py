"""How much memory there is, and how much is left."""

import os
import sys
from contextlib import suppress
from pathlib import Path

MEMORY = "SESSION_EXPLORER_MEMORY"


def available() -> int:
    """Bytes that loading may use: SESSION_EXPLORER_MEMORY, or what this machine and this process have left."""
    return _asked() or min(_of_machine(), _of_group())


def total() -> int:
    """Bytes of memory that this process can ever have: SESSION_EXPLORER_MEMORY, or what the machine or group has."""
    most = sys.maxsize
    with suppress(OSError, ValueError, AttributeError):
        most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, ValueError):
        most = min(most, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return _asked() or (most if most < sys.maxsize else 2 * available())


def _asked() -> int | None:
    with suppress(ValueError, OverflowError):
        if asked := os.environ.get(MEMORY):
            return int(float(asked))
    return None


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
