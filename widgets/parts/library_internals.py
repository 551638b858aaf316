"""The private names of Panel and Bokeh, all in one place: what has no public name yet, and where it is asked for."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import bokeh.io.doc
import panel as pn
import panel.io.document as panel_document
from bokeh.document.callbacks import invoke_with_curdoc
from bokeh.embed.bundle import extension_dirs
from bokeh.server.views.ws import WSHandler
from panel.custom import JSComponent
from tornado.websocket import WebSocketHandler

# ---- what the cells of a notebook show; a cell that runs again leaves its views behind:
# https://github.com/holoviz/panel/issues/8605


class CellView(NamedTuple):
    """What one output of a notebook shows: the part, its Bokeh model and document, and the channel to the browser."""

    shown: Any
    model: Any
    document: Any
    comm: Any


def cell_views() -> dict[str, CellView]:
    """All that a notebook shows at the moment, by the reference of its root."""
    return {ref: CellView(*view) for ref, view in pn.state._views.items()}


def take_cell_view(ref: str) -> CellView | None:
    """The view with this reference, which is a view no more."""
    view = pn.state._views.pop(ref, None)
    return None if view is None else CellView(*view)


def clean_up(view: CellView) -> None:
    """Let a part forget the model that it had in a view, and Panel the document."""
    view.shown._cleanup(view.model)
    for known in (pn.state._stylesheets, pn.state._locations):
        known.pop(view.document, None)


# ---- marimo closes the channel of a widget whose cell runs again, and tells nobody: marimo, _plugins/ui/_impl/comm.py


def is_closed(comm: Any) -> bool:
    """Whether the channel of a widget to its page is closed, or there is none."""
    return comm is None or bool(comm._closed)


# ---- what a notebook's document holds back until Panel sends it: panel/io/notebook.py, push


def whole(document: Any) -> Any:
    """All of a document as Bokeh serialises it; what it held back is part of that."""
    document.callbacks._held_events = []
    return document.to_json(deferred=False)


def settle(document: Any, setter: str) -> None:
    """Call back for what this setter changed, and hold it back no more: the setter knows.

    What these calls change is held back. Bokeh calls back when it lets go of all, and then holds nothing.
    """
    held = document.callbacks._held_events
    theirs = [event for event in held if getattr(event, "setter", None) == setter]
    document.callbacks._held_events = [event for event in held if event not in theirs]
    for event in theirs:
        if event.callback_invoker is not None:
            invoke_with_curdoc(document, event.callback_invoker)


# ---- style sheets without a network: https://github.com/holoviz/panel/issues/5167, .../8707


def style_sheets() -> Any:
    """Panel's style sheets of each document."""
    return pn.state._stylesheets


def set_style_sheets(sheets: Any) -> None:
    """Take others in their place."""
    pn.state._stylesheets = sheets


# ---- who is at the other end of a session: https://github.com/bokeh/bokeh/issues/9252


def websocket_of(document: Any) -> Any:
    """The websocket by which a document's browser is connected; None where none is."""
    context: Any = document.session_context if document else None
    session = getattr(context, "session", None) or getattr(context, "_session", None)
    return next((each._socket for each in getattr(session, "_subscribed_connections", ())), None)


# ---- the documents that are current, innermost last: https://github.com/holoviz/panel/issues/3225


def current_documents() -> list[weakref.ReferenceType[Any]]:
    """Bokeh's stack of them, itself."""
    return bokeh.io.doc._PATCHED_CURDOCS


def document_behind(document: Any) -> Any:
    """The document itself where somebody holds it without its lock."""
    return getattr(document, "_doc", document)


# ---- a browser that connects while its page is made gets what is there, and what follows can overtake it: Bokeh's
# server, bokeh/server/session.py


class _Connections(set[Any]):
    """Those to the browsers of a session; gone through, those that have its document."""

    def __init__(self, connections: Iterable[Any]) -> None:
        super().__init__(connections)
        self.with_document: weakref.WeakSet[Any] = weakref.WeakSet()

    def __iter__(self) -> Iterator[Any]:
        return (each for each in list(super().__iter__()) if each in self.with_document)


