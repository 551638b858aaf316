"""The explorer in a real marimo, edited, run and exported: live, offline, and cells that read it follow its brushes."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import marimo as library
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.ui.cells import EVENTS, GONE, within
from tests.ui.figures import brush
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.helpers import comes
from tests.ui.lab import ROOT, SLOW
from tests.ui.marimos import exported, files, marimo

CELLS = f"""
import marimo

app = marimo.App()


@app.cell
def _():
    import gc
    import os

    import marimo as mo
{indent(EVENTS, "    ")}
    from widgets import FilterBuilder
    from explorer.charts.brushing.linked import LinkedCharts
    from explorer.state import Explorer

    explore = SessionExplorer(events, actor="user", time="ts", event="event")
    other = SessionExplorer(events.head(30), actor="user", time="ts")
    condition = FilterBuilder(value="event = 'view'", columns={{"event": {{"type": "text"}}}})
    return Explorer, LinkedCharts, SessionExplorer, condition, explore, gc, mo, os, other


@app.cell
def _(explore, mo):
    shown = mo.ui.anywidget(explore.widget)
    shown
    return (shown,)


@app.cell
def _(explore, mo, other, shown):
    _by = explore.state.selection.to_text() + shown.seen[:0]
    _of = f"{{explore.selected.height}} of {{explore.sessions.height}}"
    mo.md(f"Found {{_of}} by {{_by}}; {{other.selected.height}} of the other")
    return


@app.cell
def _(other):
    other.key_numbers
    return


@app.cell
def _(condition, mo):
    edited = mo.ui.anywidget(condition.widget)
    edited
    return (edited,)


@app.cell
def _(condition, edited, mo):
    _value = f"{{condition.value}}{{edited.seen[:0]}}"
    mo.md(f"Edited: {{_value}}")
    return


@app.cell
def _(mo):
    counted = mo.ui.button(value=0, on_click=lambda value: value + 1, label="Count")
    counted
    return (counted,)


@app.cell
def _(Explorer, LinkedCharts, SessionExplorer, counted, explore, gc, mo, os):
    gc.collect()
    _kinds = SessionExplorer, Explorer, LinkedCharts
    _alive = [sum(kind in type(thing).__mro__ for thing in gc.get_objects()) for kind in _kinds]
    mo.md(f"Alive in {{os.getpid()}} by {{id(explore)}}.{{counted.value}}: {{_alive}}")
    return


if __name__ == "__main__":
    app.run()
