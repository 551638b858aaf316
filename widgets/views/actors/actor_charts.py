"""Time in session per actor as two pictures that brush: how it is spread, and how it is shared out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from widgets.parts.component import Component, script, style

Hear = Callable[[dict[str, Any]], None]


class SpansChart(Component):
    """Actors, or what `thing` names, by a length of time, bar by bar: grey for all, coloured for those selected.

    `shown` has labels, totals, counts, ticks and touched, one a bar, `said`, `hint` and, where there is nothing,
    `none`. A drag sends the bars `from` up to `to`. With `things` and `of`, heads of columns, there is a table, and its
    CSV is asked for by `ask`.
    """

    shown = param.Dict(default={})
    handed = param.Dict(default={}, doc="The CSV that was asked for; `turn` differs every time.")

    _esm = script("parts/svg.js", "parts/across.js", "parts/download.js", "parts/table.js", "views/actors/spans.js")
    _stylesheets = [style("parts/table.css", "views/actors/actor_charts.css")]


class SharesChart(Component):
    """The share of all time that the actors with most of it hold.

    `shown` has the points of `all` and `selected`, `marks` with share, time, label and pressed, `brushed` from 0 to 1,
    `actors`, the sentences `said` and, where there is nothing, `none`. A drag sends the shares of actors `from` and
    `to`; a click sends `clear`.
    """

    shown = param.Dict(default={})

    _esm = script("parts/svg.js", "parts/across.js", "views/actors/shares.js")
    _stylesheets = [style("views/actors/actor_charts.css")]
