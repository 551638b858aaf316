"""Undo, redo, open, save, link and the list of shortcuts, as buttons and as keys."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain

Group = tuple[str, tuple[tuple[str, str], ...]]
OURS: tuple[Group, ...] = (
    (
        "Analysis",
        (
            ("Mod+Z", "Undo"),
            ("Mod+Shift+Z Mod+Y", "Redo"),
            ("Mod+S", "Save as YAML"),
            ("Mod+O", "Open"),
            ("Mod+K", "Find anything"),
            ("?", "This list"),
        ),
    ),
)


class ToolbarButtons(Component):
    """What the browser shows; it also hears the keys, and the files dropped on the page."""

    undoable = param.String()
    redoable = param.String()
    yaml = param.String()
    filename = param.String()
    saved = param.Integer(default=0, doc="Rises when `yaml` is to be saved.")
    shortcuts = param.List(default=[])
    whole_page = param.Boolean(default=False)
    entries = param.List(default=[])
    found = param.Dict(default={})

    _esm = script(
        "parts/download.js",
        "document/shortcuts.js",
        "document/file_drop.js",
        "document/palette.js",
        "document/toolbar.js",
    )
    _stylesheets = [style("parts/dialog.css", "document/toolbar.css", "document/palette.css")]


class Toolbar(TellsAgain, Shown):
    """Asks for undo and redo, reads a file that is opened, and saves `yaml` under `filename`.

    `shortcuts` are those that others handle, by group, so that the list is whole: ("Charts", (("Esc", "Clear"),)).
    """

    undoable = param.String(doc="What undo would take back; without it there is nothing to undo.")
    redoable = param.String(doc="What redo would make again.")
    yaml = param.String(doc="The document as it is saved.")
    filename = param.String(default="analysis.yaml")
    shortcuts = param.ClassSelector(class_=tuple, default=())
    whole_page = param.Boolean(default=False, doc="Hear keys and files everywhere, not only in our own element.")
    entries = param.List(default=[], doc="What can be found by name: kind, key, title and detail each.")
    found = param.Dict(
        default={}, doc="Values that contain a `text`, as `values` of the same form; `more` says of others."
    )

    finding = param.Event(doc="The list of what can be found was opened.")
    sought = param.String(doc="A text that values should contain.")
    chosen = param.String(doc="The key of what was chosen among what was found.")
    undo = param.Event(doc="Undo was asked for.")
    redo = param.Event(doc="Redo was asked for.")
    listed = param.Event(doc="The list of shortcuts was asked for.")
    report = param.Event(doc="A report was asked for.")
    export = param.Event(doc="A file of sessions was asked for.")
    code = param.Event(doc="Code was asked for.")
    guide = param.Event(doc="The guide was asked for.")
    place = param.String(doc="A place of the guide that was asked for: a chapter, or chapter#heading.")
    opened = param.ClassSelector(class_=tuple, default=None, allow_None=True, doc="A file's name and text.")
    refused = param.String(doc="Why a file was not opened.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._buttons = ToolbarButtons(
            undoable=self.param.undoable,
            redoable=self.param.redoable,
            yaml=self.param.yaml,
            filename=self.param.filename,
            shortcuts=pn.bind(lambda more: [*OURS, *more], self.param.shortcuts),
            whole_page=self.param.whole_page,
            entries=self.param.entries,
            found=self.param.found,
            margin=0,
        )
        self._buttons.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click, a key or a file; the same file opened twice is told twice."""
        if "save" in message:
            self._buttons.saved += 1
        elif "opened" in message:
            self.tell_again(opened=(message["name"], message["opened"]))
        elif "refused" in message:
            self.tell_again(refused=message["refused"])
        elif "sought" in message:
            self.tell_again(sought=message["sought"])
        elif "chosen" in message:
            self.tell_again(chosen=message["chosen"])
        elif "place" in message:
            self.tell_again(place=message["place"])
        else:
            for name in ("undo", "redo", "listed", "report", "export", "code", "guide", "finding"):
                if name in message:
                    self.param.trigger(name)

    def __panel__(self) -> ToolbarButtons:
        return self._buttons
