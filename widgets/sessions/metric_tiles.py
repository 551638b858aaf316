"""The metrics of the definition that is shown, each as a number that stays on the page and leads to its chart."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import panel as pn
import param

from widgets.notebook.inline import Shown
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain

# So many are computed for the page; the sidebar lists all.
MOST = 24


@dataclass(frozen=True)
class Tile:
    """One metric: its name, what it comes to and in how many sessions, and its rule as a sentence."""

    name: str
    value: str
    sub: str
    help: str


class MetricStrip(Component):
    """What the browser shows."""

    tiles = param.List(default=[], item_type=dict)
    more = param.String(doc="What is said of metrics that have no tile.")

    _esm = script("sessions/metric_tiles.js")
    _stylesheets = [style("sessions/metric_tiles.css")]


class MetricTiles(TellsAgain, Shown):
    """One tile a metric, in one row that scrolls; `asked` is the name of the metric whose chart is wanted."""

    value = param.List(default=[], item_type=Tile, doc="From left to right.")
    more = param.String(doc="What is said of metrics that have no tile.")
    asked = param.String()

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._strip = MetricStrip(
            tiles=pn.bind(lambda tiles: [asdict(tile) for tile in tiles], self.param.value),
            more=self.param.more,
            visible=self.param.value.rx.len() > 0,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._strip.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click on a tile."""
        if message.get("name") in {tile.name for tile in self.value}:
            self.tell_again(asked=message["name"])

    def still_words(self) -> Told:
        """What each metric comes to, and its rule."""
        rows = [[each.name, each.value, each.sub, each.help] for each in self.value]
        said = [self.more] if rows else ["This definition has no metric."]
        return Told("Metrics", said, ["Metric", "It comes to", "", "Rule"], rows)

    def __panel__(self) -> MetricStrip:
        return self._strip
