"""A page without a browser: Bokeh's protocol over a websocket, for many of them at once."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Self

from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

TOKEN = re.compile(r'"token":\s*"([^"]+)"')
MOST_BYTES = 2**30
Message = dict[str, Any]


class Wire:
    """A page that is open: what it was sent, and what changed since, by the ids of models."""

    def __init__(self, socket: WebSocketClientConnection, http: AsyncHTTPClient) -> None:
        self.socket, self._http = socket, http
        self.kinds: list[str] = []  # of the messages so far
        self.models: dict[str, dict[str, Any]] = {}
        self._replies: dict[str, asyncio.Future[Message]] = {}
        self._asked = 0
        self._changed = asyncio.Event()
        self._reading = asyncio.ensure_future(self._read())

    @classmethod
    async def open(cls, url: str) -> Self:
        """Ask for the page and connect, as its first script does."""
        http = AsyncHTTPClient(force_instance=True)
        answer = await http.fetch(url, request_timeout=300)
        token = TOKEN.search(answer.body.decode())
        assert token
        path, mark, query = url.replace("http", "ws", 1).partition("?")
        address = f"{path.rstrip('/')}/ws{mark}{query}"
        socket = await websocket_connect(address, subprotocols=["bokeh", token[1]], max_message_size=MOST_BYTES)
        assert socket.protocol
        socket.protocol.set_nodelay(True)  # as browsers do
        page = cls(socket, http)
        await page.until(lambda: "ACK" in page.kinds)
        return page

    async def close(self) -> None:
        """Leave."""
        self.socket.close()
        await asyncio.wait({self._reading}, timeout=5)
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self._http.close()

    async def ask(self, kind: str, **content: Any) -> Message:
        """Send a message and wait for its reply."""
        self._asked += 1
        name = f"asked-{self._asked}"
        self._replies[name] = reply = asyncio.get_running_loop().create_future()
        for part in ({"msgid": name, "msgtype": kind}, {}, content):
            await self.socket.write_message(json.dumps(part))
        await asyncio.wait({reply, self._reading}, return_when=asyncio.FIRST_COMPLETED)
        if not reply.done():
            await self._reading  # says why nothing is read any more
        return await self._replies.pop(name)

    async def pull(self) -> None:
        """Fetch all of the page."""
        found = await self.ask("PULL-DOC-REQ")
        self.models = {each["id"]: each for each in _objects(found)}

    async def say(self, model: dict[str, Any], message: Message) -> None:
        """Send a message of one of our components."""
        values = {"type": "map", "entries": [["model", {"id": model["id"]}], ["data", message]]}
        event = {"type": "event", "name": "data_event", "values": values}
        await self.patch({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event})

    async def ready(self) -> None:
        """Say that the page is drawn, after which it begins what takes long."""
        event = {"type": "event", "name": "document_ready", "values": {"type": "map", "entries": []}}
        await self.patch({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event})

    async def set(self, model: dict[str, Any], name: str, value: Any) -> None:
        """Change a property."""
        await self.patch({"kind": "ModelChanged", "model": {"id": model["id"]}, "attr": name, "new": value})

    async def patch(self, event: Message) -> None:
        """Tell the server what has changed here."""
        await self.ask("PATCH-DOC", events=[event])

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something that is known of the page is so."""
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    def component(self, name: str) -> dict[str, Any]:
        """The first model of our component of this name."""
        for model in self.models.values():
            data = model["attributes"].get("data")
            if isinstance(data, dict) and str(data.get("name", "")).rstrip("0123456789") == name:
                return model
        raise LookupError(name)

    def named(self, name: str) -> dict[str, Any]:
        """The first model of a kind."""
        return next(model for model in self.models.values() if model["name"].split(".")[-1] == name)

    async def _read(self) -> None:
        while True:
            header, _, content = [await self._part() for _ in range(3)]
            for _ in range(2 * header.get("num_buffers", 0)):
                await self.socket.read_message()
            self.kinds.append(header["msgtype"])
            reply = self._replies.get(header.get("reqid", ""))
            if reply is not None:
                reply.set_result(content)
            for event in content.get("events", ()) if header["msgtype"] == "PATCH-DOC" else ():
                self._take(event)
            self._changed.set()

    async def _part(self) -> Message:
        text = await self.socket.read_message()
        if text is None:
            raise ConnectionError("the server has closed the connection")
        part: Message = json.loads(text)
        return part

    def _take(self, event: Message) -> None:
        self.models |= {each["id"]: each for each in _objects(event)}
        if event["kind"] == "ModelChanged" and event["model"]["id"] in self.models:
            self.models[event["model"]["id"]]["attributes"][event["attr"]] = event["new"]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "object" and "id" in value:
            value.setdefault("attributes", {})
            yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)
