"""One page of sessions as a table; who counts, sorts and slices is somebody else."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

import param

from explorer.crossfilter.formats import many
from explorer.spec.rules import tags
from widgets.notebook.inline import Inline
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style

PAGE_SIZES = (25, 50, 100)


class Column(TypedDict):
    """A column of the table; `kind` is `text`, `number`, `id` or `tag`, or `links`, whose cells are names and
    addresses."""

    name: str
    title: str
    align: NotRequired[str]
    kind: NotRequired[str]
    help: NotRequired[str]
    sortable: NotRequired[bool]


class SessionsTable(Inline, Component):
    """Shows the rows it is handed; asks for another page or order by changing `page`, `page_size`, `sort`."""

    columns = param.List(default=[], item_type=dict, doc="From left to right, each a Column.")
    rows = param.List(default=[], item_type=(list, tuple), doc="The texts of one page, of links pairs of them.")
    reasons = param.Dict(default=tags(), doc="The short word and the colour of each reason that sessions begin for.")
    total = param.Integer(default=0, bounds=(0, None), doc="Rows on all pages.")
    page = param.Integer(default=0, bounds=(0, None), doc="From 0.")
    hidden = param.List(default=[], item_type=str, doc="Names of columns that are left out; the first is not.")
    page_size: Any = param.Selector(default=25, objects=list(PAGE_SIZES))
    sort = param.Tuple(default=("", False), length=2, doc="The column's name and whether descending.")
    selected = param.Integer(default=None, allow_None=True, doc="The place in `rows` that was clicked.")
    linkable = param.Boolean(default=False, doc="Whether links of rows can be changed.")
    linked = param.Event(doc="Links of rows are to be changed.")
    let_go = param.Event(doc="The selected row was clicked again.")
    noun = param.String(default="sessions", doc="What a row is, for screen readers.")
    action = param.String(doc="What a click on a row does, said beside the row that the pointer is on.")
    empty = param.String(default="No session matches the brushes. Clear one to see sessions.")

    _esm = script("parts/menu.js", "parts/links.js", "parts/table.js", "sessions/sessions_table.js")
    _stylesheets = [
        style(
            "parts/menu.css", "parts/table.css", "parts/links.css", "sessions/sessions_table.css", "parts/waiting.css"
        )
    ]

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.param.watch(lambda _: self.param.update(selected=None), "rows")

    def still_words(self) -> Told:
        """The rows of the page that is shown."""
        shown = [at for at, each in enumerate(self.columns) if each["name"] not in self.hidden]
        kinds = [self.columns[at].get("kind") for at in shown]
        texts = [at for at, kind in zip(shown, kinds, strict=True) if kind != "links"]
        rows = [[str(row[at]) for at in texts] for row in self.rows]
        said = f"{many(self.total, self.noun.removesuffix('s'))}." if rows else self.empty
        return Told("Sessions", [said], [self.columns[at]["title"] for at in texts], rows)

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self.hear(data)

    def hear(self, message: dict[str, Any]) -> None:
        """Take what was asked for in the browser, as one change."""
        wish: dict[str, Any] = {
            name: message[name] for name in ("page", "page_size", "selected", "hidden") if name in message
        }
        # One column at a time: what the browser knows may be older than its last click.
        if "hide" in message:
            wish["hidden"] = [*(name for name in self.hidden if name != message["hide"]), message["hide"]]
        if "unhide" in message:
            wish["hidden"] = [name for name in self.hidden if name != message["unhide"]]
        if "sort" in message:
            wish["sort"] = tuple(message["sort"])
        self.param.update(**wish)
        if "linked" in message:
            self.param.trigger("linked")
        if message.get("selected", 0) is None:
            self.param.trigger("let_go")
