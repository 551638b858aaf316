"""The folder of stored events: named by what was read and how, bounded, private, safe to share between processes."""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from explorer.errors import SourceError
from explorer.events.events import Events
from explorer.events.files.paths import Files
from explorer.events.machine.workplace import Workplace, cache_folder, is_upload, private, tidy
from explorer.events.store import store
from explorer.events.store.fingerprint import Fingerprint, fingerprint

LIMIT = "SESSION_EXPLORER_CACHE_BYTES"
MOST_BYTES = 20_000_000_000
# Events of fewer bytes are read from their source faster than they are looked for.
SMALL = 4_000_000
_writing: list[Thread] = []


@dataclass(frozen=True)
class Place:
    """Where the events of some files are stored, as the files were when they were looked at."""

    path: Path
    files: Files = field(repr=False)
    version: Fingerprint = field(repr=False)

    @property
    def is_of_now(self) -> bool:
        """Whether the files are what they were: what was read of others is not stored as theirs."""
        try:
            return fingerprint(self.files) == self.version
        except SourceError:
            return False


def limit() -> int:
    """The most bytes that are stored: SESSION_EXPLORER_CACHE_BYTES, or 20 GB."""
    try:
        return int(float(os.environ.get(LIMIT) or MOST_BYTES))
    except ValueError:
        return MOST_BYTES


def place(files: Files | None, asked: dict[str, Any]) -> Place | None:
    """The file for events of these files under these roles; None where nothing is stored. Raises SourceError."""
    home = cache_folder()
    if home is None or files is None or files.keep is not None or any(map(is_upload, files.paths)):
        return None
    version = fingerprint(files)
    told = json.dumps([store.VERSION, version, asked], sort_keys=True, default=list)
    return Place(home / f"{hashlib.sha256(told.encode()).hexdigest()[:40]}.arrow", files, version)


def recall(place: Place) -> Events | None:
    """The events stored there, if they are there and undamaged; this use is noted. What is damaged is removed."""
    tidy(place.path.parent)
    if not place.path.exists():
        return None
    found = store.read(place.path)
    with suppress(OSError):
        if found is None:
            place.path.unlink()
        else:
            os.utime(place.path)
    return found


def keep(place: Place, events: Events) -> None:
    """Store events in the background, unless they are few or too many; a failure only costs the next start time."""
    size = events.frame.estimated_size() + events.keys.estimated_size()
    if not SMALL <= size <= limit():
        return

    def write() -> None:
        with suppress(Exception):
            if place.is_of_now:
                put(place.path, events)

    _writing[:] = [thread for thread in _writing if thread.is_alive()]
    _writing.append(Thread(target=write, name="session-explorer-store"))
    _writing[-1].start()


def settle() -> None:
    """Wait until everything that is being stored is on the disk."""
    while _writing:
        _writing.pop().join()


def put(path: Path, events: Events) -> None:
    """Store events: in another folder first, so that a half-written file is never found."""
    if not private(path.parent):
        raise OSError(f"{path.parent} cannot be written")
    with Workplace(path.parent) as work:
        written = work.path / path.name
        store.write(events, written)
        written.replace(path)
    make_room(path)


def make_room(newest: Path) -> None:
    """Delete what was used longest ago until the rest fits, with what is being worked on."""
    kept = []
    size = tidy(newest.parent)
    for path in newest.parent.glob("*.arrow"):
        with suppress(OSError):
            state = path.stat()
            kept.append((path == newest, state.st_mtime, state.st_size, path))
            size += state.st_size
    most = limit()
    for is_newest, _, held, path in sorted(kept):
        if size <= most or is_newest:
            break
        with suppress(OSError):  # Windows deletes no file that is in use
            path.unlink()
            size -= held
