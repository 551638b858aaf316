"""The explorer in a real JupyterLab and Notebook 7: live, offline, both ways, and nothing stays behind."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.ui.cells import ALIVE, CUT_AT_5M, EVENTS, GONE, LENGTHS, OTHER, SAYS, SHOW, said, within
from tests.ui.figures import brush
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.helpers import comes
from tests.ui.lab import ROOT, SLOW, Lab, jupyterlab

STILL = "[data-session-explorer]"
# What they complain about by themselves: Notebook 7 of plug-ins that it lacks, JupyterLab of a kernel that went.
THEIRS = ("reading 'schema'", "'filebrowser:open-path' not registered", "widget model not found")
PUBLIC = """
from IPython.display import display
from widgets.notebook.inline import Inline

app.state.selection = app.state.selection.with_("event_count", Range(2, 5))
app.microscope.open(app.sessions["session_id"][0])
apart = "app", "widget", "toolbar", "keeper", "hints", "data_toggle", "bench", "guide", "metric_tiles"
names = [name for name in dir(app) if name[0] != "_" and name not in apart and isinstance(getattr(app, name), Inline)]
shown = [*(getattr(app, name) for name in names), *app.charts.values(), *app.views.values()]
for part in shown:
    display(part)
"""
EDITORS = """
import widgets
from explorer import Analysis, Columns, Metric, SessionDefinition

