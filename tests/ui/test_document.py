"""Undo, save, open, keep and the rest of what hands expect, in a real browser."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

import explorer
from explorer.report import read_back
from explorer.spec.analysis import Analysis
from explorer.spec.metric import Metric
from tests.ui.figures import brush
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.helpers import SAMPLE, comes, number
from tests.ui.serving import ServeApp
from tests.ui.stage import Stage
from widgets.data.open_source import opened
from widgets.page.serve import app

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def served() -> Analysis:
    analysis = opened(SAMPLE, None, {})[1]
    assert analysis
    return analysis


@pytest.fixture(scope="module")
def counts() -> dict[str, str]:
    """The number of sessions as it is shown, by inactivity."""
    engine, analysis = opened(SAMPLE, None, {})
    assert analysis
    visit = analysis.sessions[0]
    return {text: f"{engine.sessions(visit.replace(inactivity=text)).height:,}" for text in ("30m", "45m", "2h")}


@pytest.fixture(scope="module")
def url(serve_app_module: ServeApp) -> str:
    return serve_app_module(lambda: app(SAMPLE))


@pytest.fixture
def at(page: GuardedPage, url: str) -> Iterator[GuardedPage]:
    ready(page, url)
    yield page
    page.idle()


@pytest.fixture
def shared(stage: Stage) -> Iterator[GuardedPage]:
    yield stage.open(SAMPLE)
    stage.page.idle()


def ready(page: GuardedPage, url: str) -> None:
    page.goto(url, timeout=60_000)
    expect(page.get_by_role("figure", name="Sessions over time")).to_be_visible(timeout=60_000)
    expect(button(page, "Keyboard shortcuts")).to_be_visible()
    page.wait_for_selector("#skeleton", state="detached")
    page.idle(60_000)


def set_inactivity(page: GuardedPage, text: str) -> None:
    page.get_by_role("textbox", name="Inactivity").fill(text)
    page.keyboard.press("Enter")


def leave_the_field(page: GuardedPage) -> None:
    page.get_by_role("slider", name="Inactivity").focus()


def button(page: GuardedPage, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def with_inactivity(analysis: Analysis, text: str) -> Analysis:
    return analysis.with_session(analysis.sessions[0].replace(inactivity=text))


def drop(page: GuardedPage, name: str, text: str) -> None:
    """A file is dragged over the page and dropped on a chart."""
    page.get_by_role("figure", name="Sessions over time").evaluate(
        """(chart, [name, text]) => {
          const dataTransfer = new DataTransfer()
          dataTransfer.items.add(new File([text], name))
          window.__drag = (kind) => chart.dispatchEvent(
            new DragEvent(kind, {dataTransfer, bubbles: true, cancelable: true, composed: true}))
          window.__drag("dragover")
        }""",
        [name, text],
    )
    expect(page.get_by_text("Drop to open the analysis")).to_be_visible()
    page.evaluate("() => { window.__drag('drop') }")
    expect(page.get_by_text("Drop to open the analysis")).to_be_hidden()


# ---- undo and redo


def test_keys_and_buttons_undo_and_redo(shared: GuardedPage, counts: dict[str, str]):
    for name in ("Undo", "Redo"):
        expect(button(shared, name)).to_be_disabled()
        expect(button(shared, name)).to_have_accessible_description(re.compile(f"Nothing to {name.lower()}"))
    before = shared.url
    leave_the_field(shared)
    shared.keyboard.press("ArrowRight")
    assert comes(shared, lambda: "inactivity=35m" in shared.url)
    expect(button(shared, "Undo")).to_be_enabled()
    expect(button(shared, "Undo")).to_have_accessible_description("Undo: inactivity of visit 30m to 35m Ctrl+Z")
    shared.keyboard.press("Control+z")
    assert comes(shared, lambda: shared.url == before and number(shared, "Sessions") == counts["30m"])
    expect(shared.get_by_role("textbox", name="Inactivity")).to_have_value("30m")
    expect(button(shared, "Undo")).to_be_disabled()
    shared.keyboard.press("Control+Shift+Z")
    assert comes(shared, lambda: "inactivity=35m" in shared.url)
    button(shared, "Undo").click()
    assert comes(shared, lambda: shared.url == before)
    shared.keyboard.press("Control+y")
    assert comes(shared, lambda: "inactivity=35m" in shared.url)
    expect(button(shared, "Redo")).to_be_disabled()


def test_the_tooltip_shows_on_hover_and_on_focus(shared: GuardedPage):
    tip = shared.get_by_role("tooltip").filter(has_text="Save the analysis as YAML")
    expect(tip).to_be_hidden()
    button(shared, "Save").hover()
    expect(tip).to_be_visible()
    shared.mouse.move(600, 600)
    expect(tip).to_be_hidden()
    button(shared, "Open").focus()
    shared.keyboard.press("ArrowRight")
    expect(tip).to_be_visible()


def test_a_text_field_keeps_its_own_undo(shared: GuardedPage):
    set_inactivity(shared, "45m")
    assert comes(shared, lambda: "inactivity=45m" in shared.url)
    field = shared.get_by_role("textbox", name="Inactivity")
    field.press("End")
    field.press("x")
    expect(field).to_have_value("45mx")
    field.press("Control+z")
    expect(field).to_have_value("45m")
    field.press("?")
    expect(field).to_have_value("45m?")
    expect(shared.get_by_role("dialog")).to_be_hidden()
    shared.keyboard.press("Escape")
    shared.idle()
    assert "inactivity=45m" in shared.url


# ---- save and open


def test_save_is_the_document_even_with_a_text_not_yet_entered(shared: GuardedPage, served: Analysis):
    shared.get_by_role("textbox", name="Inactivity").fill("45m")
    with shared.expect_download() as download:
        shared.keyboard.press("Control+s")
    assert download.value.suggested_filename == "shop.yaml"
    assert Path(download.value.path()).read_text() == with_inactivity(served, "45m").to_yaml()


def test_open_by_picking(shared: GuardedPage, served: Analysis, counts: dict[str, str]):
    leave_the_field(shared)
    with shared.expect_file_chooser() as chooser:
        shared.idle()  # by then the browser knows that it is to hand its choosers over
        shared.keyboard.press("Control+o")
    text = with_inactivity(served, "2h").replace(source="elsewhere.csv").to_yaml()
    chooser.value.set_files({"name": "mine.yaml", "mimeType": "application/yaml", "buffer": text.encode()})
    assert comes(shared, lambda: number(shared, "Sessions") == counts["2h"])
    assert "source" not in shared.url
    button(shared, "Undo").click()
    assert comes(shared, lambda: number(shared, "Sessions") == counts["30m"])


def test_open_by_dropping(shared: GuardedPage, served: Analysis, counts: dict[str, str]):
    drop(shared, "mine.json", with_inactivity(served, "2h").to_json())
    assert comes(shared, lambda: number(shared, "Sessions") == counts["2h"])


def test_a_report_is_written_and_opens_as_what_made_it(shared: GuardedPage, served: Analysis, counts: dict[str, str]):
    set_inactivity(shared, "2h")
    assert comes(shared, lambda: number(shared, "Sessions") == counts["2h"])
    button(shared, "Report").click()
    dialog = shared.get_by_role("dialog", name="Report")
    shown = dialog.frame_locator("iframe").last  # the one before stays until it is there
    expect(shown.get_by_role("heading", level=1)).to_have_text("Sessions of shop.csv.gz")
    expect(shown.locator("[data-number=sessions] strong")).to_have_text(counts["2h"])
    dialog.get_by_role("textbox", name="Title").fill("Two <b>hours</b>")
    dialog.get_by_role("textbox", name="Notes").fill("Too *long*")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Two <b>hours</b>")
    expect(shown.locator(".notes em")).to_have_text("long")
    dialog.get_by_role("textbox", name="Title").fill("Two hours")
    with shared.expect_download() as download:  # before what was typed last is seen
        dialog.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "shop.html"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    found = read_back(text)
    assert (found.title, found.notes) == ("Two hours", "Too *long*")
    assert found.sessions == with_inactivity(served, "2h").sessions
    shared.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert comes(shared, lambda: "title=Two+hours" in shared.url)
    shared.keyboard.press("Control+z")
    assert comes(shared, lambda: "title" not in shared.url)
    shared.keyboard.press("Control+z")
    assert comes(shared, lambda: number(shared, "Sessions") == counts["30m"])
    drop(shared, "shop.html", text)
    assert comes(shared, lambda: number(shared, "Sessions") == counts["2h"])


BAD = [
    (
        "other.html",
        "<html></html>",
        "other.html could not be opened, and nothing has changed. This HTML is not a report",
    ),
    ("a.yaml", "version: 1\nsessions: [", "a.yaml could not be opened, and nothing has changed. line 2, column"),
    ("b.yml", "just a text", "Expected the fields of a Analysis, got 'just a text'"),
    ("c.yaml", "<img src=x onerror=alert(1)>", "got '<img src=x onerror=alert(1)>'"),
    ("d.json", "[" + ",".join(["1"] * 50_000) + "]", "got [1, 1, 1, 1, 1, 1, ...]"),
    (
        "events.csv",
        "user,ts\n",
        "events.csv is no analysis. Open a file that ends in .yaml, .yml, .json, or a report (.html).",
    ),
    ("e.yaml", "x" * 2_100_000, "e.yaml is 2 MB, too large for an analysis. The largest is 2 MB."),
]


def test_a_bad_file_says_why_and_changes_nothing(shared: GuardedPage):
    before = shared.url
    for name, text, said in BAD:
        drop(shared, name, text)
        expect(shared.get_by_text(said)).to_be_visible()
    shared.idle()
    assert shared.url == before
    expect(button(shared, "Undo")).to_be_disabled()


def test_an_analysis_of_other_columns_is_refused(shared: GuardedPage, served: Analysis):
    other = served.replace(columns=served.columns.replace(actor="usr_id"))
    drop(shared, "other.yaml", other.to_yaml())
    expect(shared.get_by_text("columns: the events have no column 'usr_id'. Did you mean 'user_id'?")).to_be_visible()
    where = served.with_session(served.sessions[0].replace(restart="evnt = 'login'"))
    drop(shared, "other.yaml", where.to_yaml())
    expect(shared.get_by_text("sessions[0].restart: there is no column 'evnt'. Did you mean 'event'?")).to_be_visible()
    expect(button(shared, "Undo")).to_be_disabled()


# ---- the list, the link and the tips


def test_the_list_of_shortcuts_is_a_modal_dialog(shared: GuardedPage):
    brush(shared, "duration", 0.5, 0.75)
    assert comes(shared, lambda: "brush=" in shared.url)
    shared.get_by_role("button", name="Toggle theme").focus()
    shared.keyboard.press("?")
    dialog = shared.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    for words in ("Undo", "Redo", "Save as YAML", "Confirm"):
        expect(dialog.get_by_text(words, exact=True)).to_be_visible()
    close = dialog.get_by_role("button", name="Close")
    for key in ("Tab", "Tab", "Shift+Tab"):
        shared.keyboard.press(key)
        expect(close).to_be_focused()
    shared.keyboard.press("Control+z")
    shared.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(shared.get_by_role("button", name="Toggle theme")).to_be_focused()
    shared.idle()
    assert "brush=" in shared.url, "Escape closed the list and nothing else"


def test_the_link_is_copied(shared: GuardedPage):
    shared.context.grant_permissions(["clipboard-read", "clipboard-write"])
    set_inactivity(shared, "45m")
    assert comes(shared, lambda: "inactivity=45m" in shared.url)
    button(shared, "Copy link").click()
    expect(shared.get_by_role("status").get_by_text("Link copied")).to_be_attached()
    assert shared.evaluate("navigator.clipboard.readText()") == shared.url


# ---- nothing is lost


def test_a_second_visit_offers_to_continue_and_no_tip_again(at: GuardedPage, url: str, counts: dict[str, str]):
    tip = at.get_by_role("note", name="Tip")
    expect(tip).to_contain_text("Drag across a chart")
    set_inactivity(at, "2h")
    assert comes(at, lambda: "inactivity=2h" in at.url)
    tip.get_by_role("button", name="Next").click()
    expect(tip).to_contain_text("Press ? for all shortcuts")
    expect(tip.get_by_role("button", name="Next")).to_be_hidden()
    tip.get_by_role("button", name="Got it").click()
    expect(tip).to_be_hidden()
    brush(at, "event_count", 0.2, 0.5)
    assert comes(at, lambda: "brush=event_count" in at.url)
    at.idle()
    left = at.url
    ready(at, url)
    expect(tip).to_be_hidden()
    expect(at.get_by_text("Continue where you left off just now?")).to_be_visible()
    expect(at.get_by_text("inactivity of visit 30m to 2h")).to_be_visible()
    assert number(at, "Sessions") == counts["30m"]
    button(at, "Continue").click()
    assert comes(at, lambda: at.url == left)
    expect(button(at, "Continue")).to_be_hidden()
    expect(at.get_by_role("textbox", name="Inactivity")).to_have_value("2h")
    ready(at, url)
    button(at, "Dismiss").filter(has_text="Dismiss").click()
    expect(button(at, "Continue")).to_be_hidden()
    ready(at, url)
    expect(button(at, "Continue")).to_be_hidden()
    ready(at, f"{url}?sessions.0.inactivity=45m")  # an address is followed without asking
    expect(at.get_by_role("textbox", name="Inactivity")).to_have_value("45m")
    expect(button(at, "Continue")).to_be_hidden()


@pytest.mark.parametrize(
    "trouble",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
        'localStorage.setItem(\'session-explorer:PATH\', \'{"yaml": "version: 9", "brush": 3}\')',
    ],
    ids=["forbidden", "of another time"],
)
def test_a_browser_that_keeps_nothing_is_no_trouble(page: GuardedPage, url: str, trouble: str):
    page.add_init_script(trouble.replace("PATH", str(SAMPLE.resolve())))
    ready(page, url)
    expect(button(page, "Continue")).to_be_hidden()
    set_inactivity(page, "45m")
    assert comes(page, lambda: "inactivity=45m" in page.url)


def large(analysis: Analysis, metrics: int, words: int) -> Analysis:
    pages = ", ".join(f"'/category/{at}'" for at in range(words))
    more = [Metric(f"seen {at}", "count", where=f"page IN ({pages})") for at in range(metrics)]
    visit = analysis.sessions[0]
    return analysis.with_session(visit.replace(metrics=(*visit.metrics, *more)))


def test_forty_metrics_fit_into_the_address(shared: GuardedPage, page: GuardedPage, url: str, served: Analysis):
    drop(shared, "large.yaml", large(served, 40, 10).to_yaml())
    assert comes(shared, lambda: "seen+39" in shared.url)
    query = shared.url.partition("?")[2]
    assert 8_000 < len(f"{url}?{query}") < 16_000
    ready(page, f"{url}?{query}")
    with page.expect_download() as download:
        button(page, "Save").click()
    assert Path(download.value.path()).read_text() == large(served, 40, 10).to_yaml()


def test_what_is_too_long_for_an_address_is_kept_by_the_browser(at: GuardedPage, served: Analysis, browser: Browser):
    big = large(served, 40, 60)
    assert len(big.to_yaml()) > 30_000
    drop(at, "large.yaml", big.to_yaml())
    assert comes(at, lambda: re.search(r"\?kept=\w{12}$", at.url) is not None)
    button(at, "Copy link").hover()
    expect(button(at, "Copy link")).to_be_disabled()
    first = at.url
    set_inactivity(at, "45m")
    assert comes(at, lambda: at.url != first)
    last = at.url
    at.idle()
    at.go_back()
    assert comes(at, lambda: at.get_by_role("textbox", name="Inactivity").input_value() == "30m")
    assert at.url == first
    at.go_forward()
    assert comes(at, lambda: at.get_by_role("textbox", name="Inactivity").input_value() == "45m")
    at.idle()
    ready(at, last)
    assert comes(at, lambda: at.get_by_role("textbox", name="Inactivity").input_value() == "45m")
    with at.expect_download() as download:
        button(at, "Save").click()
    assert Path(download.value.path()).read_text() == with_inactivity(big, "45m").to_yaml()
    with guarded_page(browser) as other:
        ready(other, last)
        expect(other.get_by_text("too long for a link, and this browser does not keep it")).to_be_visible()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return int(found.getsockname()[1])


@contextmanager
def process(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`session-explorer serve` on the sample data, once it answers; killed at the end."""
    command = [sys.executable, "-m", "explorer.cli", "serve", str(SAMPLE), "--port", str(port), "--no-browser"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not answers(port):
            assert running.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
        yield running
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_a_killed_server_loses_nothing(page: GuardedPage, served: Analysis, counts: dict[str, str]):
    port = free_port()
    with process(port):
        ready(page, f"http://localhost:{port}/")
        set_inactivity(page, "2h")
        assert comes(page, lambda: number(page, "Sessions") == counts["2h"])
        page.idle()
        page.wait_for_timeout(500)  # this server is another process: whether it is busy is not seen here
        brush(page, "event_count", 0.2, 0.5)
        assert comes(page, lambda: "brush=event_count" in page.url)
        page.idle()
        address, selected = page.url, number(page, "Sessions")
    expect(page.get_by_text("The connection to the server is lost.")).to_be_visible()
    assert page.problems == []
    with page.expect_download() as download:
        button(page, "Save").click()
    assert Path(download.value.path()).read_text() == with_inactivity(served, "2h").to_yaml()
    button(page, "Reload").click()
    expect(page.get_by_text("The server does not answer yet.")).to_be_visible()
    assert any("ERR_CONNECTION_REFUSED" in problem for problem in page.problems)
    page.problems.clear()
    with process(port):
        page.evaluate("window.isOld = true")
        button(page, "Reload").click()
        page.wait_for_function("!window.isOld && document.querySelector('#skeleton') === null")
        expect(page.get_by_text("The connection to the server is lost.")).to_be_hidden()
        page.wait_for_selector("#skeleton", state="detached")
        assert comes(page, lambda: number(page, "Sessions") == selected)
        assert page.url == address
        expect(page.get_by_role("textbox", name="Inactivity")).to_have_value("2h")
        page.idle()
        assert page.problems == []


def test_what_is_kept_is_readable(shared: GuardedPage, served: Analysis):
    set_inactivity(shared, "45m")
    assert comes(shared, lambda: "inactivity=45m" in shared.url)
    shared.idle()
    record = json.loads(shared.evaluate(f"localStorage.getItem('session-explorer:{SAMPLE.resolve()}')"))
    assert Analysis.from_yaml(record["yaml"]) == with_inactivity(served, "45m")
    assert explorer.Analysis.from_yaml(record["yaml"]).source == served.source
