"""A banner that says one thing about the data, or why an edit failed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import panel as pn
import param

from explorer.errors import ExplorerError, UnexpectedError
from widgets.parts.component import Component, script, style


@dataclass(frozen=True)
class Message:
    """One sentence, and a list of details if there are any."""

    kind: Literal["info", "warning", "error"]
    text: str
    details: tuple[str, ...] = ()
    trace: str = ""  # what whoever mends the program wants to see; it can be copied
    action: str = ""  # what a button beside it does
    key: str = ""  # what the browser remembers when it is dismissed: it is not said again


def error_message(error: ExplorerError) -> Message:
    """An error as a banner says it."""
    return Message("error", str(error), trace=error.detail if isinstance(error, UnexpectedError) else "")


class NoticeBanner(Component):
    """What the browser shows."""

    message = param.Dict(default={})
    dismissible = param.Boolean(default=True)

    _esm = script("parts/clipboard.js", "parts/notice.js")
    _stylesheets = [style("parts/notice.css")]


class Notice(pn.viewable.Viewer):
    """A banner that takes no room when there is nothing to say; dismissing it sets `value` to None."""

    value = param.ClassSelector(class_=Message, default=None, allow_None=True)
    dismissible = param.Boolean(default=True)
    acted = param.Integer(default=0, doc="Counts the clicks on the button of its action.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._banner = NoticeBanner(
            message=pn.bind(_plain, self.param.value),
            dismissible=self.param.dismissible,
            visible=self.param.value.rx.is_not(None),
            sizing_mode="stretch_width",
            margin=0,
        )
        self._banner.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser."""
        if "act" in message:
            self.acted += 1
        else:
            self.dismiss()

    def dismiss(self) -> None:
        """Say no more."""
        self.value = None

    def __panel__(self) -> NoticeBanner:
        return self._banner


def _plain(message: Message | None) -> dict[str, Any]:
    return asdict(message) | {"details": list(message.details)} if message else {}
