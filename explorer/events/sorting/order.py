"""The order of events: whole numbers in the order of each column's values, sorted a machine word at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

WIDEST = 2**62
AT_ONCE = 1_000_000
Place = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Digit:
    """A column as whole numbers from 0 that are below 2**bits, in the order of its values."""

    values: npt.NDArray[np.integer]
    bits: int


# A digit, its lowest bit in this word, and how many bits are taken.
Part = tuple[Digit, int, int]


def digit(values: pl.Series) -> Digit:
    """Numbers in the order of a column's values, nulls first."""
    nulls = values.null_count() > 0
    if values.dtype.is_integer() or values.dtype.is_temporal():
        numbers = values.to_physical()
    elif values.dtype == pl.Boolean:
        numbers = values.cast(pl.UInt8)
    else:
        numbers = values.rank("dense")
    low, high = _edges(numbers)
    if high - low >= WIDEST or high >= 2**63 or low < -(2**63) or not numbers.dtype.is_integer():
        numbers = numbers.rank("dense")
        low, high = _edges(numbers)
    if not nulls:
        found = numbers.to_numpy()
        return Digit(found if low == 0 else found.astype(np.int64) - low, (high - low).bit_length())
    found = (numbers.cast(pl.Int64) - (low - 1)).fill_null(0).to_numpy()
    return Digit(found, (high - low + 1).bit_length())


def permutation(digits: Sequence[Digit]) -> Place | None:
    """The stable order by these digits, the most significant first; None when they are in order already."""
    size = len(digits[0].values)
    place_bits = max(1, (size - 1).bit_length())
    order: npt.NDArray[np.uint64] | None = None
    for word in _words(digits, 64 - place_bits):
        key = _part(word[0], order)
        for part in word[1:]:
            key <<= np.uint64(part[2])
            key |= _part(part, order)
        if bool((key[1:] >= key[:-1]).all()):
            continue
        # The place below the word makes every key different: any sort is stable then, and the fastest will do.
        key <<= np.uint64(place_bits)
        for at in range(0, size, AT_ONCE):
            key[at : at + AT_ONCE] |= np.arange(at, min(at + AT_ONCE, size), dtype=np.uint64)
        key.sort()
        key &= np.uint64(2**place_bits - 1)
        order = key if order is None else order[key]
    return None if order is None else order.astype(np.uint32)


def _part(part: Part, order: npt.NDArray[np.uint64] | None) -> npt.NDArray[np.uint64]:
    column, low, bits = part
    found = column.values.astype(np.uint64) if order is None else column.values[order].astype(np.uint64, copy=False)
    if low:
        found >>= np.uint64(low)
    if low + bits < column.bits:
        found &= np.uint64(2**bits - 1)
    return found


def _words(digits: Sequence[Digit], room: int) -> list[list[Part]]:
    """The digits' bits dealt into words, the least significant word first."""
    words: list[list[Part]] = []
    free = 0
    for column in reversed(digits):
        low = 0
        while low < column.bits:
            if not free:
                words.append([])
                free = room
            bits = min(free, column.bits - low)
            words[-1].insert(0, (column, low, bits))
            low, free = low + bits, free - bits
    return words


def _edges(numbers: pl.Series) -> tuple[int, int]:
    low, high = numbers.min(), numbers.max()
    return (0, 0) if low is None else (int(low), int(high))  # type: ignore[arg-type]
