"""The crossfilter: sessions as small integers, counted under every other brush."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.bins.bins import Bins, Codes, Mask, Numbers
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.running_counts import Table, distinct_counts, running_counts
from explorer.crossfilter.selections.selection import Brush, Selection

Counts = npt.NDArray[np.int64]

_BITS = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))


@dataclass(frozen=True, eq=False)
class Dimension:
    """One value per session; where `per_actor` it is the actor's value, and the chart counts actors."""

    bins: Bins | Categories
    values: Numbers
    codes: Codes
    per_actor: bool = False

    @classmethod
    def of(
        cls,
        bins: Bins | Categories,
        values: npt.ArrayLike,
        *,
        missing: Mask | None = None,
        per_actor: bool = False,
    ) -> Dimension:
        """A dimension of values, one per session; times and durations in microseconds, names as places.

        Those that are `missing` are in the bin for none, and what stands in their place does not matter.
        """
        numbers = bins.numbers(values)
        codes = bins.codes(numbers) if isinstance(bins, Categories) else bins.codes(numbers, missing)
        return cls(bins, numbers, codes, per_actor)

    @cached_property
    def totals(self) -> Counts:
        """The sessions in every bin."""
        return np.bincount(self.codes, minlength=len(self.bins))

    def passing(self, brush: Brush) -> Mask:
        """Which sessions a brush holds; it must fit."""
        return self.bins.passing(self.values, self.codes, brush)


class Held(Protocol):
    """What a brush can be on without being counted in bins."""

    @property
    def bins(self) -> Bins | Categories: ...
    def passing(self, brush: Brush) -> Mask: ...


class Crossfilter:
    """Counts of sessions and actors per bin under a selection.

    All arrays are per session, and an actor's sessions are neighbours; `actor_starts` are the indices of each
    actor's first session. Brushes of dimensions that are not here, or of other kinds of values, hold everything.

    >>> from explorer.crossfilter.bins.counts import count_bins
    >>> from explorer.crossfilter.bins.extent import extent
    >>> events = np.array([1, 3, 2])
    >>> crossfilter = Crossfilter([Dimension.of(count_bins("events", extent(events)), events)], np.array([0, 2]))
    >>> crossfilter.n_sessions(Selection.from_text("events:2..4"))
    2
    """

    def __init__(
        self,
        dimensions: Sequence[Dimension],
        actor_starts: npt.ArrayLike,
        n_sessions: int | None = None,
        others: Mapping[str, Held] | None = None,
    ) -> None:
        """`n_sessions` is needed only where there may be no dimension at all; `others` are brushed but not counted."""
        self.dimensions: Mapping[str, Dimension] = {each.bins.name: each for each in dimensions}
        self.others = dict(others or {})
        self._starts = np.asarray(actor_starts, dtype=np.int64)
        self._n_sessions = n_sessions if n_sessions is not None else len(dimensions[0].codes) if dimensions else 0
        self._actor_codes = {name: each.codes[self._starts] for name, each in self.dimensions.items() if each.per_actor}
        self._totals = {name: self._count(name, None) for name in self.dimensions}
        self._masks: dict[str, tuple[Brush, Mask]] = {}

    def holding(self, selection: Selection) -> Selection:
        """The brushes that say something here: their dimension is here, and of their kind."""
        return Selection(tuple((name, brush) for name, brush in selection.items() if self._fits(name, brush)))

    def _fits(self, name: str, brush: Brush) -> bool:
        bins = self.bins(name)
        return bins is not None and bins.fits(brush)

    def bins(self, name: str) -> Bins | Categories | None:
        """The bins of what can be brushed by this name."""
        found = self.dimensions.get(name) or self.others.get(name)
        return found.bins if found is not None else None

    def totals(self) -> dict[str, Counts]:
        """Per dimension the count in every bin when nothing is selected."""
        return dict(self._totals)

    def counts(self, selection: Selection, of: Collection[str] | None = None) -> dict[str, Counts]:
        """Per dimension (of these only) the count in every bin under the brushes of all other dimensions."""
        names = [name for name in self.dimensions if of is None or name in of]
        return {name: self.count(name, selection) for name in names}

    def count(self, name: str, selection: Selection) -> Counts:
        """The count in every bin of one dimension under the brushes of all others."""
        return self._count(name, self._under(selection, name))

    def mask(self, selection: Selection) -> Mask | None:
        """Which sessions all brushes hold; None when nothing is selected."""
        return self._under(selection)

    def n_sessions(self, selection: Selection) -> int:
        """How many sessions all brushes hold."""
        mask = self.mask(selection)
        return self._n_sessions if mask is None else int(np.count_nonzero(mask))

    def n_actors(self, selection: Selection) -> int:
        """How many actors have a session that all brushes hold."""
        mask = self.mask(selection)
        return len(self._starts) if mask is None else int(np.count_nonzero(self._any(mask)))

    def running(self, active: str, selection: Selection, of: Collection[str] | None = None) -> Table:
        """Running counts over the active dimension's bins, for all dimensions or for these; its own brush counts for
        nothing."""
        codes, n = self.dimensions[active].codes, len(self.dimensions[active].bins)
        selection = self.holding(selection)
        mask = self._under(selection, active)
        words = self._words(codes, mask)
        charts = {}
        for name, passive in self.dimensions.items():
            if name == active or (of is not None and name not in of):
                continue
            brushed = name in selection
            held = self._under(selection, active, name) if brushed else mask
            if passive.per_actor:
                met = self._words(codes, held) if brushed else words
                charts[name] = distinct_counts(met, n, self._actor_codes[name], len(passive.bins))
            else:
                charts[name] = running_counts(codes, n, passive.codes, len(passive.bins), held)
        return Table(active, running_counts(codes, n, mask=mask), distinct_counts(words, n), charts)

    def _under(self, selection: Selection, *without: str) -> Mask | None:
        """Which sessions the brushes hold, some left out; None when there is no other."""
        held: Mask | None = None
        for name, brush in selection.items():
            if name not in without and self._fits(name, brush):
                mask = self._mask(name, brush)
                held = mask if held is None else held & mask
        return held

    def _mask(self, name: str, brush: Brush) -> Mask:
        """The mask of one brush; the latest of every dimension is remembered."""
        remembered = self._masks.get(name)
        if remembered is None or remembered[0] != brush:
            holder = self.dimensions.get(name) or self.others[name]
            remembered = self._masks[name] = (brush, holder.passing(brush))
        return remembered[1]

    def _any(self, mask: Mask) -> Mask:
        """Which actors have a session in the mask."""
        return np.logical_or.reduceat(mask, self._starts) if len(self._starts) else mask[:0]

    def _words(self, codes: Codes, mask: Mask | None) -> npt.NDArray[np.uint64]:
        """Per actor one bit for every code among its sessions in the mask."""
        bits = _BITS[codes]
        if mask is not None:
            bits *= mask
        return np.bitwise_or.reduceat(bits, self._starts) if len(self._starts) else bits[:0]

    def _count(self, name: str, mask: Mask | None) -> Counts:
        each = self.dimensions[name]
        if mask is None and not each.per_actor:
            return each.totals
        if each.per_actor:
            codes = self._actor_codes[name]
            codes = codes if mask is None else codes[self._any(mask)]
        else:
            codes = each.codes[mask]
        return np.bincount(codes, minlength=len(each.bins))
