"""How much a packed file may become: a few megabytes can unpack to more than any disk holds."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import disk_usage

from explorer.errors import SourceError
from explorer.events.machine.capacity import total

UNPACKED = "SESSION_EXPLORER_UNPACKED"
# No setting of the memory makes a file of this many bytes too large to unpack.
LEAST = 100_000_000
SHARE = 0.5
# What unpacking leaves free on the disk.
SPARE = 200_000_000


def most() -> int:
    """The most bytes that a file may have when it is unpacked: SESSION_EXPLORER_UNPACKED, or half of the memory."""
    with suppress(ValueError, OverflowError):
        if asked := os.environ.get(UNPACKED):
            return int(float(asked))
    return max(LEAST, int(total() * SHARE))


def room(name: str, home: Path) -> Callable[[int], None]:
    """A check to be made while a file is unpacked into a folder; it is told the bytes so far.

    The check raises SourceError where these are more than may be unpacked, or the disk is full.

    >>> from tempfile import gettempdir
    >>> room("bomb.csv.gz", Path(gettempdir()))(10**15)
    Traceback (most recent call last):
        ...
    explorer.errors.SourceError: bomb.csv.gz is more than ... when unpacked, ...
    """
    limit = most()
    free = disk_usage(home).free - SPARE

    def check(written: int) -> None:
        if written > limit:
            raise SourceError(
                f"{name} is more than {_amount(limit)} when unpacked, the most that is unpacked here. "
                f"Unpack it yourself and open what comes out, or set {UNPACKED} to more bytes."
            )
        if written > free:
            raise SourceError(
                f"{name} is more than {_amount(free)} when unpacked, and {home} has no more room. "
                "Set SESSION_EXPLORER_CACHE to a folder on a disk with more."
            )

    return check


def _amount(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 50_000_000 else f"{max(0, size) / 1e6:,.1f} MB"
