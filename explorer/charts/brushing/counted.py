"""What linked charts draw of one counting under one selection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from explorer.crossfilter.counting import Counting
from explorer.crossfilter.cube import Counts
from explorer.crossfilter.selections.selection import Selection


@dataclass(frozen=True, eq=False)
class Counted:
    """The count in every bin of each chart, and how many sessions and actors are selected, where that is known."""

    selection: Selection = field(default_factory=Selection)
    counts: Mapping[str, Counts] = field(default_factory=dict)
    sessions: int | None = None
    actors: int | None = None

    @classmethod
    def of(cls, counting: Counting, selection: Selection, names: Collection[str]) -> Counted:
        """Count for these charts; may take a while, and raises what the counting raises."""
        counts = counting.counts(selection, names)
        return cls(selection, counts, counting.n_sessions(selection), counting.n_actors(selection))

    @classmethod
    def at_once(cls, counting: Counting) -> Counted:
        """What is known without a question: all sessions."""
        return cls(counts=counting.totals())
