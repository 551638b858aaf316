"""What is counted of sessions under brushes, whoever counts it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.cube import Counts
from explorer.crossfilter.running_counts import Table
from explorer.crossfilter.selections.selection import Selection


class Axis(Protocol):
    """A dimension as it is drawn and brushed: its bins, and whether actors are counted in them rather than sessions."""

    @property
    def bins(self) -> Bins | Categories:
        """The bins."""
        ...

    @property
    def per_actor(self) -> bool:
        """Whether it is one value per actor."""
        ...


class Counting(Protocol):
    """Sessions counted in the bins of several dimensions, each under the brushes of all others.

    A brush of what is not here, or of another kind of values, holds everything.
    """

    @property
    def dimensions(self) -> Mapping[str, Axis]:
        """What is drawn in bins, by name."""
        ...

    def bins(self, name: str) -> Bins | Categories | None:
        """The bins of what can be brushed by this name, whether it is drawn or not."""
        ...

    def holding(self, selection: Selection) -> Selection:
        """The brushes that say something here."""
        ...

    def totals(self) -> Mapping[str, Counts]:
        """Per dimension the count in every bin when nothing is selected."""
        ...

    def counts(self, selection: Selection, of: Collection[str] | None = None) -> Mapping[str, Counts]:
        """Per dimension (of these only) the count in every bin under the brushes of all other dimensions."""
        ...

    def n_sessions(self, selection: Selection) -> int:
        """How many sessions all brushes hold."""
        ...

    def n_actors(self, selection: Selection) -> int:
        """How many actors have a session that all brushes hold."""
        ...

    def running(self, active: str, selection: Selection, of: Collection[str] | None = None) -> Table:
        """What a drag over one dimension needs in order to draw every frame: running counts over its bins, for all
        dimensions or for these."""
        ...
