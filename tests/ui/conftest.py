"""Tests in a real Chromium, against a server in this process.

The browser lives as long as this folder's tests: while it does, Playwright keeps an event loop in the main
thread, so a test here cannot call `asyncio.run`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.ui.chromium import NoChromiumError, launch
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.serving import ServeApp, servers
from tests.ui.stage import Stage, Stages

SAMPLE = Path(__file__).parents[2] / "sample_data" / "shop.csv.gz"
FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Called with the tests of every folder."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("ui")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium, found or installed; the tests fail when none can be had."""
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright.chromium)
        except NoChromiumError as error:
            pytest.fail(str(error), pytrace=False)
        yield browser
        browser.close()


@pytest.fixture
def serve_app() -> Iterator[ServeApp]:
    """`serve_app(factory) -> url` or `serve_app({slug: factory}) -> base url`, for one test."""
    with servers() as start:
        yield start


@pytest.fixture(scope="module")
def serve_app_module() -> Iterator[ServeApp]:
    """The same, for all tests of a module."""
    with servers() as start:
        yield start


@pytest.fixture
def page(browser: Browser, serve_app: ServeApp) -> Iterator[GuardedPage]:
    """A new page of 1440 x 900 that fails the test on errors and on requests that leave this machine."""
    del serve_app  # Asked for so that the page goes before the server that it talks to.
    with guarded_page(browser) as page:
        yield page


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember on the test itself that it failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="package")
def stages(browser: Browser) -> Iterator[Stages]:
    stages = Stages(browser, SAMPLE)
    yield stages
    stages.drop()


@pytest.fixture
def stage(request: pytest.FixtureRequest, stages: Stages) -> Iterator[Stage]:
    """The page that tests share: `stage.open(data, analysis)` opens data in it as if for the first time."""
    stage = stages.get()
    yield stage
    problems = list(stage.page.problems)
    stage.page.problems.clear()
    if problems or FAILED in request.node.stash:
        stages.drop()
    if problems:
        pytest.fail("the page has problems:\n" + "\n".join(f"  - {one}" for one in problems), pytrace=False)
