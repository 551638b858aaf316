"""The folder of stored events: named by what was read and how, bounded, safe to share between processes."""

import hashlib
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

from explorer.events.events import Events
from explorer.events.files.paths import Files
from explorer.events.store import store

FOLDER, LIMIT = "SESSION_EXPLORER_CACHE", "SESSION_EXPLORER_CACHE_BYTES"
MOST_BYTES = 20_000_000_000
# Events of fewer bytes are read from their source faster than they are looked for.
SMALL = 4_000_000
LEFT_BEHIND = 86_400
_writing: list[Thread] = []


def folder() -> Path | None:
    """Where events are stored: SESSION_EXPLORER_CACHE, or the platform's folder for caches; None when it is empty."""
    named = os.environ.get(FOLDER)
    if named is not None:
        return Path(named).expanduser() if named else None
    home = Path("~").expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "session-explorer"


def limit() -> int:
    """The most bytes that are stored: SESSION_EXPLORER_CACHE_BYTES, or 20 GB."""
    try:
        return int(float(os.environ.get(LIMIT) or MOST_BYTES))
    except ValueError:
        return MOST_BYTES


def place(files: Files | None, asked: dict[str, Any]) -> Path | None:
    """The file for events of these files under these roles; None where nothing is stored."""
    home = folder()
    if home is None or files is None:
        return None
    told = json.dumps([store.VERSION, fingerprint(files), asked], sort_keys=True, default=list)
    return home / f"{hashlib.sha256(told.encode()).hexdigest()[:40]}.arrow"


def fingerprint(files: Files) -> list[tuple[str, int, int]]:
    """Path, size and time of change of every file."""
    states = [(path, path.stat()) for path in files.paths]
    return [(str(path.resolve()), state.st_size, state.st_mtime_ns) for path, state in states]


def recall(place: Path) -> Events | None:
    """The events stored there, if they are there and whole; this use is noted."""
    if not place.exists():
        return None
    found = store.read(place)
    if found is not None:
        with suppress(OSError):
            os.utime(place)
    return found


def keep(place: Path, events: Events) -> None:
    """Store events in the background, unless they are few or too many; a failure only costs the next start time."""
    size = events.frame.estimated_size() + events.keys.estimated_size()
    if not SMALL <= size <= limit():
        return

    def write() -> None:
        with suppress(Exception):
            put(place, events)

    _writing[:] = [thread for thread in _writing if thread.is_alive()]
    _writing.append(Thread(target=write, name="session-explorer-store"))
    _writing[-1].start()


def settle() -> None:
    """Wait until everything that is being stored is on the disk."""
    while _writing:
        _writing.pop().join()


def put(place: Path, events: Events) -> None:
    """Store events: under another name first, so that a half-written file is never found."""
    place.parent.mkdir(parents=True, exist_ok=True)
    passing = place.with_name(f".{place.stem}.{uuid4().hex}.part")
    try:
        store.write(events, passing)
        passing.replace(place)
    finally:
        passing.unlink(missing_ok=True)
    make_room(place)


def make_room(newest: Path) -> None:
    """Delete what was used longest ago until the rest fits, and what a process that died left behind."""
    kept = []
    for path in newest.parent.iterdir():
        with suppress(OSError):
            state = path.stat()
            if path.suffix == ".arrow":
                kept.append((path == newest, state.st_mtime, state.st_size, path))
            elif path.suffix == ".part" and time.time() - state.st_mtime > LEFT_BEHIND:
                path.unlink()
    size, most = sum(held for _, _, held, _ in kept), limit()
    for is_newest, _, held, path in sorted(kept):
        if size <= most or is_newest:
            break
        with suppress(OSError):  # Windows deletes no file that is in use
            path.unlink()
            size -= held
