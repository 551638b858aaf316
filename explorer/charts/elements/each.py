"""Sessions as points, and numbers as they are."""

from __future__ import annotations

from typing import Any

import holoviews as hv

from explorer.charts import theme
from explorer.charts.elements.asked import Asked
from explorer.charts.elements.binned import heat
from explorer.charts.elements.columns import COUNT, dressed, named, of_column, value_dimension
from explorer.crossfilter.measured import Cells
from explorer.errors import SpecError


def points(asked: Asked) -> Any:
    """A point for each session with both values, and its id; where they are too many for the page, cells as there."""
    if len(asked.chart.by) != 2:
        raise SpecError("by: a scatter has two columns, such as by: [duration, event_count].")
    if isinstance(asked.followed, Cells):
        return heat(asked)
    frame = asked.coded.points(asked.chart, asked.selection)
    if "selected" in frame.columns[3:]:
        frame = frame.filter(frame.columns[3])
    frame = frame.drop_nulls(frame.columns[1:3])
    ids, x, y = frame.get_columns()[:3]
    zone = asked.engine.zone
    (across, one), (up, other) = of_column(x, zone), of_column(y, zone)
    session = named("session_id", "Session", taken=(one, other))
    element = hv.Points((across, up, ids.to_numpy()), kdims=[one, other], vdims=[session])
    return dressed(element, color=theme.SELECTED, alpha=0.6, size=4)


def table(asked: Asked) -> Any:
    """A row for each group: what it is, its value, and how many sessions it has."""
    frame, measure = asked.frame, asked.chart.measure
    if measure == COUNT:
        frame = frame.drop("sessions")
    arrays: list[Any] = []
    dimensions: list[Any] = []
    for column in frame.get_columns():
        array, dimension = of_column(column, asked.engine.zone)
        if column.name == "value":
            dimension = value_dimension(measure, frame.schema["value"], taken=(*dimensions,))
        arrays.append(array)
        dimensions.append(dimension)
    at = frame.columns.index("value")
    return hv.Table(tuple(arrays), kdims=dimensions[:at], vdims=dimensions[at:])
