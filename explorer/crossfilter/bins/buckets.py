"""The bin of every value by a table: several times faster than a binary search for each, and the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[Any]

# Of a 32 bit float the sign, the exponent and ten bits of the fraction: a thousand buckets to an octave.
SHIFT = 13
# As many values as fit into the cache of a processor with what is made of them.
PIECE = 1 << 15
# Fewer are searched before a table is made.
FEW = 4 * PIECE
FURTHEST = 2.0**62


def bins_of(edges: Values, values: Values) -> npt.NDArray[np.uint8]:
    """For each value, how many of the sorted edges are not above it, as `np.searchsorted(edges, values, "right")`.

    At most 255 edges. The bucket of a value never falls as the value rises, so that only an edge in the value's own
    bucket has to be looked at.

    >>> bins_of(np.array([0, 10, 20]), np.array([-1, 0, 9, 10, 25]))
    array([0, 1, 1, 2, 3], dtype=uint8)
    """
    table = table_of(edges, values) if len(values) >= FEW and len(edges) > 1 else None
    if table is None:
        return np.searchsorted(edges, values, side="right").astype(np.uint8)
    found = np.empty(len(values), dtype=np.uint8)
    for at in range(0, len(values), PIECE):
        table.look_up(values[at : at + PIECE], found[at : at + PIECE])
    return found


@dataclass(frozen=True)
class BucketTable:
    """`below[b]` edges lie in lower buckets, `edge[b]` is the one in bucket b, or above all values."""

    base: Any
    below: npt.NDArray[np.uint8]
    edge: Values

    def look_up(self, values: Values, found: npt.NDArray[np.uint8]) -> None:
        """Write the bins of these values to `found`."""
        bucket = np.minimum(_bucket(values, self.base), len(self.below) - 1)
        np.add(self.below.take(bucket), values >= self.edge.take(bucket), out=found, casting="unsafe")
        if values.dtype.kind == "f":
            found[np.isnan(values)] = self.below[-1]


def _bucket(values: Values, base: Any) -> npt.NDArray[np.int32]:
    """All that is below the base shares the first bucket with it."""
    bits: npt.NDArray[np.int32] = np.fmax(values - base, 0).astype(np.float32).view(np.int32)
    return bits >> SHIFT


def table_of(edges: Values, values: Values) -> BucketTable | None:
    """The table of these edges; None where two of them share a bucket, and of numbers that cannot be subtracted."""
    ends = np.array([np.fmin.reduce(values), np.fmax.reduce(values), edges[0], edges[-1]], dtype=np.float64)
    if not np.abs(ends).max() < FURTHEST:
        return None
    own = _bucket(edges, edges[0])
    if len(np.unique(own)) < len(own):
        return None
    size = int(own[-1]) + 2
    below = np.searchsorted(own, np.arange(size), side="left").astype(np.uint8)
    above = np.inf if edges.dtype.kind == "f" else np.iinfo(edges.dtype).max
    edge = np.full(size, above, dtype=edges.dtype)
    edge[own] = edges
    return BucketTable(edges[0], below, edge)
