"""All that is public shows alone in a notebook: its value goes in and comes out, its picture says what is in it, and
nothing stays of it."""

from __future__ import annotations

import gc
import json
import re
import weakref
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import bokeh
import numpy as np
import param
import pytest
from bokeh.model import Model
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure
from panel.viewable import Viewable
from param.parameterized import Watcher

import widgets
from explorer import ActorMetric, Analysis, Columns, Metric, SessionDefinition
from explorer.crossfilter.selections.selection import Range, Selection
from tests.widgets.notebook.browser import Browser, hello
from tests.widgets.notebook.events import FRAME
from widgets import SessionExplorer
from widgets.notebook.inline import NOTE, Inline, Shown
from widgets.parts import library_internals as internals
from widgets.views.alone import PARTS
from widgets.views.view_tabs import VIEWS

COLUMNS = Columns(actor="user", time="ts")
VISIT, OTHER = SessionDefinition("visit", "30m"), SessionDefinition("other", "2h")
BOUGHT, SPENT = Metric("bought", "count", where="event = 'buy'"), Metric("spent", "sum", "amount")
EVENTS: dict[str, Any] = {"event": {"type": "text", "values": [("buy", 3)]}, "amount": {"type": "number"}}
OF_SESSIONS: dict[str, Any] = {"duration": {"type": "duration"}, "event_count": {"type": "number"}}
# What is only clicked, or lies over a page, has nothing to say in a picture.
CLICKED = {"toolbar", "keeper", "hints", "data_toggle"}
HAS_SCRIPTS = {"bokeh": bokeh.__version__, "plugins": ["Modules", "Widgets", "Tables", "Panel"]}


@dataclass(frozen=True)
class Alone:
    """How something is made, what its picture says, another value, and what somebody does with it in the browser."""

    make: Callable[[], Any]
    says: str
    other: Any
    do: Callable[[Any], Any]
    comes: Callable[[Any], bool]
    value: str = "value"


ALONE: dict[str, Alone] = {
    "ActorMetricEditor": Alone(
        lambda: widgets.ActorMetricEditor(
            value=ActorMetric("longest", "max", "duration"), columns=EVENTS, session_columns=OF_SESSIONS
        ),
        "duration",
        ActorMetric("most", "max", "event_count"),
        lambda part: part.name_field.param.update(value="renamed"),
        lambda value: value == ActorMetric("renamed", "max", "event_count"),
    ),
    "ColumnsEditor": Alone(
        lambda: widgets.ColumnsEditor(value=COLUMNS, names=["user", "ts", "event"]),
        "user",
        COLUMNS.replace(actor="event"),
        lambda part: part._event.param.update(value="event"),
        lambda value: value.event == "event",
    ),
    "DefinitionList": Alone(
        lambda: widgets.DefinitionList(value=Analysis(COLUMNS, [VISIT]), shown="visit"),
        "A session is consecutive events of one user, at most 30m apart.",
        Analysis(COLUMNS, [VISIT, OTHER]),
        lambda part: part.hear({"delete": "visit"}),
        lambda value: [each.name for each in value.sessions] == ["other"],
    ),
    "FilterBuilder": Alone(
        lambda: widgets.FilterBuilder(value="event = 'buy'", columns=EVENTS),
        "event is 'buy' (event = 'buy')",
        "amount > 5",
        lambda part: part.hear({"sql": "amount > 7", "turn": 1}),
        lambda value: str(value) == "amount > 7",
    ),
    "InactivityEditor": Alone(
        lambda: widgets.InactivityEditor(value=VISIT),
        "<b>30m</b>",
        OTHER,
        lambda part: part._slider.hear({"text": "45m"}),
        lambda value: value == OTHER.replace(inactivity="45m"),
    ),
    "MetricEditor": Alone(
        lambda: widgets.MetricEditor(value=BOUGHT, columns=EVENTS, session_columns=OF_SESSIONS),
        "event is 'buy'",
        SPENT,
        lambda part: part.name_field.param.update(value="renamed"),
        lambda value: value == SPENT.replace(name="renamed"),
    ),
    "SessionExplorer": Alone(
        lambda: SessionExplorer(FRAME, actor="user", time="ts"),
        "at most 30m apart",
        Analysis(COLUMNS, [OTHER]),
        lambda part: part.inactivity._slider.hear({"text": "45m"}),
        lambda value: [str(each.inactivity) for each in value.sessions] == ["45m"],
        "analysis",
    ),
    "SessionsTable": Alone(
        lambda: widgets.SessionsTable(columns=[{"name": "id", "title": "Session"}], rows=[["ann/1"]], total=60),
        "ann/1",
        [["bob/7"]],
        lambda part: part.hear({"page": 1}),
        lambda value: value == [["bob/7"]],
        "rows",
    ),
}


def said(picture: str) -> str:
    return unescape(re.sub(r"<(?!b>|/b>)[^>]*>", " ", picture))


def test_every_public_thing_is_in_the_table():
    assert set(ALONE) == set(widgets.__all__)
    assert all(issubclass(getattr(widgets, name), Inline) for name in widgets.__all__)


