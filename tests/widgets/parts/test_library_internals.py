"""Each private name of a library that is used is still there, and still does what it is used for."""

from __future__ import annotations

import asyncio
import weakref
from types import SimpleNamespace
from typing import Any

import bokeh.io.doc
import panel as pn
import panel.io.document as panel_document
import pytest
from bokeh.document import Document
from bokeh.document.locking import UnlockedDocumentProxy
from bokeh.io.doc import patch_curdoc
from bokeh.models import Div
from bokeh.server.connection import ServerConnection
from bokeh.server.contexts import BokehSessionContext
from bokeh.server.session import ServerSession
from tornado.web import Application

from widgets.parts import library_internals as internals


@pytest.fixture
def view() -> Any:
    """A part as a cell of a notebook shows it."""
    part, document = pn.Column(pn.pane.HTML("x")), Document()
    model = part.get_root(document)
    ref = model.ref["id"]
    pn.state._views[ref] = (part, model, document, None)
    yield ref
    pn.state._views.pop(ref, None)


def test_a_view_is_a_part_its_model_document_and_channel(view: str):
    found = internals.cell_views()[view]
    assert isinstance(found.shown, pn.Column)
    assert found.model.ref["id"] == view
    assert isinstance(found.document, Document)
    assert internals.take_cell_view(view) == found
    assert view not in internals.cell_views()
    assert internals.take_cell_view(view) is None


def test_a_part_that_is_cleaned_up_has_no_model_any_more(view: str):
    found = internals.cell_views()[view]
    assert view in found.shown._models
    internals.clean_up(found)
    assert view not in found.shown._models


def test_what_a_document_holds_back_is_part_of_the_whole():
    document = Document()
    document.hold("combine")
    document.add_root(Div(text="a"))
    assert document.callbacks._held_events
    assert [root["attributes"]["text"] for root in internals.whole(document)["roots"]] == ["a"]
    assert not document.callbacks._held_events


def test_what_a_setter_changed_is_called_back_once_and_not_told():
    document, div, other, heard = Document(), Div(text="a"), Div(text="b"), []
    document.add_root(div)
    document.add_root(other)

    def hear(_attr: str, _old: str, new: str) -> None:
        heard.append(new)
        other.text = "follows"

    div.on_change("text", hear)
    document.hold("combine")
    other.text = "before"
    event = {"kind": "ModelChanged", "model": div.ref, "attr": "text", "new": "theirs"}
    document.apply_json_patch({"events": [event]}, setter="them")
    assert heard == []
    internals.settle(document, "them")
    assert heard == ["theirs"]
    assert {each.model for each in document.callbacks._held_events} == {other}


def test_style_sheets_are_kept_by_document():
    before = internals.style_sheets()
    try:
        internals.set_style_sheets(mine := weakref.WeakKeyDictionary())
        assert pn.state._stylesheets is mine
    finally:
        internals.set_style_sheets(before)


def test_the_websocket_of_a_session_is_found():
    async def connected() -> None:
        document, socket = Document(), SimpleNamespace()
        context = BokehSessionContext("id", SimpleNamespace(), document)
        session = ServerSession("id", document)
        context._set_session(session)
        document._session_context = weakref.ref(context)
        session.subscribe(ServerConnection(None, socket, None, session))
        assert internals.websocket_of(document) is socket

    asyncio.run(connected())
    assert internals.websocket_of(None) is None


def test_the_current_document_is_the_last_of_the_stack():
    document = Document()
    assert internals.current_documents() is bokeh.io.doc._PATCHED_CURDOCS
    with patch_curdoc(document):
        assert internals.current_documents()[-1]() is document


def test_a_document_is_found_behind_its_unlocked_face():
    document = Document()
    assert internals.document_behind(UnlockedDocumentProxy(document)) is document
    assert internals.document_behind(document) is document


