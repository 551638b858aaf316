"""Shares instead of counts: of all and of the selected, so that their shapes can be compared; or why there are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from explorer.charts import theme
from explorer.charts.kinds.table import drawn_by
from explorer.crossfilter.measured import Cells, Floats, Followed, Points, Rows
from explorer.spec.charts.chart import Chart
from explorer.spec.charts.dimension import Dimension

SHARE_FORMAT, COUNT_FORMAT = "0.[0] %", theme.COUNT_FORMAT
# Where an axis of shares may end: it moves seldom while a brush is dragged.
RUNGS = tuple(1.06 * share for share in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0))
PARTS = ("count", "sum")


def share_ceiling(highest: float) -> float:
    """Where an axis of shares ends.

    >>> round(share_ceiling(0.35), 3)
    0.424
    """
    return next((rung for rung in RUNGS if rung > highest), RUNGS[-1])


# Where an axis of counts may end that follows the selection, in each power of ten.
ZOOMS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)


def zoom_ceiling(highest: float) -> float:
    """Where an axis of counts ends that follows the selection: on a step, so that it moves seldom; 1 above nothing.

    >>> round(zoom_ceiling(23.0), 1), zoom_ceiling(0.0)
    (31.8, 1.0)
    """
    if not highest > 0:
        return 1.0
    power = 10.0 ** int(f"{highest:e}".partition("e")[2])
    return 1.06 * power * next((step for step in ZOOMS if step * power >= highest), ZOOMS[-1])


def shares(values: npt.ArrayLike) -> Floats:
    """What part of their sum each value is; NaN is no value, and of nothing all are 0.

    >>> shares([3, 1, float("nan")]).tolist(), shares([0, 0]).tolist()
    ([0.75, 0.25, nan], [0.0, 0.0])
    """
    numbers = np.asarray(values, dtype=np.float64)
    return np.asarray(numbers / (np.nansum(numbers) or 1.0), dtype=np.float64)


def shared(followed: Followed) -> Followed:
    """The same numbers as shares; as they are where `why_counts` says why."""
    if why_counts(followed):
        return followed
    chart = followed.chart.replace(measure="share")
    if isinstance(followed, Cells):
        selected = None if followed.selected is None else shares(followed.selected)
        return replace(followed, chart=chart, dtype=pl.Float64(), all=shares(followed.all), selected=selected)
    assert isinstance(followed, Rows)
    frame = followed.frame.with_columns(value=_shared(followed.frame["value"]))
    return replace(
        followed, chart=chart, frame=frame, selected=None if followed.selected is None else _shared(followed.selected)
    )


def why_counts(followed: Followed) -> str:
    """Why a chart does not show shares, in a sentence; empty where it does."""
    chart = followed.chart
    if isinstance(followed, Points):
        return "Shares do not change this chart: each point is one session."
    if drawn_by(followed) is None:
        return "Shares do not change this card: it shows its numbers as they are."
    return _why_no_part(chart) or ("" if not _below(followed) else "No shares here: some values are below 0.")


def _why_no_part(chart: Chart) -> str:
    if chart.measure.aggregate not in PARTS:
        return "No shares here: only counts and sums have parts."
    if chart.over:
        return "No shares here: the windows overlap."
    if chart.previous:
        return "No shares here: the period before has another total."
    if any(Dimension.parse(name.removeprefix(f"{chart.session}.")).place == "any" for name in chart.by):
        return "No shares here: a session can be in several of the groups."
    return ""


def _below(followed: Cells | Rows | Points) -> bool:
    if isinstance(followed, Cells):
        parts = [followed.all, *([] if followed.selected is None else [followed.selected])]
        return any(bool((np.nan_to_num(part) < 0).any()) for part in parts)
    if isinstance(followed, Rows):
        columns = [followed.frame["value"], *([] if followed.selected is None else [followed.selected])]
        return any(bool((each.to_physical() < 0).any()) for each in columns)
    return False


def _shared(values: pl.Series) -> pl.Series:
    numbers = values.to_physical().cast(pl.Float64)
    return numbers / (numbers.sum() or 1.0)