"""
# What it complains about by itself where its kernel or its server is gone.
THEIRS = "ERR_CONNECTION_REFUSED", "(Forbidden)", "HTTPError: Forbidden", "Failed to fetch", "WebSocket"
ASSETS = Path(library.__file__).parent / "_static"
MARIMOS = f"https://cdn.jsdelivr.net/npm/@marimo-team/frontend@{library.__version__}/dist"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("marimo") / "cells.py"
    file.write_text(CELLS, encoding="utf-8")
    return file


@pytest.fixture
def page(browser: Browser) -> Iterator[GuardedPage]:
    with guarded_page(browser) as page:
        page.set_default_timeout(SLOW)
        yield page


@pytest.mark.parametrize("mode", ["run", "edit"])
def test_a_notebook_is_used_until_its_kernel_is_gone(mode: str, notebook: Path, page: GuardedPage):
    with marimo(mode, notebook, notebook.parent) as address:
        page.goto(f"{address}/?file={notebook.name}")
        if mode == "edit":
            expect(page.get_by_text("Alive in {").first).to_be_visible(timeout=SLOW)
            page.get_by_test_id("run-button").last.click()
        figure = page.get_by_role("figure", name="Session duration")
        found = page.get_by_text(re.compile(r"^Found \d+ of"))
        expect(figure).to_be_visible(timeout=SLOW)
        expect(found).to_have_text("Found 40 of 40 by ; 7 of the other", timeout=SLOW)
        # Its picture is there too, and hidden.
        expect(page.get_by_text("Median duration").filter(visible=True)).to_have_count(2)

        # A brush runs the cells that read it, and so do an inactivity that is typed and a condition that is edited.
        brush(page, "duration", 0.4, 0.99)
        expect(found).to_contain_text(" by duration:", timeout=SLOW)
        text = found.inner_text().split(" by ")[1].split(";")[0]
        expect(found).to_have_text(f"Found {within(text)} of 40 by {text}; 7 of the other")
        assert 0 < within(text) < 40
        inactivity = page.get_by_role("textbox", name="Inactivity")
        inactivity.fill("8h")
        inactivity.press("Enter")
        expect(page.get_by_text("all: 180.0").filter(visible=True).first).to_be_visible(timeout=SLOW)
        brush(page, "event_count", 0.0, 0.99)
        expect(found).to_contain_text(" of 1 by ", timeout=SLOW)

        edited = page.get_by_text(re.compile("^Edited: "))
        expect(edited).to_have_text("Edited: event = 'view'")
        page.get_by_role("group", name="Condition").get_by_role("button", name=re.compile("^Remove ")).first.click()
        expect(edited).to_have_text("Edited: None", timeout=SLOW)

        alive = page.get_by_text(re.compile(r"^Alive in \d+"))
        assert alive.inner_text().endswith("[2, 2, 2]")
        if mode == "edit":
            for _ in range(20):
                run_first(page, alive)
            expect(figure).to_be_visible(timeout=SLOW)
            assert comes(page, lambda: count(page, alive).endswith("[2, 2, 2]"))  # the page says good-bye first
        if mode == "edit":
            os.kill(int(alive.inner_text().split()[2]), signal.SIGKILL)
            expect(page.get_by_text(GONE).filter(visible=True).first).to_be_visible(timeout=SLOW)
    # The server of a page that is run is its kernel.
    expect(page.get_by_text(GONE).filter(visible=True).first).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("img", name="Session duration").first).to_be_visible()
    expect(figure).to_be_hidden()
    page.goto("about:blank")
    assert all(any(known in problem for known in THEIRS) for problem in page.problems)
    page.problems.clear()


def run_first(page: GuardedPage, alive: Locator) -> str:
    """Run the cell that makes the explorers, and all others with it; what the cell of live objects says then."""
    before = alive.inner_text()
    page.get_by_test_id("run-button").first.dispatch_event("click")  # it is seen under the pointer only
    expect(alive).not_to_have_text(before, timeout=SLOW)
    return alive.inner_text()


def count(page: GuardedPage, alive: Locator) -> str:
    """Count what is alive once more."""
    before = alive.inner_text()
    page.get_by_role("button", name="Count", exact=True).click()
    expect(alive).not_to_have_text(before, timeout=SLOW)
    return alive.inner_text()


def test_what_is_exported_keeps_a_picture(notebook: Path, page: GuardedPage):
    written = exported(notebook, notebook.parent)
    text = written.read_text(encoding="utf-8")
    assert MARIMOS in text  # marimo's command names its own scripts there, and has no option for another place
    written.write_text(text.replace(MARIMOS, "marimo"), encoding="utf-8")
    with files(written.parent, {"/marimo/": ASSETS}) as address:
        page.goto(f"{address}/{written.name}")
        expect(page.get_by_role("img", name="Session duration").first).to_be_visible(timeout=SLOW)
        page.goto("about:blank")


def test_the_tutorial_runs(tmp_path: Path, page: GuardedPage):
    for name in ("shop.csv.gz", "tutorial.py"):
        shutil.copy(ROOT / "sample_data" / name, tmp_path)
    with marimo("run", tmp_path / "tutorial.py", tmp_path) as address:
        page.goto(address)
        expect(page.get_by_role("figure", name="Session duration")).to_be_visible(timeout=SLOW)
        expect(page.get_by_text("86 of 'visit' are split into 179")).to_be_visible(timeout=SLOW)
        expect(page.get_by_text("7,681 sessions are selected (nothing is brushed)")).to_be_visible(timeout=SLOW)
        brush(page, "duration", 0.4, 0.7)
        expect(page.get_by_text("sessions are selected (duration:")).to_be_visible(timeout=SLOW)
        page.goto("about:blank")
