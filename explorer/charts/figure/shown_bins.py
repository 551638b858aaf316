"""Which bins a chart draws: sessions without a value are left out until somebody asks for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.crossfilter.bins.bins import Bins, Mask
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.measured import Cells
from explorer.crossfilter.selections.selection import Selection


def shown_bins(
    bins: Bins | Categories, totals: npt.NDArray[Any], blanks: bool, held: Mask | None = None
) -> Bins | Categories:
    """The bins that are drawn: not the last one, for none, unless it is asked for, or held by a brush, or all there is.

    >>> import polars as pl
    >>> bins = Categories("platform", pl.Series(["ios", "web"]), none=True)
    >>> shown_bins(bins, np.array([3, 1, 9]), blanks=False).labels
    ('ios', 'web')
    >>> shown_bins(bins, np.array([0, 0, 9]), blanks=False).labels
    ('ios', 'web', 'none')
    """
    if not bins.none or blanks or not totals[:-1].any() or (held is not None and held[-1]):
        return bins
    return bins.without_none()


def touched_bins(bins: Bins | Categories, selection: Selection) -> Mask | None:
    """Which bins the brush of their dimension holds a part of; None where there is none."""
    brush = selection.get(bins.name)
    return bins.touched(brush) if brush is not None and bins.fits(brush) else None


def shown_axes(cells: Cells, selection: Selection) -> list[Bins | Categories]:
    """The bins that are drawn along each axis of a chart of cells."""
    along = range(len(cells.axes))
    return [
        shown_bins(
            each.bins,
            np.asarray(cells.held.any(axis=tuple(other for other in along if other != axis))),
            cells.chart.blanks,
            touched_bins(each.bins, selection),
        )
        for axis, each in enumerate(cells.axes)
    ]
