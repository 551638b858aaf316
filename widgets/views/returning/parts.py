"""The grid of who comes back, and the actors over time, in the browser."""

from __future__ import annotations

import param

from widgets.parts.component import Component, script, style


class ReturnGrid(Component):
    """The share of actors that comes back, as a curve and as cells that brush.

    `shown` has sentences, `caution`, `of`, heads, rows, `total`, `curve` and, where there is nothing, `nothing`. It
    sends `cell`: [row, column], each -1 for all, `field`: [name, value], and `ask`: `csv` or `keep`.
    """

    shown = param.Dict(default={})
    asks = param.Dict(default={}, doc="What can be chosen, by name: label, value and options.")
    keeps = param.Boolean(default=False, doc="Whether it can be put into the document.")
    handed = param.Dict(default={}, doc="The CSV that was asked for; `turn` differs every time.")

    _esm = script(
        "parts/svg.js",
        "parts/across.js",
        "parts/download.js",
        "parts/table.js",
        "views/returning/curve.js",
        "views/returning/grid.js",
    )
    _stylesheets = [style("parts/table.css", "views/returning/returning.css")]


class ActivityChart(Component):
    """Actors in each step of time by what they are, dormant ones below the axis; each part of a column brushes.

    `shown` has `said`, `note`, `of`, columns, `states` and, where there is nothing, `nothing`. It sends `part`:
    [column, state, one more], and `ask`: `csv`.
    """

    shown = param.Dict(default={})
    handed = param.Dict(default={}, doc="The CSV that was asked for; `turn` differs every time.")

    _esm = script(
        "parts/svg.js",
        "parts/across.js",
        "parts/moments.js",
        "parts/download.js",
        "parts/table.js",
        "views/returning/activity.js",
    )
    _stylesheets = [style("parts/table.css", "parts/moments.css", "views/returning/returning.css")]
