"""The guide beside the page: a chapter at a time, chosen by its title."""

from __future__ import annotations

from typing import Any

import param

from explorer.guide import ORDER, chapter, chapters
from explorer.report.notes import notes_html
from widgets.notebook.inline import Shown
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style


class GuideText(Component):
    """What the browser shows."""

    titles = param.List(default=[], doc="Names and titles of all chapters.")
    name_shown = param.String(doc="The chapter that is shown.")
    html = param.String()
    anchor = param.String(doc="The heading that it opens at; empty for the beginning.")
    turn = param.Integer(default=0, doc="Rises when the guide is to open.")

    _esm = script("guide/guide.js")
    _stylesheets = [style("guide/guide.css")]


class Guide(Shown):
    """Opens at a chapter; nothing is read or sent before."""

    value = param.Selector(default="", objects=["", *ORDER], doc="The name of the chapter that is shown; empty: none.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.panel = GuideText(margin=0)
        self.panel.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click on a title."""
        if message.get("chapter") in ORDER:
            self._show(message["chapter"])

    def open(self, name: str = "", anchor: str = "") -> None:
        """Show a chapter at one of its headings, or the chapter that was shown last."""
        if not self.panel.titles:
            self.panel.titles = [[each.name, each.title] for each in chapters()]
        self._show(name or self.value or ORDER[0], anchor)
        self.panel.turn += 1

    def open_at(self, place: str) -> None:
        """Show a place written as a chapter, or as chapter#heading; the beginning where there is no such chapter."""
        name, _, anchor = place.partition("#")
        self.open(name if name in ORDER else "", anchor)

    def _show(self, name: str, anchor: str = "") -> None:
        self.value = name
        self.panel.param.update(name_shown=name, html=str(notes_html(_as_read(chapter(name).text))), anchor=anchor)

    def still_words(self) -> Told:
        """The chapter that is open."""
        return Told("Guide", [chapter(self.value).title if self.value else "No chapter is open."])

    def __panel__(self) -> GuideText:
        return self.panel


def _as_read(text: str) -> str:
    """Without the empty line that ends an example for those who run it."""
    return text.replace("\n\n```\n", "\n```\n")
