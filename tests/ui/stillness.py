"""When a page is done: nothing is drawn, timed, on its way or being answered, at either end.

No time is waited out where the server is in this process: what each end of a websocket has said and heard is counted,
and the page is done when both counts agree while neither end has anything left to do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import panel as pn
import tornado
from bokeh.document.callbacks import DocumentCallbackManager
from bokeh.server.callbacks import PeriodicCallback
from bokeh.server.views.ws import WSHandler
from playwright.sync_api import Error, Page
from tornado.websocket import WebSocketProtocol13

QUIET_MS = 250  # for a server that is no part of this process
POLL = 0.01
PATIENCE = 60_000  # ms: a busy machine is slow, not wrong
TORNADO = str(Path(tornado.__file__).parent)

# What the browser counts: frames of every websocket in both directions (a websocket to a name that is not found makes
# no request that Playwright would tell us of, hence the error), and short timers. What a timer sets that was itself
# set by a timer of a timer goes round for ever.
SCRIPT = """
{
  const sockets = new Set(), timers = new Set(), SHORT = 1000, DEEP = 3;
  let depth = 0;
  const [set, clear] = [window.setTimeout.bind(window), window.clearTimeout.bind(window)];
  window.setTimeout = (act, delay = 0, ...given) => {
    const deep = depth + 1;
    const id = set(() => {
      const before = depth;
      depth = deep;
      try { typeof act === "function" ? act(...given) : (0, eval)(act); }
      finally { depth = before; timers.delete(id); }
    }, delay);
    if ((delay ?? 0) <= SHORT && deep < DEEP) timers.add(id);
    return id;
  };
  window.clearTimeout = (id) => { timers.delete(id); clear(id); };
  window.WebSocket = class extends window.WebSocket {
    constructor(url, protocols, ...args) {
      super(url, protocols, ...args);
      if (!LOCAL_HOSTS.includes(new URL(this.url).hostname)) console.error(`outside request: ${this.url}`);
      this.counts = {name: Array.isArray(protocols) ? protocols[1] ?? "" : "", said: 0, heard: 0};
      sockets.add(this);
      this.addEventListener("message", () => { this.counts.heard++; });
      this.addEventListener("close", () => sockets.delete(this));
    }
    send(data) { this.counts.said++; super.send(data); }
  };
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  window.__still = async () => {
    const documents = window.Bokeh?.documents ?? [];
    if (!documents.length || !documents.every((each) => each.is_idle !== false)) return null;
    await frame();
    await frame();
    if (timers.size) return null;
    return [...sockets].map(({counts}) => [counts.name, counts.said, counts.heard]);
  };
}
"""
Said = list[tuple[str, int, int]]


@dataclass
class Traffic:
    """What a server has heard of one websocket, what of it it is at, and what it has said."""

    heard: int = 0
    under_way: int = 0
    said: int = 0


TRAFFIC: dict[str, Traffic] = {}


def _count() -> None:
    """Count what every server of this process hears and says."""
    # Panel writes past Bokeh's handler.
    on_message, write_message = WSHandler.on_message, WebSocketProtocol13.write_message

    def traffic(handler: Any) -> Traffic:
        return TRAFFIC.setdefault(handler._token, Traffic())

    async def counted_message(self: Any, fragment: Any) -> None:
        mine = traffic(self)
        mine.heard += 1
        mine.under_way += 1
        try:
            await on_message(self, fragment)
        finally:
            mine.under_way -= 1

    def counted_write(self: Any, *given: Any, **named: Any) -> Any:
        if isinstance(self.handler, WSHandler):
            traffic(self.handler).said += 1
        return write_message(self, *given, **named)

    WSHandler.on_message = counted_message  # type: ignore[method-assign]
    WebSocketProtocol13.write_message = counted_write  # type: ignore[method-assign]


_count()


def wait_until_still(page: Page, timeout: float) -> None:
    """Return when the page is done; fails after so many milliseconds."""
    end = time.monotonic() + timeout / 1000
    quiet_since: tuple[Said | None, float] = (None, 0.0)
    while True:
        said = _still(page)
        if said is not None and all(name in TRAFFIC for name, _, _ in said):
            if _agree(said) and not pn.state.busy and _servers_rest() and _agree(said) and _still(page) == said:
                return
        elif said is not None:
            if quiet_since[0] != said:
                quiet_since = said, time.monotonic()
            if time.monotonic() - quiet_since[1] > QUIET_MS / 1000 and not pn.state.busy:
                return
        assert time.monotonic() < end, f"after {timeout / 1000:.0f} seconds {_why(said)}"
        page.wait_for_timeout(POLL * 1000)


def _still(page: Page) -> Said | None:
    try:
        said = page.evaluate("() => window.__still?.() ?? null")
    except Error as error:
        if "context was destroyed" in str(error) or "navigat" in str(error):
            return None
        raise
    return None if said is None else [(name, sent, heard) for name, sent, heard in said]


def _why(said: Said | None) -> str:
    """Why a page is not done, for whoever reads a failed test."""
    if said is None:
        return "the page is still drawing, or a timer runs"
    ends = [((sent, heard), TRAFFIC.get(name)) for name, sent, heard in said]
    return (
        f"the server is at {_at_work()}, busy: {pn.state.busy}; said and heard by the page, and by the server: {ends}"
    )


def _agree(said: Said) -> bool:
    known: Mapping[str, Traffic] = TRAFFIC
    return all(known[name] == Traffic(heard=sent, under_way=0, said=heard) for name, sent, heard in said)


def _servers_rest() -> bool:
    return not _at_work()


def _at_work() -> list[str]:
    """What the servers of this process are at."""
    found = []
    for name, (server, *_) in list(pn.state._servers.items()):
        thread = pn.state._threads.get(name)
        if thread is not None and thread.is_alive():
            asked = asyncio.run_coroutine_threadsafe(_looked_at(server), thread.asyncio_loop)
            found += asked.result(timeout=PATIENCE / 1000)
    return found


async def _looked_at(server: Any) -> list[str]:
    """The same, seen from a server's own loop."""
    loop = asyncio.get_running_loop()
    tasks = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task() and not task.done()]
    found = [str(task.get_coro()) for task in tasks if not _lasts(task)]
    for context in server._tornado._applications.values():
        for session in context.sessions:
            callbacks: DocumentCallbackManager = session.document.callbacks
            found += [str(each) for each in callbacks.session_callbacks if not isinstance(each, PeriodicCallback)]
    return found


def _lasts(task: asyncio.Task[Any]) -> bool:
    """Whether it is there for as long as the page is: a connection, or what is done every so often."""
    coroutine = task.get_coro()
    code = getattr(coroutine, "cr_code", None)
    of_tornado = code is not None and code.co_filename.startswith(TORNADO)
    return of_tornado or getattr(coroutine, "__qualname__", "").startswith("PeriodicCallback.")