def hold_pulls(session: Any, filled: asyncio.Event, came: asyncio.Event) -> None:
    """Let every request for the document of a session wait until it is filled, and tell nobody before what changes.

    `came` is set by the first request.
    A message goes out in parts: Bokeh lets the system wait for more of them, up to 40 ms each time.
    """
    answer = session._handle_pull
    session._subscribed_connections = connections = _Connections(session._subscribed_connections)

    async def pull(message: Any, connection: Any) -> Any:
        came.set()
        while not filled.is_set() and not session.destroyed:
            with suppress(TimeoutError):
                await asyncio.wait_for(filled.wait(), 1)
        if session.destroyed:
            connection._socket.close()  # nobody would answer
            return None
        # Panel drops what changes until the browser says that its page is ready, as it takes the document to be sent
        # then: panel/io/document.py, _drain_unconnected_events
        pn.state._connected[session.document] = True
        reply = await answer(message, connection)
        connections.with_document.add(connection)
        if isinstance(connection._socket, WebSocketHandler):
            connection._socket.set_nodelay(True)
        return reply

    session._handle_pull = pull


# ---- changes that wait until a websocket is free: one task writes those of a document, and says afterwards that none
# are left, also of what was added while it wrote; the task of these finds nothing to do, and they stay until the next
# change that has to wait. panel/io/document.py, _dispatch_msgs


def send_all_that_waits() -> None:
    """Let Panel send every change that waited."""
    send: Any = panel_document._dispatch_msgs
    if getattr(send, "sends_all", False):
        return

    async def sends(document: Any) -> None:
        if document in panel_document._WRITE_MSGS:
            panel_document._WRITE_BLOCK[document] = True
        await send(document)

    sends.sends_all = True  # type: ignore[attr-defined]
    panel_document._dispatch_msgs = sends


def tornado_of(server: Any) -> Any:
    """The application of Tornado that answers for a server: what it is asked before Bokeh is."""
    return server._tornado


# ---- who may open a websocket. Tornado 6.6 lets in whoever says the same name as Origin and Host, whatever Bokeh
# allows: also the page of a site whose name is made to mean this machine. tornado/web.py, bokeh/server/views/ws.py


_guarded: weakref.WeakSet[Any] = weakref.WeakSet()


def leave_origins_to(application: Any) -> None:
    """This application sees to the names of its requests by itself."""
    _guarded.add(application)


def ask_bokeh_of_origins(local: Callable[[str], bool]) -> None:
    """Let Bokeh's list of origins decide again, for pages whose name is not this machine's own by `local`."""
    answer: Any = WSHandler._check_cross_origin
    if getattr(answer, "asks_bokeh", False):
        return

    def check(handler: Any, allowed: Callable[[str], bool]) -> str | None:
        origin = handler.request.headers.get("Origin")
        if origin is None or local(origin) or handler.application in _guarded or allowed(origin):
            said: str | None = answer(handler, allowed)
            return said
        return f"Origin {origin!r} not allowed"

    check.asks_bokeh = True  # type: ignore[attr-defined]
    WSHandler._check_cross_origin = check


# ---- one script for all components, served under an address that the browser keeps, and the own one of each where
# there is no server: https://github.com/holoviz/panel/pull/7410 serves what `_bundle` names, and sends all of it else


SERVED_AS = "session-explorer"


@cache
def served_folder() -> Path:
    """A folder of this process whose files Bokeh's servers serve; it goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix=f"{SERVED_AS}-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    extension_dirs[SERVED_AS] = folder
    return folder


class ServedScript(JSComponent):
    """A component whose script is named by its address on a page that is served, and brought along elsewhere."""

    __abstract = True

    @classmethod
    def served_path(cls) -> Path | None:
        """The file that has the script, or None where this component brings its own."""
        return None

    def _get_properties(self, doc: Any) -> dict[str, Any]:
        cls = type(self)
        context = doc.session_context if doc else None
        served = bool(context and context.server_context)
        path = cls.served_path() if served else None
        properties = super()._get_properties(doc)
        if path is not None:
            address = cls._component_resource_path(path, True)
            root = "" if pn.state.rel_path else "./"
            properties |= {"esm": f"{root}{address}?v={path.stem}", "bundle": "url", "css_bundle": None}
        return properties