visit = SessionDefinition("visit", "30m")
condition = widgets.FilterBuilder(value="event = 'buy'", columns={"event": {"type": "text"}})
metric = widgets.MetricEditor(value=Metric("bought", "count"))
inactivity = widgets.InactivityEditor(value=visit)
definitions = widgets.DefinitionList(value=Analysis(Columns("user", "ts"), [visit]), shown="visit")
display(condition, metric, inactivity, definitions)
"""
VALUES = "print(condition.value, metric.value.name, inactivity.value.inactivity, len(definitions.value.sessions))"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with jupyterlab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def page(browser: Browser) -> Iterator[GuardedPage]:
    with guarded_page(browser) as page:
        page.set_default_timeout(SLOW)
        yield page


@pytest.mark.parametrize("host", ["lab/tree", "notebooks"])
def test_a_notebook_is_used_from_its_first_cell_to_its_export(host: str, lab: Lab, page: GuardedPage):
    notebook = lab.open(page, f"{host[:3]}.ipynb", [SHOW, OTHER, SAYS, CUT_AT_5M, ALIVE], host=host)
    figure, picture = page.get_by_role("figure", name="Session duration"), page.locator(STILL)
    notebook.run(0)
    expect(figure).to_be_visible(timeout=SLOW)
    expect(picture).to_be_hidden()
    # The scripts came with the first: what follows finds them there.
    page.evaluate("void (globalThis.known = Bokeh)")
    expect(notebook.run(1).get_by_text("Median duration").filter(visible=True)).to_have_count(1, timeout=SLOW)
    assert comes(page, lambda: page.evaluate("Bokeh.documents.length") == 2)
    assert page.evaluate("known === Bokeh")

    # A brush is heard in the next cell, an inactivity that is typed too, and one of Python is seen.
    assert notebook.says(2) == said(40, 40, "")
    brush(page, "duration", 0.4, 0.99)
    assert comes(page, lambda: "duration:" in notebook.says(2))
    text = notebook.says(2).split(" by ")[1].split(";")[0]
    assert notebook.says(2) == said(within(text), 40, text)
    assert 0 < within(text) < 40
    inactivity = page.get_by_role("textbox", name="Inactivity")
    inactivity.fill("8h")
    inactivity.press("Enter")
    assert comes(page, lambda: " of 1 by " in notebook.says(2))
    notebook.run(3)
    expect(inactivity).to_have_value("5m", timeout=SLOW)
    assert f" of {sum(LENGTHS)} by " in notebook.says(2)

    # Run again and again, it leaves as much as run once.
    notebook.run(0)
    expect(figure).to_be_visible(timeout=SLOW)
    assert comes(page, lambda: notebook.says(4) == "[2, 2, 2, 2, 2]")  # work in a thread ends first
    notebook.run(0, times=20)
    expect(figure).to_be_visible(timeout=SLOW)
    assert comes(page, lambda: notebook.says(4) == "[2, 2, 2, 2, 2]")
    assert comes(page, lambda: page.evaluate("Bokeh.documents.length") == 2)
    assert page.evaluate("known === Bokeh")

    # Saved and loaded again it is live, and without its kernel a picture.
    saved = notebook.save()
    assert notebook.file.stat().st_size < 60_000
    assert ">40<" in saved.cells[0].outputs[0]["data"]["text/html"]
    page.reload()
    notebook.ready()
    expect(figure).to_be_visible(timeout=SLOW)
    expect(page.locator(f"{STILL}:visible")).to_have_count(0)
    notebook.restart()
    expect(page.get_by_text(GONE).filter(visible=True)).to_have_count(2, timeout=SLOW)
    expect(picture.get_by_role("img", name="Session duration")).to_be_visible()
    expect(figure).to_be_hidden()
    page.goto("about:blank")
    notebook = lab.show(page, notebook.file.name, host=host)
    expect(picture.get_by_role("img", name="Session duration")).to_be_visible(timeout=SLOW)
    expect(picture.first).to_contain_text("40")
    expect(page.get_by_text("model not found")).to_be_hidden()
    notebook.run(0)
    expect(figure).to_be_visible(timeout=SLOW)
    expect(picture.first).to_be_hidden()

    page.goto(exported(notebook.file).as_uri())
    expect(picture.get_by_role("img", name="Session duration")).to_be_visible(timeout=SLOW)
    expect(picture).to_have_count(2)
    expect(picture.last).to_contain_text("Median duration")
    assert all(any(known in problem for known in THEIRS) for problem in page.problems)
    page.problems.clear()


def exported(notebook: Path) -> Path:
    """A saved notebook as HTML. Without being told so nbconvert asks the network for scripts of its own."""
    without = ("--HTMLExporter.require_js_url=", "--HTMLExporter.mathjax_url=")
    command = (sys.executable, "-m", "nbconvert", "--to", "html", *without, str(notebook))
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return notebook.with_suffix(".html")


def test_all_that_is_public_shows_alone(lab: Lab, page: GuardedPage):
    values = "from explorer.crossfilter.selections.selection import Range"
    notebook = lab.open(page, "alone.ipynb", [EVENTS + SHOW.replace("\napp\n", "\n") + values, PUBLIC, EDITORS, VALUES])
    notebook.run(0)
    notebook.run(1)
    count = int(notebook.page.evaluate("document.querySelectorAll('[data-session-explorer]').length"))
    assert count > 20
    lives = notebook.cell(1).locator(".session-explorer > div:last-child")
    expect(lives.filter(visible=True)).to_have_count(count, timeout=SLOW)
    expect(page.locator(f"{STILL}:visible")).to_have_count(0)

    editors = notebook.run(2)
    sql = editors.get_by_role("button", name=re.compile("SQL"))
    expect(sql.first).to_be_visible(timeout=SLOW)
    editors.get_by_role("textbox", name="Inactivity").fill("45m")
    editors.get_by_role("textbox", name="Inactivity").press("Enter")
    editors.get_by_role("textbox", name="Name").fill("renamed")
    editors.get_by_role("textbox", name="Name").press("Tab")
    editors.get_by_role("button", name="Add a definition").click()
    assert comes(page, lambda: notebook.says(3) == "event = 'buy' renamed 45m 2")


def test_the_tutorial_runs(lab: Lab, page: GuardedPage):
    for name in ("shop.csv.gz", "tutorial.ipynb"):
        shutil.copy(ROOT / "sample_data" / name, lab.folder)
    notebook = lab.show(page, "tutorial.ipynb")
    notebook.run_all()
    # All of it, and one chart once more.
    expect(page.get_by_role("figure", name="Session duration")).to_have_count(2, timeout=SLOW)
    expect(page.get_by_text("86 of 'visit' are split into 179")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("[*]:")).to_have_count(0, timeout=SLOW)
