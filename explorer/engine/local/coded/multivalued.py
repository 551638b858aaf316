"""A dimension of which one session may have several values: the pages that it visits anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.crossfilter.bins.binning import AUTOMATIC, Binning
from explorer.crossfilter.bins.bins import MOST_BINS, Mask
from explorer.crossfilter.bins.categories import TOP, Categories
from explorer.crossfilter.selections.brushes import Brush, Values
from explorer.engine.local import session_values
from explorer.engine.local.query.groups import named
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError
from explorer.plan.literal import TEXTS
from explorer.spec.charts.dimension import Dimension as Asked

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Several:
    """Pairs of a session, of `n`, and the place of one of its values in `bins.known`; each pair once."""

    bins: Categories
    sessions: Places
    places: Places
    n: int

    def passing(self, brush: Brush) -> Mask:
        """Which sessions have one of the values of a brush; those without any value where it says none."""
        assert isinstance(brush, Values)
        wanted = self.bins.known.is_in(list(brush.values)).to_numpy()
        held = np.zeros(self.n, dtype=bool)
        held[self.sessions[wanted[self.places]]] = True
        if brush.none:
            without = np.ones(self.n, dtype=bool)
            without[self.sessions] = False
            held |= without
        return ~held if brush.negated else held


def is_of_several(sessions: SessionTable, name: str) -> bool:
    """Whether a name asks for any of the values of a column of events."""
    asked = Asked.parse(name)
    return asked.place == "any" and not sessions.has(name)


def several(sessions: SessionTable, name: str, binning: Binning = AUTOMATIC) -> Several:
    """The values of `any page` in the sessions that are shown; raises SpecError for what is no text of events."""
    asked = Asked.parse(name)
    schema = sessions.inside.schema
    if asked.column not in schema:
        raise session_values.unknown(sessions, asked)
    if not isinstance(schema[asked.column], TEXTS):
        raise SpecError(f"'{asked.column}' is no text. Brush first {asked.column} or last {asked.column}.")
    found, kept = sessions.any_of(asked.column), sessions.kept
    place = np.full(sessions.cut.height, -1, dtype=np.int64)
    place[kept.to_numpy()] = np.arange(len(kept))
    session = place[found["session"].to_numpy()]
    group = named(found["value"].filter(pl.Series(session >= 0)), None)
    known = group.names if group.names is not None else pl.Series([], dtype=pl.String)
    session = session[session >= 0]
    having = np.zeros(len(kept), dtype=bool)
    having[session] = True
    bins = Categories(name, known, min(binning.top or TOP, MOST_BINS - 2), none=not having.all())
    return Several(bins, session, group.keys.cast(pl.Int64).to_numpy(), len(kept))
