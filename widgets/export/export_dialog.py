"""A dialog that asks what is to leave as a file, and tells how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import param

from explorer.crossfilter.formats import count_text
from explorer.exports.formats import EXPORT_FORMATS, ExportFormat
from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain

WHATS = (
    ("sessions", "Sessions", "one row for each, with its metrics."),
    ("actors", "Actors", "one row for each, with the numbers of all its sessions."),
    ("events", "Events", "one row for each, with the id of its session."),
)
KINDS = {each.name: each for each in EXPORT_FORMATS}


@dataclass(frozen=True)
class Wanted:
    """What is to be written: `what` of all sessions or of the selected ones, in a format."""

    what: str
    selected: bool
    kind: ExportFormat


class ExportFields(Component):
    """What the browser shows."""

    whats = param.List(default=[list(each) for each in WHATS])
    formats = param.List(default=[[each.name, each.label, each.hint, each.note] for each in EXPORT_FORMATS])
    counts = param.Dict(default={}, doc="What -> how many there are, as a text.")
    selected = param.Dict(default=None, allow_None=True, doc="The same of what is selected; None without a selection.")
    state = param.Dict(default={}, doc="A phase (writing, done, failed), its text, and rows done of a total.")
    handed = param.Dict(default={}, doc="The address and the name of a file to fetch; `turn` differs every time.")
    turn = param.Integer(default=0, doc="Rises when the dialog is to open.")

    _esm = script("parts/download.js", "parts/dialog.js", "export/export_dialog.js")
    _stylesheets = [style("parts/dialog.css", "export/export_dialog.css")]


class ExportDialog(TellsAgain, Shown):
    """Asks; it writes nothing itself. `asked` is what is wanted, `stopped` that it is wanted no more."""

    asked = param.ClassSelector(class_=Wanted, allow_None=True)
    stopped = param.Event(doc="What is written is wanted no more.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.fields = ExportFields(margin=0)
        self.fields.on_msg(lambda event: self.hear(event.data))

    def open(self, counts: dict[str, int], selected: dict[str, int] | None) -> None:
        """Show it, with how many there are of everything."""
        if self.fields.state.get("phase") != "writing":
            self.fields.state = {}
        self.fields.param.update(counts=_said(counts), selected=selected and _said(selected))
        self.fields.turn += 1

    def tell(self, phase: str, text: str, done: int = 0, total: int = 0) -> None:
        """Say how far it is."""
        self.fields.state = {"phase": phase, "text": text, "done": done, "total": total}

    def hand_over(self, address: str, filename: str) -> None:
        """Let the browser fetch a file."""
        turn = self.fields.handed.get("turn", 0) + 1
        self.fields.handed = {"address": address, "filename": filename, "turn": turn}

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser; the same asked twice is told twice."""
        if "stop" in message:
            self.param.trigger("stopped")
        elif "export" in message:
            said = message["export"]
            kind = KINDS.get(str(said["format"]))
            if kind is None:
                return
            self.tell_again(asked=Wanted(said["what"], bool(said["selected"]), kind))

    def __panel__(self) -> ExportFields:
        return self.fields


def _said(counts: dict[str, int]) -> dict[str, str]:
    return {what: f"{count_text(n)} {what.removesuffix('s') if n == 1 else what}" for what, n in counts.items()}
