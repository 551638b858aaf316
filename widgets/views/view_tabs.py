"""The ways of looking at the sessions, one below each tab."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import panel as pn

from explorer.errors import ExplorerError
from explorer.state import Explorer
from widgets.parts.in_steps import InSteps, without_figures
from widgets.parts.tabs import Tabs
from widgets.views.alone import PARTS, ViewAlone
from widgets.views.compare.view import CompareView
from widgets.views.view import View

CHARTS, COMPARE = "charts", "compare"
# Key -> title, and where the view is.
VIEWS: dict[str, tuple[str, str]] = {
    "inside": ("Inside sessions", "widgets.views.inside:InsideView"),
    "actors": ("Actors", "widgets.views.actors.view:ActorsView"),
    "return": ("Return", "widgets.views.returning.view:ReturnView"),
    "different": ("What is different", "widgets.views.different.view:DifferentView"),
    "inactivity": ("Inactivity", "widgets.views.inactivity.view:InactivityView"),
    COMPARE: ("Compare", "widgets.views.compare.view:CompareView"),
}


class Viewing:
    """Shows one view at a time; the charts are there from the beginning, another is built when it is opened."""

    def __init__(
        self, state: Explorer, charts: pn.viewable.Viewable, say: Callable[[ExplorerError | None], None]
    ) -> None:
        # Panel tells only one browser of a kind of component that is new while pages are open: none may be new then.
        self._kinds = {key: _kind(where) for key, (_, where) in VIEWS.items()}
        self.state, self._say = state, say
        self.tabs = Tabs(value=CHARTS, titles={CHARTS: "Charts"} | {key: title for key, (title, _) in VIEWS.items()})
        self.views: dict[str, View[Any]] = {}
        titled = {key: (title, key) for key, (title, _) in VIEWS.items()}
        titled |= {key: (title, whole) for key, (title, whole, _) in PARTS.items()}
        self.alone = {key: ViewAlone(key, title, self._kinds[of], state) for key, (title, of) in titled.items()}
        self._steps = InSteps()
        self._charts = charts
        self.place = pn.Column(charts, sizing_mode="stretch_width", margin=0, styles={"max-height": "none"})
        self.tabs.param.watch(lambda event: state.param.update(view="" if event.new == CHARTS else event.new), "value")
        state.param.watch(lambda *_: self._turn(), "view")
        self._turn()

    def _turn(self) -> None:
        shown = self.state.view or CHARTS
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

    def renew(self) -> None:
        """Build the views anew: what was chosen in them was of other data."""
        for view in self.views.values():
            view.forget()
        self.views = {}
        self.place.objects = [self._charts]
        self._turn()

    def compare(self, one: str, other: str) -> None:
        """Hold two definitions against each other, the second as the base."""
        self._comparing().compare(one, other)

    def compare_ids(self, column: str) -> None:
        """Hold the definition that is shown against the session ids that the data have."""
        self._comparing().compare_column(self.state.definition.name, column)

    def _comparing(self) -> CompareView:
        self.state.view = COMPARE
        view = self.views[COMPARE]
        assert isinstance(view, CompareView)
        return view

    def _built(self, key: str) -> View[Any]:
        view = self._kinds[key](self.state, self._say)
        self.views[key] = view
        figures = without_figures(view.place)
        self.place.append(view.place)
        self._steps.take(figures)
        return view


def _kind(where: str) -> type[View[Any]]:
    module, _, name = where.partition(":")
    kind: type[View[Any]] = getattr(import_module(module), name)
    return kind
