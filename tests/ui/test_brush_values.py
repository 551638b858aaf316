"""Brushing bars of named values, and numbers with holes, in a real browser: what is drawn equals plain numpy."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import panel as pn
import pytest
from playwright.sync_api import expect

from explorer.charts.theme import CHART_HEIGHT
from explorer.crossfilter.selections.selection import Range, Selection, Values
from tests.charts.made_up import PLATFORMS, VALUE_TITLES, Sessions, made_up_values
from tests.ui.brushing import App, drag, drawn, fraction
from tests.ui.figures import figure_box, figure_data
from tests.ui.guards import GuardedPage
from tests.ui.helpers import comes
from tests.ui.stage import Shelf

OTHER, NONE = 5, 6
Mask = npt.NDArray[np.bool_]


class ValuesApp(App):
    """The page, and the same sessions as plain arrays."""

    def __init__(self) -> None:
        self.sessions, crossfilter = made_up_values(4_000)
        super().__init__(crossfilter, VALUE_TITLES)

    def page(self) -> pn.viewable.Viewable:
        page = super().page()
        self.blanks("platform", "paid")
        return page

    def blanks(self, *names: str) -> None:
        """Draw those without a value in these charts, and in no others."""
        for name in VALUE_TITLES:
            self.linked.dress(name, height=CHART_HEIGHT, cumulative=False, blanks=name in names)


@pytest.fixture
def app() -> ValuesApp:
    return ValuesApp()


@pytest.fixture
def opened(app: ValuesApp, shelf: Shelf) -> GuardedPage:
    page = shelf.show(app.page)
    expect(page.get_by_role("figure", name="Platform")).to_be_visible()
    return page


def platforms(sessions: Sessions, bins: Iterable[int]) -> Mask:
    """The sessions in some bars: five platforms, all others, none."""
    bar = np.where(sessions.platform < 0, NONE, np.minimum(sessions.platform, OTHER))
    return np.isin(bar, list(bins))


def counted(app: ValuesApp, held: dict[str, Mask]) -> dict[str, list[float]]:
    """The height of every bar under the brushes of the others."""

    def under(name: str) -> Mask:
        masks = [mask for other, mask in held.items() if other != name]
        return np.logical_and.reduce([np.ones(len(app.sessions.actor), bool), *masks])

    sessions, lows = app.sessions, app.crossfilter.dimensions["paid"].bins.edges
    paid = sessions.paid[under("paid")]
    known = paid[~np.isnan(paid)]
    bar = np.where(sessions.platform < 0, NONE, np.minimum(sessions.platform, OTHER))
    edges = app.crossfilter.dimensions["time_in_session"].bins.lows
    actors, first = np.unique(sessions.actor[under("time_in_session")], return_index=True)
    total = sessions.time_in_session[under("time_in_session")][first]
    assert len(actors) == len(total)
    return {
        "platform": np.bincount(bar[under("platform")], minlength=7).tolist(),
        "paid": [*np.histogram(known, np.append(lows[:-1], np.inf))[0].tolist(), len(paid) - len(known)],
        "weekday": np.bincount(sessions.weekday[under("weekday")], minlength=7).tolist(),
        "time_in_session": np.histogram(total, np.append(edges, 2**62))[0].tolist(),
    }


def agrees(page: GuardedPage, app: ValuesApp, held: dict[str, Mask]) -> None:
    """Bars and readout are what numpy counts, and stay so."""
    wanted = counted(app, held)
    assert comes(page, lambda: drawn(page, wanted) == wanted), (drawn(page, wanted), wanted)
    page.idle()
    assert drawn(page, wanted) == wanted
    mask = np.logical_and.reduce([np.ones(len(app.sessions.actor), bool), *held.values()])
    readout = page.get_by_role("status")
    expect(readout).to_contain_text(f"{mask.sum():,} sessions")
    expect(readout).to_contain_text(f"{len(np.unique(app.sessions.actor[mask])):,} actors")


def full(page: GuardedPage, name: str) -> list[int]:
    """The bars that are not faded."""
    return [i for i, alpha in enumerate(figure_data(page, name)[1].data["alpha"]) if alpha == 1]


def click(page: GuardedPage, app: App, name: str, bar: int, *modifiers: str) -> None:
    """A click in the middle of a bar, long enough after the one before not to be a double click."""
    page.wait_for_timeout(350)
    at = figure_box(page, name).at(fraction(app, name, bar + 0.5))
    page.mouse.move(*at)
    for key in modifiers:
        page.keyboard.down(key)
    page.mouse.click(*at)
    for key in modifiers:
        page.keyboard.up(key)


def test_clicks_on_bars_take_one_or_several(app: ValuesApp, opened: GuardedPage) -> None:
    click(opened, app, "platform", 1)
    agrees(opened, app, {"platform": platforms(app.sessions, [1])})
    assert app.linked.selection == Selection.from_text("platform:ios")
    assert full(opened, "platform") == [1]
    click(opened, app, "platform", 3, "Shift")
    agrees(opened, app, {"platform": platforms(app.sessions, [1, 3])})
    click(opened, app, "platform", NONE, "Control")
    agrees(opened, app, {"platform": platforms(app.sessions, [1, 3, NONE])})
    assert app.linked.selection == Selection.from_text("platform:ios|tv|~none")
    assert full(opened, "platform") == [1, 3, NONE]
    click(opened, app, "platform", 1, "Shift")
    agrees(opened, app, {"platform": platforms(app.sessions, [3, NONE])})
    click(opened, app, "platform", OTHER, "Shift")
    agrees(opened, app, {"platform": platforms(app.sessions, [3, OTHER, NONE])})
    others = frozenset(value for i, value in enumerate(PLATFORMS[:5]) if i != 3)
    assert app.linked.selection == Selection().with_("platform", Values(others, negated=True))
    click(opened, app, "platform", 0)
    agrees(opened, app, {"platform": platforms(app.sessions, [0])})
    click(opened, app, "platform", 0)
    agrees(opened, app, {})
    assert app.linked.selection == Selection()
    assert full(opened, "platform") == list(range(7))


def test_a_drag_takes_neighbours_live_and_adds_with_shift(app: ValuesApp, opened: GuardedPage) -> None:
    box = figure_box(opened, "platform")
    opened.mouse.move(*box.at(fraction(app, "platform", 1.5)))
    opened.idle()
    opened.mouse.down()
    for hi in (2.5, 4.5, 3.5):
        opened.mouse.move(*box.at(fraction(app, "platform", hi)), steps=4)
        wanted = counted(app, {"platform": platforms(app.sessions, range(1, int(hi) + 1))})
        assert comes(opened, lambda wanted=wanted: drawn(opened, wanted) == wanted)
        assert app.linked.selection == Selection()
    opened.mouse.up()
    agrees(opened, app, {"platform": platforms(app.sessions, [1, 2, 3])})
    opened.keyboard.down("Shift")
    drag(opened, app, "platform", 5.2, 6.8)
    opened.keyboard.up("Shift")
    agrees(opened, app, {"platform": platforms(app.sessions, [1, 2, 3, OTHER, NONE])})
    opened.keyboard.press("Escape")
    agrees(opened, app, {})


def test_what_has_no_value_is_left_out_until_it_is_asked_for(app: ValuesApp, opened: GuardedPage) -> None:
    bins = app.crossfilter.dimensions["paid"].bins
    paid, known = app.sessions.paid, len(bins.lows)
    app.do(lambda: app.blanks("platform"))
    shown = "m.name === 'paid' && Bokeh.index.find_one(m)"
    axis = f"() => Bokeh.documents.flatMap(d => [...d._all_models.values()]).find(m => {shown}).x_range.end"
    assert comes(opened, lambda: opened.evaluate(axis) == known)
    at = figure_box(opened, "paid")
    opened.mouse.move(*at.at(0.5))
    opened.mouse.down()
    opened.mouse.move(at.x + at.width + 40, at.y + at.height / 2, steps=6)
    opened.mouse.up()
    lo = round(known / 2)
    agrees(opened, app, {"paid": paid >= bins.lows[lo]})
    app.do(lambda: app.linked.select(Selection().with_("paid", Values(negated=False, none=True))))
    assert comes(opened, lambda: opened.evaluate(axis) == known + 1)
    agrees(opened, app, {"paid": np.isnan(paid)})


@pytest.mark.parametrize("seed", range(3))
def test_random_brushes_of_numbers_with_holes(app: ValuesApp, opened: GuardedPage, seed: int) -> None:
    random = np.random.default_rng(seed)
    bins = app.crossfilter.dimensions["paid"].bins
    days = sorted(random.choice(7, 2, replace=False).tolist())
    click(opened, app, "weekday", days[0])
    click(opened, app, "weekday", days[1], "Shift")
    held = {"weekday": np.isin(app.sessions.weekday, days)}
    agrees(opened, app, held)
    for last in (len(bins.lows), len(bins)):
        lo, hi = sorted(random.choice(np.arange(last), 2, replace=False).tolist())
        hi = last if last > len(bins.lows) else hi
        drag(opened, app, "paid", lo + 0.1, hi - 0.1)
        paid, edges = app.sessions.paid, [*bins.lows, np.inf]
        held["paid"] = (paid >= edges[lo]) & (paid < edges[min(hi, len(bins.lows))])
        if hi > len(bins.lows):
            held["paid"] |= np.isnan(paid)
        agrees(opened, app, held)
        opened.mouse.dblclick(*figure_box(opened, "paid").at(0.5))
        del held["paid"]
        agrees(opened, app, held)


def test_python_turns_brushes_around(app: ValuesApp, opened: GuardedPage) -> None:
    paid = app.sessions.paid
    selection = Selection().with_("paid", Range(10.25, 30.5, "number", negated=True))
    app.do(lambda: app.linked.select(selection))
    held = {"paid": ~((paid >= 10.25) & (paid < 30.5))}
    agrees(opened, app, held)
    assert len(app.crossfilter.dimensions["paid"].bins) - 1 in full(opened, "paid")
    click(opened, app, "platform", 2)
    held["platform"] = platforms(app.sessions, [2])
    agrees(opened, app, held)
    click(opened, app, "paid", 3)
    del held["paid"]
    agrees(opened, app, held)


def test_the_whole_name_of_a_bar_is_told(app: ValuesApp, opened: GuardedPage) -> None:
    at = figure_box(opened, "platform")
    opened.mouse.move(*at.at(fraction(app, "platform", 4.4), 0.5))
    opened.mouse.move(*at.at(fraction(app, "platform", 4.5), 0.5))
    total = int((app.sessions.platform == 4).sum())
    expect(opened.get_by_text(f"{PLATFORMS[4]}: {total:,} sessions", exact=True)).to_be_visible()
