"""A measure from step to step of time: curves, and areas on top of each other."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np

from explorer.charts import theme
from explorer.charts.elements.asked import Asked
from explorer.charts.elements.columns import dressed, in_seconds, named, of_column, value_dimension
from explorer.charts.figure.time_axis import step_times
from explorer.charts.figure.time_series import all_series
from explorer.charts.kinds.area import area_colors, merged
from explorer.charts.titles import chart_title
from explorer.crossfilter.measured import Rows
from explorer.errors import SpecError
from explorer.spec.charts.periods import period_words

NOW = "now"


def rows_of(asked: Asked) -> Rows:
    """The numbers by steps of time; raises SpecError where they are none."""
    followed = asked.followed
    if not isinstance(followed, Rows) or not followed.names:
        raise SpecError(f"A {asked.chart.kind} goes over time. Say every: 1d.")
    return followed


def curves(asked: Asked) -> Any:
    """A curve; one for each group, and of a period before, where the chart has them."""
    rows = rows_of(asked)
    values = rows.frame["value"] if rows.selected is None else rows.selected
    times, across = of_column(step_times(rows.frame[rows.names[0]]), asked.engine.zone)
    what = value_dimension(rows.chart.measure, values.dtype, taken=(across,))
    now = all_series(rows, values)
    drawn: dict[Any, Any] = {(name, NOW): its for name, its in now.items()}
    before = rows.previous if rows.selected is None else rows.selected_previous
    if before is not None:
        word = period_words(rows.chart.previous)
        drawn |= {(name, word): its for name, its in all_series(rows, before).items()}
    heights = {key: in_seconds(its, values.dtype) for key, its in drawn.items()}
    curve = {
        key: dressed(hv.Curve((times, its), kdims=[across], vdims=[what]), line_width=2) for key, its in heights.items()
    }
    if len(rows.names) == 1 and before is None:
        # Without a step of time there is no group that has a value at it.
        only = [*curve.values(), hv.Curve([], kdims=[across], vdims=[what])][0]
        return dressed(only, color=theme.SELECTED)
    # Which of the two parts of a key there are several of.
    groups, periods = len(rows.names) > 1, before is not None
    called = " and ".join(rows.names[1:])
    kdims = [
        *([named(called, " and ".join(map(chart_title, rows.names[1:])))] if groups else []),
        *["period"] * periods,
    ]
    parts = {key if groups and periods else key[periods and not groups]: each for key, each in curve.items()}
    return hv.NdOverlay(parts, kdims=kdims)


def areas(asked: Asked) -> Any:
    """An area for each group, each on top of the one before; where a group has no value it adds nothing."""
    rows = rows_of(asked)
    values = rows.frame["value"] if rows.selected is None else rows.selected
    times, across = of_column(step_times(rows.frame[rows.names[0]]), asked.engine.zone)
    what = value_dimension(rows.chart.measure, values.dtype, taken=(across,))
    order = list(all_series(rows, rows.frame["value"]))
    its = all_series(rows, values)
    series = merged([(name, its[name]) for name in order])
    group = named(rows.names[1], chart_title(rows.names[1]), taken=(across, what))
    drawn = {}
    for (name, each), color in zip(series, area_colors(series), strict=True):
        heights = np.nan_to_num(in_seconds(each, values.dtype))
        drawn[name] = dressed(hv.Area((times, heights), kdims=[across], vdims=[what]), color=color)
    if not drawn:
        return hv.Area([], kdims=[across], vdims=[what])  # HoloViews draws no overlay of nothing
    return hv.Area.stack(hv.NdOverlay(drawn, kdims=[group]))
