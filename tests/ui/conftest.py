"""Tests in a real Chromium, against a server in this process.

The browser lives as long as this folder's tests: while it does, Playwright keeps an event loop in the main
thread, so a test here cannot call `asyncio.run`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import duckdb
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

import explorer
from explorer.engine.sql.tables import named_source
from tests.ui.chromium import NoChromiumError, launch
from tests.ui.guards import GuardedPage, guarded_page
from tests.ui.serving import ServeApp, servers
from tests.ui.stage import Kept, Shelf, Stage, Standing
from tests.ui.stage import shelf as a_shelf
from tests.ui.stage import stage as a_stage
from tests.ui.stillness import PATIENCE

SAMPLE = Path(__file__).parents[2] / "sample_data" / "shop.csv.gz"
Page = TypeVar("Page", bound=Standing)
FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Called with the tests of every folder: those of this one come first, so that what runs at the end is short, and
    every process starts one browser."""
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    for item in here:
        item.add_marker("ui")
    items.sort(key=set(here).__contains__, reverse=True)


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
def stages(browser: Browser) -> Iterator[Kept[Stage]]:
    kept = Kept(lambda: a_stage(browser, SAMPLE))
    yield kept
    kept.drop()


@pytest.fixture(scope="package")
def shelves(browser: Browser) -> Iterator[Kept[Shelf]]:
    kept = Kept(lambda: a_shelf(browser))
    yield kept
    kept.drop()


@pytest.fixture
def stage(request: pytest.FixtureRequest, stages: Kept[Stage]) -> Iterator[Stage]:
    """The explorer that tests share: `stage.open(data, analysis)` opens data in it as if for the first time."""
    yield from _shared(request, stages)


@pytest.fixture
def shelf(request: pytest.FixtureRequest, shelves: Kept[Shelf]) -> Iterator[Shelf]:
    """The page that tests of its parts share: `shelf.show(part, ...)` puts them on it, alone."""
    for each in _shared(request, shelves):
        yield each
        each.clear()


def _shared(request: pytest.FixtureRequest, kept: Kept[Page]) -> Iterator[Page]:
    """Lend a page to one test, and look at it afterwards."""
    each = kept.get()
    yield each
    problems = list(each.page.problems)
    each.page.problems.clear()
    if problems or FAILED in request.node.stash:
        kept.drop()
    if problems:
        pytest.fail("the page has problems:\n" + "\n".join(f"  - {one}" for one in problems), pytrace=False)


@pytest.fixture(scope="session")
def shop_table(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample as a table of a DuckDB file, by the name that its connection has here."""
    path = tmp_path_factory.mktemp("database") / "shop.db"
    frame = explorer.connect(SAMPLE).head(1_000_000)
    with duckdb.connect(str(path)) as connection:
        connection.register("frame", frame.to_arrow())
        connection.execute("CREATE TABLE visits AS SELECT * FROM frame")
    return named_source(f"duckdb:///{path}", "visits")
