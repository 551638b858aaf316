"""Linked charts alone on a page, and drags over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import panel as pn
from playwright.sync_api import expect

from explorer.charts.brushing.linked import LinkedCharts
from explorer.crossfilter.cube import Crossfilter
from explorer.crossfilter.selections.selection import Brush, Selection
from tests.charts.made_up import TITLES, made_up
from tests.ui.figures import brush, figure_box, figure_data
from tests.ui.guards import GuardedPage
from tests.ui.helpers import comes


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
    page.idle()
    brush(page, name, fraction(app, name, lo), fraction(app, name, hi), steps=12)


def shows(page: GuardedPage, app: App, selection: Selection) -> None:
    """Every bar in the browser is what numpy counts."""
    wanted = {name: counts.tolist() for name, counts in app.crossfilter.counts(selection).items()}
    assert comes(page, lambda: drawn(page, wanted) == wanted), drawn(page, wanted)


def agrees(page: GuardedPage, app: App, selection: Selection) -> None:
    """Python has heard of the selection; then every bar and the readout are right, and stay so."""
    assert comes(page, lambda: app.linked.selection == selection), app.linked.selection.to_text()
    shows(page, app, selection)
    page.idle()
    shows(page, app, selection)
    readout = page.get_by_role("status")
    expect(readout).to_contain_text(f"{app.crossfilter.n_sessions(selection):,} sessions")
    expect(readout).to_contain_text(f"{app.crossfilter.n_actors(selection):,} actors")


def bins(app: App, name: str, lo: int, hi: int) -> Brush:
    """The brush of the bins from one up to another."""
    return app.crossfilter.dimensions[name].bins.range(lo, hi)
