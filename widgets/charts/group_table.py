"""The numbers of a chart as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import param

from widgets.notebook.inline import Shown
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style


@dataclass(frozen=True)
class Groups:
    """Rows of texts: the first `keys` of them say which group, then come numbers. `shares` (0 to 1 or None) are how
    large the first number of each row is beside the largest; `note` says what is not there."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: int = 1
    shares: tuple[float | None, ...] = ()
    note: str = ""


class GroupRows(Component):
    """What the browser shows."""

    headings = param.List(default=[])
    rows = param.List(default=[])
    keys = param.Integer(default=1)
    shares = param.List(default=[])
    note = param.String()
    label = param.String(default="The numbers of this chart")

    _esm = script("parts/table.js", "charts/group_table.js")
    _stylesheets = [style("parts/table.css", "charts/group_table.css")]


class GroupTable(Shown):
    """Shows numbers; they are read, not edited."""

    value = param.ClassSelector(class_=Groups, default=Groups((), ()))

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._rows = GroupRows(sizing_mode="stretch_width", margin=0)
        self.param.watch(lambda *_: self._show(), "value")
        self._show()

    def still_words(self) -> Told:
        """The rows."""
        note = [self.value.note] if self.value.note else []
        return Told("Numbers of a chart", note, self.value.headings, self.value.rows)

    def _show(self) -> None:
        value = self.value
        self._rows.param.update(
            headings=list(value.headings),
            rows=[list(row) for row in value.rows],
            keys=value.keys,
            shares=list(value.shares),
            note=value.note,
        )

    def __panel__(self) -> GroupRows:
        return self._rows
