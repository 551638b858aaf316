"""The ways of looking at the sessions, one below each tab."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import panel as pn

from widgets.tabs import Tabs
from widgets.view import View

if TYPE_CHECKING:
    from widgets.session_explorer import SessionExplorer

CHARTS = "charts"
# Key -> title, and where the view is: read when the tab is opened for the first time.
VIEWS: dict[str, tuple[str, str]] = {
    "inside": ("Inside sessions", "widgets.inside:InsideView"),
    "actors": ("Actors", "widgets.actors_view:ActorsView"),
    "inactivity": ("Inactivity", "widgets.inactivity_view:InactivityView"),
    "compare": ("Compare", "widgets.compare:CompareView"),
}


class Viewing:
    """Shows one view at a time; the charts are there from the beginning, another is built when it is opened."""

    def __init__(self, app: SessionExplorer, charts: pn.viewable.Viewable) -> None:
        self.app = app
        self.tabs = Tabs(value=CHARTS, titles={CHARTS: "Charts"} | {key: title for key, (title, _) in VIEWS.items()})
        self.views: dict[str, View[Any]] = {}
        self._charts = charts
        self.place = pn.Column(charts, sizing_mode="stretch_width", margin=0, styles={"max-height": "none"})
        self.tabs.param.watch(
            lambda event: app.state.param.update(view="" if event.new == CHARTS else event.new), "value"
        )
        app.state.param.watch(lambda *_: self._turn(), "view")
        self._turn()

    def _turn(self) -> None:
        shown = self.app.state.view or CHARTS
        self.tabs.value = shown
        for key, view in self.views.items():
            if key != shown:
                view.look(False)
                view.place.visible = False
        self._charts.visible = shown == CHARTS
        if shown != CHARTS:
            view = self.views.get(shown) or self._built(shown)
            view.place.visible = True
            view.look(True)

    def _built(self, key: str) -> View[Any]:
        module, _, name = VIEWS[key][1].partition(":")
        view: View[Any] = getattr(import_module(module), name)(self.app)
        self.views[key] = view
        self.place.append(view.place)
        return view
