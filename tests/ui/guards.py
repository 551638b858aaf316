"""A browser page that fails its test when anything is wrong with it, even if the test did not look."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

import panel as pn
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1", "[::1]"}
LOCAL_SCHEMES = {"data", "blob", "file", "about"}
QUIET_MS = 250

# Counts what goes over every websocket, in both directions. (A websocket to a name that is not found makes no
# request that Playwright would tell us of, hence the error.)
_WATCH_SOCKETS = """
window.__messages = 0;
window.WebSocket = class extends window.WebSocket {
  constructor(url, ...args) {
    super(url, ...args);
    if (!LOCAL_HOSTS.includes(new URL(this.url).hostname)) console.error(`outside request: ${this.url}`);
    this.addEventListener("message", () => { window.__messages++; });
  }
  send(data) { window.__messages++; super.send(data); }
};
""".replace("LOCAL_HOSTS", str(sorted(LOCAL_HOSTS)))
_IS_IDLE = """(quiet) => {
  const documents = window.Bokeh?.documents ?? [];
  if (!documents.length || !documents.every(d => d.is_idle !== false)) return false;
  const now = performance.now(), seen = window.__seen ??= {count: -1, at: now};
  if (seen.count !== window.__messages) { seen.count = window.__messages; seen.at = now; }
  return now - seen.at > quiet;
}"""


class GuardedPage(Page):
    """For type hints only: what `guarded_page` adds to Playwright's page."""

    problems: list[str]

    def idle(self, timeout: float = 15_000) -> None:
        """Wait until the page is drawn, the server is not busy and nothing has been said for a while."""
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
        context.set_default_timeout(15_000)
        context.add_init_script(_WATCH_SOCKETS)
        problems = _watch(context)
        page = cast(GuardedPage, context.new_page())
        page.problems = problems
        page.idle = lambda timeout=15_000: _wait_until_idle(page, timeout)  # type: ignore[method-assign]
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


def _wait_until_idle(page: Page, timeout: float) -> None:
    end = time.monotonic() + timeout / 1000
    page.wait_for_function(_IS_IDLE, arg=QUIET_MS, timeout=timeout)
    while pn.state.busy:  # The server is in this process: a silent browser may wait for a long answer.
        assert time.monotonic() < end, f"the server is still busy after {timeout / 1000:.0f} seconds"
        page.wait_for_timeout(50)
        page.wait_for_function(_IS_IDLE, arg=QUIET_MS, timeout=timeout)


def _let_late_events_in(context: BrowserContext) -> None:
    """Events that the browser has sent already are told to us only while we talk to it."""
    for page in context.pages:
        if not page.is_closed():
            page.evaluate("() => 0")
