"""What the report dialog does to an explorer: pages are written behind it, its words become part of the analysis."""

from __future__ import annotations

from explorer.crossfilter.formats import size_text
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
        self._writing = Latest[str](self._written, lambda error: self.dialog.fail(str(error)))
        toolbar.param.watch(lambda *_: self._open(), "report")
        self.dialog.param.watch(lambda event: self._write(event.new) if event.new else None, "asked")
        self.dialog.param.watch(lambda event: self._keep(event.new) if event.new else None, "kept")

    def _open(self) -> None:
        analysis = self.state.analysis
        words = Words(analysis.title, analysis.notes, self.state.definition.name)
        names = [session.name for session in analysis.sessions]
        self.dialog.open(words, names, heading(self.state.engine))

    def _write(self, words: Words) -> None:
        engine = self.state.engine
        analysis = self.state.analysis.replace(title=words.title, notes=words.notes)
        filename = self._filename
        self._writing.run(lambda: html(engine, analysis, session=words.session, file=filename))

    def _written(self, text: str) -> None:
        name, size = self._filename, size_text(len(text.encode()))
        self.dialog.show(text, name, f"{name}, {size}: one file that needs no server and no network.")

    @property
    def _filename(self) -> str:
        return f"{self.toolbar.filename.removesuffix('.yaml')}.html"

    def _keep(self, words: Words) -> None:
        """The dialog is done: title and notes are the document's from here on, and can be undone."""
        self._writing.stop()
        analysis = self.state.analysis.replace(title=words.title, notes=words.notes)
        if analysis != self.state.analysis:
            self.state.analysis = analysis
