"""Everything that happens while data is opened: the panel shows what there is, and asks for something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import panel as pn

from explorer.engine.answers.lookups import LookupFile, LookupMatch
from explorer.engine.coded import Coded
from explorer.engine.databases import is_named
from explorer.engine.engine import Engine
from explorer.engine.shared import forget
from explorer.errors import ExplorerError, SourceError
from explorer.events.added.lookups import folder_of, path_of, uploaded
from explorer.events.files.folders import Folders
from explorer.events.files.source_name import source_name
from explorer.sample import MESSY, SAMPLE
from explorer.spec.analysis import Analysis, first_analysis
from explorer.spec.columns import Columns
from explorer.spec.lookup import Lookup
from explorer.state import Explorer, first_coded
from widgets.data.data_facts import DataFacts, data_facts
from widgets.data.data_panel import DataPanel
from widgets.data.data_toggle import DataToggle
from widgets.data.row_preview import Rows, compared
from widgets.data.upload import upload_folder
from widgets.parts.latest_task import Latest

ACTORS = "actors"  # the view of that name
# Panel keeps a column no higher than the window, and what is below it would lie upon the rest.
WHOLE = ":host { height: max-content; max-height: none; flex: none; }"

Open = Callable[[str | Path], tuple[Engine, Analysis | None, ExplorerError | None]]
Opened = tuple[Engine, Analysis, Coded, ExplorerError | None]


class Opening:
    """Connects the data panel, which is made when it is first opened, with the document and the engine."""

    def __init__(
        self,
        state: Explorer,
        toggle: DataToggle,
        folders: Folders,
        read: Open,
        begin: Callable[[Engine, Analysis, Coded], None],
        say: Callable[[ExplorerError | None], None],
    ) -> None:
        """`read` opens a path, in a thread; `begin` shows what was opened in the place of what is there."""
        self.state, self.folders, self._read, self._begin = state, folders, read, begin
        self.toggle, self._say = toggle, say
        self.panel: DataPanel | None = None
        self.place = pn.Column(visible=False, sizing_mode="stretch_width", margin=0, stylesheets=[WHOLE])
        self._facts = Latest[DataFacts](self._show_facts, say)
        self._tried = Latest[Rows](self._show_tried, self._refuse_tried, self._wait)
        self._file = Latest[LookupFile](self._show_file, self._refuse_lookup)
        self._match = Latest[LookupMatch](self._show_match, self._refuse_lookup)
        self._opened = Latest[Opened](self._take, self._refuse)
        toggle.param.watch(lambda event: self._show(event.new), "value")
        self.state.param.watch(lambda *_: self._look(), ["engine", "analysis"])

    def _show(self, shown: bool) -> None:
        if shown and self.panel is None:
            self.panel = self._made()
            self.place.objects = [self.panel]
        self.place.visible = shown
        self._look()

    def _made(self) -> DataPanel:
        panel = DataPanel(folders=self.folders, sample=str(SAMPLE), messy=str(MESSY))
        panel.param.watch(lambda event: self._open(event.new), "source")
        panel.param.watch(lambda _: self._read_again(), "again")
        panel.param.watch(lambda event: self._take_columns(event.new), "columns")
        panel.param.watch(lambda event: self._try(event.new), "draft")
        panel.param.watch(lambda event: self._mend(event.new), "wanted")
        panel.lookups.param.watch(lambda event: self._look_into(event.new), "path")
        panel.lookups.param.watch(lambda event: self._try_lookup(event.new), "draft")
        return panel

    def _look(self) -> None:
        """Find out what the panel shows, if it is shown."""
        engine, sessions = self.state.engine, self.state.analysis.sessions
        if self.place.visible and engine.is_under(self.state.analysis):
            self._facts.run(lambda: data_facts(engine, definitions=sessions))

    def _show_facts(self, facts: DataFacts) -> None:
        if self.panel is not None:
            self.panel.facts = facts

    # ---- what is asked for

    def _open(self, source: str) -> None:
        if not source or self.panel is None:
            return
        self.panel.param.update(busy=f"Reading {source_name(source)}", error="")

        def work() -> Opened:
            engine, document, doubt = self._read(source if is_named(source) else Path(source))
            analysis = document or first_analysis(engine.columns)
            engine = engine.under(analysis)
            return engine, analysis, first_coded(engine, analysis), doubt

        self._opened.run(work)

    def _read_again(self) -> None:
        """Read a table as it is now; what was kept of it is let go of."""
        if self.panel is None:
            return
        source, analysis = str(self.state.engine.source), self.state.analysis
        self.panel.param.update(busy=f"Reading {source_name(source)}", error="")

        def work() -> Opened:
            forget(source)
            engine = self._read(source)[0].under(analysis)
            return engine, analysis, first_coded(engine, analysis), None

        self._opened.run(work)

    def _take(self, opened: Opened) -> None:
        engine, analysis, drawn, doubt = opened
        if self.panel is not None:
            self.panel.busy = ""
        self._begin(engine, analysis, drawn)
        if doubt is not None:
            self._say(doubt)

    def _refuse(self, error: ExplorerError) -> None:
        if self.panel is not None:
            self.panel.param.update(busy="", error=str(error))

    def _take_columns(self, columns: Columns | None) -> None:
        if columns is not None:
            self.state.analysis = self.state.analysis.replace(columns=columns)

    def _try(self, columns: Columns | None) -> None:
        """Look at the first rows of the source under other columns; only the newest counts."""
        if columns is None:
            self._tried.stop()
            return
        engine = self.state.engine
        self._tried.run(lambda: compared(*engine.preview(columns)))

    def _wait(self) -> None:
        if self.panel is not None:
            self.panel.preview.busy = True

    def _show_tried(self, rows: Rows) -> None:
        if self.panel is not None:
            self.panel.show_preview(rows)

    def _refuse_tried(self, error: ExplorerError) -> None:
        if self.panel is not None:
            self.panel.preview.param.update(error=str(error), busy=False)

    def _mend(self, key: str) -> None:
        if key and self.panel is not None:
            mend = self.panel.facts.mend(key)
            if mend.selection is not None:
                self.toggle.value = False
                self.state.param.update(session=mend.sessions[0], selection=mend.selection, view=ACTORS)
                return
            self.state.analysis = mend.applied(self.state.analysis)

    # ---- a table that may be joined

    def _look_into(self, chosen: str) -> None:
        """Look into the file of a lookup: as a document names it, or as a path that was chosen."""
        if not chosen:
            self._file.stop()
            return
        engine = self.state.engine
        known = {each.file for each in engine.columns.lookups}

        def work() -> LookupFile:
            folder = folder_of(engine.source)
            file = chosen if chosen in known else called(Path(chosen), folder)
            return engine.lookup_file(path_of(file, folder), file)

        self._file.run(work)

    def _try_lookup(self, draft: Lookup | None) -> None:
        if draft is None:
            self._match.stop()
            return
        engine = self.state.engine
        self._match.run(lambda: engine.lookup_match(draft))

    def _show_file(self, file: LookupFile) -> None:
        if self.panel is not None:
            self.panel.lookups.param.update(file=file, error="")

    def _show_match(self, match: LookupMatch) -> None:
        if self.panel is not None:
            self.panel.lookups.param.update(match=match, error="")

    def _refuse_lookup(self, error: ExplorerError) -> None:
        if self.panel is not None:
            self.panel.lookups.param.update(match=None, error=str(error))

    def say_columns(self, error: ExplorerError | None) -> bool:
        """Say beside the columns why they cannot be read so; whether that was the place to say it."""
        if self.panel is None or not self.place.visible:
            return False
        wrong = error is not None and self.state.analysis.columns != self.state.engine.columns
        self.panel.columns_error = str(error) if wrong else ""
        return wrong


def called(path: Path, folder: Path) -> str:
    """What a document calls a file that was chosen, beside the data in `folder` or uploaded; raises SourceError."""
    if path.is_relative_to(upload_folder()):
        return uploaded(path)
    if path.resolve().is_relative_to(folder.resolve()):
        return path.resolve().relative_to(folder.resolve()).as_posix()
    raise SourceError(f"{path.name} lies outside the folder of the data, {folder}. Put it there, or upload it here.")
