"""What is compared, and the key numbers of each side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import panel as pn
import param

from widgets.notebook.inline import Shown
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style


@dataclass(frozen=True)
class Choice:
    """Which ways to cut are compared, as keys: a definition's name, or `column` with session ids (none: no column).

    `ticked` and `unticked` are what was chosen; what was not is decided by its place. `base` is what the others
    are measured by, `other` what its sessions are held against; empty, or not there any more: the first that can be.
    """

    ticked: frozenset[str] = frozenset()
    unticked: frozenset[str] = frozenset()
    column: str = ""
    base: str = ""
    other: str = ""

    def tick(self, key: str, ticked: bool) -> Choice:
        """The same with one more, or one less."""
        if ticked:
            return replace(self, ticked=self.ticked | {key}, unticked=self.unticked - {key})
        return replace(self, ticked=self.ticked - {key}, unticked=self.unticked | {key})


@dataclass(frozen=True)
class Cell:
    """One number, and how far it is from the base's, as texts."""

    text: str
    difference: str = ""
    share: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """One way to cut; `error` says why it has no cells. `about` is one sentence on what it is."""

    key: str
    name: str
    color: str
    about: str = ""
    ticked: bool = False
    is_base: bool = False
    is_column: bool = False
    error: str = ""
    cells: tuple[Cell, ...] = field(default=())


class CompareRows(Component):
    """What the browser shows."""

    titles = param.List(default=[], doc="Of the numbers: the title, and what it means.")
    rows = param.List(default=[], item_type=dict)
    columns = param.List(default=[], item_type=str)
    column = param.String()
    verdict = param.String()
    busy = param.Boolean(default=False)

    _esm = script("parts/table.js", "views/compare/compare_table.js")
    _stylesheets = [style("parts/table.css", "views/compare/compare_table.css")]


class CompareTable(Shown):
    """Ticks ways to cut, and shows their numbers; `value` is the choice, `rows` what it came to."""

    value = param.ClassSelector(class_=Choice, default=Choice())
    rows = param.List(default=[], item_type=Row)
    columns = param.List(default=[], item_type=str, doc="The columns that can hold session ids, the likely ones first.")
    verdict = param.String(doc="How the sessions of one differ from those of the other, in a sentence.")
    busy = param.Boolean(default=False)

    def __init__(self, titles: list[tuple[str, str]], **params: Any) -> None:
        super().__init__(**params)
        self._table = CompareRows(
            titles=[list(each) for each in titles],
            rows=pn.bind(lambda rows: [asdict(row) for row in rows], self.param.rows),
            columns=self.param.columns,
            column=pn.bind(lambda value: value.column, self.param.value),
            verdict=self.param.verdict,
            busy=self.param.busy,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._table.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a gesture in the browser: its word and what it is about."""
        ((gesture, said),) = message.items()
        known = {row.key for row in self.rows}
        match gesture, said:
            case "tick", (key, bool(ticked)) if key in known:
                self.value = self.value.tick(key, ticked)
            case "base", key if key in known:
                self.value = replace(self.value, base=key)
            case "column", name if name == "" or name in self.columns:
                self.value = replace(self.value, column=name)

    def still_words(self) -> Told:
        """The numbers of each way to cut, with how far they are from the base's."""
        titles = [title for title, *_ in self._table.titles]
        return Told("Compare definitions", [self.verdict] if self.verdict else [], ["", *titles], rows_told(self.rows))

    def __panel__(self) -> CompareRows:
        return self._table


def rows_told(rows: Sequence[Row]) -> list[list[str]]:
    """The rows that have numbers, as texts."""
    return [
        [row.name, *(f"{cell.text} ({cell.difference})" if cell.difference else cell.text for cell in row.cells)]
        for row in rows
        if row.cells
    ]
