"""The tabs above the charts, and the views that work only while they are looked at."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import panel as pn
import polars as pl
import pytest

from tests.engines.making import Connect
from tests.factories import FRAME
from widgets import SessionExplorer
from widgets.parts.tabs import Tabs
from widgets.views.view import View
from widgets.views.view_tabs import VIEWS

pytestmark = pytest.mark.slow


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
def app(engines: Connect, monkeypatch: pytest.MonkeyPatch) -> SessionExplorer:
    monkeypatch.setitem(VIEWS, "counted", ("Counted", f"{__name__}:CountedView"))
    return SessionExplorer(engines(FRAME, actor="user", time="ts", event="event"))


def test_every_kind_of_component_is_there_before_a_page_is():
    code = """
import importlib, pkgutil, polars, widgets, widgets.page.serve
from panel.custom import JSComponent

def kinds(kind):
    return {each for sub in kind.__subclasses__() for each in (sub, *kinds(sub))}

app = widgets.SessionExplorer(polars.DataFrame({"user": [1], "ts": [2]}), actor="user", time="ts")
there = kinds(JSComponent)
for module in pkgutil.walk_packages(widgets.__path__, "widgets."):
    importlib.import_module(module.name)
print(sorted(f"{kind.__module__}.{kind.__name__}" for kind in kinds(JSComponent) - there))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_was_chosen_in_a_view_goes_with_its_data(app: SessionExplorer, tmp_path: Path):
    app.viewing.tabs.value = "counted"
    before = app.viewing.views["counted"]
    path = tmp_path / "more.csv"
    FRAME.head(30).write_csv(path)
    app.data_toggle.hear({"toggle": True})
    app.opening.panel.source = str(path)  # type: ignore[union-attr]
    view = app.viewing.views["counted"]
    assert view is not before
    assert view.place[0].object == str(app.sessions.height)
    asked = before.asked  # type: ignore[attr-defined]
    app.state.selection = type(app.state.selection).from_text("event_count:1..2")
    assert before.asked == asked  # type: ignore[attr-defined]


def test_a_tab_is_chosen_among_those_there_are():
    tabs = Tabs(value="a", titles={"a": "A", "b": "B"})
    tabs.__panel__().active = 1
    tabs.choose(2)
    assert tabs.value == "b"
    tabs.value = "a"
    assert tabs.__panel__().active == 0


def test_a_view_is_built_when_it_is_opened_and_follows_the_brush_while_it_is(app: SessionExplorer):
    assert not app.viewing.views
    app.viewing.tabs.value = "counted"
    view = app.viewing.views["counted"]
    assert view.place.visible
    assert view.place[0].object == str(app.sessions.height)
    chosen = app.sessions["event_count"].min()
    app.linked.select(app.state.selection)
    app.state.selection = type(app.state.selection).from_text(f"event_count:{chosen}..{chosen + 1}")
    assert view.place[0].object == str(app.sessions.filter(pl.col("event_count") == chosen).height)


def test_a_view_that_is_not_looked_at_does_nothing_until_it_is(app: SessionExplorer):
    app.state.view = "counted"
    view = app.viewing.views["counted"]
    app.viewing.tabs.value = "charts"
    assert app.state.view == ""
    assert not view.place.visible
    asked = view.asked
    app.state.define(inactivity="1m")
    assert view.asked == asked
    app.state.view = "counted"
    assert view.asked == asked + 1
    assert view.place[0].object == str(app.sessions.height)
