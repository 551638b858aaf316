"""The Jupyter widget that carries a part: all notebooks that speak anywidget show it and talk to it.

Imported where a notebook shows something and nowhere else: Jupyter's own parts take a while.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Sequence
from pathlib import Path
from threading import get_ident
from typing import Any

import anywidget
import panel as pn
import traitlets

from widgets.notebook.view import View
from widgets.parts import library_internals as internals
from widgets.parts.one_at_a_time import ONE_AT_A_TIME

SCRIPT = (Path(__file__).parent / "widget.js").read_text(encoding="utf-8")


class Widget(anywidget.AnyWidget):
    """Shows one part in as many places as the browser asks for. Between notebook and page its own messages go.

    A part that no place shows any more lives as long as somebody else holds it.
    """

    _esm = SCRIPT
    key = traitlets.Unicode("", help="What the still picture of the last place is called.").tag(sync=True)
    still = traitlets.Unicode("", help="A picture for hosts that keep no other.").tag(sync=True)
    selection = traitlets.Unicode("", help="The brushes as text; empty when there is none.").tag(sync=True)
    text = traitlets.Unicode("", help="The value of an editor as text.").tag(sync=True)
    seen = traitlets.Unicode("", help="Selection and text as the browser has heard of them.").tag(sync=True)

    def __init__(self, part: Any, still: str = "") -> None:
        _let_go_of_closed()
        super().__init__(still=still)
        _open.add(self)
        self._part = part
        self._known = weakref.ref(part)
        self._views: dict[str, View] = {}
        self._silent: set[str] = set()
        self._thread, self._loop = get_ident(), _running_loop()
        self.on_msg(self._hear)
        weakref.finalize(part, self.close).atexit = False

    @property
    def part(self) -> Any:
        """What it shows; None when that is gone."""
        return self._known()

    @property
    def is_closed(self) -> bool:
        """Whether it can be shown no more: the cell that made it was run again, in marimo."""
        return internals.is_closed(self.comm)

    def begin(self) -> None:
        """Hold the part: it is about to be shown."""
        self._part = self._known()

    def rest(self) -> None:
        """Show it nowhere any more."""
        for name in list(self._views):
            self._end(name)
        self._part = None

    def close(self) -> None:
        """Let go of everything, here and in the browser."""
        self.rest()
        super().close()

    def _hear(self, _: Any, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        # Jupyter lets a thread of its own hear what the browser says; work that is begun there does not go on.
        if self._loop is not None and self._loop.is_running() and get_ident() != self._thread:
            self._loop.call_soon_threadsafe(self._take, content, buffers)
        else:
            self._take(content, buffers)

    def _take(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        with ONE_AT_A_TIME:
            kind, name = content.get("kind"), str(content.get("view"))
            if kind == "hello":
                self._open(name, content)
            elif kind == "here":
                self._silent.discard(name)
            elif kind == "bye":
                self._end(name)
                if not self._views:
                    self._part = None
            elif kind == "patch" and name in self._views:
                self._views[name].hear(content["content"], buffers)
            elif kind == "patch":
                self.send({"kind": "closed", "view": name})

    def _open(self, name: str, said: dict[str, Any]) -> None:
        """Show the part in one more place. Places that have not answered since the last are gone, with their page."""
        for silent in self._silent & set(self._views):
            self._end(silent)
        self._silent = set(self._views)
        if self._silent:
            self.send({"kind": "who"})
        self.begin()
        if self._part is None:
            self.send({"kind": "closed", "view": name})
            return
        self._end(name)
        view = self._views[name] = View(name, self.send, said["known"])
        inner = self._part.inline(view.presence)
        view.open(pn.Column(inner, sizing_mode="stretch_width", margin=0), said["bokeh"], said["plugins"])

    def _end(self, name: str) -> None:
        view = self._views.pop(name, None)
        if view is not None:
            view.close()


_open: weakref.WeakSet[Widget] = weakref.WeakSet()


def _let_go_of_closed() -> None:
    for widget in list(_open):
        if widget.is_closed:
            widget.close()
            _open.discard(widget)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
