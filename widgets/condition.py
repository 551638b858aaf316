"""One condition on events, such as the one that restarts a session."""

from __future__ import annotations

from typing import Any

import panel as pn
import param
from panel.custom import JSComponent

from explorer.errors import SpecError
from explorer.spec import clause
from widgets.browser import script, style
from widgets.condition_draft import OPERATORS, Draft, complete, read


class ConditionText(param.Parameter):  # type: ignore[type-arg]
    """A clause's canonical text or None; nonsense raises SpecError."""

    def __set__(self, obj: Any, val: Any) -> None:
        super().__set__(obj, str(clause.parse(val)) if val else None)


class ConditionControl(JSComponent):
    """What the browser shows: a button, the row of controls, or a text that the controls cannot show."""

    shown = param.Dict(default={}, doc="draft, text, error; `turn` differs at every answer.")
    columns = param.Dict(default={})
    operators = param.List(default=[operator.plain() for operator in OPERATORS])
    noun = param.String()

    _esm = script("condition.js")
    _stylesheets = [style("condition.css")]


class ConditionEditor(pn.viewable.Viewer):
    """A column, an operator and a value; what the row cannot say is shown as text and can be removed."""

    value: Any = ConditionText(default=None, doc="SQL text of a complete condition, or None.")
    columns = param.Dict(default={}, doc="name -> {type: text|number|time|bool, values: [(value, count)]}")
    noun = param.String(default="restart condition")
    error = param.String(default="", doc="Why the condition cannot hold, said below it.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._turn = 0
        self._draft: Draft | None = None
        self._control = ConditionControl(
            columns=pn.bind(_plain, self.param.columns),
            noun=self.param.noun,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._control.on_msg(lambda event: self.hear(event.data))
        self.param.watch(lambda *_: self._read(), ["value", "columns"])
        self.param.watch(lambda _: self._show(), "error")
        self._read()

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click or an edit in the browser: add, remove, or the row as it stands."""
        self._draft = self._next(message)
        try:
            made = complete(self._draft, self.columns) if self._draft else None
        except SpecError as error:
            self.error = str(error)
        else:
            if made or self._draft is None:
                self.value = str(made) if made else None
            self.error = ""
        self._show()

    def _next(self, message: dict[str, Any]) -> Draft | None:
        if "remove" in message:
            return None
        return Draft(next(iter(self.columns), "")) if "add" in message else Draft(**message["draft"])

    def _read(self) -> None:
        self._draft = read(clause.parse(self.value), self.columns) if self.value else None
        self._show()

    def _show(self) -> None:
        self._turn += 1
        draft = self._draft.plain() if self._draft else None
        self._control.shown = {"draft": draft, "text": self.value, "error": self.error, "turn": self._turn}

    def __panel__(self) -> ConditionControl:
        return self._control


def _plain(columns: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        name: {
            "type": column["type"],
            "values": [[str(value), count] for value, count in column.get("values", ())],
        }
        for name, column in columns.items()
    }
