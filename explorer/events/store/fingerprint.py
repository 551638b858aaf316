"""What tells one version of files from another: their names, sizes, times, and a part of what is in them."""

import hashlib
from pathlib import Path

from explorer.errors import SourceError
from explorer.events.files.paths import Files

# A file of this many pieces or fewer is read whole; of a longer one the first, the last, and others evenly between.
PIECE, PIECES, LEAST = 16_384, 64, 3
Fingerprint = tuple[tuple[str, int, int, int, str], ...]


def fingerprint(files: Files) -> Fingerprint:
    """Path, size, times of change, and a hash of some of the content, of every file; raises SourceError.

    The times are that of the content, which a program can set as it likes, and that of the entry, which none can.
    """
    pieces = max(LEAST, PIECES // len(files.paths))
    found = []
    for path in files.paths:
        try:
            state = path.stat()
            content = _content(path, state.st_size, pieces)
        except OSError as error:
            raise SourceError(
                f"{path.name} cannot be read: {error.strerror or error}. Check who may read it."
            ) from None
        found.append((str(path.resolve()), state.st_size, state.st_mtime_ns, state.st_ctime_ns, content))
    return tuple(found)


def _content(path: Path, size: int, pieces: int) -> str:
    """A hash of a file, or of pieces of it."""
    told = hashlib.sha256()
    with path.open("rb") as file:
        if size <= pieces * PIECE:
            told.update(file.read(pieces * PIECE))
        else:
            for at in range(pieces):
                file.seek(at * (size - PIECE) // (pieces - 1))
                told.update(file.read(PIECE))
    return told.hexdigest()[:32]
