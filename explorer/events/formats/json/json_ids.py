"""Ids that stand as numbers in JSON, kept as they are written: 1.10 and 12e4 are no quantities there."""

import mmap
import re
from collections.abc import Iterable
from pathlib import Path

BLOCK = 16_000_000


def with_ids_as_texts(source: Path, target: Path, names: Iterable[str]) -> Path:
    """The text with the numbers of these fields in quotes, written to `target`; the source where there are none.

    Whole numbers need none of that: they are read as they stand.
    """
    keys = b"|".join(re.escape(name.rsplit(".", 1)[-1]).encode() for name in sorted(names))
    if not keys or not source.stat().st_size:
        return source
    before = rb'(?<!\\)("(?:' + keys + rb')"\s*:\s*)'
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        if re.search(before + rb"-?\d+[.eE]", whole) is None:
            return source
    number = re.compile(before + rb"(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,}\]])")
    with source.open("rb") as read, target.open("wb") as written:
        while lines := read.readlines(BLOCK):
            written.write(number.sub(rb'\1"\2"', b"".join(lines)))
    return target
