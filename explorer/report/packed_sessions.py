"""Sessions as a few bytes each, so that a file can hold a million of them and be brushed."""

from __future__ import annotations

import zlib
from base64 import b64encode
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.bins.bins import Bins
from explorer.engine.coded import Coded

MOST_SESSIONS = 1_000_000
# Six bits for each of them, and the actor, are one number of 64 bits.
MOST_ALIKE = 5

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Packed:
    """Columns one behind the other: `columns` says how many values of how many bytes each, low bytes first.

    `sessions` and `actors` are how many of them are in it.
    """

    data: str
    columns: list[tuple[str, int, int]]
    sessions: int
    actors: int


def pack(coded: Coded, most: int) -> Packed:
    """The bin codes of all sessions, an actor's together; beyond `most` sessions those of some whole actors.

    Columns: "sessions" of each actor, the code of each dimension, and "more", how far the number of events lies
    above the least of its bin.
    """
    dimensions, found = coded.dimensions, coded.codes(most)
    lengths = found.lengths
    starts = lengths.cumsum() - lengths
    per_session = [name for name, each in dimensions.items() if not each.per_actor]
    per_actor = [name for name, each in dimensions.items() if each.per_actor]
    bins, codes = dimensions["event_count"].bins, found.codes["event_count"]
    assert isinstance(bins, Bins)
    more = found.events - np.asarray(bins.lows)[codes]
    actors, sessions = _alike([found.codes[name] for name in per_session], starts, lengths)
    columns: list[tuple[str, npt.NDArray[np.integer]]] = [("sessions", lengths[actors])]
    columns += [(name, found.codes[name][actors]) for name in per_actor]
    columns += [(name, found.codes[name][sessions]) for name in per_session]
    columns += [("more", more[sessions])]
    written = [(name, len(values), _planes(values)) for name, values in columns]
    data = b"".join(plane for _, _, planes in written for plane in planes)
    return Packed(
        deflated(data), [(name, length, len(planes)) for name, length, planes in written], len(sessions), len(actors)
    )


def deflated(data: bytes) -> str:
    """Bytes as text for the page."""
    return b64encode(zlib.compress(data, 9)).decode()


def _alike(codes: list[npt.NDArray[np.uint8]], starts: Whole, lengths: Whole) -> tuple[Whole, Whole]:
    """The actors and their sessions, those that are alike side by side: deflate halves the bytes then."""
    actor = np.repeat(np.arange(len(starts), dtype=np.uint64), lengths)
    key = np.zeros(len(actor), dtype=np.uint64)
    few = codes[:MOST_ALIKE]
    for each in few:
        key = key << np.uint64(6) | each
    sessions = np.argsort(actor << np.uint64(6 * len(few)) | key, kind="stable")
    sorted_key = key[sessions]
    first, second = (sorted_key[np.minimum(starts + at, len(key) - 1)] for at in (0, 1))
    actors = np.lexsort((second, first, lengths))
    sizes = lengths[actors]
    begins = sizes.cumsum() - sizes
    return actors, sessions[np.repeat(starts[actors] - begins, sizes) + np.arange(sizes.sum())]


def _planes(values: npt.NDArray[np.integer]) -> list[bytes]:
    """The bytes of whole numbers, all lowest first: what is mostly zero takes next to no room."""
    numbers = values.astype(np.uint64)
    most = int(numbers.max()) if len(numbers) else 0
    count = max(1, (most.bit_length() + 7) // 8)
    return [((numbers >> np.uint64(8 * at)) & np.uint64(255)).astype(np.uint8).tobytes() for at in range(count)]
