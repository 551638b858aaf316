"""One place of the browser that shows a part: its Bokeh document, and how both sides learn what changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from threading import local
from typing import Any

from bokeh.document import Document
from bokeh.protocol import Protocol
from panel.io.model import add_to_doc
from panel.io.notebook import push
from pyviz_comms import Comm

from widgets.notebook.page_texts import Texts, as_json, libraries, packed, packed_text
from widgets.parts import library_internals as internals

Send = Callable[[dict[str, Any], list[bytes]], Any]


class Presence:
    """Whether a part is still shown in one place. `on_leave` is called when it is gone from there."""

    def __init__(self, leave: Callable[[], Any] = lambda: None) -> None:
        self.on_leave: Callable[[], Any] = lambda: None
        self._leave = leave

    def leave(self) -> None:
        """Let the still picture stand in its place from now on."""
        self._leave()


class View:
    """A part in one place of the browser, from when the browser asks for it until one of them lets go."""

    def __init__(self, key: str, send: Send, known: Sequence[str]) -> None:
        self._key, self._send_message = key, send
        self._texts = Texts(known)
        self.presence = Presence(self.leave)
        self._channel = Channel(self.tell)
        self._document = Document()
        self._ref = ""

    def open(self, shown: Any, version: str, plugins: Sequence[str]) -> None:
        """Send all of it, and from now on what changes."""
        root = shown.get_root(self._document, self._channel)
        self._ref = root.ref["id"]
        add_to_doc(root, self._document, hold=True)
        new: dict[str, str] = {}
        needed = libraries(version, plugins).items()
        scripts = [{"name": name, "text": self._texts.name(text, new)} for name, text in needed]
        whole = as_json(self._texts.without(internals.whole(self._document), new))
        said = {"kind": "open", "texts": list(new), "libraries": scripts}
        self._send(said, [packed(whole), *map(packed_text, new.values())])

    def tell(self, content: str, buffers: list[tuple[str, bytes]]) -> None:
        """Send a change, as JSON, with its buffers by their names."""
        new: dict[str, str] = {}
        thin = self._texts.thinned(content, new).encode()
        refs = [name for name, _ in buffers]
        sent = [thin, *(data for _, data in buffers), *map(packed_text, new.values())]
        self._send({"kind": "patch", "texts": list(new), "refs": refs}, sent)

    def hear(self, content: str, buffers: Sequence[Any]) -> None:
        """Take a change that the browser made, send what follows from it, and say that the next may come."""
        header = json.dumps({"msgid": self._key, "msgtype": "PATCH-DOC", "num_buffers": len(buffers)})
        message = Protocol().assemble(header, "{}", content)
        for at, buffer in enumerate(buffers):
            message.assemble_buffer({"id": str(at)}, bytes(buffer))
        try:
            # Bokeh takes for told all that is there when a message comes in.
            push(self._document, self._channel)
            message.apply_to_document(self._document, self._key)
            internals.settle(self._document, self._key)
            push(self._document, self._channel)
        finally:
            self._send({"kind": "heard"}, [])

    def leave(self) -> None:
        """Let go, and say so to the browser."""
        if self.close():
            self._send({"kind": "closed"}, [])

    def close(self) -> bool:
        """Let go of everything; whether there was something left."""
        view = internals.take_cell_view(self._ref)
        if view is None:
            return False
        self.presence.on_leave()
        internals.clean_up(view)
        self._channel.close()
        return True

    def _send(self, said: dict[str, Any], buffers: list[bytes]) -> None:
        self._send_message({"view": self._key, **said}, buffers)


class Channel(Comm):
    """What Panel tells of a document comes here by parts, as Bokeh's protocol has them, and goes on as a whole."""

    def __init__(self, tell: Callable[[str, list[tuple[str, bytes]]], None]) -> None:
        super().__init__()
        self._comm: Any = self  # Panel waits for it
        self._tell: Callable[[str, list[tuple[str, bytes]]], None] | None = tell
        self._parts = local()  # two threads may tell something at the same time

    def send(self, data: Any = None, metadata: Any = None, buffers: Sequence[bytes] = ()) -> None:
        """Take the next part: a header, metadata, what changed, and of each buffer its name and itself."""
        parts = self._parts.__dict__.setdefault("held", [])
        parts.append(buffers[0] if buffers else data)
        whole = 3 + 2 * json.loads(parts[0]).get("num_buffers", 0)
        if len(parts) == whole and self._tell is not None:
            named = [(json.loads(name)["id"], data) for name, data in zip(parts[3::2], parts[4::2], strict=True)]
            self._tell(parts[2], named)
        if len(parts) == whole:
            parts.clear()

    def close(self) -> None:
        """Let nothing through any more."""
        self._tell = None
