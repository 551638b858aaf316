"""What draws each kind of chart that follows the brushes."""

from __future__ import annotations

from typing import Any

from explorer.charts.kinds.area import AreaChart
from explorer.charts.kinds.bars import BarChart
from explorer.charts.kinds.heat import HeatChart
from explorer.charts.kinds.line import LineChart
from explorer.charts.kinds.scatter import PointChart
from explorer.crossfilter.measured import Cells, Followed, Points
from explorer.spec.charts.kinds import kind_of

OVER_TIME: dict[str, type[Any]] = {"line": LineChart, "area": AreaChart}


def drawn_by(followed: Followed) -> type[Any] | None:
    """The class that draws such numbers; None for what is a number or a table."""
    if kind_of(followed.chart).shown_as != "figure":
        return None
    if isinstance(followed, Points):
        return PointChart
    if isinstance(followed, Cells):
        return HeatChart if len(followed.axes) == 2 else BarChart
    return OVER_TIME.get(followed.chart.kind)
