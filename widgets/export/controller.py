"""What an analyst leaves with: files of sessions, actors and events, code, and the numbers of charts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import panel as pn

from explorer.code.languages import code
from explorer.code.plain.literals import comment
from explorer.crossfilter.formats import count_text, size_text
from explorer.crossfilter.numbers import Numbers
from explorer.crossfilter.selections.conditions import to_clause
from explorer.crossfilter.selections.selection import Selection
from explorer.errors import ExplorerError, SourceError, SpecError
from explorer.events.files.source_name import name_or
from explorer.exports.chart_numbers import brushed_numbers, csv_text, followed_numbers
from explorer.exports.files import Export, export
from explorer.spec.expression.clause import Clause
from explorer.state import Explorer
from widgets.charts.controller import Charting
from widgets.document.toolbar import Toolbar
from widgets.export import one_time_download
from widgets.export.code_dialog import CodeDialog
from widgets.export.export_dialog import ExportDialog, Wanted
from widgets.parts.latest_task import Latest

OFTEN = 0.2  # seconds between two words on how far it is
SIGN = {"sql": "--"}
Counts = dict[str, int]


@dataclass(frozen=True)
class Job:
    """A file under way; one that is `fetched` by a browser lies in a folder of its own."""

    path: Path
    what: str
    fetched: bool

    def forget(self) -> None:
        """Remove what a browser does not fetch any more."""
        if self.fetched:
            shutil.rmtree(self.path.parent, ignore_errors=True)


class Leaving:
    """Wires the two dialogs to an explorer."""

    def __init__(
        self, state: Explorer, toolbar: Toolbar, charting: Charting, say: Callable[[ExplorerError | None], None]
    ) -> None:
        self.state, self.charting, self._say = state, charting, say
        self.exports, self.codes = ExportDialog(), CodeDialog()
        self.dialogs = (self.exports, self.codes)
        self._job: Job | None = None
        self._writing = Latest[Export](self._written, self._not_written)
        self._counting = Latest[tuple[Counts, Counts | None]](lambda found: self.exports.open(*found), say)
        self._coding = Latest[str](self.codes.show, lambda error: self.codes.fail(str(error)))
        toolbar.param.watch(lambda *_: self._open_export(), "export")
        toolbar.param.watch(lambda *_: self.codes.open(), "code")
        self.exports.param.watch(lambda event: self._write(event.new) if event.new else None, "asked")
        self.exports.param.watch(lambda *_: self._stop(), "stopped")
        charting.grid.param.watch(lambda event: self._hand_numbers(*event.new), "asked")
        self.codes.param.watch(lambda event: self._show_code(*event.new), "asked")

    # ---- code

    def code(self, tongue: str, dialect: str) -> str:
        """The analysis in a tongue; raises SpecError and EngineError."""
        return self._coder(tongue, dialect)()

    def _coder(self, tongue: str, dialect: str) -> Callable[[], str]:
        state = self.state
        engine, analysis, definition = state.engine, state.analysis, state.definition
        selection = state.selection

        def work() -> str:
            selected: Clause | None = None
            missing = ""
            if selection and tongue != "yaml":
                try:
                    selected = to_clause(selection, engine.cut(definition).session_schema())
                except SpecError as error:
                    missing = comment(f"What is selected is not said here. {error}") + "\n"
            text = code(engine, analysis, tongue, session=definition.name, dialect=dialect, selected=selected)
            return re.sub("^#", SIGN.get(tongue, "#"), missing, flags=re.MULTILINE) + text

        return work

    def _show_code(self, tongue: str, dialect: str) -> None:
        self._coding.run(self._coder(tongue, dialect))

    # ---- the numbers of a chart

    def _hand_numbers(self, key: str, message: dict[str, Any]) -> None:
        card = next((card for card in self.state.cards if card.key == key), None)
        if card is None or message.get("act") != "numbers":
            return
        drawn, selection = self.state.drawn, self.state.selection
        found = self.charting.found(key)

        def work() -> str:
            if drawn is not None and card.dimension in drawn.dimensions:
                return csv_text(brushed_numbers(card, drawn, selection), spreadsheet=True)
            if drawn is None or found is None:
                raise SpecError("This chart has no numbers yet. Wait until it is drawn.")
            if isinstance(found, ExplorerError):
                raise found
            return csv_text(followed_numbers(found, drawn, selection), spreadsheet=True)

        Latest[str](self.charting.grid.cards[key].hand_over, self._say).run(work)

    # ---- files

    def export(self, path: str | Path, what: Any, selected: bool, spreadsheet: bool = False) -> Path:
        """Write a file here and now; raises SourceError and SpecError."""
        return self._exporter(Path(path), what, selected, lambda done, total: None, spreadsheet)().path

    def _exporter(
        self,
        path: Path,
        what: Any,
        selected: bool,
        progress: Callable[[int, int], Any],
        spreadsheet: bool = False,
    ) -> Callable[[], Export]:
        state = self.state
        engine, analysis, definition = state.engine, state.analysis, state.definition
        selection, dimensions = state.selection, state.dimensions

        def work() -> Export:
            # Not what is on the page: a change may be under way.
            return export(
                engine.under(analysis),
                analysis,
                path,
                what,
                session=definition.name,
                selection=selection if selected else Selection(),
                dimensions=dimensions,
                progress=progress,
                spreadsheet=spreadsheet,
            )

        return work

    def _open_export(self) -> None:
        state = self.state
        if state.drawn is None:
            self._say(SourceError("There are no sessions yet to export."))
            return
        drawn, selection = state.drawn, state.selection
        self._counting.run(
            lambda: (_counts(drawn.numbers(Selection())), _counts(drawn.numbers(selection)) if selection else None)
        )

    def _write(self, wanted: Wanted) -> None:
        stem = file_stem(self.state.engine.source, self.state.definition.name, wanted.what, wanted.selected)
        name = f"{stem}{wanted.kind.suffixes[0]}"
        served = one_time_download.is_served()
        path = one_time_download.folder() / name if served else _free(Path.cwd() / name)
        run = self._exporter(path, wanted.what, wanted.selected, self._progress(), wanted.kind.spreadsheet)
        self._drop()
        self._job = Job(path, wanted.what, served)
        if served:
            pn.state.curdoc.on_session_destroyed(self._ended)
        self.exports.tell("writing", "Writing …")
        self._writing.run(run)

    def _progress(self) -> Callable[[int, int], None]:
        """What a thread calls: now and then the page is told."""
        document, said = pn.state.curdoc, [monotonic()]

        def tell(done: int, total: int) -> None:
            if document is None or document.session_context is None or monotonic() - said[0] < OFTEN:
                return
            said[0] = monotonic()
            document.add_next_tick_callback(lambda: self._tell(done, total))

        return tell

    def _tell(self, done: int, total: int) -> None:
        if self._writing.busy:
            self.exports.tell("writing", f"{count_text(done)} of {count_text(total)} rows written", done, total)

    def _written(self, found: Export) -> None:
        job, size = self._job, size_text(found.path.stat().st_size)
        what = f"{count_text(found.rows)} {job.what if job else 'rows'}"
        if not one_time_download.is_served():
            self.exports.tell("done", f"{what}, {size}, written to {found.path}")
            return
        address = one_time_download.offer(found.path)
        if not address:
            self._not_written(SourceError("The browser is not connected any more. Reload the page."))
            return
        self._job = None
        self.exports.tell("done", f"{what}, {size}: the download has begun")
        self.exports.hand_over(address, found.path.name)

    def _not_written(self, error: ExplorerError) -> None:
        self._drop()
        self.exports.tell("failed", str(error))

    def _stop(self) -> None:
        self._writing.stop()
        self._drop()
        self.exports.tell("done", "Stopped: nothing was written")

    def _drop(self) -> None:
        """Forget the folder of a file that is not fetched."""
        job, self._job = self._job, None
        if job is not None:
            job.forget()

    def _ended(self, context: Any) -> None:
        """Nobody is there any more."""
        self._writing.stop()
        self._drop()


def file_stem(source: object, session: str, what: str, selected: bool) -> str:
    """What a file of sessions, or of what else is exported, is called: the source, the definition, and how much of it.

    >>> file_stem("data/shop.csv.gz", "visit", "sessions", True), file_stem(None, "long visit", "events", False)
    ('shop_visit_selected', 'long-visit_events')
    >>> file_stem(None, "visit", "sessions", False)
    'visit_sessions'
    """
    name = name_or(source, "").partition(".")[0]
    kind = what if what != "sessions" or not (name or selected) else ""
    parts = (re.sub(r"[^\w-]+", "-", part).strip("-") for part in (name, session, kind, "selected" * selected))
    return "_".join(part for part in parts if part) or what


def _free(path: Path) -> Path:
    """The path, or with a number where there is such a file already."""
    found, at = path, 1
    while found.exists():
        at += 1
        found = path.with_stem(f"{path.stem}-{at}")
    return found


def _counts(numbers: Numbers) -> Counts:
    return {"sessions": numbers.sessions, "actors": numbers.actors, "events": numbers.events}
