"""The explorer in a real JupyterLab: live, offline, both ways, and nothing stays behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, expect

import explorer
from explorer.crossfilter.selections.selection import Range, Selection
from explorer.spec.session import SessionDefinition
from tests.ui.figures import brush, figure_data
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.helpers import comes
from tests.ui.lab import SLOW, Lab, Notebook, jupyterlab

SAMPLE = Path(__file__).parents[2] / "sample_data" / "shop.csv.gz"
SHOW = f"""
import polars as pl
from widgets import SessionExplorer

app = SessionExplorer(pl.read_csv({str(SAMPLE)!r}), actor="user_id", time="ts", event="event")
app
"""
SMALL = """
from datetime import datetime, timedelta
import polars as pl
from widgets import SessionExplorer

times = [datetime(2024, 3, 1) + timedelta(minutes=7 * at + 90 * (at // 20)) for at in range(80)]
app = SessionExplorer(pl.DataFrame({"user": "a", "ts": times}), actor="user", time="ts")
app
"""
SELECTED = "print(app.selected.height, app.state.selection.to_text())"
ALIVE = """
import gc
from explorer.charts.brushing.linked import LinkedCharts
from explorer.state import Explorer
from widgets.notebook.view import View
from widgets.notebook.widget import Widget

gc.collect()
kinds = SessionExplorer, Explorer, LinkedCharts, Widget, View
print([sum(kind in type(thing).__mro__ for thing in gc.get_objects()) for kind in kinds])
"""
STILL = "[data-session-explorer]"
# What it complains about by itself, of plug-ins of JupyterLab that it does not have.
OF_NOTEBOOK_7 = "reading 'schema'", "'filebrowser:open-path' not registered"
GONE = "Not connected: run the cell again."


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with jupyterlab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def page(browser: Browser) -> Iterator[GuardedPage]:
    with guarded_page(browser) as page:
        page.set_default_timeout(SLOW)
        yield page


def sessions(inactivity: str) -> pl.DataFrame:
    log = explorer.connect(SAMPLE, actor="user_id", time="ts", event="event")
    return log.sessions(SessionDefinition("session", inactivity))


def brushed(notebook: Notebook) -> tuple[int, Range]:
    """Brush durations, and ask in the next cell what is selected."""
    brush(notebook.page, "duration", 0.4, 0.7)
    for _ in range(20):
        height, _, text = notebook.says(1).partition(" ")
        if text:
            held = Selection.from_text(text)["duration"]
            assert isinstance(held, Range)
            return int(height), held
        notebook.page.wait_for_timeout(250)
    raise AssertionError("the brush was not heard")


def draws(page: GuardedPage, count: int) -> bool:
    """Whether the grey bars come to hold so many sessions."""
    for _ in range(200):
        if sum(figure_data(page, "duration")[0].data["top"]) == count:
            return True
        page.wait_for_timeout(100)
    return False


def test_one_cell_shows_all_and_both_sides_follow(lab: Lab, page: GuardedPage):
    change = "app.analysis = app.analysis.with_session(app.state.definition.replace(inactivity='2h'))"
    alone = (
        *("app.charts['event_count']", "app.inactivity", "app.key_numbers", "app.table", "app.definitions"),
        *("app.views['different']", "app.views['return']"),
    )
    notebook = lab.open(page, "show.ipynb", [SHOW, SELECTED, change, *alone])
    notebook.run(0)
    expect(page.get_by_role("figure", name="Session duration")).to_be_visible(timeout=SLOW)
    expect(page.locator(STILL)).to_be_hidden()
    height, held = brushed(notebook)
    assert held.hi is not None
    low, high = (timedelta(microseconds=int(end)) for end in (held.lo, held.hi))
    within = pl.col("duration").is_between(low, high, closed="left")
    assert 0 < height == sessions("30m").filter(within).height
    notebook.run(2)
    assert draws(page, sessions("2h").height)
    expect(notebook.run(3).get_by_role("figure", name="Events per session")).to_be_visible(timeout=SLOW)
    expect(notebook.run(4).get_by_role("textbox", name="Inactivity")).to_have_value("2h", timeout=SLOW)
    count = sessions("2h").filter(within).height
    expect(notebook.run(5).get_by_text(f"{count:,}", exact=True).last).to_be_visible(timeout=SLOW)
    expect(notebook.run(6).get_by_role("columnheader", name="Duration")).to_be_visible(timeout=SLOW)
    expect(notebook.run(7).get_by_text("session", exact=True).last).to_be_visible(timeout=SLOW)
    expect(notebook.run(8).get_by_text("of the others").filter(visible=True).first).to_be_visible(timeout=SLOW)
    expect(notebook.run(9).get_by_role("table", name="Who comes back")).to_be_visible(timeout=SLOW)


def test_the_tutorial_runs(lab: Lab, page: GuardedPage):
    for name in ("shop.csv.gz", "tutorial.ipynb"):
        shutil.copy(SAMPLE.with_name(name), lab.folder)
    notebook = lab.show(page, "tutorial.ipynb")
    notebook.run_all()
    # All of it, and one chart once more.
    expect(page.get_by_role("figure", name="Session duration")).to_have_count(2, timeout=SLOW)
    expect(page.get_by_text("86 of 'visit' are split into 179")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("[*]:")).to_have_count(0, timeout=SLOW)


def test_notebook_7_shows_it_too_and_two_explorers_do_not_meet(lab: Lab, page: GuardedPage):
    other = SMALL.replace("app", "other")
    notebook = lab.open(page, "seven.ipynb", [SHOW, SELECTED, other, "print(other.selected.height)"], host="notebooks")
    notebook.run(0)
    expect(page.get_by_role("figure", name="Session duration")).to_be_visible(timeout=SLOW)
    assert brushed(notebook)[0]
    notebook.run(2)
    expect(page.get_by_role("figure", name="Session duration")).to_have_count(2, timeout=SLOW)
    assert notebook.says(3) == "4"
    assert all(any(known in problem for known in OF_NOTEBOOK_7) for problem in page.problems)
    page.problems.clear()


def test_a_cell_that_runs_again_leaves_nothing(lab: Lab, page: GuardedPage):
    notebook = lab.open(page, "again.ipynb", [SMALL, ALIVE])
    for _ in range(20):
        notebook.run(0)
    expect(page.get_by_role("figure", name="Session duration")).to_be_visible(timeout=SLOW)
    assert comes(page, lambda: notebook.says(1) == "[1, 1, 1, 1, 1]")  # work in a thread ends first


def test_a_notebook_comes_back_alive_and_without_its_kernel_as_a_picture(lab: Lab, page: GuardedPage):
    notebook = lab.open(page, "back.ipynb", [SHOW, SELECTED])
    notebook.run(0)
    figure, picture = page.get_by_role("figure", name="Session duration"), page.locator(STILL)
    expect(figure).to_be_visible(timeout=SLOW)
    saved = notebook.save()
    assert notebook.file.stat().st_size < 100_000
    assert "7,674" in saved.cells[0].outputs[0]["data"]["text/html"]
    page.reload()
    notebook.ready()
    expect(figure).to_be_visible(timeout=SLOW)
    expect(picture).to_be_hidden()
    assert brushed(notebook)[0]
    notebook.restart()
    expect(page.get_by_text(GONE)).to_be_visible(timeout=SLOW)
    expect(picture.get_by_role("img", name="Session duration")).to_be_visible()
    expect(figure).to_be_hidden()
    page.reload()
    notebook.ready()
    expect(picture).to_contain_text("7,674", timeout=SLOW)
    expect(picture.get_by_role("img", name="Session duration")).to_be_visible()
    expect(page.get_by_text("model not found")).to_be_hidden()
    notebook.run(0)
    expect(figure).to_be_visible(timeout=SLOW)
    expect(picture).to_be_hidden()
    assert all("widget model not found" in problem for problem in page.problems)  # JupyterLab's own word
    page.problems.clear()
