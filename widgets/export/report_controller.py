"""What the report dialog does to an explorer: pages are written behind it, its words become part of the analysis."""

from __future__ import annotations

from typing import Any

from explorer.crossfilter.formats import many, size_text
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.compare import likely_id_columns
from explorer.report import heading, html
from explorer.state import Explorer
from widgets.document.toolbar import Toolbar
from widgets.export.report_dialog import ReportDialog, Words
from widgets.parts.latest_task import Latest


class Reporting:
    """Wires the dialog to an explorer."""

    def __init__(self, state: Explorer, toolbar: Toolbar) -> None:
        self.state, self.toolbar = state, toolbar
        self.dialog = ReportDialog()
        self._others = self._ids = False  # whether the report that was written last had inactivities, and ids
        self._counting = Latest[int](self._counted, lambda error: self.dialog.fail(str(error)))
        self._writing = Latest[str](self._written, lambda error: self.dialog.fail(str(error)))
        toolbar.param.watch(lambda *_: self._open(), "report")
        self.dialog.param.watch(lambda event: self._write(event.new) if event.new else None, "asked")
        self.dialog.param.watch(lambda event: self._keep(event.new) if event.new else None, "kept")

    def _open(self) -> None:
        analysis = self.state.analysis
        state = self.state
        drawn, selection = state.drawn, state.selection
        brushed = drawn is not None and bool(selection)
        words = Words(analysis.title, analysis.notes, state.definition.name, brushed, self._others, self._ids)
        names = [session.name for session in analysis.sessions]
        self.dialog.open(words, names, heading(state.engine), "counting …" if brushed else "", self._column)
        if drawn is not None and brushed:
            self._counting.run(lambda: drawn.n_sessions(selection))
        else:
            self._counting.stop()

    def _counted(self, sessions: int) -> None:
        self.dialog.fields.selected = f"{many(sessions, 'session')} selected"

    def _write(self, words: Words) -> None:
        engine = self.state.engine
        analysis = self.state.analysis.replace(title=words.title, notes=words.notes)
        filename = self._filename
        selection = self.state.selection if words.brushed else Selection()
        self._others, self._ids = words.inactivities, words.ids
        against = self.state.against if words.brushed else None
        asked: dict[str, Any] = {"selection": selection, "against": against, "inactivities": words.inactivities}
        asked["ids"] = self._column if words.ids else ""
        self._writing.run(lambda: html(engine, analysis, session=words.session, file=filename, **asked))

    def _written(self, text: str) -> None:
        name, size = self._filename, size_text(len(text.encode()))
        self.dialog.show(text, name, f"{name}, {size}: one file that needs no server and no network.")

    @property
    def _column(self) -> str:
        """The column that by its name holds session ids; empty where there is none."""
        return next(iter(likely_id_columns(self.state.engine.schema, self.state.engine.columns)), "")

    @property
    def _filename(self) -> str:
        return f"{self.toolbar.filename.removesuffix('.yaml')}.html"

    def _keep(self, words: Words) -> None:
        """The dialog is done: title and notes are the document's from here on, and can be undone."""
        self._writing.stop()
        analysis = self.state.analysis.replace(title=words.title, notes=words.notes)
        if analysis != self.state.analysis:
            self.state.analysis = analysis
