"""The rules that the session ids of a column follow, looked for at a click; at another they are a definition."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import param

from explorer.crossfilter.formats import count_text, percent_text
from explorer.engine.answers.rules_from_ids import RulesFromIds
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError
from explorer.exports.chart_numbers import csv_text
from explorer.spec.session import SessionDefinition
from widgets.parts.component import Component, script, style
from widgets.parts.latest_task import Latest
from widgets.parts.tells_again import TellsAgain


class RulesShown(TellsAgain, Component):
    """What the browser shows: `steps` are what, share (0 to 1), same and wrong, all but the share as texts."""

    column = param.String(doc="The column whose rules can be looked for; empty: none.")
    steps = param.List(default=[], item_type=dict)
    said = param.List(default=[], item_type=str, doc="The result in a sentence, then what stays.")
    busy = param.Boolean(default=False)
    taken = param.Boolean(default=False, doc="Whether the definition is there already.")
    asked = param.String(doc="What was asked for: `find`, `take` or `csv`.")
    handed = param.Dict(default={}, doc="The CSV that was asked for; `turn` differs every time.")

    _esm = script("parts/svg.js", "parts/download.js", "parts/table.js", "views/compare/id_rules.js")
    _stylesheets = [style("parts/table.css", "views/compare/id_rules.css")]

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self.hear(data)

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click."""
        if message.get("ask") in ("find", "take", "csv"):
            self.tell_again(asked=message["ask"])


class IdRules:
    """Looks for the rules of a column's ids, off the event loop; `take` is handed the definition that is wanted."""

    def __init__(self, take: Callable[[SessionDefinition, str], None], say: Callable[[ExplorerError], None]) -> None:
        self._take, self._say = take, say
        self._of: tuple[Engine, str] | None = None
        self._found: RulesFromIds | None = None
        self._latest = Latest[RulesFromIds](self._show, self._refuse, lambda: self.shown.param.update(busy=True))
        self.shown = RulesShown(sizing_mode="stretch_width", margin=0, visible=False)
        self.shown.param.watch(lambda event: self._hear(event.new), "asked")

    def offer(self, engine: Engine | None, column: str) -> None:
        """Offer to look for the rules of a column's ids; of no column nothing."""
        of = None if engine is None or not column else (engine, column)
        if of == self._of:
            return
        self._of, self._found = of, None
        self._latest.stop()
        self.shown.param.update(column=column, steps=[], said=[], busy=False, taken=False, visible=of is not None)

    def know(self, definitions: Iterable[SessionDefinition]) -> None:
        """These definitions are there: one of them may be the one that was found."""
        if self._found is not None:
            found = self._found.definition
            self.shown.taken = any(each.replace(name=found.name, color="") == found for each in definitions)

    def _hear(self, asked: str) -> None:
        if asked == "find" and self._of is not None:
            engine, column = self._of
            self._latest.run(lambda: engine.rules_from_ids(column))
        elif asked == "take" and self._found is not None and not self.shown.taken:
            self.shown.taken = True
            self._take(self._found.definition, self._found.column)
        elif asked == "csv" and self._found is not None:
            text = csv_text(self._found.frame, spreadsheet=True)
            name = f"{self._found.column} rules.csv"
            self.shown.handed = {"text": text, "name": name, "turn": self.shown.handed.get("turn", 0) + 1}

    def _show(self, found: RulesFromIds) -> None:
        self._found = found
        steps = []
        for step in found.steps:
            share = step.same / max(1, found.sessions)
            same = f"{count_text(step.same)} ({percent_text(share)})"
            steps.append({"what": step.what, "share": share, "same": same, "wrong": count_text(step.wrong)})
        self.shown.param.update(steps=steps, said=[found.sentence, *found.notes], busy=False, taken=False)

    def _refuse(self, error: ExplorerError) -> None:
        self.shown.busy = False
        self._say(error)
