"""What the toolbar, the keeper and the hints do to an explorer: undo, open, save, keep, go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from explorer.engine.engine import Engine
from explorer.errors import ExplorerError, SpecError
from explorer.plan.check import check
from explorer.report import read_back
from explorer.spec.analysis import Analysis
from explorer.spec.editing.changes import said
from explorer.state import Explorer
from widgets.document.autosave import Keeper
from widgets.document.hints import Hints
from widgets.document.saved_state import Kept, not_kept
from widgets.document.toolbar import Toolbar
from widgets.parts.latest_task import Latest

HINTS = (
    ("brush", "Drag across a chart: all the others follow while you drag."),
    ("inactivity", "Drag the inactivity: the number of sessions below it follows at once."),
    ("keys", "Every change can be undone. Press ? for all shortcuts."),
)
ELSEWHERE = (
    (
        "Charts in focus",
        (
            ("← →", "Select a bar"),
            ("Shift+← Shift+→", "Extend the selection"),
            ("Space", "Add or remove a named bar"),
            ("Enter", "Keep the selection"),
            ("Esc", "Clear the brush"),
        ),
    ),
    ("Editors", (("Ctrl+Enter", "Apply"), ("Esc", "Cancel"), ("Alt+↑ Alt+↓", "Move a condition"))),
    ("Fields", (("Enter", "Confirm"), ("Esc", "Revert"), ("← →", "Move a slider"))),
)


class Address(Protocol):
    """What the address bar asks for: something at all, and the mark of what the browser keeps."""

    addressed: bool
    wanted: str


class Habits:
    """Wires the three to one explorer; on a page of its own (`page`) keys and files are heard everywhere."""

    def __init__(
        self,
        state: Explorer,
        take: Callable[[Analysis], None],
        say: Callable[[ExplorerError | None], None],
        *,
        page: bool,
        address: Callable[[], Address | None] = lambda: None,
    ) -> None:
        """`take` shows another analysis over the same events; `address` is asked when the browser has loaded."""
        self.state, self._take, self._say, self._address = state, take, say, address
        self._page = page
        self._opening = Latest[Any](take, say)
        self.toolbar = Toolbar(shortcuts=ELSEWHERE, whole_page=page)
        self.keeper = Keeper()
        self.hints = Hints(value=HINTS)
        self._wire()

    def _wire(self) -> None:
        state, toolbar, keeper = self.state, self.toolbar, self.keeper
        self._show_source()
        self._show_document()
        state.param.watch(lambda *_: self._show_source(), "engine")
        state.param.watch(lambda *_: self._show_document(), "analysis")
        state.param.watch(lambda *_: self._show_steps(), ["undoable", "redoable"])
        state.param.watch(lambda *_: self._keep(), ["session", "selection", "against"])
        state.param.watch(lambda *_: self.hints.did("inactivity"), "analysis")
        state.param.watch(lambda event: self.hints.did("brush") if event.new else None, "selection")
        toolbar.param.watch(lambda *_: state.undo(), "undo")
        toolbar.param.watch(lambda *_: state.redo(), "redo")
        toolbar.param.watch(lambda *_: self.hints.did("keys"), "listed")
        toolbar.param.watch(lambda event: self.open(*event.new), "opened")
        toolbar.param.watch(lambda event: self._say(SpecError(event.new)), "refused")
        keeper.param.watch(lambda *_: self._found(), "found")
        keeper.param.watch(lambda *_: self._continue(), "continued")

    def open(self, name: str, text: str) -> None:
        """Take over an analysis from YAML or JSON; what cannot be read or does not fit says why and changes nothing."""
        engine, source = self.state.engine, self.state.analysis.source

        def work() -> Analysis:
            found = read_back(text) if name.lower().endswith((".html", ".htm")) else Analysis.from_yaml(text)
            analysis = found.replace(source=source)
            refuse_what_does_not_fit(analysis, engine)
            return analysis

        def refuse(error: ExplorerError) -> None:
            self._say(SpecError(f"{name} could not be opened, and nothing has changed. {error}"))

        self._opening.stop()
        self._opening = Latest[Any](self._take, refuse)
        self._opening.run(work)

    # ---- what the browser keeps

    def _found(self) -> None:
        kept, link = Kept.read(self.keeper.found), self._address()
        if link is not None and link.wanted:
            if kept is not None and kept.mark == link.wanted:
                self._restore(kept)
            else:
                self._say(not_kept())
        elif kept is not None and link is not None and not link.addressed and not self.keeper.found.get("dismissed"):
            self._offer(kept)

    def _offer(self, kept: Kept) -> None:
        """Say what would change; nothing when nothing would, or when it cannot be read any more."""
        now = self.state.analysis
        difference = Latest[str](lambda words: self.keeper.param.update(offer=words), lambda _: None)
        difference.run(lambda: said(now, Analysis.from_yaml(kept.yaml).replace(source=now.source)))

    def _continue(self) -> None:
        kept = Kept.read(self.keeper.found)
        if kept is not None:
            self._restore(kept)

    def _restore(self, kept: Kept) -> None:
        source = self.state.analysis.source

        def refuse(error: ExplorerError) -> None:
            self._say(SpecError(f"What this browser had kept could not be opened. {error}"))

        self._opening.stop()
        self._opening = Latest[Any](lambda found: self.state.param.update(**found), refuse)
        self._opening.run(lambda: kept.state(source))

    # ---- values down

    def _show_source(self) -> None:
        source = self.state.engine.source
        path = Path(source) if isinstance(source, str | Path) else None
        self.toolbar.filename = f"{path.name.split('.')[0] if path else 'analysis'}.yaml"
        self.keeper.key = str(path.resolve()) if self._page and path else ""

    def _show_document(self) -> None:
        self.toolbar.yaml = self.state.analysis.to_yaml()
        self._keep()

    def _show_steps(self) -> None:
        self.toolbar.param.update(undoable=self.state.undoable, redoable=self.state.redoable)

    def _keep(self) -> None:
        self.keeper.kept = replace(Kept.of(self.state), yaml=self.toolbar.yaml).record()


def refuse_what_does_not_fit(analysis: Analysis, engine: Engine) -> None:
    """Raise the first problem of an analysis over the columns of an engine."""
    for problem in check(analysis, engine.schema):
        # Other columns may be read as other types: what that means is seen when they have been.
        if analysis.columns == engine.columns or problem.where.startswith("columns"):
            raise problem
