"""Ticks that are told, each with its label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bokeh.models import FixedTicker

from explorer.charts import theme


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


def shortened(label: str) -> str:
    """A label that has room below a bar; the whole of it is told on hovering.

    >>> shortened("/products/summer/shoes")
    '/products/summ…'
    """
    return label if len(label) <= theme.LONGEST_LABEL else f"{label[: theme.LONGEST_LABEL - 1]}…"
