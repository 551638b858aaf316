"""Linked brushing in a real browser: after every gesture what is drawn equals numpy."""

from __future__ import annotations

import panel as pn
import pytest
from playwright.sync_api import expect

from explorer.charts.brushing.linked import LinkedCharts
from explorer.crossfilter.selections.selection import Range, Selection
from tests.charts.made_up import TITLES, made_up
from tests.ui.brushing import App, agrees, bins, drag, drawn, fraction, shows
from tests.ui.figures import brush, figure_box, figure_data
from tests.ui.guards import GuardedPage
from tests.ui.stage import Shelf

MINUTE = 60_000_000


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def opened(app: App, shelf: Shelf) -> GuardedPage:
    page = shelf.show(app.page)
    expect(page.get_by_role("figure", name="Session duration")).to_be_visible()
    return page


def test_a_drag_snaps_to_bins_and_every_chart_follows(app: App, opened: GuardedPage) -> None:
    drag(opened, app, "duration", 5.2, 11.9)
    selection = Selection().with_("duration", bins(app, "duration", 5, 12))
    agrees(opened, app, selection)
    assert app.heard == [selection]
    alpha = figure_data(opened, "duration")[1].data["alpha"]
    assert [value == 1 for value in alpha] == [5 <= i < 12 for i in range(len(alpha))]


def test_the_others_follow_while_the_mouse_is_still_down(app: App, opened: GuardedPage) -> None:
    box = figure_box(opened, "duration")
    opened.mouse.move(*box.at(fraction(app, "duration", 5)))
    opened.idle()
    opened.mouse.down()
    for hi in (9, 14, 12):
        opened.mouse.move(*box.at(fraction(app, "duration", hi)), steps=4)
        selection = Selection().with_("duration", bins(app, "duration", 5, hi))
        shows(opened, app, selection)
        assert app.linked.selection == Selection()
    opened.mouse.up()
    agrees(opened, app, selection)


def test_a_chart_that_changes_meanwhile_does_not_end_a_drag(app: App, opened: GuardedPage) -> None:
    box = figure_box(opened, "duration")
    opened.mouse.move(*box.at(fraction(app, "duration", 5)))
    opened.idle()
    opened.mouse.down()
    opened.mouse.move(*box.at(fraction(app, "duration", 12)), steps=4)
    selection = Selection().with_("duration", bins(app, "duration", 5, 12))
    shows(opened, app, selection)
    app.do(lambda: app.linked.dress("start", height=180, cumulative=False))
    opened.idle()
    shows(opened, app, selection)
    opened.mouse.up()
    agrees(opened, app, selection)


def test_a_drag_may_begin_slowly(app: App, opened: GuardedPage) -> None:
    box = figure_box(opened, "duration")
    opened.mouse.move(*box.at(fraction(app, "duration", 5)))
    opened.mouse.down()
    opened.wait_for_timeout(700)
    opened.mouse.move(*box.at(fraction(app, "duration", 12)), steps=4)
    opened.mouse.up()
    agrees(opened, app, Selection().with_("duration", bins(app, "duration", 5, 12)))


def test_a_standing_brush_is_moved_and_resized(app: App, opened: GuardedPage) -> None:
    drag(opened, app, "duration", 5, 12)
    agrees(opened, app, Selection().with_("duration", bins(app, "duration", 5, 12)))
    drag(opened, app, "duration", 8.5, 11.5)
    agrees(opened, app, Selection().with_("duration", bins(app, "duration", 8, 15)))
    drag(opened, app, "duration", 15, 19.8)
    agrees(opened, app, Selection().with_("duration", bins(app, "duration", 8, 20)))


