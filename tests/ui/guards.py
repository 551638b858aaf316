"""A browser page that fails its test when anything is wrong with it, even if the test did not look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

from tests.ui.stillness import PATIENCE, SCRIPT, wait_until_still

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1", "[::1]"}
LOCAL_SCHEMES = {"data", "blob", "file", "about"}


class GuardedPage(Page):
    """For type hints only: what `guarded_page` adds to Playwright's page."""

    problems: list[str]

    def idle(self, timeout: float = PATIENCE) -> None:
        """Wait until the page is drawn and neither it nor its server has anything left to do or to say."""
        raise NotImplementedError


@contextmanager
def guarded_page(browser: Browser, **context_options: Any) -> Iterator[GuardedPage]:
    """A page in a context of its own; leaving the block fails the test if `page.problems` is not empty.

    A test that expects a problem asserts it and then empties the list: `page.problems.clear()`.
    """
    # What moves costs more than all else on a machine without a GPU, and is seen by nobody here.
    options = {
        "viewport": {"width": 1440, "height": 900},
        "accept_downloads": True,
        "reduced_motion": "reduce",
        **context_options,
    }
    context = browser.new_context(**options)
    try:
        context.set_default_timeout(PATIENCE)
        context.add_init_script(SCRIPT.replace("LOCAL_HOSTS", str(sorted(LOCAL_HOSTS))))
        problems = _watch(context)
        page = cast(GuardedPage, context.new_page())
        page.problems = problems
        page.idle = lambda timeout=PATIENCE: wait_until_still(page, timeout)  # type: ignore[method-assign]
        yield page
        _let_late_events_in(context)
    finally:
        context.close()
    if problems:
        pytest.fail("the page has problems:\n" + "\n".join(f"  - {one}" for one in problems), pytrace=False)


def _watch(context: BrowserContext) -> list[str]:
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            where = message.location
            problems.append(f"console error: {message.text} ({where.get('url')}:{where.get('lineNumber')})")

    def on_error(error: WebError) -> None:
        problems.append(f"page error: {error.error.message}\n{error.error.stack or ''}".rstrip())

    def on_request(request: Request) -> None:
        _outside(request.url, problems)

    context.on("console", on_console)
    context.on("weberror", on_error)
    context.on("request", on_request)
    return problems


def _outside(url: str, problems: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in LOCAL_SCHEMES and parts.hostname not in LOCAL_HOSTS:
        problems.append(f"outside request: {url}")


def _let_late_events_in(context: BrowserContext) -> None:
    """Events that the browser has sent already are told to us only while we talk to it."""
    for page in context.pages:
        if not page.is_closed():
            page.evaluate("() => 0")
