"""Ticks that are told, each with its label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bokeh.models import FixedTicker

from explorer.charts import theme
from explorer.crossfilter.bins.bins import Ticks


def put_ticks(axis: Any, ticks: Iterable[tuple[float, str]]) -> None:
    """Give an axis these ticks and their labels.

    >>> from bokeh.models import LinearAxis
    >>> axis = LinearAxis()
    >>> put_ticks(axis, [(0, "none"), (2, "two")])
    >>> axis.ticker.ticks, axis.major_label_overrides
    ([0, 2], {0: 'none', 2: 'two'})
    """
    labels = dict(ticks)
    # A new ticker is a new model, for which Bokeh looks through all of the document.
    if isinstance(axis.ticker, FixedTicker):
        axis.ticker.ticks = list(labels)
    else:
        axis.ticker = FixedTicker(ticks=list(labels))
    axis.major_label_overrides = labels


def shortened(label: str, most: int = theme.LONGEST_LABEL) -> str:
    """A label that has room beside a bar; the whole of it is told on hovering.

    >>> shortened("/products/summer/shoes", 15)
    '/products/summ…'
    """
    return label if len(label) <= most else f"{label[: most - 1]}…"


def with_room(ticks: Ticks, height: float | None) -> Ticks:
    """The names that have room one below the other in a picture so high: all, or every second, third ...

    >>> with_room(((0.5, "ios"), (1.5, "web")), 200)
    ((0.5, 'ios'), (1.5, 'web'))
    """
    if height is None or not ticks:
        return ticks
    room = max(1, int((height - 38) // theme.LINE))
    return ticks[:: -(-len(ticks) // room)]
