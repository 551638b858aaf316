"""What a notebook gets, without a notebook: answers at once, charts in two places, a picture that needs nothing."""

from __future__ import annotations

import asyncio
import base64
import re
from html import unescape

import pytest

from explorer.crossfilter.selections.selection import Range, Selection
from explorer.spec.metric import Metric
from explorer.spec.prose import metric_sentence
from explorer.spec.session import SessionDefinition
from tests.widgets.notebook.browser import Browser, hello
from tests.widgets.notebook.events import FRAME
from widgets import SessionExplorer
from widgets.definition.metric_editor import MetricEditor
from widgets.filter_builder.builder import FilterBuilder
from widgets.notebook.inline import Inline
from widgets.notebook.view import Presence
from widgets.parts import library_internals as internals
from widgets.sessions.key_numbers import KeyNumber
from widgets.views.told import TOLD
from widgets.views.view_tabs import VIEWS

FEW = Selection().with_("event_count", Range(1, 3))


@pytest.fixture
def app() -> SessionExplorer:
    return SessionExplorer(FRAME, actor="user", time="ts", event="event")


def images(html: str) -> list[str]:
    return [base64.b64decode(found).decode() for found in re.findall(r"image/svg\+xml;base64,([^\"]+)", html)]


def test_what_is_set_and_asked_for_in_one_cell_is_answered_as_it_is_now(app: SessionExplorer):
    definition = app.state.definition.replace(inactivity="5m")

    async def cell() -> tuple[int, int]:
        app.analysis = app.analysis.with_session(definition)
        return app.selected.height, app.sessions.height

    wanted = app.state.engine.sessions(definition).height
    assert asyncio.run(cell()) == (wanted, wanted)


def test_a_chart_in_another_place_follows_and_is_followed_until_it_goes(app: SessionExplorer):
    def watchers() -> int:
        return sum(len(each) for kinds in app.state.param.watchers.values() for each in kinds.values())

    before, presence = watchers(), Presence()
    app.charts["duration"].inline(presence)
    copy = presence.on_leave.__self__  # type: ignore[attr-defined]
    app.state.selection = FEW
    assert copy.charts.selection == FEW
    copy.state.selection = Selection()
    assert app.state.selection == app.linked.selection == Selection()
    app.state.add_chart(app.state.charts[0].replace(of="session_number"))
    assert copy.grid.cards.keys() == app.charts.keys()
    presence.on_leave()
    assert watchers() == before
    app.state.selection = FEW
    assert copy.charts.selection == Selection()


def test_a_still_picture_says_and_draws_what_is_there(app: SessionExplorer):
    html = app.still()
    assert not re.search(r"<script|<style|https?:", html)
    assert f"<b>{app.sessions.height}</b>" in html
    assert len(images(html)) == 4
    app.state.selection = FEW
    assert "Brushed: " in app.still()
    assert f"<b>{app.selected.height}</b>" in app.still()
    assert len(images(app.charts["start"].still())) == 1
    assert "Median duration" in app.key_numbers.still()
    assert "<b>30m</b>" in app.inactivity.still()


def test_a_still_picture_of_nothing_says_why(app: SessionExplorer):
    app.state.define(name="<i>none</i>", keep="event_count > 1000")
    html = app.still()
    assert "&lt;i&gt;none" in html
    assert "<i>none" not in html
    assert 'alt="Session duration: no sessions"' in html
    assert app.state.definition == SessionDefinition("<i>none</i>", "30m", keep="event_count > 1000")


def test_charts_that_are_not_drawn_are_named(app: SessionExplorer):
    app.chart_choice.hear({"toggle": "new heatmap"})
    assert "Not in this picture: Sessions by hour of start and weekday of start." in app.still()


def test_every_part_shows_itself(app: SessionExplorer):
    for part in (app, app.charts["start"], app.inactivity, app.rules, app.definitions, app.table, app.chips):
        assert isinstance(part, Inline)
        assert not re.search(r"<script|https?:", part.still())
        widget = part.widget
        assert widget.part is part
        assert part.widget is widget


