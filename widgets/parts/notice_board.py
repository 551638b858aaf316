"""What the page noticed by itself, in the app bar: it comes when it is found, and moves nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import panel as pn
import param

from widgets.parts.component import Component, script, style
from widgets.parts.notice import Message


class NoticeLine(Component):
    """What the browser shows: one line with how many there are, and the list of all."""

    messages = param.List(default=[], item_type=dict)

    _esm = script("parts/dismissed.js", "parts/notice_board.js")
    _stylesheets = [style("parts/notice.css", "parts/notice_board.css")]


class NoticeBoard(pn.viewable.Viewer):
    """Shows the messages that stand; one that was used or dismissed is not said again for its key, in this browser."""

    value = param.List(default=[], item_type=Message)
    acted = param.Parameter(default=None, doc="The message whose button was clicked last.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._line = NoticeLine(messages=pn.bind(_plain, self.param.value), margin=0)
        self.gone: set[str] = set()
        self._line.on_msg(lambda event: self.hear(event.data))

    def say(self, *messages: Message | None) -> None:
        """Show these, but those that were used or dismissed."""
        self.value = [each for each in messages if each is not None and each.key not in self.gone]

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser: a message whose button was clicked has been used, and goes."""
        text = message.get("text")
        said = next((each for each in self.value if each.text == text), None)
        if said is None:
            return
        self.value = [each for each in self.value if each is not said]
        if said.key:
            self.gone.add(said.key)
        if "act" in message:
            self.acted = said

    def __panel__(self) -> NoticeLine:
        return self._line


def _plain(messages: list[Message]) -> list[dict[str, Any]]:
    return [asdict(each) | {"details": list(each.details)} for each in messages]
