"""Sessions as words, a letter for each event, and the patterns that are found in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from explorer.errors import SpecError
from explorer.plan.in_polars.pattern import LETTERS, OTHER, regular_expression
from explorer.spec.pattern import Pattern

Whole = npt.NDArray[np.int64]
# New memory costs more than what is done in it: so many events at once stay in the same.
AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Words:
    """One word a session; `offsets` is where each begins among all letters, whose `times` are microseconds."""

    words: pl.Series
    offsets: Whole
    times: Whole

    @classmethod
    def of(cls, masks: Sequence[pl.Series], begin: Whole, where: pl.Series | None, times: Whole) -> Words:
        """The words of sessions that are neighbouring runs of events, from which events match each element; with
        `where` of the events that match it."""
        letters = letters_of(masks, len(times))
        offsets = np.append(begin, len(times)).astype(np.int64)
        if where is not None:
            kept = where.to_numpy()
            running = np.append(0, np.cumsum(kept))
            letters, offsets, times = letters[kept], running[offsets], times[kept]
        return cls(written(letters, offsets), offsets, times)

    def value(self, aggregate: str, pattern: Pattern) -> pl.Series:
        """What an aggregate of a pattern is in each session."""
        match aggregate:
            case "matches":
                return self.count(pattern)
            case "any":
                return self.any(pattern)
        return self.time_of(pattern)

    def time_of(self, pattern: Pattern) -> pl.Series:
        """From the first to the last event of the first match in each; null where there is none."""
        begin, last = self.first(pattern)
        at = pl.Series(self.offsets[:-1])
        times = pl.Series(self.times)
        return (times.gather(at + last) - times.gather(at + begin)).cast(pl.Duration("us"))

    def count(self, pattern: Pattern) -> pl.Series:
        """How many matches there are in each, which do not overlap."""
        return self._asked(lambda regex: self.words.str.count_matches(regex), pattern)

    def any(self, pattern: Pattern) -> pl.Series:
        """Whether there is one."""
        return self._asked(lambda regex: self.words.str.contains(regex), pattern)

    def first(self, pattern: Pattern) -> tuple[pl.Series, pl.Series]:
        """The places of the first and the last letter of the first match in each word; null where there is none."""

        def find(regex: str) -> pl.Series:
            # To find where a match ends takes longer than to find it: it is asked where there is one.
            begin = self.words.str.find(regex).cast(pl.Int64)
            some = begin.is_not_null()
            length = self.words.filter(some).str.extract(regex, 0).str.len_bytes().cast(pl.Int64)
            last = begin.clone().scatter(some.arg_true(), begin.filter(some) + length - 1)
            return pl.DataFrame({"begin": begin, "last": last}).to_struct()

        found = self._asked(find, pattern).struct.unnest()
        return found["begin"], found["last"]

    def _asked(self, ask: Any, pattern: Pattern) -> pl.Series:
        try:
            found: pl.Series = ask(regular_expression(pattern))
        except pl.exceptions.ComputeError:
            raise SpecError(f"The pattern `{pattern}` is too large. Repeat its parts less often.") from None
        return found


def letters_of(masks: Sequence[pl.Series], height: int) -> npt.NDArray[np.uint8]:
    """The letter of the first element that each event matches.

    >>> bytes(letters_of([pl.Series([True, False, False]), pl.Series([True, True, False])], 3))
    b'ab0'
    """
    found = np.full(height, ord(OTHER), np.uint8)
    matching = [mask.to_numpy().view(np.uint8) for mask in masks]
    for begin in range(0, height, AT_ONCE):
        some = found[begin : begin + AT_ONCE]
        for letter, its in reversed(list(zip(LETTERS, matching, strict=False))):
            # Where it matches, its bits in the place of those that are there: without a branch.
            some ^= (some ^ np.uint8(ord(letter))) & np.negative(its[begin : begin + AT_ONCE])
    return found


def written(letters: npt.NDArray[np.uint8], offsets: Whole) -> pl.Series:
    """Letters as words, copying nothing."""
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pl.Series(pa.LargeStringArray.from_buffers(len(offsets) - 1, buffers[1], buffers[2]))
