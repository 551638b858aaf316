"""The lookups of the events: those that there are, and one that is picked, tried and joined."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from explorer.crossfilter.formats import count_text, many, percent_text
from explorer.engine.answers.lookups import LookupFile, LookupMatch
from explorer.errors import ExplorerError
from explorer.events.files.folders import Folders
from explorer.spec.columns import Columns
from explorer.spec.lookup import Lookup, name_of
from widgets.data.source import SourceChooser
from widgets.notebook.inline import Shown
from widgets.parts.component import style
from widgets.parts.fields import dropdown
from widgets.parts.tells_again import TellsAgain

LONGEST = 60
ABOUT = "Users, products, prices: one row for each value of a column of events. Events without a row keep nothing."


class LookupEditor(TellsAgain, Shown):
    """The lookups of `columns`; `value` is the columns with other lookups, once they are joined or removed.

    While one is picked, `path` is the chosen file, which whoever shows the editor looks into (`file`), and `draft` is
    the lookup as its fields say it, which is tried on the events (`match`).
    """

    columns = param.ClassSelector(class_=Columns, allow_None=True, doc="How the columns are read now.")
    names = param.List(default=[], item_type=str, doc="The columns that events have.")
    folders = param.ClassSelector(class_=Folders, default=Folders(()))
    file = param.ClassSelector(class_=LookupFile, allow_None=True, doc="What the chosen file holds.")
    match = param.ClassSelector(class_=LookupMatch, allow_None=True, doc="What the draft would bring.")
    error = param.String(default="", doc="Why the file, or the draft, cannot be joined.")

    path = param.String(default="", doc="OUT: the file that was chosen.")
    draft = param.ClassSelector(class_=Lookup, allow_None=True, doc="OUT: the lookup that is tried.")
    value = param.ClassSelector(class_=Columns, allow_None=True, doc="OUT: the columns that are asked for.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._quiet = False
        self._before: Lookup | None = None
        common: dict[str, Any] = {"size": "small", "width": 220, "margin": (4, 12, 4, 0)}
        self._list = pn.Column(sizing_mode="stretch_width", margin=0)
        self.add = pmui.Button(label="Join a table", icon="add", variant="text", size="small")
        self.name_field = pmui.TextInput(label="Name", **common)
        self.on_field = dropdown("Column of events", searchable=True, **common)
        self.key_field = dropdown("Its column in the file", searchable=True, **common)
        self.join = pmui.Button(label="Join table", color="primary", size="small", margin=(4, 8, 0, 0))
        self.cancel = pmui.Button(label="Cancel", variant="text", size="small", margin=(4, 0, 0, 0))
        self._told = pn.pane.HTML(
            "",
            stylesheets=[style("parts/table.css", "data/lookups/lookup_editor.css")],
            sizing_mode="stretch_width",
            margin=0,
        )
        self._fields = pn.FlexBox(
            self.name_field, self.on_field, self.key_field, sizing_mode="stretch_width", margin=(12, 0, 0, 0)
        )
        self.chooser = SourceChooser(folders=self.folders)
        self._form = pn.Column(visible=False, sizing_mode="stretch_width", margin=0)
        self.add.param.watch(lambda _: self.open(), "clicks")
        self.cancel.param.watch(lambda _: self.close(), "clicks")
        self.join.param.watch(lambda _: self._join(), "clicks")
        for field in (self.name_field, self.on_field, self.key_field):
            field.param.watch(lambda _: self._hear(), "value")
        self.param.watch(lambda _: self._show(), ["columns"])
        self.param.watch(lambda event: self.chooser.param.update(folders=event.new), "folders")
        self.param.watch(lambda _: self._fill(), "file")
        self.param.watch(lambda *_: self._tell(), ["match", "error", "file"])
        self._show()

    # ---- those that there are

    def _show(self) -> None:
        lookups = self.columns.lookups if self.columns is not None else ()
        self._list.objects = [self._row(each) for each in lookups]
        self.close()

    def _row(self, lookup: Lookup) -> pn.Row:
        keys = f"<code>{escape(lookup.on)}</code>"
        keys += "" if lookup.key == lookup.on else f" = <code>{escape(lookup.key)}</code>"
        said = f'<p class="one"><b>{escape(lookup.name)}</b> {escape(lookup.file)}, by {keys}</p>'
        text = pn.pane.HTML(
            said,
            stylesheets=[style("parts/table.css", "data/lookups/lookup_editor.css")],
            sizing_mode="stretch_width",
            margin=(6, 0),
        )
        buttons = [
            pmui.IconButton(icon=icon, label="", description=f"{word} {lookup.name}", size="small")
            for icon, word in (("edit", "Change"), ("close", "Remove"))
        ]
        acts: list[Callable[[Lookup], None]] = [self.open, self._remove]
        for button, act in zip(buttons, acts, strict=True):
            button.param.watch(lambda _, act=act: act(lookup), "clicks")
        return pn.Row(text, *buttons, sizing_mode="stretch_width", margin=0)

    def _remove(self, lookup: Lookup) -> None:
        if self.columns is not None:
            self._ask(tuple(each for each in self.columns.lookups if each != lookup))

    def _ask(self, lookups: tuple[Lookup, ...]) -> bool:
        """Ask for these lookups; whether they can be."""
        try:
            value = self.columns.replace(lookups=lookups) if self.columns is not None else None
        except ExplorerError as error:
            self.error = str(error)
            return False
        self.tell_again(value=value)
        return True

    # ---- one that is picked

    def open(self, lookup: Lookup | None = None) -> None:
        """Show the form, empty or with a lookup that is to be changed."""
        self._before = lookup
        self.param.update(file=None, match=None, error="", path="", draft=None)
        self.chooser = SourceChooser(folders=self.folders)
        self.chooser.param.watch(lambda event: self._choose(event.new), "value")
        self.chooser.param.watch(lambda event: self.param.update(error="") if event.new else None, "error")
        self.join.label = "Join table" if lookup is None else "Change table"
        self._form.objects = [self.chooser, self._fields, self._told, pn.Row(self.join, self.cancel, margin=0)]
        self._form.visible, self.add.visible = True, False
        self._tell()
        if lookup is not None:
            self.path = lookup.file

    def close(self) -> None:
        """Put the form away; nothing is joined."""
        self._form.visible, self.add.visible = False, True
        self._form.objects = []
        self.param.update(file=None, match=None, error="", path="", draft=None)

    def _choose(self, path: str) -> None:
        if path:
            self.param.update(file=None, match=None, error="", draft=None)
            self.tell_again(path=path)

    def _fill(self) -> None:
        """Begin with what fits best."""
        file, before = self.file, self._before
        if file is None:
            return
        taken = [each.name for each in (self.columns.lookups if self.columns else ()) if each != before]
        keys = {name if name in file.keys else f"{name} – a value is there twice": name for name in file.columns}
        key = before.key if before and before.key in file.columns else file.key
        on = before.on if before and before.on in self.names else file.on
        self._quiet = True
        self.name_field.value = before.name if before else name_of(file.file, taken)
        self.on_field.param.update(options=list(dict.fromkeys([on, *self.names])), value=on)
        self.key_field.param.update(options=keys, value=key)
        self._quiet = False
        self._hear()

    def _hear(self) -> None:
        if self._quiet or self.file is None:
            return
        try:
            draft = Lookup(self.name_field.value.strip(), self.file.file, self.on_field.value, self.key_field.value)
        except ExplorerError as error:
            self.param.update(error=str(error), match=None, draft=None)
            return
        self.param.update(error="", draft=draft)

    def _join(self) -> None:
        draft, columns = self.draft, self.columns
        if draft is None or columns is None or self.match is None or self.error:
            return
        others = tuple(draft if each == self._before else each for each in columns.lookups)
        self._ask(others if self._before is not None else (*others, draft))

    # ---- what is told

    def _tell(self) -> None:
        self._fields.visible = self.file is not None
        self.join.disabled = self.match is None or bool(self.error)
        self.join.visible = self.file is not None
        if self.error:
            self._told.object = f'<p class="problem" role="alert">{escape(self.error)}</p>'
        elif self.match is not None:
            self._told.object = match_html(self.match, self.on_field.value)
        else:
            self._told.object = f"<p>{ABOUT}</p>" if self.file is None else "<p>Looking for the rows of events …</p>"

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(self._list, self.add, self._form, sizing_mode="stretch_width", margin=0)


def match_html(match: LookupMatch, on: str) -> str:
    """How many events find a row, how many rows are found, and what they bring; escaped.

    >>> "<b>2 of 3 events</b>" in match_html(LookupMatch(3, 2, 2, 1, ("b",), ()), "user")
    True
    """
    share = match.matched / match.asked if match.asked else 0.0
    none = match.asked - match.matched
    without = ""
    if none:
        examples = ", ".join(f"<code>{escape(each[:LONGEST])}</code>" for each in match.missing)
        without = (
            f" {count_text(none)} {'has' if none == 1 else 'have'} none, such as {examples}: nothing is brought there."
        )
    bar = f'<i class="bar"><i style="width: {100 * share:.1f}%"></i></i>'
    level = "problem" if not match.matched else ""
    said = (
        f"<b>{count_text(match.matched)} of {many(match.asked, 'event')}</b> with a <code>{escape(on)}</code> find "
        f"their row ({percent_text(share)}).{without} {count_text(match.used)} of {many(match.rows, 'row')} "
        f"{'is' if match.used == 1 else 'are'} found."
    )
    rows = "".join(
        f"<tr><th scope=row>{escape(each.name)}</th><td>{escape(each.kind)}</td>"
        f"<td>{escape(', '.join(str(one)[:LONGEST] for one in each.examples))}</td></tr>"
        for each in match.columns
    )
    table = (
        f'<table aria-label="Columns it brings"><tbody>{rows}</tbody></table>'
        if rows
        else "<p>It brings no column.</p>"
    )
    return f'{bar}<p class="{level}" role="status">{said}</p>{table}'
