"""Files that a browser fetches from the server that it talks to: once, then they are gone."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import panel as pn
from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler

from widgets.parts.library_internals import websocket_of

AT_ONCE = 1 << 20
KEPT = 600  # seconds
_offered: dict[str, Offered] = {}
_serving: weakref.WeakSet[Application] = weakref.WeakSet()


@dataclass(frozen=True)
class Offered:
    """A file in a folder of its own, for the browser at an address of the network."""

    path: Path
    filename: str
    whose: str


class Fetch(RequestHandler):
    """Sends a file piece by piece, as fast as it is taken, and forgets it."""

    async def get(self, token: str) -> None:
        """The file that the token stands for: whoever has it has asked for the file, and may fetch it once."""
        offered = _offered.pop(token, None)
        if offered is None or offered.whose != self.request.remote_ip:
            raise HTTPError(404)
        name = quote(offered.filename)
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
        self.set_header("Content-Length", str(offered.path.stat().st_size))
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        try:
            with offered.path.open("rb") as file:
                while piece := await asyncio.to_thread(file.read, AT_ONCE):
                    self.write(piece)
                    await self.flush()
        except StreamClosedError:  # whoever fetched it has gone
            pass
        finally:
            _forget(offered)


def folder() -> Path:
    """A new folder for one file that is going to be offered."""
    return Path(tempfile.mkdtemp(prefix="session-explorer-export-"))


def offer(path: Path) -> str:
    """The address, beside that of the page, under which the browser of this session may fetch a file; empty where no
    server serves it. The file, in a folder of its own, is removed afterwards, or when the session ends."""
    found = _connection()
    if found is None:
        return ""
    application, whose = found
    if application not in _serving:
        application.add_handlers(r".*", [(r".*/fetch/([A-Za-z0-9_-]{40,})", Fetch)])
        _serving.add(application)
    token, offered = secrets.token_urlsafe(32), Offered(path, path.name, whose)
    _offered[token] = offered

    def withdraw(*_: Any) -> None:
        if _offered.pop(token, None) is not None:
            _forget(offered)

    pn.state.curdoc.on_session_destroyed(withdraw)
    asyncio.get_running_loop().call_later(KEPT, withdraw)
    return f"fetch/{token}"


def is_served() -> bool:
    """Whether a browser talks to a server of ours, and not to a notebook."""
    return bool(pn.state.curdoc and pn.state.curdoc.session_context)


def _connection() -> tuple[Application, str] | None:
    """The server that this session's browser is connected to, and where the browser is."""
    socket = websocket_of(pn.state.curdoc)
    return None if socket is None else (socket.application, socket.request.remote_ip)


def _forget(offered: Offered) -> None:
    shutil.rmtree(offered.path.parent, ignore_errors=True)