def test_a_request_for_a_document_waits_until_it_is_filled():
    async def scene() -> list[str]:
        done: list[str] = []
        session, filled = ServerSession("id", Document()), asyncio.Event()

        async def answer(message: Any, connection: Any) -> None:
            done.append(message)

        assert callable(session._handle_pull)
        session._handle_pull = answer
        internals.hold_pulls(session, filled, asyncio.Event())
        asking = asyncio.ensure_future(
            session._handle_pull("one", ServerConnection(None, SimpleNamespace(), None, session))
        )
        await asyncio.sleep(0)
        assert done == []
        filled.set()
        await asking
        return done

    assert asyncio.run(scene()) == ["one"]


def test_a_request_for_the_document_of_a_session_that_is_gone_ends():
    async def scene() -> list[str]:
        closed: list[str] = []
        session = ServerSession("id", Document())
        internals.hold_pulls(session, asyncio.Event(), asyncio.Event())
        socket = SimpleNamespace(close=lambda: closed.append("closed"))
        session._destroyed = True
        await session._handle_pull("one", ServerConnection(None, socket, None, session))
        return closed

    assert asyncio.run(scene()) == ["closed"]


def test_only_who_has_the_document_is_told_what_changes():
    async def scene() -> None:
        session, filled = ServerSession("id", Document()), asyncio.Event()

        async def answer(message: Any, connection: Any) -> None: ...

        session._handle_pull = answer
        session.subscribe(early := ServerConnection(None, SimpleNamespace(), None, session))
        internals.hold_pulls(session, filled, asyncio.Event())
        session.subscribe(one := ServerConnection(None, SimpleNamespace(), None, session))
        assert session.connection_count == 2
        session.unsubscribe(early)
        assert session.connection_count == 1
        assert list(session._subscribed_connections) == []
        filled.set()
        await session._handle_pull("one", one)
        assert list(session._subscribed_connections) == [one]

    asyncio.run(scene())


def test_a_server_is_an_application_of_tornado():
    async def scene() -> None:
        server = pn.serve({"/": pn.Column}, port=0, show=False, start=False, threaded=False)
        assert isinstance(internals.tornado_of(server), Application)
        server.stop()

    asyncio.run(scene())


def test_what_was_added_while_others_were_written_is_sent(monkeypatch: pytest.MonkeyPatch):
    for name in ("_WRITE_MSGS", "_WRITE_BLOCK", "_WRITE_FUTURES"):
        monkeypatch.setattr(f"panel.io.document.{name}", {})
    monkeypatch.setattr("panel.io.document._dispatch_msgs", panel_document._dispatch_msgs)
    internals.send_all_that_waits()
    sent: list[str] = []

    class Socket:
        """A websocket that writes one message after the other, each in a moment."""

    class Connection:
        def __init__(self) -> None:
            self._socket = Socket()

    async def written(message: str) -> None:
        await asyncio.sleep(0)
        sent.append(message)

    def write(connection: Any, *, msg: str) -> list[Any]:
        return [asyncio.ensure_future(written(msg))]

    monkeypatch.setitem(panel_document.extra_socket_handlers, Socket, write)
    connection, document = Connection(), Document()

    async def both() -> None:
        panel_document._WRITE_BLOCK[document] = True
        panel_document._WRITE_MSGS[document] = {connection: ["first"]}
        first = asyncio.ensure_future(panel_document._dispatch_msgs(document))
        await asyncio.sleep(0)
        panel_document._WRITE_MSGS[document] = {connection: ["second"]}
        await first
        await panel_document._dispatch_msgs(document)

    asyncio.run(both())
    assert sent == ["first", "second"]


def test_a_channel_of_a_widget_knows_that_it_is_closed():
    import ipywidgets  # which takes a while
    from marimo._plugins.ui._impl.comm import MarimoComm

    widget = ipywidgets.Label()
    comm: Any = widget.comm
    assert not internals.is_closed(comm)
    comm.close()
    assert internals.is_closed(comm)
    assert internals.is_closed(None)
    assert "_closed" in MarimoComm.close.__code__.co_names
