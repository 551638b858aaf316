"""A dialog that shows the analysis as code."""

from __future__ import annotations

from typing import Any

import param

from explorer.code.languages import DIALECTS, LANGUAGES, TONGUES
from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain


class CodeText(Component):
    """What the browser shows."""

    tongues = param.List(default=[[language.name, language.label] for language in LANGUAGES])
    dialects = param.List(default=[list(each) for each in DIALECTS.items()])
    tongue = param.String(default="python")
    dialect = param.String(default="duckdb")
    text = param.String()
    note = param.String()
    problem = param.String()
    filename = param.String()
    answered = param.Integer(default=0, doc="Rises with every answer, also where it is the same.")
    turn = param.Integer(default=0, doc="Rises when the dialog is to open.")

    _esm = script("parts/download.js", "parts/clipboard.js", "parts/dialog.js", "export/code_dialog.js")
    _stylesheets = [style("parts/dialog.css", "export/code_dialog.css")]


class CodeDialog(TellsAgain, Shown):
    """Asks for code in a tongue; `asked` is the tongue and the dialect. Answer with `show` or `fail`."""

    asked = param.Tuple(default=("python", "duckdb"), length=2)

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.panel = CodeText(margin=0)
        self.panel.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser; the same asked twice is told twice."""
        tongue, dialect = str(message.get("tongue")), str(message.get("dialect"))
        if tongue in TONGUES and dialect in DIALECTS:
            self._ask(tongue, dialect)

    def open(self) -> None:
        """Show it in the tongue that was shown last."""
        self.panel.turn += 1
        self._ask(*self.asked)

    def show(self, text: str) -> None:
        """The code that was asked for."""
        self._answer(text, "")

    def fail(self, problem: str) -> None:
        """Why there is none in this tongue."""
        self._answer("", problem)

    def _ask(self, tongue: str, dialect: str) -> None:
        self.tell_again(asked=(tongue, dialect))

    def _answer(self, text: str, problem: str) -> None:
        tongue, dialect = self.asked
        self.panel.param.update(
            text=text,
            problem=problem,
            tongue=tongue,
            dialect=dialect,
            note=TONGUES[tongue].note,
            filename=TONGUES[tongue].file,
            answered=self.panel.answered + 1,
        )

    def __panel__(self) -> CodeText:
        return self.panel
