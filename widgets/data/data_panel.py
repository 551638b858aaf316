"""What is opened, how its columns are read, and what is odd about it."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from explorer.engine.databases import is_named
from explorer.events.files.folders import Folders
from explorer.spec.columns import Columns
from widgets.data.columns_editor import ColumnsEditor
from widgets.data.columns_table import ColumnsTable
from widgets.data.data_facts import DataFacts
from widgets.data.derived_editor import DerivedEditor
from widgets.data.load_doctor import Doctor
from widgets.data.lookups.lookup_editor import LookupEditor
from widgets.data.row_preview import RowPreview, Rows
from widgets.data.source import SourceChooser
from widgets.notebook.inline import Shown
from widgets.parts.component import style
from widgets.parts.notice import Message, Notice
from widgets.parts.tells_again import TellsAgain
from widgets.parts.theme import card

LAYOUT = style("data/data_panel.css")


class DataPanel(TellsAgain, Shown):
    """Shows `facts`; says which `source` was chosen, which `columns` are asked for, and which mend is `wanted`.

    What is changed of the columns is a `draft` first: whoever shows the panel hands its first rows to `preview`, and
    nothing is asked for before it is applied there.
    """

    facts = param.ClassSelector(class_=DataFacts, allow_None=True, doc="What is open; None before the first.")
    folders = param.ClassSelector(class_=Folders, default=Folders(()))
    sample = param.String(default="", doc="The path of the sample data.")
    messy = param.String(default="", doc="The path of a second, messy sample.")
    busy = param.String(default="", doc="What is being done, such as 'Reading events.parquet'.")
    error = param.String(default="", doc="Why the chosen source cannot be opened.")
    columns_error = param.String(default="", doc="Why the columns cannot be read so.")

    source = param.String(default="", doc="OUT: the path that was chosen.")
    draft = param.ClassSelector(class_=Columns, allow_None=True, doc="OUT: what is tried; None for nothing.")
    columns = param.ClassSelector(class_=Columns, allow_None=True, doc="OUT: how the columns are to be read.")
    wanted = param.String(default="", doc="OUT: the key of the mend that was clicked.")
    again = param.Event(doc="OUT: the table is to be read as it is now.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.chooser, self.editor = SourceChooser(), ColumnsEditor(compact=False)
        self.derived, self.preview = DerivedEditor(), RowPreview(visible=False)
        self.lookups, self.lookup_notice = LookupEditor(), Notice(dismissible=False)
        self.doctor, self.table, self.notice = Doctor(), ColumnsTable(), Notice(dismissible=False)
        self.reread = pmui.Button(label="Read the table again", icon="refresh", variant="text", size="small")
        self.reread.on_click(lambda _: self.param.trigger("again"))
        self.param.watch(lambda *_: self._hand_down(), ["folders", "sample", "messy", "busy", "error", "columns_error"])
        self.param.watch(lambda _: self._show(), "facts")
        self.chooser.param.watch(lambda event: self.param.update(error=event.new), "error")
        self.chooser.param.watch(lambda event: self._say("source", event.new), "value")
        self.editor.param.watch(lambda event: self._try(event.new), "value")
        self.editor.param.watch(lambda event: self._refuse(event.new), "error")
        self.preview.param.watch(lambda event: self._answer(event.new), "answer")
        self.doctor.param.watch(lambda event: self._try_mend(event.new), "tried")
        self.derived.param.watch(lambda event: self._say("columns", event.new), "value")
        self.derived.param.watch(lambda event: self.param.update(columns_error=event.new), "error")
        self.lookups.param.watch(lambda event: self._say("columns", event.new), "value")
        self.doctor.param.watch(lambda event: self._say("wanted", event.new), "wanted")
        self._hand_down()
        self._show()

    def _hand_down(self) -> None:
        shown = {"sample": self.sample, "messy": self.messy, "busy": self.busy, "error": self.error}
        self.chooser.param.update(folders=self.folders, **shown)
        self.lookups.folders = self.folders
        self.doctor.busy = bool(self.busy)
        said = Message("error", self.columns_error) if self.columns_error else None
        of_lookups = self.columns_error.startswith("columns.lookups")
        self.notice.value, self.lookup_notice.value = (None, said) if of_lookups else (said, None)

    def _say(self, name: str, value: Any) -> None:
        """Tell what was asked for, again if it is asked for again, but not what is so already."""
        if value in ("", None) or (self.facts is not None and value == getattr(self.facts, name, None)):
            return
        self.tell_again(**{name: value})

    def _try(self, columns: Columns | None) -> None:
        """Show what a change would do, before it is asked for."""
        tried = columns if self.facts is not None and columns != self.facts.columns else None
        self.columns_error = ""
        self.preview.param.update(visible=tried is not None, error="", **({} if tried else {"value": None}))
        self.draft = tried

    def _refuse(self, error: str) -> None:
        """Say why what was entered cannot be: beside the last good picture, where there is one."""
        tried = self.draft is not None
        self.preview.error = error if tried else ""
        self.columns_error = "" if tried else error

    def _try_mend(self, key: str) -> None:
        if key and self.facts is not None and (columns := self.facts.mend(key).columns) is not None:
            self.editor.value = columns

    def _answer(self, answer: str) -> None:
        draft = self.draft
        if answer == "apply" and draft is not None:
            self._say("columns", draft)
        elif answer == "discard" and self.facts is not None:
            self.editor.value = self.facts.columns

    def show_preview(self, rows: Rows) -> None:
        """The first rows under the draft, which may have other columns."""
        self.preview.param.update(value=rows, error="", busy=False)
        if rows.problem:  # the columns are others now, and roles are to be chosen among them
            self.editor.names = list(rows.sides[-1].names)

    def _show(self) -> None:
        facts = self.facts
        if facts is None:
            return
        self.columns_error = ""
        self.draft = None
        self.preview.param.update(visible=False, value=None, error="", busy=False)
        self.chooser.param.update(value=facts.source, opened=f"{facts.name}: {facts.about}")
        self.editor.param.update(
            value=facts.columns,
            names=[row.name for row in facts.rows],
            aware=facts.aware,
            numeric=facts.numeric,
            written=facts.written,
            table=facts.table,
        )
        self.derived.param.update(columns=facts.columns, sample=facts.sample, recipes=facts.recipes, now=facts.now)
        self.lookups.param.update(columns=facts.columns, names=[row.name for row in facts.rows])
        self.table.value, self.doctor.value = facts.rows, facts.findings

    def __panel__(self) -> pn.viewable.Viewable:
        cards = [
            card("Events", self.chooser, self.reread),
            card("Data quality", self.doctor),
            card("Column mapping", self.notice, self.editor),
            card("First rows", self.preview),
            card("Derived columns", self.derived),
            card("Joined tables", self.lookup_notice, self.lookups),
            card("What is in the columns", self.table),
        ]
        for part, name in zip(cards, ("source", "doctor", "read", "rows", "derived", "lookups", "table"), strict=True):
            part.css_classes = [name]
        for part in cards[1:]:
            part.visible = self.param.facts.rx.is_not(None)
        self.reread.visible = self.param.facts.rx.pipe(lambda facts: facts is not None and is_named(facts.source))
        cards[3].visible = self.preview.param.visible
        cards[5].visible = self.param.facts.rx.pipe(lambda facts: facts is not None and not facts.table)
        return pn.Column(*cards, stylesheets=[LAYOUT], margin=0, sizing_mode="stretch_width")
