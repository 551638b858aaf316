"""Packed files, known by their first bytes, unpacked as streams."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from explorer.errors import SourceError
from explorer.events.machine.unpack_limit import room

PACKED = (".gz", ".gzip", ".zst", ".zstd", ".zlib", ".bz2", ".xz", ".zip")
BLOCK = 1 << 20
MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def packing(path: Path) -> str:
    """How a file is packed, by what is inside: gzip, zstd, bzip2, xz, zip or zlib; empty for one that is not."""
    with path.open("rb") as file:
        start = file.read(8)
    found = next((name for magic, name in MAGIC if start.startswith(magic)), "")
    if not found and path.suffix.lower() == ".zlib" and start[:2] in ZLIB:
        return "zlib"
    return "" if found == "zip" and _is_workbook(path) else found


def _is_workbook(path: Path) -> bool:
    """Whether a zip archive is an Excel or OpenDocument workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return False
    return any(name.startswith("xl/") for name in names) or ("content.xml" in names and "mimetype" in names)


def members(path: Path) -> list[str]:
    """The files in a zip archive that may be data; raises SourceError."""
    try:
        with zipfile.ZipFile(path) as archive:
            every = [one for one in archive.infolist() if not one.is_dir()]
    except zipfile.BadZipFile as error:
        raise SourceError(f"{path.name} is a broken zip archive: {error}. Pack it again.") from None
    if any(one.flag_bits & 1 for one in every):
        raise SourceError(f"{path.name} is locked with a password. Unpack it and open what was inside.")
    room(path.name, path.parent)(sum(one.file_size for one in every))
    hidden = (".", "_")
    return sorted(
        one.filename
        for one in every
        if one.file_size and not any(part.startswith(hidden) for part in Path(one.filename).parts)
    )


@contextmanager
def stream(path: Path, kind: str, member: str = "") -> Iterator[IO[bytes]]:
    """The unpacked bytes, from the first on; raises SourceError for what is broken."""
    try:
        with _open(path, kind, member) as file:
            yield file
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise SourceError(f"{path.name} is broken ({kind}): {error}. Fetch or pack it again.") from None


@contextmanager
def _open(path: Path, kind: str, member: str) -> Iterator[Any]:
    if kind == "zstd":
        import pyarrow as pa

        with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as file:
            yield file
    elif kind == "zip":
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            yield file
    elif kind == "zlib":
        with path.open("rb") as file:
            yield _Inflated(file)
    else:
        opener: Any = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}.get(kind) or Path.open
        with opener(path, "rb") as file:
            yield file


class _Inflated:
    """A zlib stream as a file that is read forwards."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.unpack, self.left = file, zlib.decompressobj(), b""

    def read(self, size: int) -> bytes:
        while len(self.left) < size:
            block = self.unpack.unconsumed_tail or self.file.read(BLOCK)
            if not block:
                break
            self.left += self.unpack.decompress(block, BLOCK)  # a block can hold a thousand times its size
        found, self.left = self.left[:size], self.left[size:]
        return found


def unpack(path: Path, kind: str, member: str, target: Path) -> None:
    """Write what is packed to a file, a piece at a time; raises SourceError where it is more than there is room for."""
    written, check = 0, room(path.name, target.parent)
    with stream(path, kind, member) as source, target.open("wb") as file:
        while block := source.read(BLOCK):
            written += len(block)
            check(written)
            file.write(block)
