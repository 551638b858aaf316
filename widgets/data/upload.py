"""Files that a browser sends, piece by piece, straight into a folder of this process."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
import unicodedata
import weakref
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from explorer.errors import SourceError
from explorer.events.files.paths import KNOWN, kind
from explorer.events.machine.workplace import UPLOADS, Workplace, sweep

LONGEST = 200  # bytes; file systems allow 255
DOUBTFUL = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


@cache
def _workplace() -> Workplace:
    home = Path(tempfile.gettempdir())
    sweep(home, UPLOADS)
    _end_well()
    return Workplace(home, UPLOADS)


def upload_folder() -> Path:
    """Where uploads lie until their page goes, or this process ends; what others left there is removed first."""
    return _workplace().path.resolve()


def remove_left() -> None:
    """Remove the uploads of processes that are no more."""
    sweep(Path(tempfile.gettempdir()), UPLOADS)


def _end_well() -> None:
    """Where SIGTERM just ends this process, let it remove uploads first: nothing is removed otherwise."""

    def end(*_: object) -> None:
        _workplace().close()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)

    with suppress(ValueError):  # only the main thread may
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, end)


def safe_name(name: str) -> str:
    """The name of a file without folders and without signs that mislead, its suffixes kept.

    >>> safe_name("../../etc/<b>events</b>.csv.gz"), safe_name("C:\\\\logs\\\\.hidden.csv"), safe_name("/")
    ('b_.csv.gz', 'hidden.csv', 'upload')
    """
    last = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode()).replace("\\", "/").rsplit("/", 1)[-1]
    named = DOUBTFUL.sub("_", last).strip()
    plain = named.lstrip("._ -~") or "upload"
    if f".{plain.split('.')[0]}".lower() in KNOWN and named.endswith(f".{plain}"):
        plain = f"upload.{plain}"  # nothing but its suffix is left
    ending = "".join(PurePosixPath(plain).suffixes[-2:])[-20:]
    if len(plain.encode()) <= LONGEST:
        return plain
    return plain.encode()[: LONGEST - len(ending.encode())].decode("utf-8", "ignore") + ending


class Upload:
    """One file on its way. It has its name when it is whole; until then, or if it never is, nothing is left of it."""

    def __init__(self, name: str, size: int) -> None:
        """Raises SourceError for a format that is not known and for what there is no room for."""
        self.name, self.size, self.received = safe_name(name), size, 0
        kind(Path(self.name))
        if size <= 0:
            raise SourceError(f"{self.name} is empty (0 bytes). There is nothing to read.")
        if (free := shutil.disk_usage(upload_folder()).free) < size:
            raise SourceError(f"{self.name} is larger than the room left for uploads, {free / 1e9:,.1f} GB.")
        self._folder = Path(tempfile.mkdtemp(dir=upload_folder()))
        self._part = self._folder / "upload.part"
        self._file: BinaryIO = self._part.open("wb")
        self._drop = weakref.finalize(self, _dropped, self._file, self._folder)

    def take(self, piece: bytes) -> Path | None:
        """The next piece; the path of the file when it was the last one. Raises SourceError and leaves nothing."""
        if self.received + len(piece) > self.size or not piece:
            self.cancel()
            raise SourceError(f"{self.name} changed while it was sent. Upload it again.")
        try:
            self._file.write(piece)
            self.received += len(piece)
            if self.received < self.size:
                return None
            self._file.close()
            whole = self._part.replace(self._folder / self.name)
        except OSError as error:
            self.cancel()
            raise SourceError(f"{self.name} could not be stored: {error.strerror}.") from None
        self._drop.detach()
        return whole

    def cancel(self) -> None:
        """Forget what has come."""
        self._drop()


def _dropped(file: BinaryIO, folder: Path) -> None:
    file.close()
    shutil.rmtree(folder, ignore_errors=True)
