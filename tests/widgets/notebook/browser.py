"""A page of the browser, as far as a widget hears of it."""

from __future__ import annotations

from typing import Any


def hello(view: str, known: list[str]) -> dict[str, Any]:
    return {"kind": "hello", "view": view, "bokeh": "", "plugins": [], "known": known}


class Browser:
    """Hears what a widget says, as a page of the browser would."""

    def __init__(self, part: Any) -> None:
        self.widget, self.said = part.widget, []
        self.widget.send = lambda content, buffers=None: self.said.append((content, buffers or []))

    def tells(self, content: dict[str, Any], *buffers: bytes) -> None:
        handle = self.widget._handle_custom_msg
        handle(content, list(buffers))

    def heard(self, kind: str) -> list[tuple[dict[str, Any], list[bytes]]]:
        """What was said of a kind since the last time that somebody asked."""
        found = [(content, buffers) for content, buffers in self.said if content["kind"] == kind]
        self.said.clear()
        return found
