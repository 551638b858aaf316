"""How the sessions of two sides overlap: which pairs share events, and what kind of difference that makes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Whole = npt.NDArray[np.int64]
Labels = npt.NDArray[np.int32]
NONE = -1
KINDS = pl.Enum(("unchanged", "trimmed", "split", "merged", "moved", "only_in_one", "only_in_other"))
UNCHANGED, TRIMMED, SPLIT, MERGED, MOVED, ONLY_IN_ONE, ONLY_IN_OTHER = range(7)


@dataclass(frozen=True, eq=False)
class Overlap:
    """Runs of events that are in the same sessions of both sides, and the pairs of sessions that share events.

    `one` and `other` are the session of each run, NONE where it is in none; `shared` events of each pair.
    """

    begins: Whole
    lengths: Whole
    one: Labels
    other: Labels
    pair_one: Whole
    pair_other: Whole
    shared: Whole

    def rows(self, chosen: npt.NDArray[np.bool_]) -> Whole:
        """The places of the events in some of the runs, in order."""
        begins, lengths = self.begins[chosen], self.lengths[chosen]
        if not len(begins):
            return begins
        before = np.cumsum(lengths) - lengths
        return np.arange(lengths.sum()) + np.repeat(begins - before, lengths)

    def sizes(self, labels: Labels, sessions: int) -> Whole:
        """Events in each session of a side."""
        inside = labels != NONE
        return np.bincount(labels[inside], self.lengths[inside], sessions).astype(np.int64)


def overlap(one: Labels, other: Labels) -> Overlap:
    """Compare two sides' sessions of the same events in order: one pass over runs, no pass over pairs of sessions."""
    changed = one[1:] != one[:-1]
    changed |= other[1:] != other[:-1]
    begins = np.concatenate([np.zeros(min(len(one), 1), np.int64), np.flatnonzero(changed) + 1])
    lengths = np.diff(begins, append=len(one))
    one, other = one[begins], other[begins]
    both = (one != NONE) & (other != NONE)
    key = one[both].astype(np.int64) << 32 | other[both]
    shared = lengths[both]
    if len(key) and not (key[1:] > key[:-1]).all():
        ordered = pl.DataFrame({"key": key, "shared": shared}).sort("key")
        key, shared = ordered["key"].to_numpy(), ordered["shared"].to_numpy()
        first = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
        key, shared = key[first], np.add.reduceat(shared, first)
    return Overlap(begins, lengths, one, other, key >> 32, key & 0xFFFFFFFF, shared)


def kinds(
    found: Overlap, sessions_one: int, sessions_other: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The kind of every session of both sides, as places in KINDS.

    Sessions that share events, directly or through others, belong together. Of these groups the shape decides:
    one session beside none, one, several, or several beside several.
    """
    a, b = found.pair_one, found.pair_other
    others, ones = np.bincount(a, minlength=sessions_one), np.bincount(b, minlength=sessions_other)
    # Whether one of a session's counterparts has counterparts besides it.
    crowded_one = np.bincount(a, ones[b] > 1, sessions_one) > 0
    crowded_other = np.bincount(b, others[a] > 1, sessions_other) > 0
    kind_one = np.full(sessions_one, MOVED, np.uint8)
    kind_other = np.full(sessions_other, MOVED, np.uint8)
    kind_one[others == 0], kind_other[ones == 0] = ONLY_IN_ONE, ONLY_IN_OTHER
    kind_one[(others > 1) & ~crowded_one] = SPLIT
    kind_other[(ones > 1) & ~crowded_other] = MERGED
    single = (others[a] == 1) & (ones[b] > 1) & ~crowded_other[b]
    kind_one[a[single]] = MERGED
    single = (ones[b] == 1) & (others[a] > 1) & ~crowded_one[a]
    kind_other[b[single]] = SPLIT
    alone = (others[a] == 1) & (ones[b] == 1)
    size_one, size_other = found.sizes(found.one, sessions_one), found.sizes(found.other, sessions_other)
    same = alone & (found.shared == size_one[a]) & (found.shared == size_other[b])
    kind_one[a[alone]] = kind_other[b[alone]] = TRIMMED
    kind_one[a[same]] = kind_other[b[same]] = UNCHANGED
    return kind_one, kind_other