def test_a_picture_of_a_part_says_what_is_in_it(app: SessionExplorer):
    assert app.table.rows[0][0] in app.table.still()
    assert f"{app.sessions.height} sessions." in app.table.still()
    assert "A session is consecutive events of one user, at most 30m apart." in app.definitions.still()
    assert "Gap of exactly 30m" in app.rules.still()
    assert "Nothing: all sessions are selected." in app.chips.still()
    app.state.selection = FEW
    assert "1 to 2 events" in app.chips.still()
    condition = FilterBuilder(value="event = '<b>' AND NOT event = 'view'")
    assert "event is &#39;&lt;b&gt;&#39;" in condition.still()
    words = condition.still_words()
    assert words is not None
    assert words.text().endswith("(event = '<b>' AND NOT event = 'view')")
    assert "No condition: all events." in FilterBuilder().still()
    assert "No session is looked at." in app.microscope.still()
    metric = Metric("buys", "count", where="event = 'buy'")
    assert metric_sentence(metric) in unescape(MetricEditor(value=metric).still())


@pytest.mark.parametrize("key", VIEWS)
def test_a_view_shows_alone_says_what_it_comes_to_and_lets_go(key: str, app: SessionExplorer):
    def watchers() -> int:
        return sum(len(each) for kinds in app.state.param.watchers.values() for each in kinds.values())

    view = app.views[key]
    before, presence = watchers(), Presence()
    assert key in TOLD
    for selection in (Selection(), FEW):
        app.state.selection = selection
        words = view.still_words()
        assert words.title == VIEWS[key][0]
        assert words.sentences or words.rows
        assert not re.search(r"<script|<style|https?:", view.still())
    view.inline(presence)
    presence.on_leave()
    assert watchers() == before


def test_a_view_of_nothing_says_so(app: SessionExplorer):
    app.state.define(keep="event_count > 1000")
    for view in app.views.values():
        words = view.still_words()
        assert words.sentences or words.rows


def test_a_page_gets_long_texts_once(app: SessionExplorer):
    browser = Browser(app)
    browser.tells(hello("one", []))
    (opened, buffers), *_ = browser.said
    assert [each["name"] for each in opened["libraries"]] == ["Modules", "Bokeh", "Widgets", "Tables", "Panel"]
    assert len(opened["texts"]) == len(buffers) - 1 > 5
    browser.said.clear()
    browser.tells(hello("two", opened["texts"]))
    again = next(content for content, _ in browser.said if content["kind"] == "open")
    assert again["texts"] == []


def test_a_place_that_says_good_bye_is_forgotten_and_one_that_does_not_answer_too(app: SessionExplorer):
    browser = Browser(app.key_numbers)
    before = len(internals.cell_views())
    for view in ("one", "two", "three", "four"):
        browser.tells(hello(view, []))
        browser.tells({"kind": "here", "view": "one"})
    assert len(internals.cell_views()) - before == 3  # the second never answered
    for view in ("one", "three", "four"):
        browser.tells({"kind": "bye", "view": view})
    assert len(internals.cell_views()) == before


def test_what_changes_is_told_to_every_place(app: SessionExplorer):
    browser = Browser(app.key_numbers)
    for view in ("one", "two"):
        browser.tells(hello(view, []))
    browser.said.clear()
    app.key_numbers.value = [KeyNumber("<b>label</b>", "7")]
    told = [(content["view"], buffers[0]) for content, buffers in browser.said if content["kind"] == "patch"]
    assert {view for view, _ in told} == {"one", "two"}
    assert all(b"<b>label</b>" in text for _, text in told)


def test_a_picture_in_the_cell_that_makes_the_explorer_has_its_numbers():
    async def cell() -> list[str]:
        app = SessionExplorer(FRAME, actor="user", time="ts", event="event")
        parts = app.key_numbers, app.table
        for part in parts:
            part.settle()
        return [part.still() for part in parts]

    numbers, table = asyncio.run(cell())
    assert "Median duration" in numbers
    assert "16 sessions." in table
