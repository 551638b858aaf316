"""The explorer in a real marimo, edited, run and exported: live, offline, and cells that read it follow its brushes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import marimo as library
import pytest
from playwright.sync_api import Browser, expect

from tests.ui.figures import brush
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.lab import ROOT, SLOW
from tests.ui.marimos import exported, files, marimo

CELLS = """
import marimo

app = marimo.App()


@app.cell
def _():
    from datetime import datetime, timedelta

    import marimo as mo
    import polars as pl
    from widgets import SessionExplorer

    times = [datetime(2024, 3, 1) + timedelta(minutes=7 * at + 90 * (at // 20)) for at in range(80)]
    explore = SessionExplorer(pl.DataFrame({"user": "a", "ts": times}), actor="user", time="ts")
    other = SessionExplorer(pl.DataFrame({"user": "b", "ts": times[:30]}), actor="user", time="ts")
    return explore, mo, other


@app.cell
def _(explore, mo):
    shown = mo.ui.anywidget(explore.widget)
    shown
    return (shown,)


@app.cell
def _(explore, mo, shown):
    mo.md(f"Of 4 there are {explore.selected.height} by {shown.selection}")
    return


@app.cell
def _(other):
    other.key_numbers
    return


if __name__ == "__main__":
    app.run()
"""
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
def test_a_brush_runs_the_cells_that_read_it(mode: str, notebook: Path, page: GuardedPage):
    with marimo(mode, notebook, notebook.parent) as address:
        page.goto(address)
        if mode == "edit":
            expect(page.get_by_text("Of 4 there are {").first).to_be_visible(timeout=SLOW)
            page.get_by_test_id("run-button").last.click()
        figure = page.get_by_role("figure", name="Session duration")
        expect(figure).to_be_visible(timeout=SLOW)
        expect(page.get_by_text("Of 4 there are 4 by")).to_be_visible(timeout=SLOW)
        # Its picture is there too, and hidden.
        expect(page.get_by_text("Median duration").filter(visible=True)).to_have_count(2)
        brush(page, "duration", 0.4, 0.99)
        expect(page.get_by_text("Of 4 there are 4 by duration:")).to_be_visible(timeout=SLOW)
        page.goto("about:blank")


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