def test_several_brushes_and_all_ways_to_clear(app: App, opened: GuardedPage) -> None:
    selection = Selection()
    for name, lo, hi in (
        ("duration", 3, 14),
        ("event_count", 2, 12),
        ("time_in_session", 4, 20),
        ("start", 5, 25),
    ):
        drag(opened, app, name, lo, hi)
        selection = selection.with_(name, bins(app, name, lo, hi))
        agrees(opened, app, selection)
    opened.mouse.dblclick(*figure_box(opened, "event_count").at(fraction(app, "event_count", 5)))
    selection = selection.with_("event_count", None)
    agrees(opened, app, selection)
    opened.mouse.click(*figure_box(opened, "start").at(fraction(app, "start", 2)))
    selection = selection.with_("start", None)
    agrees(opened, app, selection)
    opened.keyboard.press("Escape")
    agrees(opened, app, Selection())
    assert app.heard[-1] == Selection()


def test_escape_in_an_input_leaves_the_brushes_alone(app: App, opened: GuardedPage) -> None:
    drag(opened, app, "duration", 5, 12)
    selection = Selection().with_("duration", bins(app, "duration", 5, 12))
    agrees(opened, app, selection)
    opened.get_by_label("Note").click()
    opened.keyboard.press("Escape")
    opened.idle()
    agrees(opened, app, selection)


def test_python_sets_and_clears_brushes(app: App, opened: GuardedPage) -> None:
    off_the_edges = Range(2 * MINUTE, 11 * MINUTE, "duration")
    selection = Selection().with_("duration", off_the_edges).with_("event_count", Range(2, 6))
    app.do(lambda: app.linked.select(selection))
    agrees(opened, app, selection)
    drag(opened, app, "start", 10, 30)
    selection = selection.with_("start", bins(app, "start", 10, 30))
    agrees(opened, app, selection)
    app.do(lambda: app.linked.select(Selection()))
    agrees(opened, app, Selection())
    assert app.heard == [selection]


def test_other_sessions_are_drawn_into_the_same_figures(app: App, opened: GuardedPage) -> None:
    drag(opened, app, "event_count", 2, 8)
    selection = Selection().with_("event_count", bins(app, "event_count", 2, 8))
    agrees(opened, app, selection)
    app.crossfilter = made_up(9_000, seed=5)
    app.do(lambda: app.linked.show(app.crossfilter))
    agrees(opened, app, selection)
    drag(opened, app, "duration", 5, 12)
    agrees(opened, app, selection.with_("duration", bins(app, "duration", 5, 12)))
    app.crossfilter = made_up(0)
    app.do(lambda: app.linked.show(app.crossfilter))
    agrees(opened, app, app.linked.selection)


def test_a_page_without_data_shows_axes_and_takes_the_data_later(app: App, shelf: Shelf) -> None:
    def empty() -> pn.viewable.Viewable:
        app.linked = LinkedCharts(TITLES, on_selection=app.heard.append)
        return pn.Column(app.linked.readout, *map(pn.pane.HoloViews, app.linked.elements.values()), width=600)

    page = shelf.show(empty)
    brush(page, "duration", 0.2, 0.6)
    assert drawn(page) == {name: [] for name in TITLES}
    app.do(lambda: app.linked.show(app.crossfilter, Selection().with_("event_count", Range(2, 6))))
    agrees(page, app, Selection().with_("event_count", Range(2, 6)))
    drag(page, app, "duration", 5, 12)
    selection = Selection().with_("event_count", Range(2, 6))
    agrees(page, app, selection.with_("duration", bins(app, "duration", 5, 12)))


def test_hovering_tells_the_bin_and_both_counts(app: App, opened: GuardedPage) -> None:
    drag(opened, app, "event_count", 2, 8)
    agrees(opened, app, Selection().with_("event_count", bins(app, "event_count", 2, 8)))
    counts = app.crossfilter.counts(app.linked.selection)["duration"]
    totals = app.crossfilter.totals()["duration"]
    bar = int(totals.argmax())
    opened.mouse.move(*figure_box(opened, "duration").at(fraction(app, "duration", bar + 0.4), 0.5))
    opened.mouse.move(*figure_box(opened, "duration").at(fraction(app, "duration", bar + 0.5), 0.5))
    label = app.crossfilter.dimensions["duration"].bins.labels[bar]
    text = f"{label}: {totals[bar]:,} sessions, {counts[bar]:,} selected"
    expect(opened.get_by_text(text, exact=True)).to_be_visible()
