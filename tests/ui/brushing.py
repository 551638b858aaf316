"""Linked charts alone on a page, and drags over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import panel as pn

from explorer.charts.brushing.linked import LinkedCharts
from explorer.crossfilter.cube import Crossfilter
from explorer.crossfilter.selections.selection import Selection
from tests.charts.made_up import TITLES, made_up
from tests.ui.figures import brush, figure_box, figure_data
from tests.ui.guards import GuardedPage


class App:
    """The charts of the page that was opened last, and how to reach its document."""

    def __init__(self, crossfilter: Crossfilter | None = None, titles: dict[str, str] = TITLES) -> None:
        self.crossfilter = crossfilter or made_up(4_000)
        self.titles = titles
        self.linked: LinkedCharts
        self.heard: list[Selection] = []

    def page(self) -> pn.viewable.Viewable:
        self.linked = LinkedCharts(self.titles, on_selection=self.heard.append)
        charts = [pn.pane.HoloViews(each, sizing_mode="stretch_width") for each in self.linked.elements.values()]
        page = pn.Column(
            pn.widgets.TextInput(label="Note"),
            pn.pane.Bokeh(self.linked.readout),
            pn.GridBox(*charts, ncols=2, sizing_mode="stretch_width"),
            sizing_mode="stretch_width",
        )
        self.linked.show(self.crossfilter)
        return page

    def do(self, action: Callable[[], None]) -> None:
        """Run on the document's own thread, as a page does."""
        self.linked.channel.document.add_next_tick_callback(action)


def drawn(page: GuardedPage, names: Iterable[str] = TITLES) -> dict[str, list[float]]:
    return {name: figure_data(page, name)[1].data["top"] for name in names}


def fraction(app: App, name: str, position: float) -> float:
    return position / len(app.crossfilter.dimensions[name].bins)


def drag(page: GuardedPage, app: App, name: str, lo: float, hi: float) -> None:
    """A drag between two places on the axis of a chart, in bins."""
    page.mouse.move(*figure_box(page, name).at(fraction(app, name, lo)))
    page.wait_for_timeout(100)
    brush(page, name, fraction(app, name, lo), fraction(app, name, hi), steps=12)
