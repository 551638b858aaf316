"""Dimensions of the first session of each actor, remembered where all dimensions are."""

from __future__ import annotations

from functools import partial

from explorer.crossfilter.bins.binning import Binning
from explorer.crossfilter.cube import Dimension
from explorer.engine.local.coded.coded_keys import dimension_key
from explorer.engine.local.coded.dimensions import dimension
from explorer.engine.local.session_table import SessionTable
from explorer.spec.charts.views.returning import FEW_ROWS


def of_first(sessions: SessionTable, top: int | None, name: str) -> Dimension:
    """A dimension whose name ends with OF_FIRST, in as many named values as are said; raises SpecError."""
    binning = Binning(top=top or FEW_ROWS)
    key = dimension_key(sessions.definition, name, binning)
    found: Dimension = sessions.stages.get("dimension", key, partial(dimension, sessions, name, binning))
    return found