@pytest.mark.parametrize("name", sorted(ALONE))
def test_a_value_goes_in_and_comes_out_and_the_picture_says_it(name: str):
    row = ALONE[name]
    before = len(internals.cell_views())
    part = row.make()
    assert row.says in said(part.still())
    assert not re.search(r"<script|<style|https?:", part.still())
    browser = Browser(part)
    browser.tells(hello("one", []))
    assert len(browser.heard("open")) == 1
    setattr(part, row.value, row.other)
    assert browser.heard("patch")
    row.do(part)
    assert browser.heard("patch")
    assert row.comes(getattr(part, row.value))
    if row.value == "value":
        assert part.widget.text == str(part.value)
    browser.tells({"kind": "bye", "view": "one"})
    assert len(internals.cell_views()) == before


def parts(app: SessionExplorer) -> dict[str, Inline]:
    """All that an explorer has by a public name and that shows itself."""
    names = (name for name in dir(app) if not name.startswith("_") and name not in ("widget", *CLICKED))
    own = {name: found for name in names if isinstance(found := getattr(app, name), Inline)}
    charts = {f"charts[{name!r}]": card for name, card in app.charts.items()}
    return {"app": app, **own, **charts, **{f"views[{name!r}]": view for name, view in app.views.items()}}


def test_each_part_of_an_explorer_has_a_picture_that_says_what_is_in_it():
    app = SessionExplorer(FRAME, actor="user", time="ts", event="event")
    found = parts(app)
    assert {"key_numbers", "definitions", "inactivity", "rules", "table", "microscope", "columns", "chips"} <= set(
        found
    )
    assert {*app.views} == {*VIEWS, *PARTS}
    for name, part in found.items():
        picture = part.still()
        assert not re.search(r"<script|<style|https?:", picture), name
        words = said(picture).replace(NOTE, "").replace(type(part).__name__, "").split()
        bare = said(Shown.still(part)).replace(NOTE, "").split() if part.still_words() is None else []
        assert len(words) > len(bare) + 1 or "<img" in picture, name


def live() -> Counter[str]:
    """All that Panel, Bokeh and param made and that is alive, by its kind."""
    gc.collect()
    kinds = Viewable, Model, param.Parameterized, Watcher
    return Counter(type(each).__name__ for each in gc.get_objects() if isinstance(each, kinds))


def test_all_that_is_public_shows_alone_and_what_is_shown_again_leaves_nothing():
    app = SessionExplorer(FRAME, actor="user", time="ts", event="event")
    before = len(internals.cell_views())
    held = parts(app) | {name: row.make() for name, row in ALONE.items() if name != "SessionExplorer"}
    browsers = {name: Browser(part) for name, part in held.items()}
    known: list[str] = []
    counted = []
    for _ in range(3):
        for name, browser in browsers.items():
            browser.tells(hello("one", known) | HAS_SCRIPTS)
            ((opened, buffers),) = browser.heard("open")
            assert len(buffers) == 1 + len(opened["texts"]), name
            known += opened["texts"]
            browser.tells({"kind": "bye", "view": "one"})
            browser.said.clear()
            assert len(internals.cell_views()) == before, name
        counted.append(live())
    assert counted[1] == counted[2]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_nothing_is_left_of_an_explorer_that_is_closed():
    app = SessionExplorer(FRAME, actor="user", time="ts")
    browser = Browser(app)
    for view in ("one", "two"):
        browser.tells(hello(view, []))
    held = [weakref.ref(each) for each in (app, app.state, app.linked, app.grid)]
    app.widget.close()
    del app, browser
    gc.collect()
    assert [each() for each in held] == [None] * len(held)


def test_arrays_travel_both_ways_as_they_are_in_memory():
    app = SessionExplorer(FRAME, actor="user", time="ts")
    browser = Browser(app)
    browser.tells(hello("one", []))
    browser.said.clear()
    app.state.selection = Selection().with_("event_count", Range(1, 3))
    patches = browser.heard("patch")
    assert any(content["refs"] for content, _ in patches)
    for content, buffers in patches:
        assert len(buffers) == 1 + len(content["refs"]) + len(content["texts"])
        assert b"base64" not in buffers[0]


def test_an_array_of_the_browser_is_heard_as_it_is_there():
    source = ColumnDataSource({"x": [0.0]})
    plot = figure()
    plot.scatter("x", "x", source=source)

    class Plot(Shown):
        def __panel__(self) -> Any:
            return plot

    browser = Browser(Plot())
    browser.tells(hello("one", []))
    array = {"type": "ndarray", "array": {"type": "bytes", "data": {"id": "0"}}, "shape": [3], "dtype": "float64"}
    data = {"type": "map", "entries": [["x", {**array, "order": "little"}]]}
    change = {"kind": "ModelChanged", "model": {"id": source.id}, "attr": "data", "new": data}
    browser.tells(
        {"kind": "patch", "view": "one", "content": json.dumps({"events": [change]})},
        np.array([1.0, 2.0, 3.5]).tobytes(),
    )
    assert list(source.data["x"]) == [1.0, 2.0, 3.5]
    assert browser.heard("heard")
    browser.tells({"kind": "bye", "view": "one"})


def test_a_widget_whose_channel_was_closed_is_let_go_and_its_part_has_another():
    first, second = SessionExplorer(FRAME, actor="user", time="ts"), widgets.FilterBuilder(value="event = 'buy'")
    known, widget = weakref.ref(first), second.widget
    first.widget.begin()
    for each in (first.widget, widget):
        each.comm.close()
    del first
    assert second.widget is not widget
    second.value = "event = 'view'"
    assert second.widget.text == "event = 'view'"
    gc.collect()
    assert known() is None
