"""Which events are opened: a path in the allowed folders, an upload, a table of a connection, or the sample."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import panel as pn
import param

from explorer.crossfilter.formats import received_text, size_text
from explorer.engine.databases import connection, connections
from explorer.engine.shared import forget
from explorer.errors import SourceError
from explorer.events.files.folders import Folders, Listing
from explorer.events.files.packings import PACKED
from explorer.events.files.paths import KNOWN
from widgets.data.upload import Upload
from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style
from widgets.parts.latest_task import Latest


class SourceControl(Component):
    """What the browser shows."""

    path = param.String()
    error = param.String()
    busy = param.String()
    opened = param.String()
    sample = param.Boolean(default=False)
    messy = param.Boolean(default=False)
    listing = param.Dict(default={}, doc="typed, found: [(text, is a folder, size)], more.")
    upload = param.Dict(default={}, doc="turn, name, received, size, said; empty when nothing is on its way.")
    connections = param.List(default=[], doc="The names of the databases whose tables may be opened.")
    tables = param.List(default=[], doc="The tables of the one that was chosen.")
    formats = param.List(default=[*KNOWN, *PACKED])

    _esm = script("data/source.js")
    _stylesheets = [style("data/source.css")]


class SourceChooser(Shown):
    """`value` is the path that was chosen; whoever opens it says `busy` meanwhile, and `error` if it fails."""

    value = param.String(default="", doc="The path of a file, a folder or a pattern.")
    folders = param.ClassSelector(class_=Folders, default=Folders(()))
    sample = param.String(default="", doc="The path of the sample data; without one it is not offered.")
    messy = param.String(default="", doc="The path of a second sample, messy as real logs are; offered as well.")
    opened = param.String(default="", doc="What is open now, in words.")
    busy = param.String(default="", doc="What is being done, such as 'Reading events.parquet'.")
    error = param.String(default="", doc="Why the choice cannot be opened, said beside the field.")
    progress = param.Number(default=None, allow_None=True, bounds=(0, 1), doc="The share of an upload that is here.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._upload: Upload | None = None
        self._turn = 0
        self._listing = Latest[tuple[str, Listing]](self._suggest, lambda _: None)
        self._opening = Latest[str | Path](self._choose, self._refuse)
        self._known = Latest[list[str]](self._offer, self._refuse)
        self._tables = Latest[list[str]](self._offer_tables, self._refuse)
        self._control = SourceControl(
            path=pn.bind(self._shown, self.param.value),
            error=self.param.error,
            opened=self.param.opened,
            busy=self.param.busy,
            sample=self.param.sample.rx.bool(),
            messy=self.param.messy.rx.bool(),
            sizing_mode="stretch_width",
            margin=0,
        )
        self._control.on_msg(lambda event: self.hear(event.data))
        self._whole: list[Path] = []
        self._known.run(lambda: list(connections()))
        if pn.state.curdoc is not None and pn.state.curdoc.session_context is not None:
            pn.state.on_session_destroyed(lambda _: self._end())

    def hear(self, message: dict[str, Any]) -> None:
        """Take what was typed, opened, clicked or sent in the browser."""
        folders = self.folders
        match message:
            case {"typed": str(text)}:
                self._listing.run(lambda: (text, folders.listing(text)))
            case {"open": str(text)}:
                self._opening.run(lambda: folders.resolve(text))
            case {"connection": str(name)}:
                self._control.tables = []
                self._tables.run(lambda: connection(name).choices() if name else [])
            case {"table": str(table), "of": str(name)}:
                self._opening.run(lambda: connection(name).source(table))
            case {"sample": "messy"} if self.messy:
                self._choose(Path(self.messy))
            case {"sample": _}:
                self._choose(Path(self.sample))
            case {"upload": {"name": str(name), "size": int(size)}}:
                self._begin(name, size)
            case {"piece": bytes(piece), "turn": turn} if self._upload and turn == self._turn:
                self._take(self._upload, piece)
            case {"cancel": why}:
                self.cancel()
                self.error = str(why)

    def cancel(self) -> None:
        """End an upload; nothing is left of it."""
        if self._upload:
            self._upload.cancel()
        self._show(None)

    def _end(self) -> None:
        """The page is gone: what it has uploaded goes too."""
        self.cancel()
        for path in self._whole:
            forget(path)
            shutil.rmtree(path.parent, ignore_errors=True)

    # ---- a path

    def _suggest(self, found: tuple[str, Listing]) -> None:
        typed, listing = found
        rows = [(one.text, one.is_folder, "" if one.is_folder else size_text(one.size)) for one in listing.suggestions]
        self._control.listing = {"typed": typed, "found": rows, "more": listing.more}

    def _offer(self, names: list[str]) -> None:
        self._control.connections = names

    def _offer_tables(self, names: list[str]) -> None:
        self._control.tables = names
        self.error = ""

    def _choose(self, path: str | Path) -> None:
        again = str(path) == self.value and self.error
        self.param.update(value=str(path), error="")
        if again:
            self.param.trigger("value")

    def _refuse(self, error: Exception) -> None:
        self.error = str(error)

    def _shown(self, value: str) -> str:
        """The path, shorter where it lies in an allowed folder; nothing for what only this process can reach."""
        path = Path(value)
        root = next((root for root in self.folders.roots if path.is_relative_to(root)), None)
        return str(path.relative_to(root)) if value and root and path != root else ""

    # ---- an upload

    def _begin(self, name: str, size: int) -> None:
        self.cancel()
        self._turn += 1
        try:
            upload = Upload(name, size)
        except SourceError as error:
            self.error = str(error)
            return
        self.error = ""
        self._show(upload)

    def _take(self, upload: Upload, piece: bytes) -> None:
        try:
            whole = upload.take(piece)
        except SourceError as error:
            self._show(None)
            self.error = str(error)
            return
        self._show(None if whole else upload)
        if whole:
            self._whole.append(whole)
            self._choose(whole)

    def _show(self, upload: Upload | None) -> None:
        self._upload = upload
        if upload is None:
            self._control.upload, self.progress = {}, None
            return
        said = received_text(upload.received, upload.size)
        about = {"name": upload.name, "received": upload.received, "size": upload.size, "said": said}
        self._control.upload, self.progress = {"turn": self._turn, **about}, upload.received / upload.size

    def __panel__(self) -> SourceControl:
        return self._control
