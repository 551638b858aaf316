"""The explorer in a plain page with the HTML manager of Jupyter's widgets and a kernel behind it: what stands here for
hosts whose own pages cannot be installed, as VS Code and Colab."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.ui.figures import brush
from tests.ui.guards import guarded_page
from tests.ui.lab import SLOW
from tests.ui.voilas import voila

CELLS = (
    """
from datetime import datetime, timedelta
import os
import ipywidgets
import polars as pl
from widgets import SessionExplorer

times = [datetime(2024, 3, 1) + timedelta(minutes=7 * at + 90 * (at // 20)) for at in range(80)]
app = SessionExplorer(pl.DataFrame({"user": "a", "ts": times}), actor="user", time="ts")
app
""",
    """
said = ipywidgets.Label()

def say(*_):
    said.value = f"{app.selected.height} of {app.sessions.height} by {app.state.selection.to_text()}."

app.widget.observe(say, "selection")
said
""",
    """
change = ipywidgets.Button(description="Cut at 5m")
shorter = app.state.definition.replace(inactivity="5m")
change.on_click(lambda _: setattr(app, "analysis", app.analysis.with_session(shorter)))
stop = ipywidgets.Button(description="Stop Python")
stop.on_click(lambda _: os._exit(1))
ipywidgets.HBox([change, stop])
""",
    "app.key_numbers",
)


def test_a_plain_page_shows_it_live_and_as_a_picture_when_python_is_gone(browser: Browser, tmp_path: Path):
    with voila(tmp_path, CELLS) as address, guarded_page(browser) as page:
        page.set_default_timeout(SLOW)
        page.goto(address)
        figure = page.get_by_role("figure", name="Session duration")
        picture = page.locator("[data-session-explorer]").first
        expect(figure).to_be_visible(timeout=SLOW)
        expect(picture).to_be_hidden()
        expect(page.get_by_text("Median duration").filter(visible=True)).to_have_count(2)
        brush(page, "duration", 0.0, 0.99)
        expect(page.get_by_text("4 of 4 by duration:")).to_be_visible(timeout=SLOW)
        page.get_by_role("textbox", name="Inactivity").fill("8h")
        page.get_by_role("textbox", name="Inactivity").press("Enter")
        expect(page.get_by_text("all: 80.0").filter(visible=True)).to_have_count(2, timeout=SLOW)  # events per session
        brush(page, "event_count", 0.0, 0.99)
        expect(page.get_by_text("of 1 by duration:")).to_be_visible(timeout=SLOW)
        page.get_by_role("button", name="Cut at 5m").click()
        expect(page.get_by_role("textbox", name="Inactivity")).to_have_value("5m", timeout=SLOW)
        page.get_by_role("button", name="Stop Python").click()
        expect(page.get_by_text("Not connected: run the cell again.").first).to_be_visible(timeout=SLOW)
        expect(picture.get_by_role("img", name="Session duration")).to_be_visible()
        expect(figure).to_be_hidden()
        page.goto("about:blank")
