"""Paths as a script asks for them."""

from __future__ import annotations

from typing import Unpack

from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.sequences.paths import Paths
from explorer.engine.cut import Cut
from explorer.engine.local.different.asked import brushed, read
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.sequences.route import RouteFields


def asked_paths(cut: Cut, selection: str | Selection, most: int, **route: Unpack[RouteFields]) -> Paths:
    """The answer; raises SpecError for a brush that does not fit the sessions."""
    chart, held = Chart("paths", cut.definition.name, **route), read(selection)
    return brushed(cut, held).paths(chart.route, held, most)
