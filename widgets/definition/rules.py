"""The rules and metrics of one session definition, a row each, with what each does."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

import param

from widgets.notebook.inline import Shown
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain


class Row(TypedDict):
    """One rule or metric; `effect` is what it does, `tone` is '' or 'warning', `none` is said when there is no text."""

    key: str
    label: str
    text: str
    none: str
    effect: str
    tone: str
    help: str
    actions: list[tuple[str, str]]


class Group(TypedDict):
    """Rows under a title; `add` is the key and the words of a button below them."""

    title: str
    rows: list[Row]
    add: NotRequired[tuple[str, str]]


class RuleRows(Component):
    """What the browser shows."""

    groups = param.List(default=[], item_type=dict)
    opened = param.String()

    _esm = script("parts/menu.js", "definition/rules.js")
    _stylesheets = [style("parts/menu.css", "definition/rules.css")]


class RuleList(TellsAgain, Shown):
    """Shows rows; says which was asked for what, and changes nothing itself."""

    value = param.List(default=[], item_type=dict, doc="From top to bottom, each a Group.")
    opened = param.String(doc="The key of the row whose editor is open.")
    wanted = param.Tuple(default=("", ""), length=2, doc="What was asked for, and the row's key: ('open', 'where').")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._rows = RuleRows(groups=self.param.value, opened=self.param.opened, sizing_mode="stretch_width", margin=0)
        self._rows.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, str]) -> None:
        """Take a click in the browser; asking again for the same is heard too."""
        self.tell_again(wanted=next(iter(message.items())))

    def still_words(self) -> Told:
        """Each rule and metric with what it does."""
        rows = [
            [group["title"], row["label"], row["text"] or row["none"], row["effect"]]
            for group in self.value
            for row in group["rows"]
        ]
        return Told("Rules and metrics", [], ["", "Rule", "What it says", "What it does"], rows)

    def __panel__(self) -> RuleRows:
        return self._rows
