"""Large sources of a server are read in another process: what that dies of ends nobody's session.

Off until `begin` is called: a notebook, a script and the command line read in their own process. The other process
stores the events; this one maps them.
"""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.errors import ExplorerError, SourceError
from explorer.events.events import Events
from explorer.events.files.paths import Files
from explorer.events.machine.capacity import MEMORY, available
from explorer.events.machine.workplace import Workplace
from explorer.events.store import cache, store

# Fewer bytes are read before another process would have begun; packed ones are this many times as many.
LEAST = 20_000_000
UNPACKED, GZIPPED = 200, 20
# What Python and Polars take before they read anything, with room to work in.
FLOOR = 1_000_000_000
OFTEN = 0.05
CHILD = "explorer.events.reading_process"

_begun = False


@dataclass(frozen=True)
class Answer:
    """What the other process found: the file that it stored, or why there is none."""

    stored: Path | None = None
    error: ExplorerError | None = None


def begin() -> None:
    """From now on this process reads large sources in others."""
    global _begun
    _begun = True


def end() -> None:
    """From now on this process reads everything itself."""
    global _begun
    _begun = False


def is_wanted(files: Files | None) -> bool:
    """Whether these files are to be read in another process."""
    if not _begun or files is None or files.keep is not None:
        return False
    packings = {item.path: item.packing for item in files.items}
    return sum(_unpacked(path, packing) for path, packing in packings.items()) > LEAST


def _unpacked(path: Path, packing: str) -> int:
    """About how many bytes a file has when it is unpacked; a gzip file says it at its end, where nobody has lied."""
    size = path.stat().st_size
    if packing != "gzip":
        return size * (UNPACKED if packing else 1)
    with path.open("rb") as file:
        file.seek(max(0, size - 4))
        return max(size * GZIPPED, int.from_bytes(file.read(4), "little"))


def load(source: Any, asked: Mapping[str, Any], name: str, place: cache.Place | None) -> Events:
    """The events of a source under these arguments of `load`; raises SourceError, also where that process died."""
    most = max(FLOOR, available())
    with Workplace(place.path.parent if place else None) as work:
        result = work.path / "answer"
        request = (source, dict(asked), place.path if place else None, work.path / "events.arrow", result)
        code, killed = _run(pickle.dumps(request), most)
        answer = _read(result)
        if answer.error is not None:
            raise answer.error
        if answer.stored is None:
            raise _died(name, code, killed, most)
        events = store.read(answer.stored)  # a mapped file can be read after its name is gone
    if events is None:
        raise SourceError(f"What was stored of {name} cannot be read again. Look after that disk.")
    return events


def _run(request: bytes, most: int) -> tuple[int, bool]:
    """How the other process ended, and whether it was ended for taking more than so many bytes of memory."""
    child = subprocess.Popen([sys.executable, "-m", CHILD], stdin=subprocess.PIPE, env=_environment())
    assert child.stdin is not None
    killed = False
    try:
        with suppress(OSError):  # it died at once: its end says so
            child.stdin.write(len(request).to_bytes(8, "little") + request)
            child.stdin.flush()
        while child.poll() is None:
            if _held(child.pid) > most:
                killed = True
                child.kill()
            with suppress(subprocess.TimeoutExpired):
                child.wait(OFTEN)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        with suppress(OSError):
            child.stdin.close()
    return child.returncode, killed


def _environment() -> dict[str, str]:
    """The same program is found there, wherever this one was started."""
    root = str(Path(__file__).resolve().parents[3])
    before = os.environ.get("PYTHONPATH", "")
    return os.environ | {"PYTHONPATH": os.pathsep.join(part for part in (root, before) if part)}


def _read(result: Path) -> Answer:
    with suppress(OSError, EOFError, pickle.UnpicklingError):
        found = pickle.loads(result.read_bytes())
        if isinstance(found, Answer):
            return found
    return Answer()


def _held(pid: int) -> int:
    """The bytes of memory of a process that are no mapped files; 0 where this system does not say."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def _died(name: str, code: int, killed: bool, most: int) -> SourceError:
    memory = killed or code in (-getattr(signal, "SIGKILL", 9), -signal.SIGABRT)
    if memory:
        return SourceError(
            f"Reading {name} takes more memory than there is for it ({most / 1e9:,.1f} GB), so it was stopped. "
            f"Nothing else was lost. Open fewer or smaller files, write them as Parquet, or set {MEMORY} to more."
        )
    return SourceError(f"Reading {name} ended before it was done (code {code}). Nothing else was lost. Try it again.")


def wait_for_end() -> None:
    """In the other process: end when the one that asked is no more."""
    while os.read(0, 1):
        time.sleep(OFTEN)
    os._exit(1)
