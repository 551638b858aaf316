"""One chart as a card: its title and question, what can be done with it, its picture, and its numbers as a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import panel as pn
import param

from explorer.charts.theme import CHART_HEIGHT
from widgets.charts.chart_form import ChartForm
from widgets.charts.group_table import Groups, GroupTable
from widgets.notebook.inline import Shown
from widgets.notebook.view import Presence
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain
from widgets.parts.theme import heading, heading_html

_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
TALL = 2.3
CARD = style("parts/card.css") + ":host { position: relative; height: auto; } .scroll-button { display: none; }"
BIG = (
    style()
    + """
:host { font-variant-numeric: tabular-nums }
b {
  display: block; padding: 8px 0 2px; overflow-wrap: anywhere;
  font-size: var(--text-number); font-weight: 600; line-height: 1.2; letter-spacing: -.02em;
}
span { font-size: var(--text-m); opacity: .72 }
"""
)


@dataclass(frozen=True)
class Face:
    """What a card says and how large it is; it is the `at`-th `of` so many. `legend` has colours with their names.
    `without` says how many have no value; `blanks` says whether these are drawn too, None that there is no choice."""

    title: str
    question: str
    size: str = ""
    at: int = 0
    of: int = 1
    legend: tuple[tuple[str, str], ...] = ()
    failed: bool = False
    without: str = ""
    blanks: bool | None = None
    timed: bool = False

    @property
    def height(self) -> int:
        """Of the picture, in pixels."""
        return round(CHART_HEIGHT * (TALL if self.size in ("tall", "large") else 1))


class CardHead(Component):
    """What the browser shows above the picture."""

    title = param.String()
    question = param.String()
    legend = param.List(default=[])
    failed = param.Boolean(default=False)
    without = param.String()
    blanks = param.Boolean(default=None, allow_None=True)
    size = param.String()
    at = param.Integer(default=0)
    of = param.Integer(default=1)
    timed = param.Boolean(default=False, doc="Whether notes on moments of time can stand in it.")
    editing = param.Boolean(default=False)
    tabled = param.Boolean(default=False)
    filename = param.String(default="chart", doc="What a picture and the numbers are saved as, without a suffix.")
    lit = param.Boolean(
        default=False, doc="Set for the card to come into view and light up; the browser takes it back."
    )
    handed = param.Dict(default={}, doc="The numbers as CSV that were asked for; `turn` differs every time.")

    _esm = script("parts/download.js", "charts/figure_image.js", "parts/menu.js", "charts/chart_card.js")
    _stylesheets = [style("parts/menu.css", "charts/chart_card.css")]


class ChartCard(TellsAgain, Shown):
    """A card around a picture. `asked` is what was clicked, such as {"act": "copy"}; it changes nothing itself."""

    value = param.ClassSelector(class_=Face, default=Face("", ""))
    asked = param.Dict(default={}, doc="What is wanted: an `act` and what it needs.")
    tabled = param.Boolean(default=False, doc="Whether its numbers are shown as a table.")
    groups = param.ClassSelector(class_=Groups, allow_None=True, doc="The numbers, where they are shown.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.form: ChartForm | None = None
        # A page is drawn with plain headings: what can be done with a chart would hold up the charts.
        self._plain: Any = heading(self.value.title, self.value.question)
        self._head: CardHead | None = None
        self._lit = False
        self.elsewhere: Callable[[], tuple[Any, str]] = lambda: (None, "")
        self._table: GroupTable | None = None
        self._card = pn.Column(self._plain, stylesheets=[CARD], styles=self._styles(), **_WIDE)
        self.picture: Any = None
        pn.state.onload(self.wake)
        self.param.watch(lambda *_: self._show_face(), "value")
        self.param.watch(lambda *_: self._show_table(), ["tabled", "groups"])

    def wake(self) -> None:
        """Put what can be done with the chart beside its title."""
        if self._head is None:
            self._head = CardHead(
                **self._said(), editing=self.form is not None, tabled=self.tabled, lit=self._lit, **_WIDE
            )
            self._head.on_msg(lambda event: self.hear(event.data))
            self._arrange()

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click in the browser; a second one on the same is heard too."""
        if message["act"] == "table":
            self.tabled = not self.tabled
            return
        self.tell_again(asked=message)

    def light(self) -> None:
        """Bring the card into view and light it up for a moment."""
        self._lit = True
        if self._head is not None:
            self._head.lit = True

    def hand_over(self, csv: str) -> None:
        """Give the browser the numbers that it asked for."""
        if self._head is not None:
            self._head.handed = {"text": csv, "turn": self._head.handed.get("turn", 0) + 1}

    def place(self, element: Any) -> None:
        """Put a HoloViews element in the picture's place."""
        self.picture = pn.pane.HoloViews(element, sizing_mode="stretch_width")
        self._arrange()

    def tell(self, number: str, beside: str) -> None:
        """Say a number large instead of a picture; texts are escaped already."""
        text = f"<b>{number}</b><span>{beside or '&nbsp;'}</span>"
        if isinstance(self.picture, pn.pane.HTML):
            self.picture.object = text
        else:
            self.picture = pn.pane.HTML(text, stylesheets=[BIG], **_WIDE)
            self._arrange()

    def edit(self, form: ChartForm | None) -> None:
        """Open or close the fields that change the chart."""
        self.form = form
        if self._head is not None:
            self._head.editing = form is not None
        self._arrange()

    def _arrange(self) -> None:
        parts = (self._head or self._plain, self.form, self.picture, self._table if self.tabled else None)
        self._card.objects = [part for part in parts if part is not None]

    def _said(self) -> dict[str, Any]:
        face = self.value
        return {
            **{
                name: getattr(face, name)
                for name in ("title", "question", "size", "at", "of", "failed", "without", "blanks", "timed")
            },
            "legend": [list(each) for each in face.legend],
            "filename": file_name(face.title),
        }

    def _styles(self) -> dict[str, str]:
        return {"grid-column": "1 / -1"} if self.value.size in ("wide", "large") else {"grid-column": "auto"}

    def _show_face(self) -> None:
        self._plain.object = heading_html(self.value.title, self.value.question)
        if self._head is not None:
            self._head.param.update(**self._said())
        if self._card.styles != self._styles():
            self._card.styles = self._styles()

    def _show_table(self) -> None:
        if self._head is not None:
            self._head.tabled = self.tabled
        if self.tabled and self._table is None:
            self._table = GroupTable()
        if self._table is not None and self.groups is not None:
            self._table.value = self.groups
        self._arrange()

    def __panel__(self) -> pn.Column:
        return self._card

    def inline(self, presence: Presence) -> Any:
        """The chart below a cell, where it follows those of the page and is followed."""
        elsewhere, key = self.elsewhere()
        return elsewhere.place(presence, key) if elsewhere else self._card

    def still(self) -> str:
        """A picture of the chart."""
        elsewhere, key = self.elsewhere()
        return str(elsewhere.still(key)) if elsewhere else ""


def file_name(title: str) -> str:
    """A title as the name of a file.

    >>> file_name("Sessions by hour / weekday"), file_name("日本?")
    ('sessions-by-hour-weekday', '日本')
    """
    return re.sub(r"[\W_]+", "-", title).strip("-").lower()[:80] or "chart"
