"""A dialog in which the report is looked at, given a title and notes, and taken."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import param

from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain

TICKED = ("brushed", "inactivities", "ids")


@dataclass(frozen=True)
class Words:
    """What an analyst gives a report: a title, notes (Markdown), the definition whose charts are brushed, whether the
    page's brushes stand in it, whether it says how much the inactivity matters, and whether it holds the definition
    against the session ids that the data have."""

    title: str
    notes: str
    session: str
    brushed: bool = False
    inactivities: bool = False
    ids: bool = False


class ReportFields(Component):
    """What the browser shows."""

    words = param.Dict(default={}, doc="Title, notes and session as they are when the dialog opens.")
    sessions = param.List(default=[], item_type=str, doc="The definitions that there are.")
    selected = param.String(doc="What is selected on the page, as a text; empty where nothing is.")
    ids = param.String(doc="The column of session ids; empty where the data have none.")
    heading = param.String(doc="The title of a report that is given none.")
    page = param.Dict(default={}, doc="The report: text, filename, what is said of it; `turn` differs every time.")
    problem = param.String(doc="Why there is no report.")
    turn = param.Integer(default=0, doc="Rises when the dialog is to open.")

    _esm = script("parts/download.js", "parts/dialog.js", "export/report_dialog.js")
    _stylesheets = [style("parts/dialog.css", "export/report_dialog.css")]


class ReportDialog(TellsAgain, Shown):
    """Asks for a page under its words (`asked`: answer with `show` or `fail`) and tells which words stay (`kept`)."""

    asked = param.ClassSelector(class_=Words, allow_None=True)
    kept = param.ClassSelector(class_=Words, allow_None=True)

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.fields = ReportFields(margin=0)
        self.fields.on_msg(lambda event: self.hear(event.data))

    def open(self, words: Words, sessions: list[str], heading: str, selected: str = "", ids: str = "") -> None:
        """Show it, and ask for the first page."""
        self.fields.param.update(
            words=asdict(words), sessions=sessions, heading=heading, selected=selected, ids=ids, page={}, problem=""
        )
        self.fields.turn += 1
        self.tell_again(asked=words)

    def show(self, text: str, filename: str, about: str) -> None:
        """The page that was asked for, the name that its file is to have, and what there is to say of it."""
        turn = self.fields.page.get("turn", 0) + 1
        self.fields.param.update(page={"text": text, "filename": filename, "about": about, "turn": turn}, problem="")

    def fail(self, problem: str) -> None:
        """Why there is no page; the one before stays."""
        self.fields.problem = problem

    def hear(self, message: dict[str, Any]) -> None:
        """Take what was typed: to `show` a page of it, or to `keep` it; a dialog that is closed needs no page."""
        if message.get("closed"):
            self.fields.page = {}
        for verb, name in (("show", "asked"), ("keep", "kept")):
            if verb in message:
                said = message[verb]
                title, notes, session = (str(said[each]) for each in ("title", "notes", "session"))
                self.tell_again(**{name: Words(title, notes, session, *(bool(said.get(each)) for each in TICKED))})

    def __panel__(self) -> ReportFields:
        return self.fields
