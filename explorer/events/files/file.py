"""One file of events: what it is called, its first bytes, and its content unpacked when that is asked for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from explorer.events.files import packings
from explorer.events.machine.workplace import Workplace

HEAD, TAIL = 1 << 18, 1 << 14
ROTATED = (".old", ".bak", ".tmp", ".part")
T = TypeVar("T")


class File:
    """A file on the disk, or a member of an archive. What was found out about it is remembered as long as this is."""

    def __init__(self, path: Path, base: Path, packing: str, member: str = "") -> None:
        """`base` is the folder below which folders tell columns, `member` a file in an archive."""
        self.path, self.base, self.packing, self.member = path, base, packing, member
        self._remembered: dict[Hashable, Any] = {}
        self._lock = RLock()
        self._work: Workplace | None = None
        self._numbers = itertools.count()

    def __repr__(self) -> str:
        return f"<{self.label}>"

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{self.member} in {self.path.name}" if self.member else self.path.name

    @property
    def name(self) -> str:
        """What it is called without the suffix of its packing and the number of a log that was rotated."""
        return plain_name(Path(self.member).name if self.member else self.path.name, bool(self.packing))

    @cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked; all of a short file."""
        return self._start[:HEAD]

    @property
    def whole(self) -> bool:
        """Whether the head is all there is."""
        return len(self._start) <= HEAD

    @cached_property
    def _start(self) -> bytes:
        if not self.packing:
            with self.path.open("rb") as file:
                return file.read(HEAD + 1)
        found = b""
        with packings.stream(self.path, self.packing, self.member) as source:
            while len(found) <= HEAD and (block := source.read(HEAD + 1 - len(found))):
                found += block
        return found

    @cached_property
    def tail(self) -> bytes:
        """The last bytes, unpacked."""
        if self.whole:
            return self.head[-TAIL:]
        path = self.plain
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            return file.read()

    @property
    def size(self) -> int:
        """The number of bytes, unpacked."""
        return len(self._start) if self.whole else self.plain.stat().st_size

    @cached_property
    def plain(self) -> Path:
        """A path to the unpacked bytes; raises SourceError."""
        if not self.packing:
            return self.path
        target = self.passing(Path(self.name).suffix)
        packings.unpack(self.path, self.packing, self.member, target)
        return target

    def passing(self, suffix: str) -> Path:
        """A new path in a folder that lasts as long as this."""
        with self._lock:
            self._work = self._work or Workplace()
        return self._work.path / f"{next(self._numbers)}{suffix}"

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was found out about this file under a key."""
        with self._lock:
            if key not in self._remembered:
                self._remembered[key] = make()
            found: T = self._remembered[key]
            return found


def plain_name(name: str, packed: bool = True) -> str:
    """A file's name as it was before it was packed or rotated.

    >>> plain_name("events.csv.gz"), plain_name("access.log.3.gz"), plain_name("events.csv.1"), plain_name("part-00000")
    ('events.csv', 'access.log', 'events.csv', 'part-00000')
    """
    path = Path(name)
    if packed and path.suffix.lower() in packings.PACKED:
        path = path.with_suffix("")
    while path.suffix and (path.suffix[1:].replace("-", "").isdigit() or path.suffix.lower() in ROTATED):
        if not Path(path.stem).suffix and "." not in path.stem:
            break
        path = path.with_suffix("")
    return path.name
