"""A Panel server in a thread of the test's own process, so that a test can look at both ends."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol
from weakref import WeakSet

import bokeh.io.doc
import panel as pn
from panel.io.server import serve

App = Callable[[], Any]


class ServeApp(Protocol):
    """The type of the fixtures `serve_app` and `serve_app_module`."""

    def __call__(self, app: App | Mapping[str, App], /, **options: Any) -> str: ...


@contextmanager
def servers() -> Iterator[ServeApp]:
    """A function that starts servers; all of them are stopped, and their threads are gone, at the end."""
    started: list[tuple[str, Any, Any, WeakSet[Any]]] = []

    def start(app: App | Mapping[str, App], /, **options: Any) -> str:
        apps = dict(app) if isinstance(app, Mapping) else {"app": app}
        server_id = uuid.uuid4().hex
        settings = {
            "port": 0,
            "show": False,
            "websocket_max_message_size": 256 * 1024 * 1024,
            # Sessions of a closed page go away sooner than after 15 seconds; a busy machine takes some to open one.
            "unused_session_lifetime_milliseconds": 5_000,
            "check_unused_sessions_milliseconds": 500,
            **options,
        }
        thread = serve(apps, threaded=True, server_id=server_id, **settings)
        streams: WeakSet[Any] = WeakSet()
        server = _wait_for(server_id, thread)
        started.append((server_id, thread, server, streams))
        _remember_streams(server, streams)
        base = f"http://localhost:{server.port}"
        return base if isinstance(app, Mapping) else f"{base}/app"

    try:
        yield start
    finally:
        for server_id, thread, server, streams in started:
            if thread.is_alive():
                asyncio.run_coroutine_threadsafe(_hang_up(server, streams), thread.asyncio_loop).result(timeout=20)
            thread.stop()
            thread.join(timeout=10)
            pn.state._servers.pop(server_id, None)
            pn.state._threads.pop(server_id, None)
            assert not thread.is_alive(), "the server's thread is still alive"
        _let_go_of_documents()


def _let_go_of_documents() -> None:
    """A server that is stopped in the middle of a page leaves its document as the current one of the whole process,
    where Bokeh keeps these in one list for all threads."""
    current: list[Any] = bokeh.io.doc._PATCHED_CURDOCS
    current[:] = [each for each in current if hasattr(each(), "_theme")]


def _remember_streams(server: Any, streams: WeakSet[Any]) -> None:
    """Tornado's own lists forget websockets."""
    handle = server._http.handle_stream

    def handle_and_remember(stream: Any, address: Any) -> Any:
        streams.add(stream)
        return handle(stream, address)

    server._http.handle_stream = handle_and_remember


async def _hang_up(server: Any, streams: WeakSet[Any]) -> None:
    """Close every connection, and end every session: what is left open is a ResourceWarning in whichever test comes
    next, and what is left of a page lives beside it."""
    for stream in list(streams):
        stream.close()
    contexts = list(server._tornado._applications.values())
    for _ in range(100):  # lets what waits for a connection see its end
        await asyncio.sleep(0.002)
        if not any(session.connection_count for context in contexts for session in context.sessions):
            break
    for context in contexts:
        await context._cleanup_sessions(-1)  # however short they were unused


def _wait_for(server_id: str, thread: Any) -> Any:
    """The server, once it listens (it listens before it is registered)."""
    end = time.monotonic() + 20
    while server_id not in pn.state._servers:
        assert thread.is_alive(), "the server did not start; its error is in the captured output"
        assert time.monotonic() < end, "the server did not start in 20 seconds"
        time.sleep(0.01)
    return pn.state._servers[server_id][0]
