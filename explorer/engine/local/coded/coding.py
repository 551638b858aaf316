"""The sessions of a definition in bins, each dimension beside the others."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from explorer.crossfilter.bins.binning import DIMENSIONS, Binning, Dimensions
from explorer.crossfilter.cube import Crossfilter, Dimension
from explorer.engine.local.coded.coded_keys import dimension_key
from explorer.engine.local.coded.dimensions import actor_starts, dimension
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.engine.local.coded.multivalued import is_of_several, several
from explorer.engine.local.returning.brushed import brushed
from explorer.engine.local.session_table import SessionTable
from explorer.engine.side_by_side import side_by_side
from explorer.engine.stopping import go_on
from explorer.errors import SpecError

# Of fewer sessions a dimension is binned before another thread has begun.
MANY = 50_000


def coded_of(
    sessions: SessionTable, dimensions: Dimensions = DIMENSIONS, kind: type[LocalCoded] | None = None
) -> LocalCoded:
    """Bin the shown sessions by these dimensions, each as it is asked for.

    Each is remembered by what it reads, so that one more dimension, or another metric, bins only what is new.
    """
    table, definition = sessions.table, sessions.definition
    starts = actor_starts(table)
    duration = table["duration"].to_physical().to_numpy()
    total = np.add.reduceat(duration, starts) if len(starts) else duration

    def binned(name: str, binning: Binning) -> Any:
        go_on()
        key = dimension_key(definition, name, binning)
        try:
            if binning.returns is not None:
                return sessions.stages.get("returns", key, partial(brushed, sessions, name, binning.returns))
            if is_of_several(sessions, name):
                return sessions.stages.get("several", key, partial(several, sessions, name, binning))
            return sessions.stages.get("dimension", key, partial(dimension, sessions, name, binning))
        except SpecError as problem:
            return problem

    works = [partial(binned, name, binning) for name, binning in dimensions.items()]
    many = sessions.events.here and table.height >= MANY
    made = dict(zip(dimensions, side_by_side(works) if many else [work() for work in works], strict=True))
    problems = {name: each for name, each in made.items() if isinstance(each, SpecError)}
    found = [each for each in made.values() if isinstance(each, Dimension)]
    others = {name: each for name, each in made.items() if not isinstance(each, Dimension | SpecError)}
    crossfilter = Crossfilter(found, starts, table.height, others)
    return (kind or LocalCoded)(sessions, table, crossfilter, starts, total, problems)
