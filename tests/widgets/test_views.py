"""The tabs above the charts, and the views that work only while they are looked at."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn
import polars as pl
import pytest

from tests.widgets.test_app_headless import FRAME
from widgets import SessionExplorer
from widgets.tabs import Tabs
from widgets.view import View
from widgets.viewing import VIEWS


class CountedView(View[int]):
    """Says how many sessions are selected, and how often it was asked."""

    asked = 0

    def build(self) -> pn.Column:
        return pn.Column()

    def work(self) -> Callable[[], int]:
        state = self.state
        self.asked += 1
        return lambda: state.numbers().sessions

    def show(self, found: int) -> None:
        self.place.objects = [str(found)]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> SessionExplorer:
    monkeypatch.setitem(VIEWS, "counted", ("Counted", f"{__name__}:CountedView"))
    return SessionExplorer(FRAME, actor="user", time="ts", event="event")


def test_a_tab_is_chosen_among_those_there_are():
    tabs = Tabs(value="a", titles={"a": "A", "b": "B"})
    tabs.hear({"chosen": "b"})
    tabs.hear({"chosen": "c"})
    assert tabs.value == "b"


def test_a_view_is_built_when_it_is_opened_and_follows_the_brush_while_it_is(app: SessionExplorer):
    assert not app.viewing.views
    app.viewing.tabs.hear({"chosen": "counted"})
    view = app.viewing.views["counted"]
    assert view.place.visible
    assert view.place[0].object == str(app.sessions.height)
    chosen = app.sessions["event_count"].min()
    app.charts.select(app.state.selection)
    app.state.selection = type(app.state.selection).from_text(f"event_count:{chosen}..{chosen + 1}")
    assert view.place[0].object == str(app.sessions.filter(pl.col("event_count") == chosen).height)


def test_a_view_that_is_not_looked_at_does_nothing_until_it_is(app: SessionExplorer):
    app.state.view = "counted"
    view = app.viewing.views["counted"]
    app.viewing.tabs.hear({"chosen": "charts"})
    assert app.state.view == ""
    assert not view.place.visible
    asked = view.asked
    app.state.define(inactivity="1m")
    assert view.asked == asked
    app.state.view = "counted"
    assert view.asked == asked + 1
    assert view.place[0].object == str(app.sessions.height)
