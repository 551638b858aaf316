"""Files on the web, fetched whole into a folder of this process."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from explorer.errors import SourceError
from explorer.events.machine.unpack_limit import room
from explorer.events.machine.workplace import Workplace

BLOCK = 1 << 20
PATIENCE = 60  # seconds without a byte


def is_web(address: str) -> bool:
    """Whether an address is one that a web server answers."""
    return address.lower().startswith(("http://", "https://"))


def fetched(addresses: Sequence[str], work: Workplace) -> list[Path]:
    """The files at these addresses, each in a folder of its own under its own name; raises SourceError."""
    paths = []
    for at, address in enumerate(addresses):
        folder = work.path / str(at)
        folder.mkdir()
        name = PurePosixPath(unquote(urlsplit(address).path)).name or "download"
        paths.append(folder / name[-200:])
        _fetch(address, paths[-1])
    return paths


def _fetch(address: str, target: Path) -> None:
    shown = address.split("?", 1)[0]
    request = urllib.request.Request(address, headers={"User-Agent": "session-explorer"})
    written, check = 0, room(target.name, target.parent)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as source, target.open("wb") as file:
            while block := source.read(BLOCK):
                written += len(block)
                check(written)
                file.write(block)
    except urllib.error.HTTPError as error:
        raise SourceError(f"{shown} cannot be fetched: {error.code} {error.reason}. Check the address.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise SourceError(f"{shown} cannot be fetched: {why}. Check the address.") from None
