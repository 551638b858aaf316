"""A page is filled when its browser is ready, be that late or at once; one that was not says so by itself."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import panel as pn
import pytest
from playwright.sync_api import Route, expect

from tests.ui.guards import GuardedPage
from tests.ui.helpers import eventually
from tests.ui.serving import ServeApp
from widgets.page import filling
from widgets.page.page import Parts, page_later
from widgets.page.serve import app

SOON = {"unused_session_lifetime_milliseconds": 500, "check_unused_sessions_milliseconds": 100}
SECONDS = 2  # longer than a session lives that no browser asks for


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text("user,ts\nann,2024-01-01 10:00\n")
    return path


def delay_scripts(page: GuardedPage) -> None:
    """The first script of the page comes late, and all others after it."""

    def late(route: Route) -> None:
        time.sleep(SECONDS)
        route.continue_()

    page.route("**/*.js*", late, times=1)


def test_a_page_whose_scripts_come_late_is_filled(page: GuardedPage, serve_app: ServeApp, small: Path) -> None:
    delay_scripts(page)
    page.goto(serve_app(lambda: app(small), **SOON), timeout=60_000)
    expect(page.get_by_role("figure", name="Sessions over time")).to_be_visible(timeout=60_000)
    page.wait_for_selector("#skeleton", state="detached")


def test_a_page_whose_session_is_gone_is_filled_by_another(
    page: GuardedPage, serve_app: ServeApp, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def made_anew() -> object:
        made.append("one")
        monkeypatch.setattr(filling, "LATE", 0.0 if len(made) == 1 else 300.0)
        return app(small)

    monkeypatch.setattr(filling, "LOOK", 0.1)
    delay_scripts(page)
    page.goto(serve_app(made_anew, **SOON), timeout=60_000)
    expect(page.get_by_role("figure", name="Sessions over time")).to_be_visible(timeout=60_000)
    page.wait_for_selector("#skeleton", state="detached")
    assert len(made) == 2


def test_a_page_that_was_not_filled_says_reload(page: GuardedPage, serve_app: ServeApp) -> None:
    read = threading.Event()
    begun: list[str] = []

    def wait() -> str:
        begun.append("reading")
        read.wait(60)
        return "here it is"

    page.add_init_script("setTimeout(() => { throw new Error('something broke') }, 100)")
    page.goto(serve_app(lambda: page_later(wait, lambda words: Parts(pn.pane.HTML(words)))), timeout=60_000)
    expect(page.locator("#skeleton-error")).to_contain_text("The page was not filled. Reload it.", timeout=60_000)
    page.get_by_role("button", name="Reload").click()
    eventually(lambda: len(begun) == 2)
    read.set()
    expect(page.get_by_text("here it is")).to_be_visible(timeout=60_000)
    page.problems.clear()
