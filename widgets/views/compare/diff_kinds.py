"""What became of the sessions of one side in the other: so many of each kind, as two bars and a table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import panel as pn
import param

from widgets.notebook.inline import Shown
from widgets.parts.component import Component, script, style


@dataclass(frozen=True)
class SideTotal:
    """One side: its key, name and colour, and how many sessions it has."""

    key: str
    name: str
    color: str
    sessions: int


@dataclass(frozen=True)
class KindRow:
    """One kind of difference: what it means in a sentence, and its sessions and events on each side.

    `ink` can be read on the colour. The texts `told` are the numbers as they are read: sessions and events of the
    one, then of the other.
    """

    kind: str
    title: str
    meaning: str
    color: str
    ink: str
    sessions: tuple[int, int]
    told: tuple[str, str, str, str]


@dataclass(frozen=True)
class KindsShown:
    """All that is shown of a diff; without sides there is only `sentence`."""

    sentence: str = ""
    sides: tuple[SideTotal, ...] = ()
    rows: tuple[KindRow, ...] = ()
    others: tuple[tuple[str, str], ...] = ()


class KindBars(Component):
    """What the browser shows."""

    shown = param.Dict(default={})
    chosen = param.String()
    busy = param.Boolean(default=False)
    slow = param.String(default="Holding every session against the other side …")

    _esm = script("parts/table.js", "views/compare/diff_kinds.js")
    _stylesheets = [style("parts/table.css", "views/compare/diff_kinds.css")]


class DiffKinds(Shown):
    """Shows kinds; one of them can be `value`, the key of another side can be `wanted`."""

    value = param.String(doc="The kind whose sessions are looked at; empty: none.")
    shown = param.ClassSelector(class_=KindsShown, default=KindsShown())
    wanted = param.String(doc="The side that was chosen to be the other one.")
    busy = param.Boolean(default=False)

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._bars = KindBars(
            shown=pn.bind(asdict, self.param.shown),
            chosen=self.param.value,
            busy=self.param.busy,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._bars.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, str]) -> None:
        """Take a click in the browser; a second one on the same kind closes it."""
        kinds = {row.kind for row in self.shown.rows if any(row.sessions)}
        if (kind := message.get("chosen", "")) in kinds:
            self.value = "" if kind == self.value else kind
        if message.get("other") in dict(self.shown.others):
            self.wanted = message["other"]

    def __panel__(self) -> KindBars:
        return self._bars
