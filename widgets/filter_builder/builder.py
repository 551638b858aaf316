"""The visual editor of a condition: nested groups of rules, or the same as SQL text."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any, cast

import panel as pn
import param

from explorer.crossfilter.formats import count_short, count_text, percent_text
from explorer.errors import SpecError
from explorer.spec.expression import clause as clauses
from explorer.spec.expression.clause import Clause
from widgets.filter_builder.clause_to_draft import read, refitted
from widgets.filter_builder.draft import Group, node_of, plain, same_ids, walk
from widgets.filter_builder.draft_to_clause import Sayings, say
from widgets.filter_builder.operators import OPERATORS
from widgets.notebook.inline import Shown
from widgets.notebook.told import Told, value_words
from widgets.parts.component import Component, script, style

SCRIPTS = ("tree", "suggestions", "slider", "values", "chips", "menu", "drag", "rule", "group", "sql", "builder")
WHOLE = "whole"


class ClauseOrText(param.Parameter):
    """A clause or None; SQL text is read, nonsense raises SpecError, and what says the same is no change."""

    def __set__(self, obj: Any, val: Any) -> None:
        made = clauses.optional(val.strip() if isinstance(val, str) else val)
        if obj is None or str(made) != str(getattr(obj, self.name)):
            super().__set__(obj, made)


class FilterControl(Component):
    """What the browser shows."""

    shown = param.Dict(
        default={}, doc="draft, notes, sql; `heard` is the last turn that was taken; `turn` differs every time."
    )
    tallies = param.Dict(default={}, doc="id -> {text, short, share, zero}, or None while it is counted.")
    columns = param.Dict(default={})
    operators = param.List(default=[operator.plain() for operator in OPERATORS])
    label = param.String()
    error = param.String()

    _esm = script(*(f"filter_builder/{name}.js" for name in SCRIPTS))
    _stylesheets = [style("filter_builder/builder.css", "filter_builder/fields.css")]


class FilterBuilder(Shown):
    """Nested AND, OR and NOT over conditions on columns. It counts nothing: set `counts` for what it `asked`."""

    value: Any = ClauseOrText(default=None, doc="A Clause or None; SQL text may be assigned.")
    columns = param.Dict(
        default={},
        doc="name -> {type: text|number|time|bool|duration, and where known values: [(value, count)], "
        "example, distinct, low, high, whole, nulls, about}",
    )
    noun = param.String(default="events", doc="What is filtered, in the plural.")
    label = param.String(default="Condition", doc="The accessible name of the whole.")
    total = param.Integer(default=None, allow_None=True, bounds=(0, None), doc="How many there are in all.")
    counts = param.Dict(default={}, doc="Clause -> how many it keeps by itself; may be late or partial.")
    asked = param.ClassSelector(
        class_=tuple, default=(), doc="The clauses whose counts would be shown, the whole last."
    )
    error = param.String(default="", doc="Why the value cannot hold, said below.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._turn, self._ids = count(1), count(1)
        self._heard: Any = None
        self._draft = Group(self._new_id())
        self._sayings = Sayings()
        self._control = FilterControl(
            columns=pn.bind(_menu, self.param.columns),
            label=self.param.label,
            error=self.param.error,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._control.on_msg(lambda event: self.hear(event.data))
        self.param.watch(lambda _: self._read() if str(self._sayings.value) != str(self.value) else None, "value")
        self.param.watch(lambda _: self._refit(), "columns")
        self.param.watch(lambda *_: self._tally(), ["counts", "total", "noun"])
        self._read()

    def hear(self, message: dict[str, Any]) -> None:
        """Take an edit in the browser: the whole `draft`, or the `sql` text."""
        self._heard = message.get("turn")
        problem, sent = "", None
        if "sql" in message:
            problem = self._take_text(message["sql"])
        else:
            sent = cast(Group, node_of(message["draft"]))
            self._take(sent)
        if not problem and not self._sayings.wrong and str(self._sayings.value) != str(self.value):
            self.param.update(value=self._sayings.value, error="")
        self._show(redraw=self._draft is not sent, problem=problem)

    def _take(self, draft: Group) -> None:
        self._draft, self._sayings = draft, say(draft, self.columns)

    def _take_text(self, text: str) -> str:
        """The draft of a text; why there is none, where there is none."""
        try:
            made = clauses.optional(text.strip())
        except SpecError as error:
            said = str(error).removeprefix(f"`{text.strip()}`").lstrip(" :")
            return said[:1].upper() + said[1:]
        draft = self._drafted(made)
        wrong = say(draft, self.columns).wrong
        if not wrong and (self._sayings.wrong or str(made) != str(self._sayings.value)):
            self._take(draft)
        return wrong

    def _drafted(self, made: Clause | None) -> Group:
        return cast(Group, same_ids(read(made, self.columns, self._new_id), self._draft))

    def _read(self) -> None:
        self._take(self._drafted(self.value))
        self._show()

    def _refit(self) -> None:
        self._take(cast(Group, refitted(self._draft, self._sayings.nodes, self.columns)))
        self._show()

    def _show(self, redraw: bool = True, problem: str = "") -> None:
        nodes = self._sayings.nodes
        notes = {
            id: {"missing": said.missing, "wrong": said.wrong, "place": said.place}
            for id, said in nodes.items()
            if said.missing or said.wrong
        }
        self._control.shown = {
            "draft": plain(self._draft),
            "notes": notes,
            "sql": "" if self.value is None else str(self.value),
            "problem": problem,
            "heard": self._heard,
            "redraw": redraw,
            "turn": next(self._turn),
        }
        own = [nodes[node.id].clause for node in walk(self._draft) if node is not self._draft]
        wanted = dict.fromkeys(clause for clause in own if clause is not None and clause != self.value)
        asked = (*wanted, *([] if self.value is None else [self.value]))
        self._tally()
        if asked != self.asked:
            self.asked = asked

    def _tally(self) -> None:
        clauses_by_id = {id: said.clause for id, said in self._sayings.nodes.items() if id != self._draft.id}
        clauses_by_id[WHOLE] = self.value
        known = self.total is not None or bool(self.counts)
        self._control.tallies = {
            id: self._counted(self.total if clause is None else self.counts.get(clause))
            for id, clause in clauses_by_id.items()
            if known and (clause is not None or id == WHOLE)
        }

    def _counted(self, number: int | None) -> dict[str, Any] | None:
        if number is None:
            return None
        zero = f"matches no {self.noun.removesuffix('s')}" if number == 0 and self.total != 0 else ""
        if not self.total:
            text = f"{count_text(number)} {self.noun}"
            return {"text": text, "short": count_short(number), "share": None, "zero": zero}
        share = number / self.total
        percent = "< 0.1 %" if 0 < share < 0.0005 else percent_text(share)
        text = f"{count_text(number)} of {count_text(self.total)} · {percent}"
        return {"text": text, "short": f"{count_short(number)} · {percent}", "share": share, "zero": zero}

    def _new_id(self) -> str:
        return f"p{next(self._ids)}"

    def still_words(self) -> Told:
        """The condition in words and as SQL, with how many it keeps."""
        if self.value is None:
            return Told(self.label, [f"No condition: all {self.noun}."])
        counted = self._counted(self.counts.get(self.value))
        kept = [f"It keeps {counted['text']}."] if counted else []
        return Told(self.label, [value_words(self.value), *kept])

    def __panel__(self) -> FilterControl:
        return self._control


def _menu(columns: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        name: {
            "type": column["type"],
            "distinct": column.get("distinct"),
            "values": [[str(value), number] for value, number in column.get("values", ())],
            "example": str(column.get("example", "")),
            "low": _bound(column.get("low")),
            "high": _bound(column.get("high")),
            "whole": bool(column.get("whole")),
            "nulls": column.get("nulls"),
            "about": str(column.get("about", "")),
        }
        for name, column in columns.items()
    }


def _bound(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)
