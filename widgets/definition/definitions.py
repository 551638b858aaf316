"""The session definitions of an analysis: which there are, and which one is shown."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from explorer.charts.theme import PALETTE, definition_colors
from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.editing import edits
from explorer.spec.prose import definition_sentence
from explorer.spec.session import SessionDefinition
from widgets.notebook.inline import Shown
from widgets.notebook.told import Told
from widgets.parts.component import Component, script, style


class DefinitionRows(Component):
    """What the browser shows."""

    items = param.List(default=[], item_type=dict)
    shown = param.String()
    palette = param.List(default=list(PALETTE))
    splits = param.Dict(default={})
    error = param.String()

    _esm = script("parts/menu.js", "definition/definitions.js")
    _stylesheets = [style("parts/menu.css", "definition/definitions.css")]


class DefinitionList(Shown):
    """Add, copy, rename, colour, order and delete definitions; every gesture is a new analysis."""

    value = param.ClassSelector(class_=Analysis, allow_None=True)
    shown = param.String(doc="The name of the definition that is shown.")
    counts = param.Dict(default={}, doc="Definition -> its number of sessions as a text.")
    splits = param.Dict(default={}, doc="Column -> its values, where a definition for each would make sense.")
    error = param.String(default="", doc="Why the last gesture could not be made.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._rows = DefinitionRows(
            items=pn.bind(_items, self.param.value, self.param.counts),
            shown=self.param.shown,
            splits=self.param.splits,
            error=self.param.error,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._rows.on_msg(lambda event: self.hear(event.data))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a gesture in the browser: its word and what it is about."""
        ((gesture, said),) = message.items()
        try:
            analysis, shown = self._made(gesture, said)
        except SpecError as error:
            self.error = str(error).removeprefix(f"{error.where}: ")
        else:
            self.param.update(value=_in_their_colors(self.value, analysis), shown=shown, error="")

    def _made(self, gesture: str, said: Any) -> tuple[Analysis, str]:
        analysis: Analysis = self.value
        match gesture, said:
            case "show", name:
                return analysis, analysis.session(name).name
            case "add", _:
                # A fresh start, beside the colours that are taken.
                return _with_new(analysis, SessionDefinition("session", "30m", color=_free_color(analysis)), "")
            case "duplicate", name:
                return _with_new(analysis, analysis.session(name).replace(color=_free_color(analysis)), name)
            case "rename", (name, new):
                return edits.renamed(analysis, name, new), new if self.shown == name else self.shown
            case "recolor", (name, color):
                return analysis.with_session(analysis.session(name).replace(color=color)), self.shown
            case "move", (name, to):
                return edits.moved(analysis, name, to), self.shown
            case "delete", name:
                return _without(analysis, name, self.shown)
            case "split", (name, column):
                return edits.split(analysis, name, column, self.splits[column]), self.shown
        raise ValueError(f"{gesture} is no gesture")

    def still_words(self) -> Told:
        """Each definition in a sentence, with its number of sessions."""
        analysis: Analysis | None = self.value
        if analysis is None:
            return Told("Definitions")
        actor = analysis.columns.actor_name
        rows = [[each.name, self.counts.get(each, ""), definition_sentence(each, actor)] for each in analysis.sessions]
        return Told("Definitions", [], ["Definition", "Sessions", "What a session is"], rows)

    def __panel__(self) -> DefinitionRows:
        return self._rows


def _with_new(analysis: Analysis, definition: SessionDefinition, after: str) -> tuple[Analysis, str]:
    made = edits.added(analysis, definition, after)
    names = {session.name for session in analysis.sessions}
    return made, next(session.name for session in made.sessions if session.name not in names)


def _in_their_colors(before: Analysis, after: Analysis) -> Analysis:
    """The analysis in which definitions that stay have the colours that they had, wherever they stand now."""
    if len(before.sessions) == len(after.sessions) and {each.name for each in before.sessions} != {
        each.name for each in after.sessions
    }:
        return after  # another name, at the same place
    had, have = definition_colors(before), definition_colors(after)
    for session in after.sessions:
        if session.color == "" and had.get(session.name, have[session.name]) != have[session.name]:
            after = after.with_session(session.replace(color=had[session.name]))
    return after


def _without(analysis: Analysis, name: str, shown: str) -> tuple[Analysis, str]:
    left = edits.removed(analysis, name)
    if name != shown:
        return left, shown
    at = [session.name for session in analysis.sessions].index(name)
    return left, left.sessions[min(at, len(left.sessions) - 1)].name


def _free_color(analysis: Analysis) -> str:
    taken = definition_colors(analysis).values()
    return next((color for color in PALETTE if color not in taken), PALETTE[len(analysis.sessions) % len(PALETTE)])


def _items(analysis: Analysis | None, counts: dict[SessionDefinition, str]) -> list[dict[str, str]]:
    if analysis is None:
        return []
    colors = definition_colors(analysis)
    return [
        {
            "name": session.name,
            "color": colors[session.name],
            "sessions": counts.get(session, ""),
            "description": session.description,
        }
        for session in analysis.sessions
    ]
