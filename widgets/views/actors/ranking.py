"""One page of actors, of whom several can be picked; who sorts, searches and slices is somebody else."""

from __future__ import annotations

from typing import Any, TypedDict

import param

from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain

PAGE_SIZE = 15


class RankColumn(TypedDict):
    """A column of the ranking; `kind` is `text`, `number` or `bar`, whose cells are a text and a share from 0 to 1."""

    name: str
    title: str
    kind: str
    help: str
    sortable: bool


class Ranking(TellsAgain, Component):
    """Shows the rows it is handed; another page, order or search is a change of `page`, `sort` or `query`.

    A click on a row is a change of `picked`: the place of the row, whether it is one more, and whether all rows
    between are meant.
    """

    columns = param.List(default=[], item_type=dict, doc="From left to right, each a RankColumn.")
    rows = param.List(default=[], item_type=list)
    chosen = param.List(default=[], item_type=int, doc="The places in `rows` of the actors that are brushed.")
    total = param.Integer(default=0, bounds=(0, None))
    page = param.Integer(default=0, bounds=(0, None))
    page_size = param.Integer(default=PAGE_SIZE)
    sort = param.Tuple(default=("time", True), length=2, doc="The column's name and whether descending.")
    query = param.String()
    said = param.String(doc="What the rows are of.")
    hint = param.String()
    empty = param.String()
    picks = param.Boolean(default=True, doc="Whether rows can be picked.")
    picked = param.Parameter(default=None, doc="(place, one more, all between); differs at every click.")

    _esm = script("parts/svg.js", "parts/table.js", "views/actors/ranking.js")
    _stylesheets = [style("parts/table.css", "views/actors/ranking.css")]

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self.hear(data)

    def hear(self, message: dict[str, Any]) -> None:
        """Take what was asked for in the browser, as one change."""
        if "pick" in message:
            self.tell_again(picked=(int(message["pick"]), bool(message.get("add")), bool(message.get("span"))))
            return
        wish: dict[str, Any] = {name: message[name] for name in ("page", "query") if name in message}
        if "sort" in message:
            wish["sort"] = tuple(message["sort"])
        self.param.update(**wish)
