"""The charts that are brushed, as Bokeh figures in plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import holoviews as hv
import numpy as np
from bokeh.document import Document
from bokeh.embed import json_item
from bokeh.models import CustomJS

from explorer.charts.brushing.brush import Drawn, attach
from explorer.charts.figure.moments import Moment
from explorer.charts.kinds.distribution import distribution
from explorer.charts.titles import chart_title
from explorer.crossfilter.cards import Card
from explorer.engine.coded import Coded

# page.js answers; before it has begun there is nothing to answer.
HEARD = "globalThis.sessionReport?.hear(cb_obj);"


def brushed_figures(coded: Coded, shown: Sequence[Card], moments: tuple[Moment, ...] = ()) -> dict[str, Any]:
    """For each of the brushed charts what `Bokeh.embed.embed_item` draws: grey and blue bars, nothing selected."""
    dimensions, totals = coded.dimensions, coded.totals()
    found = {}
    # Otherwise HoloViews and Bokeh ask for the document that is current in this process, which is somebody's page.
    renderer = hv.renderer("bokeh").instance(mode="server")
    for card in shown:
        name = card.dimension
        each = dimensions[name]
        title = card.chart.title or chart_title(name)
        document = Document()
        plot = renderer.get_plot(distribution(None, title=title), doc=document)
        brushed = attach(plot, name, CustomJS(code=HEARD))
        heights = (np.cumsum(totals[name]) if card.chart.cumulative else totals[name]).astype(np.float64)
        counted = "actors" if each.per_actor else "sessions"
        drawn = Drawn(each.bins, heights, heights, None, counted, blanks=card.chart.blanks, moments=moments)
        brushed.draw(drawn, axes=True)
        document.add_root(brushed.figure)
        found[name] = json_item(brushed.figure)
        # Bokeh describes every data model that this process knows, Panel's too; figures are made of none.
        found[name]["doc"]["defs"] = []
    return found
