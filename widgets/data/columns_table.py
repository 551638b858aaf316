"""Every column of the events at a glance: its type, what is missing, a few values, its roles."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import panel as pn
import param

from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style


@dataclass(frozen=True)
class ColumnRow:
    """One column, as texts; `missing` is the share of nulls, empty where there is none."""

    name: str
    kind: str
    missing: str = ""
    examples: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class ColumnsGrid(Component):
    """What the browser shows."""

    rows = param.List(default=[])

    _esm = script("parts/table.js", "data/columns_table.js")
    _stylesheets = [style("parts/table.css", "data/columns_table.css")]


class ColumnsTable(Shown):
    """Shows the columns that it is handed."""

    value = param.ClassSelector(class_=tuple, default=(), doc="From top to bottom, each a ColumnRow.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._grid = ColumnsGrid(rows=pn.bind(_plain, self.param.value), sizing_mode="stretch_width", margin=0)

    def __panel__(self) -> ColumnsGrid:
        return self._grid


def _plain(rows: tuple[ColumnRow, ...]) -> list[dict[str, Any]]:
    return [asdict(row) | {"examples": list(row.examples), "roles": list(row.roles)} for row in rows]
