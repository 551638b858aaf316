"""What makes the HoloViews element of each kind of chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explorer.charts.elements import binned, each, sequences, through_time
from explorer.charts.elements.asked import Asked, Log, Visit
from explorer.charts.elements.columns import titled
from explorer.charts.titles import asked_title
from explorer.crossfilter.selections.selection import Selection

ELEMENTS: dict[str, Callable[[Asked], Any]] = {
    "distribution": binned.histogram,
    "bar": binned.bars,
    "line": through_time.curves,
    "area": through_time.areas,
    "heatmap": binned.heat,
    "scatter": each.points,
    "number": each.table,
    "table": each.table,
    "funnel": sequences.funnel,
    "return": sequences.returns,
    "paths": sequences.paths,
}


def element(kind: str, log: Log, visit: Visit, selection: str | Selection, **fields: Any) -> Any:
    """The element of a chart; raises SpecError and EngineError."""
    asked = Asked.of(log, visit, selection, kind, fields)
    return titled(ELEMENTS[kind](asked), asked.chart.title or asked_title(asked.chart))
