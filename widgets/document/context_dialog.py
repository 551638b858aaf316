"""A dialog for the links of an analysis to other tools, and for its notes on moments of time."""

from __future__ import annotations

import re
from typing import Any

import param

from explorer.crossfilter.formats import local_time
from explorer.crossfilter.selections.brushes import Range
from explorer.errors import SpecError, located
from explorer.plan.check import check
from explorer.plan.links import linkable
from explorer.spec.analysis import Analysis
from explorer.spec.context.annotation import Annotation
from explorer.spec.context.link import Link
from explorer.state import Explorer
from widgets.parts.component import Component, script, style

WHERE = re.compile(r"(?P<row>(?:links|annotations)\[\d+\])\.?(?P<field>\w*)")
KINDS: dict[str, type[Any]] = {"links": Link, "annotations": Annotation}


class ContextFields(Component):
    """What the browser shows."""

    rows = param.Dict(default={}, doc="The `links` and the `annotations`, each as its fields.")
    problems = param.Dict(default={}, doc="By the place of a row what is wrong with it: the field, and why.")
    places = param.List(default=[], doc="What an address can name.")
    asked = param.String(default="links", doc="What it is opened for.")
    fresh = param.Dict(default={}, doc="The fields of a row that is new.")
    turn = param.Integer(default=0, doc="Rises when the dialog is to open.")

    _esm = script("parts/dialog.js", "document/context_dialog.js")
    _stylesheets = [style("parts/dialog.css", "document/context_dialog.css")]


class Context:
    """Shows and changes the links and notes of the document; what cannot be is said beside its row, and changes
    nothing."""

    def __init__(self, state: Explorer) -> None:
        self.state = state
        self.dialog = ContextFields(margin=0)
        self.dialog.on_msg(lambda event: self.hear(event.data))

    def open(self, kind: str) -> None:
        """Open it for `links` or for `annotations`; a note begins where the brush of time does."""
        analysis = self.state.analysis
        fresh = {"at": self._brushed()} if kind == "annotations" else {}
        self.dialog.param.update(
            rows={name: [each.plain() for each in getattr(analysis, name)] for name in KINDS},
            places=list(linkable(self.state.definition, analysis.columns)),
            problems={},
            asked=kind,
            fresh=fresh,
        )
        self.dialog.turn += 1

    def hear(self, message: dict[str, Any]) -> None:
        """Take the rows as they are typed."""
        told = message.get("kept")
        if not isinstance(told, dict):
            return
        problems: dict[str, list[str]] = {}
        found: dict[str, tuple[Any, ...]] = {}
        for name, kind in KINDS.items():
            made = []
            for at, row in enumerate(told.get(name) or []):
                try:
                    with located(f"{name}[{at}]"):
                        fields = {field: str(row.get(field) or "").strip() for field in kind.__dataclass_fields__}
                        made.append(kind(**fields))
                except SpecError as error:
                    _note(problems, error)
            found[name] = tuple(made)
        if not problems:
            self._take(found, problems)
        self.dialog.problems = problems

    def _take(self, found: dict[str, tuple[Any, ...]], problems: dict[str, list[str]]) -> None:
        try:
            analysis: Analysis = self.state.analysis.replace(**found)
        except SpecError as error:
            _note(problems, error)
            return
        for problem in check(analysis, self.state.engine.schema):
            if isinstance(problem, SpecError) and problem.where.startswith(tuple(KINDS)):
                _note(problems, problem)
        if not problems and analysis != self.state.analysis:
            self.state.analysis = analysis

    def _brushed(self) -> str:
        """Where the brush of the start of sessions begins, as a time that is typed; empty where nothing is brushed."""
        brush = self.state.selection.get("start")
        if not isinstance(brush, Range) or brush.negated or abs(brush.lo) == float("inf"):
            return ""
        text = local_time(brush.lo, self.state.engine.zone).replace(microsecond=0, tzinfo=None).isoformat(" ")
        return text.removesuffix(" 00:00:00")


def _note(problems: dict[str, list[str]], error: SpecError) -> None:
    found = WHERE.match(error.where)
    if found:
        problems.setdefault(found["row"], [found["field"], str(error).removeprefix(f"{error.where}: ")])
