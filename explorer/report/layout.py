"""What the page's scripts need to know about the codes, and what its reader does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from explorer.charts import theme
from explorer.charts.brushing.brush import SHARE_TOOLTIP, TOOLTIP
from explorer.charts.kinds.distribution import INSET
from explorer.charts.shares import RUNGS, SHARE_FORMAT, ZOOMS
from explorer.charts.titles import CALLED, brush_name
from explorer.crossfilter.bins.bins import Bins
from explorer.crossfilter.bins.categories import Categories
from explorer.crossfilter.cards import Card
from explorer.crossfilter.formats import count_text
from explorer.crossfilter.selections.brushes import Brush, Range, Values
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.coded import Coded
from explorer.report.numbers import key_numbers
from explorer.report.packed_sessions import Packed
from explorer.report.static_charts import counted_cells

ALL = Selection()
# A brush as the bins that it holds: from the first up to, not including, the last; or these.
Held = list[int] | dict[str, list[int]]


def layout(
    coded: Coded,
    packed: Packed,
    shown: Sequence[Card],
    brushes: Mapping[str, Held] | None = None,
    selection: Selection = ALL,
) -> dict[str, Any]:
    """Where the codes are, what they mean, and the exact totals; `texts` has every range of bins in words.

    `shown` are the charts on the page: those that add up, and the cells that are counted in two dimensions. `brushes`
    stand when the page is opened: they are the `selection`, whose numbers are exact.
    """
    dimensions, totals = coded.dimensions, coded.totals()
    numbers = coded.numbers(Selection())
    return {
        **{name: value for name, value in asdict(packed).items() if name != "data"},
        "faded": theme.FADED_ALPHA,
        "brushes": dict(brushes or {}),
        "opened": _opened(coded, selection) if brushes else None,
        "heights": {
            "rungs": list(RUNGS),
            "zooms": list(ZOOMS),
            "gap": theme.BAR_GAP / 2,
            "inset": INSET,
            "counts": {"format": theme.COUNT_FORMAT, "tip": TOOLTIP},
            "shares": {"format": SHARE_FORMAT, "tip": SHARE_TOOLTIP},
        },
        "cumulative": [card.dimension for card in shown if card.dimension and card.chart.cumulative],
        "cells": [list(pair) for pair in counted_cells(coded, shown)],
        "all": {
            "sessions": numbers.sessions,
            "actors": numbers.actors,
            "events": numbers.events,
            "single": round(numbers.sessions * (numbers.one_event_share or 0)),
        },
        "dimensions": [
            {
                "name": name,
                "called": brush_name(name),
                "named": isinstance(each.bins, Categories),
                "perActor": each.per_actor,
                "lows": each.bins.lows if isinstance(each.bins, Bins) else (),
                "labels": each.bins.labels,
                "totals": totals[name].tolist(),
                "texts": _texts(each.bins) if isinstance(each.bins, Bins) else (),
            }
            for name, each in dimensions.items()
        ],
    }


def _opened(coded: Coded, selection: Selection) -> dict[str, Any]:
    """Everything that is counted of a selection, and its key numbers as they are read."""
    numbers = coded.numbers(selection)
    return {
        "sessions": numbers.sessions,
        "actors": numbers.actors,
        "events": numbers.events,
        "counts": {name: counts.tolist() for name, counts in coded.counts(selection).items()},
        "numbers": {each.name: each.value for each in key_numbers(numbers)},
    }


def _texts(bins: Bins) -> list[list[str]]:
    n = len(bins)
    return [[bins.text(bins.range(lo, hi)) for hi in range(lo + 1, n + 1)] for lo in range(n)]


def held_bins(coded: Coded, shown: Sequence[Card], selection: Selection) -> tuple[dict[str, Held], list[str]]:
    """The brushes of a selection as the bins of these charts that they hold, and the names of those that are others.

    A page counts by bins: a brush that is turned around, or is of values without a bin, cannot stand in it.
    """
    charts = {card.dimension for card in shown}
    found: dict[str, Held] = {}
    left_out: list[str] = []
    for name, brush in selection.items():
        each = coded.dimensions[name] if name in charts and name in coded.dimensions else None
        held = None if each is None or not each.bins.fits(brush) else _held(each.bins, brush)
        if held:
            found[name] = held
        else:
            left_out.append(CALLED.get(name, name))
    return found, left_out


def _held(bins: Bins | Categories, brush: Brush) -> Held | None:
    if isinstance(bins, Bins):
        if not isinstance(brush, Range) or brush.negated or brush.none:
            return None
        span = bins.span(brush)
        return list(span) if span and span[0] < span[1] else None
    if not isinstance(brush, Values) or not brush.values <= set(bins.values):
        return None
    return {"bins": np.flatnonzero(bins.touched(brush)).tolist()}


def not_brushed(left_out: Sequence[str]) -> str:
    """That these brushes do not stand here, said where the numbers are.

    >>> not_brushed(["duration"])[:66]
    'The page was brushed by duration as well. No number below holds to'
    """
    if not left_out:
        return ""
    return (
        f"The page was brushed by {' and '.join(left_out)} as well. No number below holds to that: brushes of a file "
        "hold bars that stand side by side, or values that have a bar of their own."
    )


def how_brushed(coded: Coded, packed: Packed) -> str:
    """What the brushes count, where it is not simply everything."""
    sessions, actors = coded.total, coded.n_actors(Selection())
    if packed.sessions == sessions:
        return ""
    if not packed.sessions:
        return "Nothing can be brushed: no actor has few enough sessions to fit into the file. All totals are exact."
    return (
        f"Totals are exact. What a brush selects is estimated from {count_text(packed.sessions)} of "
        f"{count_text(sessions)} sessions: all those of {count_text(packed.actors)} of {count_text(actors)} actors, "
        "chosen by a hash of their place in order (SplitMix64, lowest first), scaled up to the whole."
    )
