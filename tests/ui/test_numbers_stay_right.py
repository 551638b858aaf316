"""Random walks through the page: after every step all numbers that are seen are those of the core."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from explorer.crossfilter.formats import count_text
from explorer.crossfilter.selections.selection import Selection
from tests.ui.figures import brush, figure_data
from tests.ui.guards import GuardedPage
from tests.ui.helpers import SAMPLE, comes, number
from tests.ui.stage import Stage

CHARTS = ("duration", "event_count", "time_in_session", "start")
OTHERS = ("Actors", "Inside sessions", "Compare", "Inactivity")


@pytest.fixture
def opened(request: pytest.FixtureRequest, stage: Stage) -> Iterator[Stage]:
    """The sample, as a file or as a table of a database."""
    if getattr(request, "param", "file") == "table":
        stage.open(request.getfixturevalue("shop_table"), SAMPLE.with_name("shop.yaml"))
    else:
        stage.open(SAMPLE)
    yield stage
    stage.page.idle()


def seen(page: GuardedPage) -> dict[str, Any]:
    """What the page says, as it is read."""
    readout = page.get_by_text(re.compile(r"^[\d,]+ sessions? · [\d,]+ actors?"))
    numbers = {label: number(page, label).split("\n")[0] for label in ("Sessions", "Actors", "Events")}
    figures = {name: figure_data(page, name) for name in CHARTS}
    return {
        "readout": readout.first.inner_text(),
        **numbers,
        "table": page.get_by_text(re.compile(r"^[\d,]+–[\d,]+ of [\d,]+$|^0 of 0$"))
        .filter(visible=True)
        .first.inner_text()
        .split(" of ")[1],
        "bars": {name: layers[1].data["top"] for name, layers in figures.items()},
        "all": {name: layers[0].data["top"] for name, layers in figures.items()},
        "held": {name: [alpha == 1 for alpha in layers[1].data["alpha"]] for name, layers in figures.items()},
    }


def meant(stage: Stage) -> dict[str, Any]:
    """The same from the core, for the document and the brushes as they are."""
    state = stage.app.state
    picture = state.engine.under(state.analysis.columns).cut(state.definition).coded(state.dimensions)
    crossfilter, selection = picture, state.selection
    now = picture.numbers(selection)
    end = " selected" if selection else ""
    counts, totals = crossfilter.counts(selection), crossfilter.totals()
    holding = crossfilter.holding(selection)
    held = {
        name: crossfilter.dimensions[name].bins.touched(holding[name]).tolist()
        if name in holding
        else [True] * len(totals[name])
        for name in CHARTS
    }
    return {
        "readout": f"{count_text(now.sessions)} sessions · {count_text(now.actors)} actors{end}",
        "Sessions": count_text(now.sessions),
        "Actors": count_text(now.actors),
        "Events": count_text(now.events),
        "table": count_text(now.sessions),
        "bars": {name: counts[name].tolist() for name in CHARTS},
        "all": {name: totals[name].tolist() for name in CHARTS},
        "held": held,
    }


def agrees(stage: Stage, after: str) -> None:
    page = stage.page
    page.idle()
    agreed = comes(page, lambda: seen(page) == meant(stage))
    page.idle()
    found, wanted = seen(page), meant(stage)
    wrong = {name: (found[name], wanted[name]) for name in wanted if found[name] != wanted[name]}
    assert not wrong, f"after {after}: {wrong}"
    assert agreed


def changes(stage: Stage, act: Callable[[], Any]) -> None:
    """Do it, and wait until Python knows."""
    state = stage.app.state
    before = (state.analysis, state.session, state.selection)
    act()
    assert comes(stage.page, lambda: (state.analysis, state.session, state.selection) != before)


def steps(stage: Stage, dice: random.Random) -> dict[str, Callable[[], Any]]:
    """What can be done now, by its name."""
    page, state = stage.page, stage.app.state

    def drag() -> None:
        low = dice.uniform(0.05, 0.6)
        changes(stage, lambda: brush(page, dice.choice(CHARTS), low, low + dice.uniform(0.15, 0.35)))

    def inactivity() -> None:
        other = dice.choice([text for text in ("10m", "30m", "2h") if text != str(state.definition.inactivity)])
        field = page.get_by_role("textbox", name="Inactivity")
        changes(stage, lambda: (field.fill(other), page.keyboard.press("Enter")))

    def tab() -> None:
        page.get_by_role("tab", name=dice.choice(OTHERS)).click()
        page.idle()
        page.get_by_role("tab", name="Charts").click()
        expect(page.get_by_role("figure", name="Sessions over time")).to_be_visible()

    found: dict[str, Callable[[], Any]] = {"drag": drag, "drag again": drag, "inactivity": inactivity, "tab": tab}
    if state.undoable:
        found["undo"] = lambda: changes(stage, page.get_by_role("button", name="Undo", exact=True).click)
    if state.redoable:
        found["redo"] = lambda: changes(stage, page.get_by_role("button", name="Redo", exact=True).click)
    if state.selection:
        crosses = page.get_by_role("button", name=re.compile("^Clear the brush"))
        found["clear"] = lambda: changes(stage, page.get_by_role("button", name="Clear all").click)
        found["cross"] = lambda: changes(stage, crosses.first.click)
        found["escape"] = lambda: changes(stage, lambda: (page.mouse.move(2, 2), page.keyboard.press("Escape")))
        found["back"] = lambda: changes(stage, page.go_back)
    return found


def other_definition(stage: Stage) -> None:
    """A second definition, which is shown instead."""
    state = stage.app.state
    first = state.analysis.sessions[0]
    if len(state.analysis.sessions) == 1:
        short = first.replace(name="short", inactivity="5m")
        state.param.update(analysis=state.analysis.replace(sessions=(first, short)), session="short")
    else:
        names = [session.name for session in state.analysis.sessions]
        state.session = names[(names.index(state.definition.name) + 1) % 2]


@pytest.mark.parametrize(("opened", "seed"), [("file", 0), ("file", 1), ("file", 2), ("table", 3)], indirect=["opened"])
def test_every_number_is_the_cores_after_every_step(opened: Stage, seed: int) -> None:
    dice = random.Random(seed)
    agrees(opened, "opening")
    said = []
    for turn in range(9):
        if turn in (3, 6):
            said.append("definition")
            changes(opened, lambda: opened.do(lambda: other_definition(opened)))
        else:
            possible = steps(opened, dice)
            rare = [name for name in possible if name not in ("drag", "drag again", "inactivity")]
            said.append(dice.choice(rare if rare and turn % 2 else list(possible)))
            possible[said[-1]]()
        agrees(opened, " → ".join(said))


@pytest.mark.parametrize("away", ["Clear all", "Clear the brush"])
def test_a_brush_that_is_taken_away_elsewhere_takes_its_numbers_along(opened: Stage, away: str) -> None:
    page = opened.page
    for _ in range(3):
        changes(opened, lambda: brush(page, "duration", 0.5, 0.75))
        agrees(opened, "a drag")
        changes(opened, page.get_by_role("button", name=re.compile(f"^{away}")).first.click)
        assert opened.app.state.selection == Selection()
        agrees(opened, away)
