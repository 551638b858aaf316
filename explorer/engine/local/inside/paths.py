"""The paths of the sessions that are shown: who goes which way, and a step as what sessions are brushed by."""

from __future__ import annotations

import polars as pl

from explorer.crossfilter.cube import Dimension
from explorer.engine.answers.sequences.paths import FEW_WHOLE, Paths
from explorer.engine.local.session_table import SessionTable
from explorer.errors import SpecError
from explorer.spec.charts.sequences.route import Route


def paths(sessions: SessionTable, route: Route, rows: pl.Series | None = None, most: int = FEW_WHOLE) -> Paths:
    """The paths of the shown sessions, or of those at these places of the table.

    At each step the `top` values with most sessions are told apart, whatever `rows` are. Raises SpecError at `of`,
    `at` and `where`.
    """
    return sessions.walked(route).counted(route, rows, most)


def path_step(sessions: SessionTable, name: str, route: Route, at: int) -> Dimension:
    """A step of the paths as what sessions are brushed by."""
    if not at < route.length:
        raise SpecError(f"These paths have {route.length} steps. Brush one of them.")
    return sessions.walked(route).dimension(name, at, route.top)
