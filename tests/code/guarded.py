"""Runs code and fails on any effect beside its numbers: a process, a connection, a file that is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import Any

FORBIDDEN = ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "subprocess.", "socket.", "shutil.",
             "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.symlink", "os.putenv", "webbrowser.",
             "ctypes.dlopen")  # fmt: skip
# The thread that is watched: others belong to servers and browsers of other tests.
_watching: list[int] = []
_seen: list[str] = []


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if get_ident() not in _watching:
        return
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if event.startswith(FORBIDDEN) or writes:
        _seen.append(f"{event}{args[:2]}")


sys.addaudithook(_watch)


@contextmanager
def without_effects(folder: Path) -> Iterator[None]:
    """Nothing is started or written by Python, and no file comes or goes in a folder."""
    before = sorted(folder.rglob("*"))
    _seen.clear()
    _watching.append(get_ident())
    try:
        yield
    finally:
        _watching.clear()
    assert _seen == [], _seen
    assert sorted(folder.rglob("*")) == before
