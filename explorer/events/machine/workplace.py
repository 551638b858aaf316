"""Private folders on the disk: where events are stored, and where work lies that no killed process leaves for ever.

A folder to work in holds a file that its process keeps locked: whoever comes next removes the folders without a lock.
"""

import os
import shutil
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

if sys.platform != "win32":
    import fcntl

FOLDER = "SESSION_EXPLORER_CACHE"
WORK, LARGE, PART, LOCK = ".work-", ".large-", ".part", "in-use"
UPLOADS = "session-explorer-uploads-"
# What no lock tells of is left alone for a day: another version of this program may be at work.
LEFT_BEHIND = 86_400


class Workplace:
    """A folder that only this user can read, gone at the end: of `with`, of this object, or of the next process.

    `home` is the folder that it is made in: the cache where it is left out, else one for passing files.

    >>> with Workplace() as work:
    ...     _ = (work.path / "rows").write_text("1")
    >>> work.path.exists()
    False
    """

    def __init__(self, home: Path | None = None, prefix: str = WORK) -> None:
        home = home or cache_folder()
        if home is None or not private(home):
            home = Path(tempfile.gettempdir())
        self.home = home
        self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=home))
        handle = _lock(self.path)
        self._end = weakref.finalize(self, _remove, self.path, handle, os.getpid())

    def close(self) -> None:
        """Remove the folder with what is in it."""
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def cache_folder() -> Path | None:
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


def private(folder: Path) -> bool:
    """Whether files can be made in a folder; it is made where it is not, for this user only.

    A folder that is there already becomes private where it is this user's and nothing but ours lies in it.
    """
    with suppress(OSError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if sys.platform != "win32":
            state = folder.stat()
            open_to_others = state.st_mode & 0o077 and not state.st_mode & 0o1000
            if open_to_others and state.st_uid == os.getuid() and all(map(_is_ours, folder.iterdir())):
                folder.chmod(0o700)
        return folder.is_dir() and os.access(folder, os.W_OK)
    return False


def passing(folder: Path) -> Iterator[Path]:
    """The files and folders in a cache that work leaves behind when its process is killed."""
    with suppress(OSError):
        yield from (path for path in folder.iterdir() if _passes(path))


def tidy(folder: Path) -> int:
    """Remove what processes that are no more left in a cache; how many bytes the work of the others holds."""
    held = 0
    for path in list(passing(folder)):
        if _in_use(path):
            held += size(path)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
    return held


def is_upload(path: Path) -> bool:
    """Whether a file was uploaded: it is going to be gone, and nothing of it is to be kept.

    >>> is_upload(Path("/tmp/session-explorer-uploads-x1/y2/events.csv")), is_upload(Path("/data/events.csv"))
    (True, False)
    """
    return any(part.startswith(UPLOADS) for part in path.parts)


def sweep(home: Path, prefix: str) -> None:
    """Remove the folders of this name whose process is no more."""
    with suppress(OSError):
        for path in list(home.iterdir()):
            if path.name.startswith(prefix) and path.is_dir() and not path.is_symlink() and not _in_use(path):
                shutil.rmtree(path, ignore_errors=True)


def size(path: Path) -> int:
    """The bytes of a file, or of all files in a folder; 0 for what is gone meanwhile."""
    total = 0
    with suppress(OSError):
        if not path.is_dir():
            return path.stat().st_size
        for inner in path.rglob("*"):
            with suppress(OSError):
                total += inner.stat().st_size
    return total


def _lock(folder: Path) -> int:
    """Lock a folder to work in; the lock is never seen open, which would say that nobody is at work there."""
    if sys.platform == "win32":  # where being open is what locks
        return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    made = folder / f"{LOCK}{PART}"
    handle = os.open(made, os.O_RDWR | os.O_CREAT, 0o600)
    with suppress(OSError):  # a file system without locks
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    made.rename(folder / LOCK)
    return handle


def _remove(path: Path, handle: int, owner: int) -> None:
    if os.getpid() != owner:  # a fork of the process, at its end
        return
    with suppress(OSError):
        os.close(handle)
    shutil.rmtree(path, ignore_errors=True)


def _in_use(path: Path) -> bool:
    """Whether a living process works there; where no lock tells, whether it is young."""
    try:
        if path.is_dir() and (path / LOCK).exists():
            return _locked(path / LOCK)
        return _is_young(path)
    except OSError:
        return False


def _is_young(path: Path) -> bool:
    return time.time() - path.stat().st_mtime < LEFT_BEHIND


def _locked(lock: Path) -> bool:
    if sys.platform == "win32":  # which removes no file that is open
        try:
            lock.unlink()
        except PermissionError:
            return True
        return False
    handle = os.open(lock, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)  # NFS gives the other lock to who may write alone
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return _is_young(lock)
    finally:
        os.close(handle)
    return False


def _passes(path: Path) -> bool:
    return path.name.startswith((WORK, LARGE)) or path.suffix == PART


def _is_ours(path: Path) -> bool:
    return _passes(path) or path.suffix == ".arrow"
