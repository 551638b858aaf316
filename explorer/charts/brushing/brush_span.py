"""Where brushes stand on the axes of charts, and what the browser says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.counting import Counting
from explorer.crossfilter.selections.selection import Brush, Selection


def standing(counting: Counting, selection: Selection) -> dict[str, Any]:
    """The brushes as the browser knows them: [lo, hi], or {"bins": [...]}."""
    found: dict[str, Any] = {}
    for name, brush in counting.holding(selection).items():
        bins = counting.bins(name)
        assert bins is not None
        place = position(bins, brush)
        found[name] = list(place) if place else {"bins": np.flatnonzero(bins.touched(brush)).tolist()}
    return found


def position(bins: Bins | Categories, brush: Brush | None) -> tuple[float, float] | None:
    """Where a brush stands on its axis; at least a hair wide, so that it can be seen and taken away."""
    place = bins.interval(brush) if brush else None
    if place is None or place[1] > place[0]:
        return place
    return max(0.0, place[0] - 0.1), min(float(len(bins)), place[0] + 0.1)


def said_brush(bins: Bins | Categories, span: Any) -> Brush | None:
    """The brush that the browser speaks of: [lo, hi], {bins: [...]} or nothing."""
    if not span:
        return None
    if isinstance(span, Mapping):
        return bins.brush([int(i) for i in span["bins"]])
    return bins.range(int(span[0]), int(span[1]))
